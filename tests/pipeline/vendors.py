"""Exports as five imagined vendors would write them. All people are invented and the data simulated; no randomness."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook
from vendor_tables import COLUMNS, EVENTS

FIRST = "Ada Bram Cleo Dina Esme Finn Gail Hugo Iris Joan Kurt Lena Milo Nora Otto Pia Quin Rhea Seth Tess".split()
LAST = "Samplewood Testerby Mockford Fictional Placeholt Dummyton Inventry Proxley Shamwell Pretendo Exampla".split()
IBERIAN = "Ficticia Inventada Ejemplo Simulado Muestra Prueba Supuesta".split()


def _header(table: str) -> list[str]:
    return list(COLUMNS[table])


def _table(name: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in EVENTS[name].strip().splitlines()]


def _name(person: int, last: list[str] = LAST) -> str:
    return f"{last[person * 3 % len(last)]}, {FIRST[person % len(FIRST)]}"


def _visits(first: date, count: int, people: int, steps: tuple[int, ...]) -> Iterator[tuple[int, date, int]]:
    """Visit number, day (never a Sunday) and person; `people` is prime to 7, so a person returns after `people` visits."""
    day = first
    for number in range(count):
        day += timedelta(days=int(day.weekday() == 6))
        yield number, day, number * 7 % people
        day += timedelta(days=steps[number % len(steps)])


def _delimited(path: Path, rows: list[list[object]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=delimiter, lineterminator="\r\n").writerows(rows)


def _workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    """Write the sheets in order (the cells are the same every time; a workbook also keeps the time it was saved)."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def dermatology_ehr(folder: Path) -> None:
    """United States: a dermatology record system. Quoted CSV with a byte-order mark, month first, one line per charge."""
    box, dys, jeu = "BOTOX COSMETIC 100U", "DYSPORT 300U", "JEUVEAU 100U"
    plans = [
        [("Glabella", box, "20 U")],
        [("Glabella", box, "20 U"), ("Forehead", box, "10 U")],
        [("Crow's Feet", jeu, "24")],
        [("Glabella", dys, "50 units")],
        [("Masseter", box, "25+25")],
    ]
    hall, ortega = ["Hallberg, Nina MD", "Dr. Nina Hallberg", "HALLBERG, NINA"], ["Ortega, Luis PA-C", "Luis Ortega"]
    rows: list[list[object]] = [["Procedure Detail Report"], ["Service Dates: 01/06/2025 to 03/31/2025"], []]
    rows.append(_header("us_treatments"))
    for i, day, person in _visits(date(2025, 1, 6), 42, 33, (1, 3, 0, 3)):
        who = ortega[i % 2] if i % 3 == 0 else hall[i % 3 + i % 2 - 1]
        dob = f"{person % 12 + 1}/{person % 28 + 1}/{1960 + person}"
        seen = f"{day.month}/{day.day}/{day.year}"
        front = [f"V{88200 + i}", seen, f"D{40110 + person * 13}", _name(person), dob, f"(555) 555-01{person:02d}"]
        front += [f"pt{person}@example.org" if i % 4 else "", who, "Mesa Verde" if i % 2 else "Lakeside"]

        def line(
            code: str, what: str, dept: str, drug: str, qty: str, site: str, state: str, cost: str, front: list = front
        ) -> list:
            return [*front, dept, code, what, drug, qty, "" if cost == "0.00" else f"C{7300 + i}C3", site, state, cost]

        if i in (5, 19, 33):
            rows.append(line("COS-TOX", "Neuromodulator Injection", "Cosmetic", "", "", "", "No Show", "0.00"))
            continue
        if i in (11, 27):
            rows.append(line("COS-TOX", "Neuromodulator Injection", "Cosmetic", box, "", "", "Cancelled", "0.00"))
            continue
        for site, drug, qty in plans[i % 5]:
            qty = "" if i == 20 else qty
            rows.append(
                line("COS-TOX", "Neuromodulator Injection", "Cosmetic", drug, qty, site, "Checked Out", "420.00")
            )
        if i in (7, 16, 31):
            filler = ("COS-FIL", "Dermal Filler", "Cosmetic", "JUVEDERM ULTRA XC 1ML", "1 syr", "Lips")
            rows.append(line(*filler, "Checked Out", "725.00"))
        if i in (9, 24):
            retail = ("RTL-SUN", "Sunscreen SPF 46", "Retail", "ELTA TINTED 1.7OZ", "1", "")
            rows.append(line(*retail, "Checked Out", "41.00"))
        if i == 30:
            rows.append(line("COS-TOX", "Neuromodulator Injection", "Cosmetic", box, "-20 U", "", "Voided", "-420.00"))
    rows += [[], ["Total Charges", *[""] * 15, "20,135.00"], ["Printed 4/1/2025 8:02 AM"]]
    _delimited(folder / "Procedure Detail Report.csv", rows, encoding="utf-8-sig")
    events: list[list[object]] = [_header("us_events"), *_table("us_events")]
    _delimited(folder / "Clinical Concerns.csv", events, encoding="utf-8-sig")


def booking_app(folder: Path) -> None:
    """United Kingdom: a booking app's workbook (typed dates among written ones) and the answers of its web form."""
    menu = [
        ("Anti-wrinkle 1 area - frown", "Azzalure", "50 Speywood units"),
        ("Anti-wrinkle 3 areas", "Bocouture 50", "50u"),
        ("Anti-wrinkle 2 areas - forehead & frown", "Azzalure", "80 Speywood units"),
        ("Masseter slimming", "Botox", "60u"),
        ("Lip flip", "Botox", "4 units"),
        ("Underarm sweating (hyperhidrosis)", "Botox", "100 U"),
    ]
    odd = {
        4: ("Lip filler 1ml", "Dermal filler", "Completed", "Teosyal RHA 2", "1ml"),
        9: ("Anti-wrinkle 3 areas", "Anti-wrinkle", "DNA", "", ""),
        13: ("Consultation (free)", "Consultation", "Completed", "", ""),
        18: ("Anti-wrinkle 1 area - frown", "Anti-wrinkle", "Cancelled <24h", "", ""),
        22: ("Heliocare 360 gel", "Shop", "Completed", "Heliocare 360", "1"),
        29: ("Cheek filler", "Dermal filler", "Completed", "Juvederm Voluma", "2ml"),
        35: ("Masseter slimming", "Anti-wrinkle", "DNA", "", ""),
        41: ("Gift voucher £50", "Shop", "Completed", "", ""),
    }
    people = ["Sinead Marlowe", "Nurse Sinead Marlowe", "sinead marlowe"], ["Dr Priya Vantongeren", "PRIYA VANTONGEREN"]
    rows: list[list[object]] = [["Appointments & consumables"], ["Branch: all", "Status: all"], []]
    rows.append(_header("uk_treatments"))
    for i, day, person in _visits(date(2025, 1, 7), 48, 37, (0, 2, 1, 4)):
        service, product, used = menu[i % 6]
        group, state = ("Medical" if i % 6 == 5 else "Anti-wrinkle"), "Completed"
        if i in odd:
            service, group, state, product, used = odd[i]
        when: object = datetime(day.year, day.month, day.day) if i % 10 == 3 else f"{day:%d/%m/%Y}"
        when = "tbc" if i == 26 else when
        who = people[i % 5 == 2][i % 2] if i % 7 else people[0][2]
        front = [f"BK-{5510 + i}", when, f"{9 + i % 8}:15", f"CL{1000 + person * 9}", _name(person)]
        front += [f"07700 900{person:03d}", who, "York" if i % 3 == 0 else "Leeds", service, group, state, product]
        stop = {0: "No", 1: "", 2: "Yes - apixaban", 3: "No", 4: "aspirin 75"}[person % 5]
        rows.append([*front, f"K{221 + i}X" if used else "", used, stop, None if i % 4 == 0 else 185.0, "first visit"])
    rows += [[], ["TOTAL", *[""] * 14, 6475.0]]
    _workbook(folder / "appointments.xlsx", {"Export": rows})
    _delimited(folder / "aftercare-form-responses.csv", [_header("uk_events"), *_table("uk_events")])


def clinica_estetica(folder: Path) -> None:
    """Spain: clinic software. Semicolons, UTF-8 without a mark, decimal commas, day first, accents in the headers."""
    menu = [
        ("Toxina tercio superior", "Vistabel", "50 UI", "Frente, entrecejo y patas de gallo"),
        ("Toxina entrecejo", "Azzalure", "50 U Speywood", "Entrecejo"),
        ("Toxina patas de gallo", "Bocouture", "24,0 UI", "Patas de gallo"),
        ("Toxina maseteros", "Vistabel", "40 UI", "Maseteros"),
        ("Hiperhidrosis axilar", "Botox", "100 UI", "Axilas"),
    ]
    odd = {
        6: ("Ácido hialurónico labios", "Rellenos", "Realizada", "Juvéderm Volbella", "1,0 ml", "Labios"),
        10: ("Toxina entrecejo", "Medicina estética", "No acude", "", "", ""),
        17: ("Crema solar SPF50", "Venta productos", "Realizada", "Heliocare", "1", ""),
        21: ("Toxina maseteros", "Medicina estética", "Anulada", "", "", ""),
        25: ("Peeling glicólico", "Medicina estética", "Realizada", "", "", "Facial"),
        32: ("Ácido hialurónico pómulos", "Rellenos", "Realizada", "Radiesse", "1,5 ml", "Pómulos"),
        38: ("Toxina tercio superior", "Medicina estética", "No acude", "", "", ""),
    }
    people = (
        ["Dra. Carmen Ficticia Rojas", "FICTICIA ROJAS, CARMEN", "Carmen Ficticia Rojas"],
        ["Dr. Iñaki Muestra"] * 2,
    )
    rows: list[list[object]] = [_header("es_treatments")]
    for i, day, person in _visits(date(2025, 2, 3), 46, 36, (1, 2, 0, 2)):
        service, product, dose, area = menu[i % 5]
        family, state = ("Medicina" if i % 5 == 4 else "Medicina estética"), "Realizada"
        if i in odd:
            service, family, state, product, dose, area = odd[i]
        who = people[1][0] if i % 4 == 1 else people[0][i % 3]
        blood = {0: "No", 1: "Sí (Sintrom)", 2: "", 3: "AAS 100"}[person % 4]
        front = [
            f"A{20460 + i}",
            f"{day:%d/%m/%Y}",
            f"{10 + i % 9}:30",
            f"{3000 + person * 11}",
            _name(person, IBERIAN),
        ]
        front += [f"600 000 {person:03d}", who, "Colegiado", "Chamberí" if i % 2 else "Getafe", service, family, state]
        lot = f"LT{615 + i}" if dose else ""
        rows.append([*front, product, lot, dose, area, blood, "Sí" if i % 3 else "", "180,00" if dose else "0,00"])
    rows.append(["Total registros: 46", *[""] * 18])
    _delimited(folder / "listado_actos.csv", rows, ";")
    _delimited(folder / "registro_incidencias.csv", [_header("es_events"), *_table("es_events")], ";")


def hospital_incidents(folder: Path) -> None:
    """A hospital's incident system (tab-separated) beside the toxin clinic's own workbook with a look-up sheet."""
    plans = [
        ("Chronic migraine", "Botox", 155, "PREEMPT 31 sites"),
        ("Blepharospasm", "Xeomin", 50, "Orbicularis oculi L+R"),
        ("Cervical dystonia", "Dysport", "500 units", "SCM, splenius"),
        ("Hemifacial spasm", "Xeomin", "25 u", "Orbicularis oculi L, zygomaticus L"),
        ("Chronic migraine", "Botox", 195, "PREEMPT + masseter"),
        ("Axillary hyperhidrosis", "Botox", "50+50", "Axillae"),
    ]
    odd = {8: "DNA", 15: "DNA", 23: "CNA - patient", 30: "Clinic cancelled", 39: "DNA"}
    people = ["Dr A. Lindqvist", "LINDQVIST A", "dr lindqvist, a"], ["Sister J. Mbeki", "J. Mbeki"]
    rows: list[list[object]] = [
        ["Neurotoxin service - clinic activity"],
        ["Source: ward clerk's list", "", "DRAFT"],
        [],
    ]
    rows.append(_header("hospital_treatments"))
    for i, day, person in _visits(date(2025, 1, 8), 44, 41, (0, 0, 5, 2)):
        why, brand, units, muscles = plans[i % 6]
        state = odd.get(i, "Y")
        if state != "Y":
            brand, units, muscles = "", None, ""
        if i in (12, 28):
            why, brand, units, muscles = "Occipital neuralgia - nerve block", "Depo-Medrone 40mg", "2 ml", "GON L"
        if i == 33:
            units = "see chart"
        senior = i % 3 != 1
        who = people[0][i % 3] if senior else people[1][i % 2]
        when: object = (day - date(1899, 12, 30)).days if i in (20, 21) else datetime(day.year, day.month, day.day)
        front = [f"H44{71020 + person * 7}", _name(person).split(", ")[0].upper(), _name(person).split(", ")[1]]
        front += [datetime(1950 + person, 3, 14), when, "Toxin clinic A" if i % 2 else "Toxin clinic B", state, why]
        front += [who, "Consultant" if senior else "Nurse specialist", brand, f"B{3400 + i} / 08-26" if brand else ""]
        thin = {0: "N", 1: "apixaban", 2: "", 3: "clopidogrel"}[person % 4]
        rows.append([*front, units, muscles, "Y" if i % 4 else "N", thin, "done" if i % 5 == 0 else "", "AB"])
    rows += [[], ["Total attendances", *[""] * 4, 39], ["Checked by: A. Clerk"]]
    lookup = [
        ["Attended code", "Meaning"],
        ["Y", "Attended"],
        ["DNA", "Did not attend"],
        ["CNA - patient", "Cancelled"],
    ]
    _workbook(folder / "toxin clinic activity.xlsx", {"Activity": rows, "Codes": lookup})
    _delimited(folder / "incident_extract.tsv", [_header("hospital_events"), *_table("hospital_events")], "\t")


def nurse_spreadsheet(folder: Path) -> None:
    """One nurse's own list, complications in its last column but one, and a file of call-backs in undecidable dates."""
    plans = [
        ("frown", "Botox", "20u"),
        ("3 areas", "Botox", "50u"),
        ("crows feet", "Xeomin", "24"),
        ("forehead + frown", "Botox", "10+20"),
        ("masseters", "Dysport", "120u"),
        ("lip flip", "Botox", "4u"),
    ]
    told = {3: "bruise L crows foot", 7: "R eyelid heavy since day 6", 12: "sore head 2 days, gone now"}
    told |= {
        17: "uneven brows, topped up",
        24: "Bruised R cheek size of 5p",
        31: "spock brow L",
        38: "no effect at all",
    }
    told |= {i: word for i, word in zip((1, 5, 10, 15, 20, 26, 33, 40), ["none", "nil", "None", "-"] * 2, strict=True)}
    told |= {19: "no ptosis, no bruising", 29: "v happy"}
    odd = {
        6: ("lips", "Juvederm Smile", "0.55ml", ""),
        14: ("3 areas", "", "", "did not turn up"),
        22: ("cheeks", "Restylane", "1 ml", "small bruise L cheek"),
        28: ("frown", "", "", "cancelled - flu"),
        36: ("vit C serum x1", "shop", "", ""),
    }
    people = ["Mary Kovac RN", "mary kovac", "Kovac, Mary"], ["Dr Osei", "OSEI"]
    rows: list[list[object]] = [["BOTOX BOOK"], _header("nurse_treatments")]
    month = 0
    for i, day, person in _visits(date(2025, 1, 3), 45, 38, (2, 0, 3, 2)):
        if day.month != month:
            month = day.month
            rows.append([f"{day:%B}".upper()])
        what, drug, units = plans[i % 6]
        note = told.get(i, "")
        if i in odd:
            what, drug, units, note = odd[i]
        who = people[1][i % 2] if i % 4 == 3 else people[0][i % 3]
        thin = {0: "", 1: "fish oil", 2: "no", 3: "aspirin", 4: ""}[person % 5]
        when = f"{day.day} {day:%b} {day.year}" if i % 3 else f"{day.day}-{day:%b}-{day:%y}".lower()
        lot = f"C{8100 + i}" if drug and drug != "shop" else ""
        front = [when, f"K-{person + 11:03d}", _name(person).split(", ")[1], f"555 01{person:02d}", who]
        rows.append([*front, what, drug, lot, units, thin, note, 150 if drug else None])
    rows.append(["total", *[""] * 10, 6300])
    _workbook(folder / "botox book.xlsx", {"list": rows})
    _delimited(folder / "callbacks.csv", [_header("nurse_events"), *_table("nurse_events")])

"""Exports as five imagined vendors would write them. All people are invented and the data simulated; no randomness."""

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook
from vendor_tables import EVENTS, MEANINGS, Expected, FileExpected, grid

FIRST = grid("Ada|Bram|Cleo|Dina|Esme|Finn|Gail|Hugo|Iris|Joan|Kurt|Lena|Milo|Nora|Otto|Pia|Quin|Rhea|Seth|Tess")[0]
LAST = grid("Samplewood|Testerby|Mockford|Fictional|Placeholt|Dummyton|Inventry|Proxley|Shamwell|Pretendo|Exampla")[0]
IBERIAN = grid("Ficticia|Inventada|Ejemplo|Simulado|Muestra|Prueba|Supuesta")[0]
Rows = list[list[object]]


def _odd(text: str) -> dict[int, list[str]]:
    return {int(number): cells for number, *cells in grid(text)}


def _events(table: str, first: int = 0, step: int = 1) -> Rows:
    """Header and rows of an event table; patient numbers count from `first` in steps, which gives back the name."""
    rows: Rows = [[*MEANINGS[table]]]
    for known in grid(EVENTS[table]):
        cells, row, name = iter(known), [], ""
        for (meaning, *_), values in MEANINGS[table].values():
            filled = values != [""] or meaning == "person_name"
            cell = values[int(re.sub(r"\D", "", known[0])) % len(values)] if filled else next(cells, "")
            if meaning == "patient_key" and cell:
                name = _name((int(re.sub(r"\D", "", cell)) - first) // step)
            row.append(name if meaning == "person_name" else cell)
        rows.append(row)
    return rows


def _name(person: int, last: list[str] = LAST) -> str:
    return f"{last[person * 3 % len(last)]}, {FIRST[person % len(FIRST)]}"


def _visits(first: date, count: int, people: int, steps: tuple[int, ...]) -> Iterator[tuple[int, date, int]]:
    """Visit number, day (never a Sunday) and person; `people` is prime to 7, so all return after `people` visits."""
    day = first
    for number in range(count):
        day += timedelta(days=int(day.weekday() == 6))
        yield number, day, number * 7 % people
        day += timedelta(days=steps[number % len(steps)])


def _delimited(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=delimiter, lineterminator="\r\n").writerows(rows)


def _workbook(path: Path, sheets: dict[str, Rows]) -> None:
    """Write the sheets in order (the cells are the same every time; a workbook also keeps the time it was saved)."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def dermatology_ehr(folder: Path) -> None:
    """United States: a dermatology record system. CSV with a byte-order mark, month first, a line per charge."""
    box, one = "BOTOX COSMETIC 100U", ["Glabella", "BOTOX COSMETIC 100U", "20 U"]
    plans = [[one], [one, ["Forehead", box, "10 U"]], [["Crow's Feet", "JEUVEAU 100U", "24"]]]
    plans += [[["Glabella", "DYSPORT 300U", "50 units"]], [["Masseter", box, "25+25"]]]
    hall, ortega = ["Hallberg, Nina MD", "Dr. Nina Hallberg", "HALLBERG, NINA"], ["Ortega, Luis PA-C", "Luis Ortega"]
    rows: Rows = [["Procedure Detail"], ["01/06/2025 through 03/31/2025"], [], [*MEANINGS["us_treatments"]]]
    for i, day, person in _visits(date(2025, 1, 6), 42, 33, (1, 3, 0, 3)):
        who = ortega[i % 2] if i % 3 == 0 else hall[i % 3 + i % 2 - 1]
        seen, dob = f"{day.month}/{day.day}/{day.year}", f"{person % 12 + 1}/{person % 28 + 1}/{1960 + person}"
        front = [f"V{88200 + i}", seen, f"D{40110 + person * 13}", _name(person), dob, f"(555) 555-01{person:02d}"]
        front += [f"pt{person}@example.org" if i % 4 else "", who, "Mesa Verde" if i % 2 else "Lakeside"]
        lines = [("COS-TOX", "Neuromodulator Injection", "Cosmetic", *plan) for plan in plans[i % 5]]
        state = "No Show" if i in (5, 19, 33) else "Cancelled" if i in (11, 27) else "Checked Out"
        lines = lines if state == "Checked Out" else [(*lines[0][:3], "", "", "")]
        if i in (7, 16, 31):
            lines.append(("COS-FIL", "Dermal Filler", "Cosmetic", "Lips", "JUVEDERM ULTRA XC 1ML", "1 syr"))
        if i in (9, 24, 30):
            lines.append(("RTL-SUN", "Sunscreen SPF 46", "Retail", "", "ELTA TINTED 1.7OZ", "-1" if i == 30 else "1"))
        for code, what, dept, site, drug, qty in lines:
            lot = f"C{7300 + i}C3" if "100U" in drug or "300U" in drug else ""
            cost = {"COS-TOX": "420.00", "COS-FIL": "725.00"}.get(code, "-41.00" if i == 30 else "41.00")
            end = ["Voided" if qty == "-1" else state, cost if state == "Checked Out" else "0.00"]
            rows.append([*front, dept, code, what, drug, "" if i == 20 else qty, lot, site, *end])
    rows += [[], ["Total Charges", *[""] * 16, "21,116.00"], ["Printed 4/1/2025 8:02 AM"]]
    _delimited(folder / "Procedure Detail Report.csv", rows, encoding="utf-8-sig")
    _delimited(folder / "Clinical Concerns.csv", _events("us_events", 40110, 13), encoding="utf-8-sig")


def booking_app(folder: Path) -> None:
    """United Kingdom: a booking app's workbook (typed dates among written ones) and the answers of its web form."""
    menu = grid("""Anti-wrinkle 1 area - frown|Azzalure|50 Speywood units;Anti-wrinkle 3 areas|Bocouture 50|50u;
        Anti-wrinkle 2 areas - forehead & frown|Azzalure|80 Speywood units;Masseter slimming|Botox|60u;
        Lip flip|Botox|4 units;Underarm sweating (hyperhidrosis)|Botox|100 U""")
    odd = _odd("""4|Lip filler 1ml|Dermal filler|Completed|Teosyal RHA 2|1ml;9|Anti-wrinkle 3 areas|Anti-wrinkle|DNA||;
        13|Consultation (free)|Consultation|Completed||;18|Anti-wrinkle 1 area - frown|Anti-wrinkle|Cancelled <24h||;
        22|Heliocare 360 gel|Shop|Completed|Heliocare 360|1;29|Cheek filler|Dermal filler|Completed|Juvederm Voluma|2ml;
        35|Masseter slimming|Anti-wrinkle|DNA||;41|Gift voucher £50|Shop|Completed||""")
    people = ["Sinead Marlowe", "Nurse Sinead Marlowe", "sinead marlowe"], ["Dr Priya Vantongeren", "PRIYA VANTONGEREN"]
    rows: Rows = [["Appointments & consumables"], ["Branch: all", "Status: all"], [], [*MEANINGS["uk_treatments"]]]
    for i, day, person in _visits(date(2025, 1, 7), 48, 37, (0, 2, 1, 4)):
        service, product, used = menu[i % 6]
        usual = [service, "Medical" if i % 6 == 5 else "Anti-wrinkle", "Completed", product, used]
        service, group, state, product, used = odd.get(i, usual)
        when: object = datetime(day.year, day.month, day.day) if i % 10 == 3 else f"{day:%d/%m/%Y}"
        who = people[i % 5 == 2][i % 2] if i % 7 else people[0][2]
        front = [f"BK-{5510 + i}", "tbc" if i == 26 else when, f"{9 + i % 8}:15", f"CL{1000 + person * 9}"]
        front += [_name(person), f"07700 900{person:03d}", who, "Leeds" if i % 3 else "York"]
        front += [service, group, state, product, f"K{221 + i}X" if used else "", used]
        stop = {0: "No", 1: "", 2: "Yes - apixaban", 3: "No", 4: "aspirin 75"}[person % 5]
        rows.append([*front, stop, 185.0 if i % 4 else None, "new client" if i < 6 else ""])
    rows += [[], ["TOTAL", *[""] * 14, 6660.0]]
    _workbook(folder / "appointments.xlsx", {"Export": rows})
    _delimited(folder / "aftercare-form-responses.csv", _events("uk_events", 1000, 9))


def clinica_estetica(folder: Path) -> None:
    """Spain: clinic software. Semicolons, UTF-8 without a mark, decimal commas, day first, accents in the headers."""
    menu = grid("""Toxina tercio superior|Vistabel|50 UI|Frente, entrecejo y patas de gallo;
        Toxina entrecejo|Azzalure|50 U Speywood|Entrecejo;Toxina patas de gallo|Bocouture|24,0 UI|Patas de gallo;
        Toxina maseteros|Vistabel|40 UI|Maseteros;Hiperhidrosis axilar|Botox|100 UI|Axilas""")
    odd = _odd("""6|Ácido hialurónico labios|Rellenos|Realizada|Juvéderm Volbella|1,0 ml|Labios;
        10|Toxina entrecejo|Medicina estética|No acude|||;17|Crema SPF50|Venta productos|Realizada|Heliocare|1|;
        21|Toxina maseteros|Medicina estética|Anulada|||;25|Peeling glicólico|Medicina estética|Realizada|||Facial;
        32|Ácido hialurónico pómulos|Rellenos|Realizada|Radiesse|1,5 ml|Pómulos;
        38|Toxina tercio superior|Medicina estética|No acude|||""")
    rojas = ["Dra. Carmen Ficticia Rojas", "FICTICIA ROJAS, CARMEN", "Carmen Ficticia Rojas"]
    rows: Rows = [[*MEANINGS["es_treatments"]]]
    for i, day, person in _visits(date(2025, 2, 3), 46, 36, (1, 2, 0, 2)):
        service, product, dose, area = menu[i % 5]
        usual = [service, "Medicina" if i % 5 == 4 else "Medicina estética", "Realizada", product, dose, area]
        service, family, state, product, dose, area = odd.get(i, usual)
        who = "Dr. Iñaki Muestra" if i % 4 == 1 else rojas[i % 3]
        blood = {0: "No", 1: "Sí (Sintrom)", 2: "", 3: "AAS 100"}[person % 4]
        front = [f"A{20460 + i}", f"{day:%d/%m/%Y}", f"{10 + i % 9}:30", str(3000 + person * 11)]
        front += [_name(person, IBERIAN), f"600 000 {person:03d}", who, "Médico", "Chamberí" if i % 2 else "Getafe"]
        front += [service, family, state, product, f"LT{615 + i}" if dose else ""]
        rows.append([*front, dose, area, blood, "Sí" if i % 3 else "", "180,00" if dose else "0,00"])
    rows.append(["Total registros: 46", *[""] * 18])
    _delimited(folder / "listado_actos.csv", rows, ";")
    _delimited(folder / "registro_incidencias.csv", _events("es_events"), ";")


def hospital_incidents(folder: Path) -> None:
    """A hospital's incident system (tab-separated) beside the toxin clinic's own workbook with a look-up sheet."""
    plans = grid("""Chronic migraine|Botox|155|PREEMPT 31 sites;Blepharospasm|Xeomin|50|Orbicularis oculi L+R;
        Cervical dystonia|Dysport|500 units|SCM, splenius;Hemifacial spasm|Xeomin|25 u|Orbicularis oculi L, zygomaticus;
        Chronic migraine|Botox|195|PREEMPT + masseter;Axillary hyperhidrosis|Botox|50+50|Axillae""")
    odd = {8: "DNA", 15: "DNA", 23: "CNA - patient", 30: "Clinic cancelled", 39: "DNA"}
    people = ["Dr A. Lindqvist", "LINDQVIST A", "dr lindqvist, a"], ["Sister J. Mbeki", "J. Mbeki"]
    rows: Rows = [["Neurotoxin clinic activity"], ["Ward clerk", "DRAFT"], [], [*MEANINGS["hospital_list"]]]
    for i, day, person in _visits(date(2025, 1, 8), 44, 41, (0, 0, 5, 2)):
        why, brand, units, muscles = plans[i % 6]
        state = odd.get(i, "Y")
        brand, units, muscles = (brand, units, muscles) if state == "Y" else ("", "", "")
        if i in (12, 28):
            why, brand, units, muscles = "Occipital neuralgia - nerve block", "Depo-Medrone 40mg", "2 ml", "GON L"
        dose = "see chart" if i == 33 else int(units) if units.isdigit() else units
        who, grade = (people[0][i // 3 % 3], "Consultant") if i % 3 != 1 else (people[1][i % 2], "Nurse specialist")
        when: object = (day - date(1899, 12, 30)).days if i in (20, 21) else datetime(day.year, day.month, day.day)
        front = [f"H44{71020 + person * 7}", _name(person).split(", ")[0].upper(), _name(person).split(", ")[1]]
        front += [datetime(1950 + person, 3, 14), when, "Toxin clinic A" if i % 2 else "Toxin clinic B", state, why]
        front += [who, grade, brand, f"B{3400 + i} / 08-26" if brand else ""]
        thin = {0: "N", 1: "apixaban", 2: "", 3: "clopidogrel"}[person % 4]
        rows.append([*front, dose, muscles, "Y" if i % 4 else "N", thin, "done" if i % 5 == 0 else "", "AB"])
    rows += [[], ["Total attendances", *[""] * 4, 39], ["Checked by: A. Clerk"]]
    codes: Rows = [["Attended code", "Meaning"], ["Y", "Attended"], ["DNA", "Did not attend"]]
    _workbook(folder / "toxin clinic.xlsx", {"Activity": rows, "Codes": codes})
    _delimited(folder / "incident_extract.tsv", _events("hospital_events", 4471020, 7), "\t")


def nurse_spreadsheet(folder: Path) -> None:
    """One nurse's own list, complications in its last column but one, and call-backs in undecidable dates."""
    plans = grid("""frown|Botox|20u;3 areas|Botox|50u;crows feet|Xeomin|24;forehead + frown|Botox|10+20;
        masseters|Dysport|120u;lip flip|Botox|4u""")
    told = _odd("""3|bruise L crows foot;7|R eyelid heavy since day 6;12|sore head 2 days, gone now;17|uneven brows;
        24|Bruised R cheek size of a pea;31|spock brow L;38|no effect at all;19|no ptosis, no bruising;29|v happy;
        1|none;5|nil;10|None;15|-;20|none;26|nil;33|None;40|-""")
    odd = _odd("""6|lips|Juvederm Smile|0.55ml|;14|3 areas|||did not turn up;22|cheeks|Restylane|1 ml|bruise L cheek;
        28|frown|||cancelled - flu;36|vit C serum x1|shop||""")
    people = ["Nurse Mary Kovac", "mary kovac", "Kovac, Mary"], ["Dr Osei", "OSEI"]
    rows: Rows = [["BOTOX BOOK"], [*MEANINGS["nurse_book"]]]
    for i, day, person in _visits(date(2025, 1, 3), 45, 38, (2, 0, 3, 2)):
        if i in (0, 16, 32):
            rows.append([f"{day:%B}".upper()])
        what, drug, units, note = odd.get(i, [*plans[i % 6], *told.get(i, [""])])
        who = people[1][i // 4 % 2] if i % 4 == 3 else people[0][i % 3]
        thin = {0: "", 1: "fish oil", 2: "no", 3: "aspirin", 4: ""}[person % 5]
        when = f"{day.day} {day:%b} {day.year}" if i % 3 else f"{day.day}-{day:%b}-{day:%y}".lower()
        lot = f"C{8100 + i}" if drug and drug != "shop" else ""
        front = [when, f"K-{person + 11:03d}", _name(person).split(", ")[1], "on card", who]
        rows.append([*front, what, drug, lot, units, thin, note, 150 if drug else None])
    rows.append(["total", *[""] * 10, 6450])
    _workbook(folder / "botox book.xlsx", {"list": rows})
    _delimited(folder / "callbacks.csv", _events("nurse_calls"))


def _expected(text: str) -> Expected:
    """Two files (name, kind, table, accepted, doubled, ignored, held, sheet); counts; sessions; events."""
    *lines, (sessions, injectors, happened, quiet, asked), units, events = grid(text)
    files = {}
    for name, kind, table, accepted, doubled, *reasons, sheet in lines:
        ignored, held = ({why: int(n) for n, why in re.findall(r"(\d+) ([^,]+)", text)} for text in reasons)
        files[name] = FileExpected(kind, table, int(accepted), ignored, held, int(doubled), sheet or None)
    number = dict(zip(files, map(int, happened.split()), strict=True))
    doses = ((who, day, None if u == "?" else float(u), brand) for who, day, u, brand in map(str.split, units))
    values = ((who, meaning, value) for who, meaning, value in map(str.split, events))
    first = (files, int(sessions), int(injectors), number, tuple(quiet.split()), tuple(doses), tuple(values))
    return Expected(*first, tuple(asked.split()) or None)


EXPECTED = {
    dermatology_ehr: _expected("""
Procedure Detail Report.csv|treatments|us_treatments|45|0|2 title,2 blank,2 footer,3 no_show,2 cancelled,3 filler,\
2 retail,1 refund||
Clinical Concerns.csv|events|us_events|9|1||1 no text|;37|2|0 7|C-104 C-109|
D40201 2025-01-07 30 Botox|D40409 2025-01-20 50 Dysport|D40526 2025-01-31 50 Botox|D40214 2025-02-10 ? Botox
C-101 onset_date 2025-01-12|C-101 resolved_date 2025-02-20|C-105 reported_date 2025-02-07|C-101 laterality R"""),
    booking_app: _expected("""
appointments.xlsx|treatments|uk_treatments|39|0|2 title,2 blank,1 footer,2 no_show,1 cancelled,2 filler,2 retail,\
1 other_service|1 no treatment date|Export
aftercare-form-responses.csv|events|uk_events|10|0|||;39|2|0 6|F-3312 F-3333 F-3344 F-3350|
CL1063 2025-01-07 50 Bocouture|CL1000 2025-01-07 50 Azzalure|CL1189 2025-01-10 60 Botox|CL1261 2025-02-11 80 Azzalure
F-3301 onset_date 2025-01-12|F-3301 reported_date 2025-01-15|F-3318 severity moderate|F-3318 laterality bilateral"""),
    clinica_estetica: _expected("""
listado_actos.csv|treatments|es_treatments|39|0|1 footer,2 no_show,1 cancelled,2 filler,1 retail,1 other_service||
registro_incidencias.csv|events|es_events|9|0||1 no date|;39|2|0 7|R-5 R-7|
3000 2025-02-03 50 Vistabel|3077 2025-02-04 50 Azzalure|3154 2025-02-06 24 Bocouture|3297 2025-02-15 100 Botox
R-1 onset_date 2025-02-09|R-1 laterality R|R-8 severity severe|R-8 seriousness hospitalisation"""),
    hospital_incidents: _expected("""
toxin clinic.xlsx|treatments|hospital_list|37|0|2 title,2 blank,2 footer,3 no_show,2 cancelled,2 other_service||Activity
incident_extract.tsv|events|hospital_events|10|0|||;37|2|0 6|20404 20406 20409 20410|
H4471020 2025-01-08 155 Botox|H4471139 2025-02-12 500 Dysport|H4471265 2025-01-15 100 Botox|H4471202 2025-03-05 ? Xeomin
20402 onset_date 2025-01-14|20402 treatment_date 2025-01-08|20408 reported_date 2025-02-10"""),
    nurse_spreadsheet: _expected("""
botox book.xlsx|combined|nurse_book|40|0|4 title,1 footer,1 no_show,1 cancelled,2 filler,1 retail||list
callbacks.csv|events|nurse_calls|10|0|||;40|2|7 7|K-015 K-023 K-047|date_order callbacks.csv dmy
K-011 2025-01-03 20 Botox|K-025 2025-01-06 24 Xeomin|K-032 2025-01-09 30 Botox|K-043 2025-01-20 120 Dysport
K-012 reported_date 2025-02-04|K-016 reported_date 2025-04-03"""),
}

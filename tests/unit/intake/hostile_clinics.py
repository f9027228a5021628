"""What clinics send: pasted mails, Spanish exports, forms, odd dates, ticks and ids. Decided before the reader was looked at."""
# ruff: noqa: E501

from hostile import ALL, CLEAN, HEAD, ROW1, ROW2, TWO, VISIT1, VISIT2, VISITS, one, several

SPANISH = "Nº historia;Fecha;Profesional;Zona;Unidades;Producto\n"
TICKS = VISITS.strip() + ",Blood thinner\n"


def visits(dates: list[str]) -> str:
    """One visit of a patient of its own for each way to write a date."""
    return VISITS + "".join(f'P{n},"{d}",Ana Reyes,glabella,20,Botox\n' for n, d in enumerate(dates))


def doses(written: list[str]) -> str:
    return VISITS + "".join(f'P{n},2026-03-01,Ana Reyes,glabella,"{d}",Botox\n' for n, d in enumerate(written))


MARCH_3 = [
    "03.03.2026", "2026/3/3", "3 marzo 2026", "Mar 3rd 2026", "3 de marzo de 2026", "Tue 3 Mar 2026", "2026-03-03T09:30:00Z",
    "03-Mar-2026 2:30 PM", "20260303", "martes, 3 de marzo de 2026", "3/mar/2026", "March 3, 2026 14:05",
    "2026-03-03T00:30:00.000Z", "3rd of March 2026", "Tuesday, March 3, 2026", "03MAR2026",
]  # fmt: skip
EXACT = ["20 U", "20 units", "20 IU", "20.0", "20 UI", "20 unidades", "20U"]
OPEN = ["~20", "20?", "approx 20", "20-25", "10/10", "1 000", "veinte", "0x14", "20;5"]

CLINICS = [
    one(
        "Spanish semicolons and decimal commas",
        SPANISH + "H-001;03/03/2026;Dra. Ana Reyes;Glabela;20,5;Botox\nH-002;15/03/2026;Dr. Bo Li;Frente;12,5;Botox\n",
        account=ALL, doses=(20.5, 12.5), dates=("2026-03-03", "2026-03-15"),
        more={"lines": {"area": ("glabella", "forehead")}},
    ),
    one("Spanish export in cp1252", (SPANISH + "H-001;03/03/2026;Ana;Glabela;20;Botox\n").encode("cp1252"), refused="is not utf-8 text"),
    one(
        "Spanish event log",
        "Nº registro;Nº historia;Fecha tratamiento;Fecha de inicio;Descripción;Gravedad;Evolución\n"
        "1;H-001;03/03/2026;05/03/2026;Hematoma en la mejilla;Leve;Recuperado\n"
        "2;H-002;15/03/2026;20/03/2026;Caída del párpado;Moderada;En recuperación\n",
        account=ALL, texts=("Hematoma en la mejilla", "Caída del párpado"),
        more={"events": {"severity": ("mild", "moderate"), "outcome": ("recovered", "recovering")}, "onset": ("2026-03-05", "2026-03-20")},
    ),
    one(
        "yes and no in Spanish",
        SPANISH.strip() + ";Toma anticoagulantes\nH-1;2026-03-01;Ana;Glabela;20;Botox;Sí\nH-2;2026-03-02;Ana;Glabela;20;Botox;No\n",
        account=ALL, more={"lines": {"blood_thinner": (True, False)}},
    ),
    one(
        "ticks, crosses and a letter set as a tick",
        TICKS + "".join(f"P{n},2026-03-01,Ana,glabella,20,Botox,{t}\n" for n, t in enumerate(["✓", "✗", "", "TRUE", "FALSE", "x"])),
        account=(6, 0, 0, 0, 0), more={"lines": {"blood_thinner": (True, False, None, True, False, True)}},
    ),
    one("the third of March written sixteen ways", visits(MARCH_3), account=(16, 0, 0, 0, 0), dates=("2026-03-03",) * 16),
    one("day, month name and two digits of the year", visits(["3-Mar-26", "14-Mar-26"]), account=ALL, dates=("2026-03-03", "2026-03-14"),
        note="two_digit_year"),
    one("American dates with AM and PM", visits(["3/14/2026 2:30 PM", "3/4/2026 12:05 AM"]), account=ALL, dates=("2026-03-14", "2026-03-04")),
    one("late evening in Greenwich stays the day that is written", visits(["2026-03-01T23:59:59Z", "2026-03-02T00:00:00+13:00"]), account=ALL,
        dates=("2026-03-01", "2026-03-02")),
    one("dates that do not say which day", visits(["3 Mar", "1-3 March 2026", "March 2026", "2026", "2026-13-01", "31/04/2026", "Q1 2026", "14"]),
        account=(0, 0, 0, 8, 0), reason="no usable date"),
    one("month headings over days without a month", "March 2026,,,,,\n" + visits(["3", "14"]).replace("\nP1", "\nApril 2026,,,,,\nP1"),
        account=(0, 0, 0, 2, 2)),
    one("months as section titles", VISITS + "March 2026,,,,,\n" + VISIT1 + VISIT2 + "April 2026,,,,,\n" + VISIT1.replace("2026-03", "2026-04"),
        account=(3, 0, 0, 0, 2)),
    one(
        "a patient written with spaces and in small letters is one patient",
        VISITS + VISIT1 + VISIT1.replace("P001", " P001 ").replace("glabella", "forehead") + VISIT1.replace("P001", "p001").replace("glabella", "masseter"),
        account=(3, 0, 0, 0, 0), patients=1, sessions=1,
    ),
    one("an id wrapped so that a spreadsheet keeps its zeros", VISITS + VISIT1.replace("P001", '="00123"') + VISIT2.replace("P002", "00123"),
        account=ALL, patients=1, sessions=2),
    one("an id with a leading apostrophe", VISITS + VISIT1.replace("P001", "'00123") + VISIT2.replace("P002", "00123"), account=ALL, patients=1),
    one("scientific notation in an id", VISITS + VISIT1.replace("P001", "1.23E+11") + VISIT2, account=ALL, patients=1, note="id_withheld"),
    one("a database's word for nothing", VISITS + VISIT1.replace("P001", "\\N") + VISIT2.replace("P002", "\\N"), account=ALL, patients=0, sessions=2),
    one("doses that say one number", doses(EXACT), account=(7, 0, 0, 0, 0), doses=(20.0,) * 7),
    one("doses that leave a choice", doses(OPEN), account=(9, 0, 0, 0, 0), doses=(None,) * 9, note="dose_withheld"),
    one("a mail's head over the table", "From: nurse@example.org\nSent: Monday\nSubject: AE log March\n\n" + CLEAN, account=(2, 0, 0, 0, 4), texts=TWO),
    one("a mail's end under the table", CLEAN + "\nKind regards\nNurse J\nSent from my phone\n", account=(2, 0, 0, 0, 4), texts=TWO),
    one("group headings over the headers", "Entry,,Treatment,Event,,\n" + CLEAN, account=(2, 0, 0, 0, 1), texts=TWO),
    one("a line of units under the headers", VISITS + ",yyyy-mm-dd,,,U,\n" + VISIT1 + VISIT2, account=(2, 0, 0, 1, 0), doses=(20.0, 12.0)),
    one(
        "units in the headers",
        "Event ID,Client ID,Treatment date (YYYY-MM-DD),Onset (days after treatment),Description,Dose (units)\n"
        "AE-1,P001,2026-03-01,3,Bruise on the left cheek,20\nAE-2,P002,2026-03-02,14,Lid droop,12\n",
        account=ALL, texts=TWO, more={"onset": ("2026-03-04", "2026-03-16")},
    ),
    one("one column for each kind of event is read with what happened",
        VISITS.strip() + ",Bruise,Ptosis\n" + VISIT1.strip() + ",x,\n" + VISIT2.strip() + ",,x\n", account=ALL, texts=("Ptosis", "Bruise")),
    one("a pivot table", "Injector,Jan 2026,Feb 2026,Mar 2026\nAna Reyes,12,15,11\nBo Li,9,8,10\nTotal,21,23,21\n", refused="header"),
    one("pages of a printed list", HEAD + ROW1 + "Page 1 of 2,,,,,\n" + HEAD + ROW2 + "Page 2 of 2,,,,,\n", account=(2, 0, 0, 0, 3), texts=TWO),
    one("counted entries below", CLEAN + "Total: 2 entries,,,,,\n", account=(2, 0, 0, 0, 1), texts=TWO),
    one("empty columns to the right", CLEAN.replace("\n", ",,,,\n"), account=ALL, texts=TWO),
    one("the title that Numbers writes", "Table 1;;;;;\n" + CLEAN.replace(",", ";"), account=(2, 0, 0, 0, 1), texts=TWO),
    one("single quotation marks", "\n".join(",".join(f"'{c}'" for c in r.split(",")) for r in CLEAN.splitlines()), account=(0, 0, 0, 2, 0)),
    one("two exports joined, the second with its own mark", CLEAN.replace("AE-2", "\ufeff" + HEAD + "AE-2"), account=(2, 0, 0, 0, 1), texts=TWO),
    one("two exports joined whose columns differ in order",
        HEAD + ROW1 + "Client ID,Event ID,Date reported,Treatment date,Severity,Description\nP002,AE-2,2026-03-20,2026-03-02,moderate,Lid droop\n",
        account=(1, 0, 0, 1, 1), reason="second row of headers"),
    one("a whole row within one pair of quotation marks", HEAD + ROW1 + f'"{ROW2.strip()}"\n', account=(1, 0, 0, 1, 0)),
    one("every row within quotation marks", "".join(f'"{r}"\n' for r in CLEAN.splitlines()), refused="header"),
    one("a line break that nobody quoted", HEAD + ROW1 + ROW2.replace("Lid droop", "Lid\ndroop"), account=(1, 0, 0, 2, 0)),
    one("quotation marks doubled", CLEAN.replace("Lid droop", '"She said ""ow"", lid droop"'), account=ALL,
        texts=(TWO[0], 'She said "ow", lid droop')),
    one("quotation marks behind a backslash", CLEAN.replace("Lid droop", '"She said \\"ow\\", lid droop"'), refused="quotation mark"),
    one("pictures and other alphabets in a text", CLEAN.replace("Lid droop", "Lid droop 😢 كدمة"), account=ALL, texts=(TWO[0], "Lid droop 😢 كدمة")),
    one("two columns called Date", "Event ID,Client ID,Date,Date,Description\nAE-1,P1,2026-03-01,2026-03-05,Bruise\n", refused="two columns"),
    one("a line break in a header", CLEAN.replace("Treatment date", '"Treatment\ndate"'), account=ALL, texts=TWO),
    one("headers as a database writes them", CLEAN.replace(HEAD, "EVENT_ID,CLIENT_ID,TREATMENT_DATE,DATE_REPORTED,DESCRIPTION,SEVERITY\n"),
        account=ALL, texts=TWO),
    one("headers as a programmer writes them", CLEAN.replace(HEAD, "eventId,clientId,treatmentDate,reportedDate,description,severity\n"),
        account=ALL, texts=TWO),
    one("headers in a language that is not read", "Vorgang;Behandlungstag;Beschreibung\n1;2026-03-01;Bluterguss\n", refused="header"),
    one("answers of a web form",
        "Timestamp,Patient number,What happened?,How severe was it?,When did it start?\n"
        "3/14/2026 9:12:33,P001,Bruise on the left cheek,Mild,3/12/2026\n3/24/2026 18:02:01,P002,Lid droop,Moderate,3/20/2026\n",
        account=ALL, more={"onset_set": ("2026-03-12", "2026-03-20"), "text_set": TWO}),
    one("a case number makes no incident log of a list of treatments",
        "Case No,Client ID,Treatment date,Practitioner,Treatment,Status,Notes\n1,P1,2026-03-01,Ana,Botox,Done,ok\n2,P2,2026-03-02,Ana,Botox,Done,ok\n",
        account=ALL, sessions=2, texts=()),
    one("no headers at all", ROW1 + ROW2, refused="header"),
    one("a table in Markdown", "".join("|" + "|".join(f" {c} " for c in r.split(",")) + "|\n" for r in CLEAN.splitlines())
        .replace("\n", "\n|---|---|---|---|---|---|\n", 1), account=(2, 0, 0, 1, 0)),
    one("a delimiter nobody uses, declared", CLEAN.replace(",", "^"), toml='[[file]]\nmatch="*"\ndelimiter="^"\n', account=ALL, texts=TWO),
    one("columns held apart by spaces", "Event ID   Client ID   Description\nAE-1       P001        Bruise\n", refused="header"),
    one("appointments in Spanish that did not take place",
        SPANISH.strip() + ";Estado cita\nH-1;2026-03-01;Ana;Glabela;20;Botox;Realizada\nH-2;2026-03-01;Ana;Glabela;20;Botox;No acudió\n"
        "H-3;2026-03-01;Ana;Glabela;20;Botox;Cancelada\n", account=(1, 0, 0, 0, 2)),
    one("text that is a formula", CLEAN.replace("Lid droop", "=HYPERLINK(1)"), account=ALL, texts=(TWO[0], "=HYPERLINK(1)")),
    one("UTF-16 with the other byte first", b"\xfe\xff" + CLEAN.encode("utf-16-be"), account=ALL, texts=TWO),
    one("CSV called txt", CLEAN, file="log.txt", account=ALL, texts=TWO),
    one("tabs called txt", CLEAN.replace(",", "\t"), file="log.txt", account=ALL, texts=TWO),
    one("capital letters in the ending", CLEAN, file="LOG.CSV", account=ALL, texts=TWO),
    one("an ending nobody knows", CLEAN, file="log.dat", refused="log.dat"),
    one("no ending", CLEAN, file="log", refused="is not a table"),
    one("a compressed log", b"\x1f\x8b\x08" + b"\0" * 30, file="log.csv.gz", refused="log.csv.gz"),
    one("a mail with the log inside", b"From: a\nTo: b\n\n" + CLEAN.encode(), file="log.eml", refused="log.eml"),
    several("the file a spreadsheet program leaves while a log is open is named as such", {"log.csv": CLEAN, "~$log.xlsx": b"\5Ana"}, account=ALL,
            texts=TWO),
    several("one bad file does not stop the others", {"a.csv": CLEAN, "b.csv": b"\x1f\x8b\x08" + b"\0" * 9}, account=ALL, texts=TWO,
            partly="gzip"),
    several("a patient whose number is text here and a number there",
            {"a.csv": VISITS + VISIT1.replace("P001", "1001"), "b.csv": VISITS + VISIT2.replace("P002", "1001")}, account=ALL, patients=1),
]  # fmt: skip

"""A hostile set of log files, made by code: for each what it is, its bytes, and what must become of it.

`account` is (accepted, duplicate, superseded, quarantined, ignored) over the case's files; `refused` words of the sentence that
refuses a file; `texts` what the accepted events say, in order of id.
"""

from dataclasses import dataclass, field

from books import book, ods, package, sheet_xml

HEAD = "Event ID,Client ID,Treatment date,Date reported,Description,Severity\n"
ROW1 = "AE-1,P001,2026-03-01,2026-03-04,Bruise on the left cheek,mild\n"
ROW2 = "AE-2,P002,2026-03-02,2026-03-20,Lid droop,moderate\n"
TWO = ("Bruise on the left cheek", "Lid droop")
VISITS = "Client ID,Treatment date,Injector,Area,Units,Product\n"
VISIT1 = "P001,2026-03-01,Ana Reyes,glabella,20,Botox\n"
VISIT2 = "P002,2026-03-02,Bo Li,forehead,12,Botox\n"


@dataclass(frozen=True)
class Hostile:
    id: str
    files: dict[str, bytes]
    account: tuple[int, int, int, int, int] | None = None
    refused: str | None = None
    texts: tuple[str, ...] | None = None
    reason: str | None = None
    note: str | None = None
    patients: int | None = None
    sessions: int | None = None
    doses: tuple[float | None, ...] | None = None
    dates: tuple[str, ...] | None = None
    toml: str = ""
    more: dict[str, object] = field(default_factory=dict)


def one(name: str, content: str | bytes, **expected: object) -> Hostile:
    data = content.encode() if isinstance(content, str) else content
    file = expected.pop("file", "log.csv")
    return Hostile(name, {f"C/{file}": data}, **expected)  # type: ignore[arg-type]


def several(name: str, files: dict[str, str | bytes], **expected: object) -> Hostile:
    data = {f"C/{k}" if "/" not in k else k: v.encode() if isinstance(v, str) else v for k, v in files.items()}
    return Hostile(name, data, **expected)  # type: ignore[arg-type]


CLEAN = HEAD + ROW1 + ROW2
ALL = (2, 0, 0, 0, 0)

TEXT_FILES = [
    one("T00 clean", CLEAN, account=ALL, texts=TWO),
    one("T01 mark before a quoted header", b"\xef\xbb\xbf" + CLEAN.replace("Event ID", '"Event ID"').encode(), account=ALL, texts=TWO),
    one("T02 UTF-16 with mark", CLEAN.encode("utf-16"), account=ALL, texts=TWO),
    one("T02 UTF-32 with mark", CLEAN.encode("utf-32"), account=ALL, texts=TWO),
    one("T02 UTF-16 without mark", CLEAN.encode("utf-16-le"), refused="UTF-16"),
    one("T03 cp1252 not declared", CLEAN.replace("Bruise", "Hématome").encode("cp1252"), refused="row 2: is not utf-8 text: byte"),
    one(
        "T03 cp1252 declared", CLEAN.replace("Bruise", "Hématome").encode("cp1252"), account=ALL,
        toml='[[file]]\nmatch="*"\nencoding="cp1252"\n', texts=("Hématome on the left cheek", "Lid droop"),
    ),
    one("T03 encoding that does not exist", CLEAN, toml='[[file]]\nmatch="*"\nencoding="klingon"\n', refused="unknown encoding"),
    one("T03 encoding that is no encoding", CLEAN, toml='[[file]]\nmatch="*"\nencoding="undefined"\n', refused="is not undefined text"),
    one("T04 zero byte in a cell", CLEAN.replace("Lid", "L\0id"), account=(1, 0, 0, 1, 0), reason="zero byte"),
    one("T04 padded with zero bytes", CLEAN + "\0" * 512, account=ALL, note="padding", texts=TWO),
    one("T04 end-of-file mark", CLEAN + "\x1a", account=(2, 0, 0, 0, 1), texts=TWO),
    one("T04 reading goes on after 0x1A", HEAD + ROW1.replace("Bruise", "Bru\x1aise") + ROW2, account=ALL),
    one("T05 CR only", CLEAN.replace("\n", "\r"), account=ALL, texts=TWO),
    one("T05 mixed line ends", HEAD + ROW1.replace("\n", "\r\n") + ROW2.replace("\n", "\r"), account=ALL, texts=TWO),
    one(
        "T05 forged record within quotes", HEAD + ROW1.replace("Bruise on the left cheek", '"Bruise\nAE-9,P9,2026-03-03,2026-03-04,forged"') + ROW2,
        account=ALL,
    ),
    one("T05 other separators are no line ends", HEAD + ROW1.replace("Bruise on", "Bruise\u2028on\x85the\x0b") + ROW2, account=ALL),
    one("T06 decomposed header", CLEAN.replace("Description", "Descripcio\u0301n"), account=ALL, texts=TWO),
    one("T06 no-break and zero-width spaces", CLEAN.replace("Event ID", "Event\u00a0ID\u200b").replace("P001", "\u200bP001 "), account=ALL, texts=TWO),
    one("T06 look-alike header", CLEAN.replace("Description", "D\u0435scription"), refused="U+0435"),
    one("T06 bidi control in header", CLEAN.replace("Severity", "\u202eSeverity\u202c"), account=ALL, texts=TWO),
    one("T06 Arabic digits in a date", CLEAN.replace("2026-03-01", "٢٠٢٦-٠٣-٠١"), account=ALL, texts=TWO),
    one("T06 superscript dose", VISITS + VISIT1.replace("20,Botox", "2²,Botox") + VISIT2, account=ALL, doses=(None, 12.0), note="dose_withheld"),
    one("T06 fraction as dose", VISITS + VISIT1.replace("20,Botox", "½,Botox") + VISIT2, account=ALL, doses=(None, 12.0)),
    one("T07 semicolons and commas in text", CLEAN.replace(",", ";").replace("Bruise on", "Bruise, big, on"), account=ALL),
    one("T07 sep= line", "sep=;\n" + CLEAN.replace(",", ";"), account=(2, 0, 0, 0, 1), texts=TWO),
    one("T07 pipes", CLEAN.replace(",", "|"), account=ALL, texts=TWO),
    one("T07 tabs called csv", CLEAN.replace(",", "\t"), account=ALL, texts=TWO),
    one(
        "T07 decimal commas on every row", (VISITS + VISIT1 + VISIT2).replace(",", ";").replace("20;B", "20,5;B").replace("12;B", "12,5;B"),
        account=ALL, toml='[[file]]\nmatch="*"\ndecimal=","\n', doses=(20.5, 12.5),
    ),
    one("T07 1,000 without declared decimal", VISITS + VISIT1.replace(",20,", ',"1,000",') + VISIT2, account=ALL, doses=(None, 12.0)),
    one("T07 delimiter that cannot be", CLEAN, toml="[[file]]\nmatch='*'\ndelimiter='\"'\n", refused="delimiter that cannot be"),
    one("T08 quote that does not close", HEAD + ROW1.replace("Bruise", '"Bruise') + ROW2, refused="row 2: has a quotation mark"),
    one(
        "T08 two quotes that cancel out", HEAD + ROW1.replace("Bruise", '"Bruise') + ROW2 + ROW2.replace("AE-2", "AE-3").replace("droop", 'droop"'),
        account=(0, 0, 0, 1, 0), reason="quotation mark that does not close",
    ),
    one("T08 backslash escape", HEAD + ROW1.replace("Bruise on", '"Bruise \\"bad\\" on"'), refused="quotation mark"),
    one("T08 doubled quotes", HEAD + ROW1.replace("Bruise", '"""Bruise"""').replace('""" on the left cheek', '"""') + ROW2, account=ALL),
    one("T09 short row", HEAD + ROW1 + "AE-2,P002,2026-03-02\n", account=(1, 0, 0, 1, 0), reason="3 cells where the header has 6"),
    one("T09 unquoted comma", HEAD + ROW1.replace("Bruise on", "Bruise, on") + ROW2, account=(1, 0, 0, 1, 0), reason="7 cells"),
    one("T09 comma hidden by a trailing delimiter", HEAD.replace("\n", ",\n") + ROW1.replace("\n", ",\n") + ROW2.replace("Lid", "Lid, big"), account=(1, 0, 0, 1, 0)),
    one("T09 trailing delimiter in rows only", HEAD + ROW1.replace("\n", ",\n") + ROW2, account=ALL, texts=TWO),
    one("T10 two columns of one name that differ", VISITS.replace("Area", "Client ID") + VISIT1 + VISIT2, refused="two columns stand for patient_key"),
    one("T10 two columns of one name that agree", VISITS.replace("Area", "Client ID") + VISIT1.replace("glabella", "P001") + VISIT2.replace("forehead", "P002"), account=ALL),
    one("T10 two ids of a person", "Chart #," + VISITS + "77," + VISIT1 + "78," + VISIT2, account=ALL, note="column_collision"),
    one("T10 no headers", ROW1 + ROW2, refused="has no row of headers"),
    one("T10 headers below titles", "Harbour clinic\n\nAdverse events\n" + CLEAN, account=(2, 0, 0, 0, 3), texts=TWO),
    one("T10 headers repeated", HEAD + ROW1 + HEAD + ROW2, account=(2, 0, 0, 0, 1), texts=TWO),
    one("T10 rows above the headers", ROW2 + HEAD + ROW1, account=(1, 0, 0, 1, 0), reason="above the row of headers"),
    one("T10 several texts", HEAD.replace("Severity", "Notes") + ROW1.replace("mild", "seen today") + ROW2.replace("moderate", ""), account=ALL, texts=("Bruise on the left cheek\nNotes: seen today", "Lid droop")),
    one("T10 mapped header that is not there", CLEAN, toml='[[file]]\nmatch="*"\n[file.columns]\n"Nota"="text"\n', account=ALL, note="column_missing"),
    one("T10 mapped to no column", CLEAN, toml='[[file]]\nmatch="*"\n[file.columns]\n"Severity"="badness"\n', refused="does not exist"),
    one("T11 totals and footers", CLEAN + "Total,2,,,,\nExported 2026-04-01,,,,,\n", account=(2, 0, 0, 0, 2), texts=TWO),
    one("T11 a total loss is no total", "Description,Date reported,Injector\nTotal loss of vision,2026-03-04,\n", account=(1, 0, 0, 0, 0), texts=("Total loss of vision",)),
    one("T11 an injector named Page", "Injector,Treatment date,Units\nPage,2026-03-01,20\nTotal,,20\n", account=(1, 0, 0, 0, 1)),
    one("T11 an id alone is no section title", CLEAN + "AE-77,,,,,\n", account=(2, 0, 0, 1, 0)),
    one("T11 nil in another column is no nil return", "Date reported,Description,Action taken\n2026-03-04,Anaphylaxis,Nil\n", account=(1, 0, 0, 0, 0), texts=("Anaphylaxis",)),
    one("T11 nil return", HEAD + ",,,2026-03-31,No adverse events,\n", account=(0, 0, 0, 0, 1), reason="nil return"),
    one("T12 nothing", b"", refused="is empty"),
    one("T12 mark only", b"\xff\xfe", refused="is empty"),
    one("T12 spaces", " \n \n", refused="is empty"),
    one("T12 headers only", HEAD, account=(0, 0, 0, 0, 0), note="no_rows"),
    one("T12 one row", HEAD + ROW1, account=(1, 0, 0, 0, 0)),
    one("T13 gzip", b"\x1f\x8b\x08" + b"\0" * 30, refused="gzip"),
    one("T13 PDF", b"%PDF-1.7\n", refused="PDF"),
    one("T13 picture", b"\x89PNG\r\n\x1a\n", file="log.xlsx", refused="picture"),
    one("T13 HTML as xls", "<html><table><tr><td>Event ID</td></tr></table>", file="log.xls", refused="Save As"),
    one("T13 XML spreadsheet as xls", '<?xml version="1.0"?><Workbook/>', file="log.xls", refused="Save As"),
    one("T13 web archive as xls", "MIME-Version: 1.0\n", file="log.xls", refused="web archive"),
    one("T13 csv as xlsx", CLEAN, file="log.xlsx", account=ALL, texts=TWO),
    one("T13 noise", bytes(range(200, 256)) * 9, refused="is not utf-8 text"),
    one("T13 JSON", '[{"text": "bruise"}]', refused="JSON"),
    one("T13 Word document", CLEAN, file="log.docx", refused="is not a table"),
    one("T14 a cell of a quarter megabyte", HEAD + ROW1.replace("Bruise", "Bruise " + "x" * 225_000) + ROW2, account=ALL),
    one("T14 a cell without end", HEAD + ROW1.replace("Bruise", '"' + "x" * 1_100_000 + '"'), refused="more than 1,000,000 characters"),
    one("T14 twenty thousand columns", HEAD.strip() + "," * 20_000 + "\n" + ROW1, refused="columns"),
    one("T17 serials in text", VISITS + VISIT1.replace("2026-03-01", "46082") + VISIT2.replace("2026-03-02", "46083.5"), account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("T17 serials that are no dates", VISITS + VISIT1.replace("2026-03-01", "0") + VISIT2.replace("2026-03-02", "60"), account=(0, 0, 0, 2, 0), reason="no usable date"),
    one("T18 errors in text", CLEAN.replace("Lid droop", "#NAME?"), account=(1, 0, 0, 1, 0), reason="cell E3 holds the error #NAME?"),
    one("T18 error in an optional cell", CLEAN.replace("moderate", "#N/A"), account=ALL, note="cell_error"),
    one("T18 error in place of a patient", VISITS + VISIT1.replace("P001", "#REF!") + VISIT2, account=(1, 0, 0, 1, 0), reason="cell A2 holds the error #REF!"),
    one("T26 names that look like nothing", VISITS + VISIT1.replace("P001", "NA") + VISIT1.replace("P001", "Null").replace("Ana Reyes", "Null"), account=ALL, patients=2, sessions=2),
    one("T26 leading zeros and long ids", VISITS + VISIT1.replace("P001", "007") + VISIT1.replace("P001", "7") + VISIT1.replace("P001", "12345678901234567890") + VISIT1.replace("P001", "12345678901234567891"), account=(4, 0, 0, 0, 0), patients=4, sessions=4),
    one("T26 ids like numbers and words", VISITS + VISIT1.replace("P001", "1E5") + VISIT1.replace("P001", "100000") + VISIT1.replace("P001", "TRUE"), account=(3, 0, 0, 0, 0), patients=3),
    one("T26 ids a spreadsheet cut short", VISITS + VISIT1.replace("P001", "1.23457E+19") + VISIT2.replace("P002", "1.23457E+19"), account=ALL, patients=0, sessions=2, note="id_withheld"),
    one("T26 patients nobody knows are not one patient", VISITS + VISIT1.replace("P001", "n/a") + VISIT1.replace("P001", "-").replace(",20,", ",24,"), account=ALL, patients=0, sessions=2),
    one("T26 events without an id are not one event", CLEAN.replace("AE-1", "N/A").replace("AE-2", "N/A"), account=ALL),
]  # fmt: skip

DATES = [
    one("T27 proven by the column", CLEAN.replace("2026-03-01", "01/03/2026").replace("2026-03-02", "13/03/2026"), account=ALL),
    one("T27 proven by the order of the dates", HEAD + "AE-1,P1,03/04/2026,04/04/2026,bruise,\nAE-2,P1,05/06/2026,07/06/2026,bruise,\nAE-3,P3,02/06/2026,01/07/2026,bruise,\n", account=(3, 0, 0, 0, 0), note="date_order"),
    one("T27 nothing decides", VISITS + VISIT1.replace("2026-03-01", "03/04/2026"), refused="2026-04-03 or 2026-03-04"),
    one("T27 declared", VISITS + VISIT1.replace("2026-03-01", "03/04/2026"), toml='[[file]]\nmatch="*"\ndate_order="mdy"\n', account=(1, 0, 0, 0, 0), dates=("2026-03-04",)),
    one("T27 declared against proof", VISITS + VISIT1.replace("2026-03-01", "03/25/2026"), toml='[[file]]\nmatch="*"\ndate_order="dmy"\n', account=(1, 0, 0, 0, 0), dates=("2026-03-25",), note="date_order"),
    several("T27 proven by another file", {"a.csv": VISITS + VISIT1.replace("2026-03-01", "25/03/2026"), "b.csv": VISITS + VISIT2.replace("2026-03-02", "03/04/2026")}, account=ALL, dates=("2026-03-25", "2026-04-03")),
    one("T27 mixed orders", VISITS + VISIT1.replace("2026-03-01", "25/03/2026") + VISIT2.replace("2026-03-02", "03/25/2026") + VISIT2.replace("2026-03-02", "03/04/2026"), account=(2, 0, 0, 1, 0), reason="no usable date"),
    one("T28 two-digit years", VISITS + VISIT1.replace("2026-03-01", "25/03/26") + VISIT2.replace("2026-03-02", "01/04/26"), account=ALL, dates=("2026-03-25", "2026-04-01"), note="two_digit_year"),
    one("T28 two-digit years among others", VISITS + VISIT1.replace("2026-03-01", "25/03/26") + VISIT2, account=(1, 0, 0, 1, 0), dates=("2026-03-02",)),
    one("T28 month names in two languages", VISITS + VISIT1.replace("2026-03-01", "1 March 2026") + VISIT2.replace("2026-03-02", "2 de marzo de 2026"), account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("T28 weekday", VISITS + VISIT1.replace("2026-03-01", "Sunday 1 March 2026") + VISIT2, account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("T28 sentinels", VISITS + VISIT1.replace("2026-03-01", "01/01/1900") + VISIT2.replace("2026-03-02", "9999-12-31"), account=(0, 0, 0, 2, 0)),
    one("T28 30 February and last Tuesday", VISITS + VISIT1.replace("2026-03-01", "2026-02-30") + VISIT2.replace("2026-03-02", "last Tuesday"), account=(0, 0, 0, 2, 0)),
    one("T28 Buddhist year", VISITS + VISIT1.replace("2026-03-01", "2569-03-01") + VISIT2, account=(1, 0, 0, 1, 0)),
    one("T28 relative onset", HEAD.replace("Severity", "Onset") + ROW1.replace("mild", "day 3") + ROW2.replace("moderate", "1/52"), account=ALL, more={"onset": ("2026-03-04", "2026-03-09")}),
    one("T29 offsets and midnight", VISITS + VISIT1.replace("2026-03-01", "2026-03-01T23:30:00-11:00") + VISIT2.replace("2026-03-02", "2026-03-02 24:00"), account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("T30 reported before treatment", HEAD + ROW1.replace("2026-03-04", "2026-02-04") + ROW2, account=ALL, note="date_withheld"),
    one("T30 the only date lies in the future", "Event ID,Date reported,Description\nAE-1,2027-03-04,bruise\n", account=(0, 0, 0, 1, 0), reason="no usable date"),
    one("T31 doses", VISITS + "".join(VISIT1.replace("P001", f"P{n}").replace(",20,", f",{d},") for n, d in enumerate(["20u", "10+10", "10-20", "1_000", "1e2", "inf", "nan", "20 mL", "9999"])), account=(9, 0, 0, 0, 0), doses=(20.0, 20.0, None, None, None, None, None, None, None)),
    one("T31 zero and negative doses", VISITS + VISIT1.replace(",20,", ",0,") + VISIT2.replace(",12,", ",\N{MINUS SIGN}5,"), account=(0, 0, 0, 2, 0), reason="0 or fewer units"),
    one("T31 decimal comma and thousands", (VISITS + VISIT1.replace(",20,", ",1.000,") + VISIT2).replace(",", ";"), toml='[[file]]\nmatch="*"\ndecimal=","\n', account=ALL, doses=(None, 12.0)),
    one("T31 retail quantity", "Client ID,Date,Provider,Service,Qty\nP1,2026-03-01,Ana,Obagi kit,1\nP2,2026-03-01,Ana,Botox,1\n", account=(1, 0, 0, 1, 0), reason="nothing shows that toxin was given", doses=(None,)),
    one("T32 words we do not know", CLEAN.replace("moderate", "life-threatening-ish"), account=ALL, note="word_unknown"),
    one("test patients", VISITS + VISIT1.replace("P001", "TEST") + VISIT2, account=(1, 0, 0, 0, 1), reason="test entry"),
]  # fmt: skip

VERSIONS = [
    several("T33 the same file twice", {"a.csv": CLEAN, "b.csv": CLEAN}, account=(2, 2, 0, 0, 0), texts=TWO),
    several("T33 the same rows in another format", {"a.csv": CLEAN, "b.csv": CLEAN.replace(",", ";"), "c.xlsx": book([r.split(",") for r in CLEAN.splitlines()])}, account=(2, 4, 0, 0, 0), texts=TWO),
    one("T33 a row twice", CLEAN + ROW2, account=(2, 1, 0, 0, 0), texts=TWO),
    several("T34 corrected", {"e_2026-03.csv": CLEAN, "e_2026-04.csv": HEAD + ROW2.replace("moderate", "mild")}, account=(2, 0, 1, 0, 0), reason="replaced by a newer version"),
    several("T34 replayed", {"e_2026-03.csv": CLEAN, "e_2026-04.csv": HEAD + ROW2.replace("droop", "better"), "old copy e_2026-03.csv": CLEAN}, account=(2, 2, 1, 0, 0), texts=("Bruise on the left cheek", "Lid better")),
    several("T34 unordered conflict", {"a.csv": CLEAN, "b.csv": HEAD + ROW2.replace("moderate", "severe")}, account=(2, 0, 1, 0, 0), reason="conflict"),
    several("T34 ids in two clinics", {"A/e.csv": CLEAN, "B/e.csv": CLEAN}, account=(4, 0, 0, 0, 0)),
    several("T34 numbering that starts again", {"e_2026-03.csv": CLEAN, "e_2026-04.csv": HEAD + "AE-1,P009,2026-04-01,2026-04-04,Anaphylaxis,severe\n"}, account=(3, 0, 0, 0, 0)),
    several("T34 version numbers", {"a.csv": CLEAN.replace("Severity", "Version").replace("moderate", "v2"), "b.csv": CLEAN.replace("Severity", "Version").replace("moderate", "v10").replace("droop", "better")}, account=(2, 1, 1, 0, 0), texts=("Bruise on the left cheek", "Lid better")),
    several("totals of two services of one type", {"t.csv": "Month,Treatment type,Injector,Sessions\n2026-03,Botox,Ana,5\n2026-03,Anti-wrinkle,Ana,5\n2026-03,Total,Ana,10\n"}, account=(2, 0, 0, 0, 1), more={"total": 10}),
    several("totals delivered again and corrected", {"t_2026-03.csv": "Month,Injector,Sessions\n2026-03,Ana,5\n2026-02,Ana,7\n", "t_2026-04.csv": "Month,Injector,Sessions\n2026-03,Ana,6\n2026-02,Ana,7\n"}, account=(2, 1, 1, 0, 0), more={"total": 13}),
    several("totals that nothing orders are not added up", {"a.csv": "Month,Injector,Sessions\n2026-03,Ana,5\n", "b.csv": "Month,Injector,Sessions\n2026-03,Ana,6\n"}, account=(1, 0, 1, 0, 0), more={"total": 6}),
    one("totals of a month to come", "Month,Injector,Sessions\n2027-03,Ana,5\n2026-03,Ana,5\n", account=(1, 0, 0, 1, 0), reason="future"),
    one("combined: none is followed up, a dash is unknown", VISITS.replace("\n", ",Complications\n") + VISIT1.replace("\n", ",none\n") + VISIT2.replace("\n", ",-\n") + VISIT2.replace("P002", "P3").replace("\n", ",Bruise\n"), account=(3, 0, 0, 0, 0), texts=("Bruise",)),
    one("lines without names are sessions of their own", "Treatment date,Injector,Area,Units\n2026-03-01,Ana,glabella,20\n2026-03-01,Ana,glabella,24\n2026-03-01,Ana,glabella,24\n", account=(3, 0, 0, 0, 0), sessions=3),
]  # fmt: skip

GRID = [r.split(",") for r in CLEAN.splitlines()]
VGRID = [r.split(",") for r in (VISITS + VISIT1 + VISIT2).splitlines()]
BOOKS = [
    one("T00 workbook", book(GRID), file="log.xlsx", account=ALL, texts=TWO),
    one("T13 xlsx as csv", book(GRID), file="log.csv", account=ALL, texts=TWO),
    one("T12 empty workbook", book([]), file="log.xlsx", refused="no visible sheet that holds anything"),
    one("T15 merged patient", book([VGRID[0], VGRID[1], ["", *VGRID[1][1:3], "forehead", 10, "Botox"]], merge="A2:A3"), file="log.xlsx", account=ALL, patients=1, sessions=1, note="merged_cell"),
    one("T15 merged dose is not given twice", book([VGRID[0], VGRID[1], [*VGRID[1][:3], "forehead", "", "Botox"]], merge="E2:E3"), file="log.xlsx", account=ALL, doses=(20.0, None)),
    one("T16 hidden sheet first", book(GRID, hidden=[["Event ID"], ["AE-9"]]), file="log.xlsx", account=ALL, note="hidden_sheet", texts=TWO),
    one("T16 two logs", book(GRID, second=VGRID), file="log.xlsx", account=(4, 0, 0, 0, 0), texts=TWO),
    one("T17 1904 dates without a format", book([[*r[:1], 44619 + n, *r[2:]] if n else r for n, r in enumerate(VGRID)], late=True), file="log.xlsx", account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("T18 error cell", book([*GRID[:2], [*GRID[2][:4], "#REF!", ""]], errors=["E3"]), file="log.xlsx", account=(1, 0, 0, 1, 0), reason="cell E3 holds the error #REF!"),
    one("T19 formula without a value", book([*VGRID[:2], ["P002", '=DATE(2026,3,2)', *VGRID[2][2:]]]), file="log.xlsx", account=(1, 0, 0, 1, 0), reason="cell B3 holds a formula without a stored value"),
    one("T20 truncated", book(GRID)[:2000], file="log.xlsx", refused="damaged"),
    one("T20 bad checksum", package({"xl/workbook.xml": b"<workbook/>"}, damage=True), file="log.xlsx", refused="damaged"),
    one("T20 missing parts", package({"xl/workbook.xml": b"<workbook/>"}), file="log.xlsx", refused="damaged"),
    one("T21 ods", ods(GRID), file="log.ods", account=ALL, texts=TWO),
    one("T22 far cell", sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>Event ID</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), file="log.xlsx", refused="so far apart"),
    one("T22 repeated ods cells", ods(GRID, repeat=1_000_000), file="log.ods", refused="repeats"),
    one("T22 formatted blank rows below", book(GRID, styled=3000), file="log.xlsx", account=ALL, texts=TWO),
    one("T23 bomb", package({"xl/workbook.xml": b"<workbook/>", "xl/media/a.xml": b"0" * 80_000_000}), file="log.xlsx", refused="would expand"),
    one("T24 entities", sheet_xml("<row/>", head='<!DOCTYPE x [<!ENTITY a "b">]>'), file="log.xlsx", refused="entities"),
    one("T25 duplicate members", package({"xl/workbook.xml": b"<workbook/>"}, twice="xl/workbook.xml"), file="log.xlsx", refused="two parts of the same name"),
    one("T13 zip of a csv", package({"log.csv": CLEAN.encode()}), file="log.xlsx", refused="ZIP archive"),
    one("T13 Word document called xlsx", package({"_rels/.rels": b"<a/>", "word/document.xml": b"<a/>"}), file="log.xlsx", refused="Word document"),
    one("T48 pickle", b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07builtins\x94.", file="log.xls", refused="pickle"),
    one("noise that begins like an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x11" * 2000, file="log.xls", refused="cannot be read"),
]  # fmt: skip

CASES = [*TEXT_FILES, *DATES, *VERSIONS, *BOOKS]

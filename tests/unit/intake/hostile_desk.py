"""What a front desk sends in a hurry: combinations of faults, each with its outcome decided before it was read."""
# ruff: noqa: E501

import datetime

from books import book
from hostile import ALL, CLEAN, HEAD, ROW1, ROW2, TWO, VISIT1, VISIT2, VISITS, one, several

LINES = "Treatment ID,Client ID,Treatment date,Injector,Area,Units,Product\n"
GRID = [r.split(",") for r in CLEAN.strip().splitlines()]
VGRID = [r.split(",") for r in (VISITS + VISIT1 + VISIT2).strip().splitlines()]
EMPTY = (0, 0, 0, 0, 0)


def dated(first: str, second: str) -> str:
    return VISITS + VISIT1.replace("2026-03-01", f'"{first}"') + VISIT2.replace("2026-03-02", f'"{second}"')


def dosed(*doses: str) -> str:
    return VISITS + "".join(f'P{n},2026-03-0{n},Ana Reyes,glabella,"{d}",Botox\n' for n, d in enumerate(doses, 1))


ENTRIES = [
    one("mark, semicolons, quoted line ends and CRLF at once",
        b"\xef\xbb\xbf" + (HEAD + ROW1 + ROW2.replace("Lid droop", '"Lid\ndroop, L"')).replace('"Lid\ndroop, L"', "~").replace(",", ";").replace("~", '"Lid\ndroop; L"').replace("\n", "\r\n").encode(),
        account=ALL, texts=("Bruise on the left cheek", "Lid\r\ndroop; L")),
    one("UTF-16 with tabs, as a spreadsheet saves Unicode text", CLEAN.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"), file="log.txt", account=ALL, texts=TWO),
    one("quoted header names and quoted everything with tabs", "\n".join("\t".join(f'"{c}"' for c in r.split(",")) for r in CLEAN.splitlines()), account=ALL, texts=TWO),
    one("a text that holds the header line", HEAD + ROW1.replace("Bruise on the left cheek", f'"{HEAD.strip()}"') + ROW2, account=ALL, texts=(HEAD.strip(), "Lid droop")),
    one("a text that is a delimiter declaration", HEAD + ROW1.replace("Bruise on the left cheek", "sep=;") + ROW2, account=ALL, texts=("sep=;", "Lid droop")),
    one("a text of quotation marks only", HEAD + ROW1.replace("Bruise on the left cheek", '""""""') + ROW2, account=ALL, texts=('""', "Lid droop")),
    one("blank lines between all rows", CLEAN.replace("\n", "\n\n"), account=(2, 0, 0, 0, 3), texts=TWO),
    one("rows of commas below", CLEAN + ",,,,,\n" * 40, account=(2, 0, 0, 0, 40), texts=TWO),
    one("a patient called Total", HEAD + ROW1.replace("P001", "Total") + ROW2, account=ALL),
    one("a text that begins with Total", HEAD + ROW1.replace("Bruise on the left cheek", "Total loss of brow movement") + ROW2, account=ALL, texts=("Total loss of brow movement", "Lid droop")),
    one("an event whose text is a number", HEAD + ROW1.replace("Bruise on the left cheek", "7") + ROW2, account=ALL, texts=("7", "Lid droop")),
    one("a text of spaces is no text", HEAD + ROW1.replace("Bruise on the left cheek", '"   "') + ROW2, account=(1, 0, 0, 1, 0)),
    one("NA is a patient and none an event that is told", HEAD + ROW1.replace("P001", "NA") + ROW2, account=ALL),
    one("ids with leading zeros are not one", HEAD + ROW1.replace("AE-1", "007") + ROW2.replace("AE-2", "7"), account=ALL),
    one("ids of twenty digits that differ in the last", HEAD + ROW1.replace("AE-1", "12345678901234567890") + ROW2.replace("AE-2", "12345678901234567891"), account=ALL,
        more={"events": {"event_id": ("12345678901234567890", "12345678901234567891")}}),
    one("an id in capital letters and in small ones", HEAD + ROW1 + ROW2.replace("AE-2,P002", "ae-1,P002"), account=ALL),
    one("a date in the text column, a text in the date column", HEAD + "AE-1,P001,Bruise,2026-03-04,2026-03-01,mild\n" + ROW2, account=ALL, texts=("2026-03-01", "Lid droop")),
    one("both dates in the future", HEAD + "AE-1,P001,2027-03-01,2027-03-04,Bruise on the left cheek,mild\n" + ROW2, account=(1, 0, 0, 1, 0), reason="no usable date", note="date_withheld"),
    one("treated on 29 February of a year without one", HEAD + ROW1.replace("2026-03-01", "2026-02-29") + ROW2, account=ALL, texts=TWO),
    one("severity in Spanish and as a grade", CLEAN.replace("mild", "leve").replace("moderate", "Grade 2"), account=ALL, more={"events": {"severity": ("mild", "moderate")}}),
    one("severity that says two things", CLEAN.replace("moderate", "mild/severe"), account=ALL, more={"events": {"severity": ("mild", None)}}),
    one("a column nobody knows between the others", CLEAN.replace("Severity", "Star sign,Severity").replace(",mild", ",Leo,mild").replace(",moderate", ",Virgo,moderate"), account=ALL, texts=TWO),
    one("columns in another order", "Severity,Description,Date reported,Treatment date,Client ID,Event ID\nmild,Bruise on the left cheek,2026-03-04,2026-03-01,P001,AE-1\n", account=(1, 0, 0, 0, 0)),
    one("a header in capital letters with full stops", CLEAN.replace(HEAD, "EVENT I.D.,CLIENT I.D.,TREATMENT DATE,DATE REPORTED,DESCRIPTION,SEVERITY\n"), account=ALL, texts=TWO),
    one("three title lines, one of them long", "Harbour clinic\nAdverse events, complaints and near misses of the year, as kept by the desk\n\n" + CLEAN, account=(2, 0, 0, 0, 3), texts=TWO),
    one("an inner cell that breaks into a forged total", HEAD + ROW1.replace("Bruise on the left cheek", '"Bruise\nTotal,2,,,,"') + ROW2, account=ALL),
    one("a quote that is an inch mark", HEAD + ROW1.replace("Bruise on the left cheek", 'Bruise 2" wide') + ROW2, account=ALL, texts=('Bruise 2" wide', "Lid droop")),
    one("an apostrophe at the start of a text", HEAD + ROW1.replace("Bruise on", "'Bruise on") + ROW2, account=ALL),
    one("Spanish headers in capital letters, with semicolons and year first",
        "NÚMERO DE REGISTRO;Nº HISTORIA;FECHA TRATAMIENTO;FECHA DE INICIO;DESCRIPCIÓN;GRAVEDAD\n1;H1;2026/03/01;2026/03/04;Moretón en la mejilla;Leve\n", account=(1, 0, 0, 0, 0), texts=("Moretón en la mejilla",)),
    one("onset told as days, weeks and in Spanish", "Event ID,Client ID,Treatment date,Onset,Description\n1,P1,2026-03-01,day 3,bruise\n2,P2,2026-03-01,2/52,bruise\n3,P3,2026-03-01,a los 3 días,bruise\n4,P4,2026-03-01,1 wk,bruise\n",
        account=(4, 0, 0, 0, 0)),
]  # fmt: skip

SESSIONS = [
    one("year first with slashes and dots", dated("2026/03/01", "2026.03.02"), account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("Spanish month names shortened", dated("1-ene-2026", "2 sept. 2026"), account=ALL, dates=("2026-01-01", "2026-09-02")),
    one("month names in capital letters", dated("01 MARZO 2026", "02 DICIEMBRE 2025"), account=ALL, dates=("2026-03-01", "2025-12-02")),
    one("day first proven, one impossible day", dated("31/03/2026", "31/04/2026"), account=(1, 0, 0, 1, 0), dates=("2026-03-31",), reason="no usable date"),
    one("two digits of the year that would lie ahead", dated("25/03/26", "25/12/26"), account=(0, 0, 0, 2, 0)),
    one("one column day first, one month first", "Client ID,Treatment date,Date of entry,Injector,Area,Units,Product\nP1,25/03/2026,03/26/2026,Ana,glabella,20,Botox\nP2,03/04/2026,04/05/2026,Ana,glabella,20,Botox\n",
        account=ALL, dates=("2026-03-25", "2026-04-03")),
    one("a serial among dates", dated("46082", "2026-03-02"), account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("serials of 1904 in a workbook", book([VGRID[0], ["P001", datetime.date(2026, 3, 1), *VGRID[1][2:]], ["P002", datetime.date(2026, 3, 2), *VGRID[2][2:]]], late=True),
        file="log.xlsx", account=ALL, dates=("2026-03-01", "2026-03-02")),
    one("doses with every unit", dosed("20u", "20 IU", "20 UI", "20units", "20 U."), account=(5, 0, 0, 0, 0), doses=(20.0,) * 5),
    one("doses added up", dosed("10+10", "4 + 4 + 4"), account=ALL, doses=(20.0, 12.0)),
    one("doses below nothing and of nothing", dosed("-20", "0", "20"), account=(1, 0, 0, 2, 0), doses=(20.0,)),
    one("a dose in brackets is not a number", dosed("(20)", "20"), account=ALL, doses=(None, 20.0)),
    one("doses with a decimal comma on one row only", dosed("12,5", "20"), account=ALL, doses=(12.5, 20.0)),
    one("doses that are not numbers", dosed("inf", "nan", "1e2", "1_0"), account=(4, 0, 0, 0, 0), doses=(None,) * 4),
    one("a refund, a no-show, a cancellation and a cream",
        "Client ID,Date,Practitioner,Service,Qty,Status,Amount\nP1,2026-03-01,Ana,Botox 3 areas,1,Completed,300\nP1,2026-03-01,Ana,Botox 3 areas,-1,Refunded,-300\nP2,2026-03-02,Ana,Botox 3 areas,1,No show,0\nP3,2026-03-03,Ana,Botox 1 area,1,Cancelled,0\nP4,2026-03-04,Ana,SPF 50 sunscreen,1,Completed,30\n",
        account=(1, 0, 0, 0, 4), sessions=1),
    one("two injectors of one name written in three ways", VISITS + VISIT1 + VISIT1.replace("P001", "P3").replace("Ana Reyes", '"REYES, Ana"') + VISIT1.replace("P001", "P4").replace("Ana Reyes", "Dr. Ana  Reyes"), account=(3, 0, 0, 0, 0), sessions=3),
    one("three alike lines with an id are one and two repeats", LINES + "T1,P1,2026-03-01,Ana,glabella,20,Botox\n" * 3, account=(1, 2, 0, 0, 0), sessions=1, doses=(20.0,)),
    one("the same patient, day and injector in two areas", LINES + "T1,P1,2026-03-01,Ana,glabella,20,Botox\nT2,P1,2026-03-01,Ana,forehead,10,Botox\n", account=ALL, sessions=1),
    one("a monthly total below the lines", VISITS + VISIT1 + VISIT2 + "Total,,,,32,\n", account=(2, 0, 0, 0, 1), doses=(20.0, 12.0)),
    one("subtotals of each injector", VISITS + VISIT1 + "Subtotal Ana Reyes,,,,20,\n" + VISIT2 + "Subtotal Bo Li,,,,12,\nGrand total,,,,32,\n", account=(2, 0, 0, 0, 3), doses=(20.0, 12.0)),
    one("an area nobody knows", VISITS + VISIT1.replace("glabella", "left elbow") + VISIT2, account=ALL),
    one("a product misspelt", VISITS + VISIT1.replace("Botox", "Bottox") + VISIT2, account=ALL),
]  # fmt: skip

FILES = [
    several("a treatment told anew with another area", {"t_2026-03.csv": LINES + "T1,P1,2026-03-01,Ana,glabella,20,Botox\nT1,P1,2026-03-01,Ana,forehead,10,Botox\n",
        "t_2026-04.csv": LINES + "T1,P1,2026-03-01,Ana,glabella,20,Botox\nT1,P1,2026-03-01,Ana,lips,4,Botox\n"}, account=(2, 1, 1, 0, 0), doses=(20.0, 4.0), sessions=1),
    several("fewer lines of a treatment may be an addition", {"t_2026-03.csv": LINES + "T1,P1,2026-03-01,Ana,glabella,20,Botox\nT1,P1,2026-03-01,Ana,forehead,10,Botox\n",
        "t_2026-04.csv": LINES + "T1,P1,2026-03-01,Ana,lips,4,Botox\n"}, account=(3, 0, 0, 0, 0), sessions=1),
    several("an old list sent again after its correction", {"t_2026-03.csv": LINES + "T1,P1,2026-03-01,Ana,glabella,20,Botox\n", "t_2026-04.csv": LINES + "T1,P1,2026-03-01,Ana,glabella,24,Botox\n",
        "z copy t_2026-03.csv": LINES + "T1,P1,2026-03-01,Ana,glabella,20,Botox\n"}, account=(1, 1, 1, 0, 0), doses=(24.0,)),
    several("a treatment id that starts again for another patient", {"t_2026-03.csv": LINES + "1,P1,2026-03-01,Ana,glabella,20,Botox\n", "t_2026-04.csv": LINES + "1,P9,2026-04-01,Ana,glabella,20,Botox\n"},
        account=ALL, patients=2, sessions=2),
    several("a treatment id that starts again for the same patient", {"t_2026-03.csv": LINES + "1,P1,2026-03-01,Ana,glabella,20,Botox\n", "t_2026-04.csv": LINES + "1,P1,2026-04-20,Ana,glabella,22,Botox\n"},
        account=ALL, sessions=2),
    several("numbers that start again, three months running", {f"e_2026-0{m}.csv": HEAD + f"1,P{m},2026-0{m}-01,2026-0{m}-04,Event of month {m},mild\n" for m in (3, 4, 5)}, account=(3, 0, 0, 0, 0)),
    several("an event that moved to another patient by correction", {"e_2026-03.csv": CLEAN, "e_2026-04.csv": HEAD + ROW2.replace("P002", "P003")}, account=(2, 0, 1, 0, 0), texts=TWO),
    several("an event without its patient is completed", {"e_2026-03.csv": HEAD + ROW2.replace("P002", ""), "e_2026-04.csv": HEAD + ROW2}, account=(1, 0, 1, 0, 0), texts=("Lid droop",)),
    several("an event file whose copy lost its dates", {"e_2026-03.csv": CLEAN, "copy.csv": CLEAN.replace("2026-03-01", "").replace("2026-03-04", "")}, account=(2, 1, 0, 1, 0), texts=TWO),
    several("the same event log in CSV and as a workbook with real dates", {"a.csv": CLEAN, "b.xlsx": book([GRID[0], *[[r[0], r[1], datetime.date.fromisoformat(r[2]), datetime.date.fromisoformat(r[3]), *r[4:]] for r in GRID[1:]]])},
        account=(2, 2, 0, 0, 0), texts=TWO),
    several("complaints are counted and never events", {"log.csv": CLEAN, "complaints.csv": "Complaint ID,Date received,Complaint\n1,2026-03-04,Parking\n2,2026-03-05,Waited\n"}, account=(4, 0, 0, 0, 0), texts=TWO),
    several("a declaration that ignores a file", {"log.csv": CLEAN, "stock.csv": "Item,Count\nBotox,3\n"}, toml='[[file]]\nmatch="stock.csv"\nkind="ignore"\n', account=(2, 0, 0, 0, 1), texts=TWO),
    several("clinics in one file and in a folder of their own", {"C/log.csv": "Clinic," + HEAD + "North," + ROW1 + "South," + ROW1, "D/log.csv": CLEAN}, account=(4, 0, 0, 0, 0)),
    one("a hidden sheet that says otherwise", book(GRID, hidden=[GRID[0], ["AE-9", "P9", "2026-03-01", "2026-03-04", "old", "mild"]]), file="log.xlsx", account=ALL, texts=TWO),
    one("a workbook whose numbers are ids", book([GRID[0], [1, 1001, *GRID[1][2:]], [2, 1002.0, *GRID[2][2:]]]), file="log.xlsx", account=ALL, more={"events": {"event_id": ("1", "2")}}),
    one("a web page called xls", "<html><body><table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in GRID) + "</table></body></html>", file="log.xls", refused="web page"),
]  # fmt: skip

DESK = [*ENTRIES, *SESSIONS, *FILES]

"""Files that are empty, something else, or too large; errors and ids in cells."""

from hostile import ALL, CLEAN, HEAD, ROW1, ROW2, TWO, VISIT1, VISIT2, VISITS, one

SHAPES = [
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
    one(
        "T14 a cell of a quarter megabyte", HEAD + ROW1.replace("Bruise", "Bruise " + "x" * 225_000) + ROW2, account=ALL
    ),
    one(
        "T14 a cell without end",
        HEAD + ROW1.replace("Bruise", '"' + "x" * 1_100_000 + '"'),
        refused="more than 1,000,000 characters",
    ),
    one("T14 twenty thousand columns", HEAD.strip() + "," * 20_000 + "\n" + ROW1, refused="columns"),
    one(
        "T17 serials in text",
        VISITS + VISIT1.replace("2026-03-01", "46082") + VISIT2.replace("2026-03-02", "46083.5"),
        account=ALL,
        dates=("2026-03-01", "2026-03-02"),
    ),
    one(
        "T17 serials that are no dates",
        VISITS + VISIT1.replace("2026-03-01", "0") + VISIT2.replace("2026-03-02", "60"),
        account=(0, 0, 0, 2, 0),
        reason="no usable date",
    ),
    one(
        "T18 errors in text",
        CLEAN.replace("Lid droop", "#NAME?"),
        account=(1, 0, 0, 1, 0),
        reason="cell E3 holds the error #NAME?",
    ),
    one("T18 error in an optional cell", CLEAN.replace("moderate", "#N/A"), account=ALL, note="cell_error"),
    one(
        "T18 error in place of a patient",
        VISITS + VISIT1.replace("P001", "#REF!") + VISIT2,
        account=(1, 0, 0, 1, 0),
        reason="cell A2 holds the error #REF!",
    ),
    one(
        "T26 names that look like nothing",
        VISITS + VISIT1.replace("P001", "NA") + VISIT1.replace("P001", "Null").replace("Ana Reyes", "Null"),
        account=ALL,
        patients=2,
        sessions=2,
    ),
    one(
        "T26 leading zeros and long ids",
        VISITS
        + VISIT1.replace("P001", "007")
        + VISIT1.replace("P001", "7")
        + VISIT1.replace("P001", "12345678901234567890")
        + VISIT1.replace("P001", "12345678901234567891"),
        account=(4, 0, 0, 0, 0),
        patients=4,
        sessions=4,
    ),
    one(
        "T26 ids like numbers and words",
        VISITS + VISIT1.replace("P001", "1E5") + VISIT1.replace("P001", "100000") + VISIT1.replace("P001", "TRUE"),
        account=(3, 0, 0, 0, 0),
        patients=3,
    ),
    one(
        "T26 ids a spreadsheet cut short",
        VISITS + VISIT1.replace("P001", "1.23457E+19") + VISIT2.replace("P002", "1.23457E+19"),
        account=ALL,
        patients=0,
        sessions=2,
        note="id_withheld",
    ),
    one(
        "T26 patients nobody knows are not one patient",
        VISITS + VISIT1.replace("P001", "n/a") + VISIT1.replace("P001", "-").replace(",20,", ",24,"),
        account=ALL,
        patients=0,
        sessions=2,
    ),
    one("T26 events without an id are not one event", CLEAN.replace("AE-1", "N/A").replace("AE-2", "N/A"), account=ALL),
]

"""Repeats, corrections, totals and combined logs."""

from books import book
from hostile import CLEAN, HEAD, ROW2, TWO, VISIT1, VISIT2, VISITS, one, several

VERSIONS = [
    several("T33 the same file twice", {"a.csv": CLEAN, "b.csv": CLEAN}, account=(2, 2, 0, 0, 0), texts=TWO),
    several(
        "T33 the same rows in another format",
        {"a.csv": CLEAN, "b.csv": CLEAN.replace(",", ";"), "c.xlsx": book([r.split(",") for r in CLEAN.splitlines()])},
        account=(2, 4, 0, 0, 0),
        texts=TWO,
    ),
    one("T33 a row twice", CLEAN + ROW2, account=(2, 1, 0, 0, 0), texts=TWO),
    several(
        "T34 corrected",
        {"e_2026-03.csv": CLEAN, "e_2026-04.csv": HEAD + ROW2.replace("moderate", "mild")},
        account=(2, 0, 1, 0, 0),
        reason="replaced by a newer version",
    ),
    several(
        "T34 replayed",
        {
            "e_2026-03.csv": CLEAN,
            "e_2026-04.csv": HEAD + ROW2.replace("droop", "better"),
            "old copy e_2026-03.csv": CLEAN,
        },
        account=(2, 2, 1, 0, 0),
        texts=("Bruise on the left cheek", "Lid better"),
    ),
    several(
        "T34 unordered conflict",
        {"a.csv": CLEAN, "b.csv": HEAD + ROW2.replace("moderate", "severe")},
        account=(2, 0, 1, 0, 0),
        reason="conflict",
    ),
    several("T34 ids in two clinics", {"A/e.csv": CLEAN, "B/e.csv": CLEAN}, account=(4, 0, 0, 0, 0)),
    several(
        "T34 numbering that starts again",
        {"e_2026-03.csv": CLEAN, "e_2026-04.csv": HEAD + "AE-1,P009,2026-04-01,2026-04-04,Anaphylaxis,severe\n"},
        account=(3, 0, 0, 0, 0),
    ),
    several(
        "T34 numbering that starts again, the same patient",
        {"e_2026-03.csv": CLEAN, "e_2026-04.csv": HEAD + "AE-1,P001,2026-04-20,2026-04-24,Anaphylaxis,severe\n"},
        account=(3, 0, 0, 0, 0),
    ),
    several(
        "T34 a correction of every date but the words",
        {
            "e_2026-03.csv": CLEAN,
            "e_2026-04.csv": HEAD + ROW2.replace("2026-03-02,2026-03-20", "2026-03-12,2026-03-22"),
        },
        account=(2, 0, 1, 0, 0),
    ),
    several(
        "T34 version numbers",
        {
            "a.csv": CLEAN.replace("Severity", "Version").replace("moderate", "v2"),
            "b.csv": CLEAN.replace("Severity", "Version").replace("moderate", "v10").replace("droop", "better"),
        },
        account=(2, 1, 1, 0, 0),
        texts=("Bruise on the left cheek", "Lid better"),
    ),
    several(
        "totals of two services of one type",
        {
            "t.csv": "Month,Treatment type,Injector,Sessions\n2026-03,Botox,Ana,5\n2026-03,Anti-wrinkle,Ana,5\n2026-03,Total,Ana,10\n"
        },
        account=(2, 0, 0, 0, 1),
        more={"total": 10},
    ),
    several(
        "totals delivered again and corrected",
        {
            "t_2026-03.csv": "Month,Injector,Sessions\n2026-03,Ana,5\n2026-02,Ana,7\n",
            "t_2026-04.csv": "Month,Injector,Sessions\n2026-03,Ana,6\n2026-02,Ana,7\n",
        },
        account=(2, 1, 1, 0, 0),
        more={"total": 13},
    ),
    several(
        "totals that nothing orders are not added up",
        {"a.csv": "Month,Injector,Sessions\n2026-03,Ana,5\n", "b.csv": "Month,Injector,Sessions\n2026-03,Ana,6\n"},
        account=(1, 0, 1, 0, 0),
        more={"total": 6},
    ),
    one(
        "totals of a month to come",
        "Month,Injector,Sessions\n2027-03,Ana,5\n2026-03,Ana,5\n",
        account=(1, 0, 0, 1, 0),
        reason="future",
    ),
    one(
        "combined: none is followed up, a dash is unknown",
        VISITS.replace("\n", ",Complications\n")
        + VISIT1.replace("\n", ",none\n")
        + VISIT2.replace("\n", ",-\n")
        + VISIT2.replace("P002", "P3").replace("\n", ",Bruise\n"),
        account=(3, 0, 0, 0, 0),
        texts=("Bruise",),
    ),
    one(
        "lines without names are sessions of their own",
        "Treatment date,Injector,Area,Units\n2026-03-01,Ana,glabella,20\n2026-03-01,Ana,glabella,24\n2026-03-01,Ana,glabella,24\n",
        account=(3, 0, 0, 0, 0),
        sessions=3,
    ),
]

"""Dates, doses and coded words."""

from hostile import ALL, CLEAN, HEAD, ROW1, ROW2, VISIT1, VISIT2, VISITS, one, several

DATES = [
    one(
        "T27 proven by the column",
        CLEAN.replace("2026-03-01", "01/03/2026").replace("2026-03-02", "13/03/2026"),
        account=ALL,
    ),
    one(
        "T27 proven by the order of the dates",
        HEAD
        + "AE-1,P1,03/04/2026,04/04/2026,bruise,\nAE-2,P1,05/06/2026,07/06/2026,bruise,\nAE-3,P3,02/06/2026,01/07/2026,bruise,\n",
        account=(3, 0, 0, 0, 0),
        note="date_order",
    ),
    one("T27 nothing decides", VISITS + VISIT1.replace("2026-03-01", "03/04/2026"), refused="2026-04-03 or 2026-03-04"),
    one(
        "T27 declared",
        VISITS + VISIT1.replace("2026-03-01", "03/04/2026"),
        toml='[[file]]\nmatch="*"\ndate_order="mdy"\n',
        account=(1, 0, 0, 0, 0),
        dates=("2026-03-04",),
    ),
    one(
        "T27 declared against proof",
        VISITS + VISIT1.replace("2026-03-01", "03/25/2026"),
        toml='[[file]]\nmatch="*"\ndate_order="dmy"\n',
        account=(1, 0, 0, 0, 0),
        dates=("2026-03-25",),
        note="date_order",
    ),
    several(
        "T27 proven by another file",
        {
            "a.csv": VISITS + VISIT1.replace("2026-03-01", "25/03/2026"),
            "b.csv": VISITS + VISIT2.replace("2026-03-02", "03/04/2026"),
        },
        account=ALL,
        dates=("2026-03-25", "2026-04-03"),
    ),
    one(
        "T27 mixed orders",
        VISITS
        + VISIT1.replace("2026-03-01", "25/03/2026")
        + VISIT2.replace("2026-03-02", "03/25/2026")
        + VISIT2.replace("2026-03-02", "03/04/2026"),
        account=(2, 0, 0, 1, 0),
        reason="no usable date",
    ),
    one(
        "T28 two-digit years",
        VISITS + VISIT1.replace("2026-03-01", "25/03/26") + VISIT2.replace("2026-03-02", "01/04/26"),
        account=ALL,
        dates=("2026-03-25", "2026-04-01"),
        note="two_digit_year",
    ),
    one(
        "T28 two-digit years among others",
        VISITS + VISIT1.replace("2026-03-01", "25/03/26") + VISIT2,
        account=(1, 0, 0, 1, 0),
        dates=("2026-03-02",),
    ),
    one(
        "T28 month names in two languages",
        VISITS + VISIT1.replace("2026-03-01", "1 March 2026") + VISIT2.replace("2026-03-02", "2 de marzo de 2026"),
        account=ALL,
        dates=("2026-03-01", "2026-03-02"),
    ),
    one(
        "T28 weekday",
        VISITS + VISIT1.replace("2026-03-01", "Sunday 1 March 2026") + VISIT2,
        account=ALL,
        dates=("2026-03-01", "2026-03-02"),
    ),
    one(
        "T28 sentinels",
        VISITS + VISIT1.replace("2026-03-01", "01/01/1900") + VISIT2.replace("2026-03-02", "9999-12-31"),
        account=(0, 0, 0, 2, 0),
    ),
    one(
        "T28 30 February and last Tuesday",
        VISITS + VISIT1.replace("2026-03-01", "2026-02-30") + VISIT2.replace("2026-03-02", "last Tuesday"),
        account=(0, 0, 0, 2, 0),
    ),
    one("T28 Buddhist year", VISITS + VISIT1.replace("2026-03-01", "2569-03-01") + VISIT2, account=(1, 0, 0, 1, 0)),
    one(
        "T28 relative onset",
        HEAD.replace("Severity", "Onset") + ROW1.replace("mild", "day 3") + ROW2.replace("moderate", "1/52"),
        account=ALL,
        more={"onset": ("2026-03-04", "2026-03-09")},
    ),
    one(
        "T29 offsets and midnight",
        VISITS
        + VISIT1.replace("2026-03-01", "2026-03-01T23:30:00-11:00")
        + VISIT2.replace("2026-03-02", "2026-03-02 24:00"),
        account=ALL,
        dates=("2026-03-01", "2026-03-02"),
    ),
    one(
        "T30 reported before treatment",
        HEAD + ROW1.replace("2026-03-04", "2026-02-04") + ROW2,
        account=ALL,
        note="date_withheld",
    ),
    one(
        "T30 the only date lies in the future",
        "Event ID,Date reported,Description\nAE-1,2027-03-04,bruise\n",
        account=(0, 0, 0, 1, 0),
        reason="no usable date",
    ),
    one(
        "T31 doses",
        VISITS
        + "".join(
            VISIT1.replace("P001", f"P{n}").replace(",20,", f",{d},")
            for n, d in enumerate(["20u", "10+10", "10-20", "1_000", "1e2", "inf", "nan", "20 mL", "9999"])
        ),
        account=(9, 0, 0, 0, 0),
        doses=(20.0, 20.0, None, None, None, None, None, None, None),
    ),
    one(
        "T31 zero and negative doses",
        VISITS + VISIT1.replace(",20,", ",0,") + VISIT2.replace(",12,", ",\N{MINUS SIGN}5,"),
        account=(0, 0, 0, 2, 0),
        reason="0 or fewer units",
    ),
    one(
        "T31 decimal comma and thousands",
        (VISITS + VISIT1.replace(",20,", ",1.000,") + VISIT2).replace(",", ";"),
        toml='[[file]]\nmatch="*"\ndecimal=","\n',
        account=ALL,
        doses=(None, 12.0),
    ),
    one(
        "T31 retail quantity",
        "Client ID,Date,Provider,Service,Qty\nP1,2026-03-01,Ana,Obagi kit,1\nP2,2026-03-01,Ana,Botox,1\n",
        account=(1, 0, 0, 1, 0),
        reason="nothing shows that toxin was given",
        doses=(None,),
    ),
    one(
        "T32 words we do not know", CLEAN.replace("moderate", "life-threatening-ish"), account=ALL, note="word_unknown"
    ),
    one(
        "test patients", VISITS + VISIT1.replace("P001", "TEST") + VISIT2, account=(1, 0, 0, 0, 1), reason="test entry"
    ),
]

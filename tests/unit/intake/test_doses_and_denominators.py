"""Products, doses and what a denominator is made of: which lines count, which are passed over and why, what a month's logs cover."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from deliver import KEY, Delivered, deliver
from hostile import HEAD, VISITS

from analysis.intake.sessions import by_area, to_sessions
from analysis.intake.values import dose_ratio, product
from analysis.pipeline.building import build_frames


def frames(result: Delivered) -> dict[str, pd.DataFrame]:
    return build_frames(result.parts, result.rows, key=KEY, as_of=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("brand", "meant"),
    [
        ("Botox", "onabotulinumtoxinA"), ("Vistabel", "onabotulinumtoxinA"), ("BOTOX® 100U", "onabotulinumtoxinA"),
        ("Azzalure", "abobotulinumtoxinA"), ("Alluzience", "abobotulinumtoxinA"), ("Dysport 300", "abobotulinumtoxinA"),
        ("Bocouture", "incobotulinumtoxinA"), ("Xeomin", "incobotulinumtoxinA"), ("Nuceiva", "prabotulinumtoxinA"),
        ("Nabota", "prabotulinumtoxinA"), ("Daxxify", "daxibotulinumtoxinA"), ("Botulax", "letibotulinumtoxinA"),
        ("Letybo", "letibotulinumtoxinA"), ("Relfydess", "relabotulinumtoxinA"), ("Myobloc", "rimabotulinumtoxinB"),
        ("Juvederm", None), ("toxin", None), ("Botox or Dysport", None),
    ],
)  # fmt: skip
def test_a_brand_is_its_substance_in_every_country(brand: str, meant: str | None) -> None:
    assert product(brand) == meant


@pytest.mark.parametrize(
    ("units", "name", "areas", "ratio"),
    [
        (20.0, "onabotulinumtoxinA", ["glabella"], 1.0), (50.0, "abobotulinumtoxinA", ["glabella"], 1.0),
        (40.0, "onabotulinumtoxinA", ["forehead", "glabella"], 1.0), (20.0, "abobotulinumtoxinA", ["glabella"], 0.4),
        (20.0, "onabotulinumtoxinA", ["masseter"], None), (20.0, "onabotulinumtoxinA", [], None), (20.0, None, ["glabella"], None),
    ],
)  # fmt: skip
def test_a_dose_is_told_by_its_own_products_label(
    units: float, name: str | None, areas: list[str], ratio: float | None
) -> None:
    assert dose_ratio(units, name, areas) == ratio


def test_units_of_two_products_are_never_added_up(tmp_path: Path) -> None:
    both = VISITS + "P1,2026-03-01,Ana,glabella,20,Botox\nP1,2026-03-01,Ana,forehead,50,Dysport\n"
    lines = deliver(tmp_path, {"C/v.csv": both}).lines
    session = to_sessions(lines, by_area(lines)).iloc[0]
    assert session["product"] == "mixed"
    assert pd.isna(session["dose_units"])
    assert pd.isna(session["dose_ratio"])


def test_a_dose_of_another_products_size_is_noted_and_kept(tmp_path: Path) -> None:
    log = VISITS + "".join(
        f"P{n},2026-03-0{n},Ana,{area},{units},{brand}\n"
        for n, (area, units, brand) in enumerate(
            [
                ("glabella", 50, "Botox"),
                ("glabella", 20, "Botox"),
                ("glabella", 20, "Dysport"),
                ("masseter", 60, "Botox"),
            ],
            start=1,
        )
    )
    result = deliver(tmp_path, {"C/v.csv": log})
    notes = result.notes[result.notes["code"] == "dose_of_another_product"]["message"].tolist()
    assert len(notes) == 2
    assert any(
        "1 row(s) give 50 units of Botox" in note and "2.5 times" in note and "Dysport" in note for note in notes
    )
    assert any(
        "1 row(s) give 20 units of Dysport" in note and "0.4 times" in note and "Botox" in note for note in notes
    )
    assert result.lines["dose_units"].tolist() == [50.0, 20.0, 20.0, 60.0]


INVOICE = "Invoice No,Date,Client ID,Provider,Item,Category,Qty,Amount,Status\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("7,2026-03-01,P2,Ana,Botox 20u,Injectables,20,200,Paid", None),
        ("7,2026-03-01,P2,Ana,Juvederm Ultra,Injectables,1,400,Paid", "not toxin: filler"),
        ("7,2026-03-01,P2,Ana,SPF 50 cream,Retail,1,30,Paid", "not toxin: retail"),
        ("7,2026-03-01,P2,Ana,Gift voucher,Retail,1,100,Paid", "not toxin: retail"),
        ("7,2026-03-01,P2,Ana,Chemical peel,Skin,1,100,Paid", "not toxin: other procedure"),
        ("7,2026-03-01,P2,Ana,Botox 20u,Injectables,20,200,No show", "appointment no show"),
        ("7,2026-03-01,P2,Ana,Botox 20u,Injectables,20,200,Cancelled", "appointment cancelled"),
        ("7,2026-03-01,P2,Ana,Botox 20u,Injectables,-20,-200,Refunded", "appointment refunded"),
    ],
)
def test_a_line_of_an_invoice_counts_or_is_passed_over_with_its_reason(
    tmp_path: Path, line: str, reason: str | None
) -> None:
    result = deliver(
        tmp_path, {"C/i.csv": INVOICE + "6,2026-03-01,P1,Ana,Botox 20u,Injectables,20,200,Paid\n" + line + "\n"}
    )
    assert result.why("ignored") == ([reason] if reason else [])
    assert len(result.lines) == (1 if reason else 2)


def test_several_lines_of_one_visit_are_one_session(tmp_path: Path) -> None:
    log = (
        VISITS
        + "P1,2026-03-01,Ana,glabella,20,Botox\nP1,2026-03-01,Ana,forehead,10,Botox\nP1,2026-03-01,Bo,glabella,5,Botox\n"
    )
    lines = deliver(tmp_path, {"C/v.csv": log}).lines
    assert sorted(to_sessions(lines, by_area(lines))["dose_units"]) == [5.0, 30.0]


def test_a_combined_log_gives_sessions_events_and_documented_follow_up(tmp_path: Path) -> None:
    log = VISITS.replace("Product\n", "Product,Complications\n") + "".join(
        f"P{n},2026-03-0{n},Ana,glabella,20,Botox,{said}\n"
        for n, said in enumerate(["bruise left cheek", "none", "", "n/a"], start=1)
    )
    result = deliver(tmp_path, {"C/v.csv": log})
    assert result.events["text"].tolist() == ["bruise left cheek"]
    assert result.lines["followup_kind"].tolist() == ["unknown", "scheduled", "unknown", "unknown"]


def test_monthly_totals_are_no_sessions_and_a_total_of_totals_is_passed_over(tmp_path: Path) -> None:
    log = "Month,Injector,Treatment type,Sessions\n2026-03,Ana,Botox,12\n2026-03,Bo,Botox,8\n2026-03,All,Botox,20\nTotal,,,20\n"
    result = deliver(tmp_path, {"C/t.csv": log})
    assert result.account()["accepted"] == 2
    assert int(frames(result)["exposure_totals"]["sessions"].sum()) == 20


def test_a_nil_return_is_no_missing_log(tmp_path: Path) -> None:
    visits = VISITS + "P1,2026-03-01,Ana,glabella,20,Botox\nP1,2026-04-30,Ana,glabella,20,Botox\n"
    told = HEAD + "AE-1,P1,2026-03-01,2026-03-31,bruise,mild\n,,,2026-04-30,Nil return,\n"
    covered = frames(deliver(tmp_path, {"C/v.csv": visits, "C/e.csv": told}))["coverage"].set_index("month")
    assert covered.loc["2026-04", "events"] == "nil_return"
    assert covered.loc["2026-03", "events"] == "received"
    assert covered.loc["2026-06", "events"] == "missing"


def test_a_treatments_log_that_misses_its_events_sessions_is_partial(tmp_path: Path) -> None:
    visits = VISITS + "".join(f"P{n},2026-03-{n:02d},Ana,glabella,20,Botox\n" for n in range(1, 32))
    told = [f"AE-{n},Q{n},2026-03-{n:02d},2026-03-{n + 2:02d},bruise,mild\n" for n in range(1, 6)]
    few = frames(deliver(tmp_path / "a", {"C/v.csv": visits, "C/e.csv": HEAD + "".join(told[:4])}))["coverage"]
    many = frames(deliver(tmp_path / "b", {"C/v.csv": visits, "C/e.csv": HEAD + "".join(told)}))["coverage"]
    assert few.set_index("month").loc["2026-03", "treatments"] == "received"
    assert many.set_index("month").loc["2026-03", "treatments"] == "partial"
    assert "5 of 5 entries" in many.set_index("month").loc["2026-03", "basis"]

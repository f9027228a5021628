import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import CheckFailed
from analysis.pipeline import every_month
from analysis.pipeline.engine import Here
from analysis.pipeline.every_month import _shares, report_months
from analysis.pipeline.publish import Made, Wanted


@given(count=st.integers(0, 200), processes=st.integers(1, 8))
def test_every_month_is_in_one_share_in_its_order_and_the_last_shares_are_small(count: int, processes: int) -> None:
    months = [str(number) for number in range(count)]
    shares = list(_shares(months, processes))
    assert [month for share in shares for month in share] == months
    assert all(1 <= len(share) <= every_month._MOST for share in shares)
    assert [len(share) for share in shares] == sorted((len(share) for share in shares), reverse=True)
    if count:
        assert len(shares[-1]) == 1


class Together(Here):
    """All that the processes of a run would do, in this one."""

    count = 2


def test_what_goes_wrong_in_a_share_leaves_the_months_before_it_published(tmp_path, monkeypatch) -> None:
    asked: list[str] = []

    def made(month: str, **_: object) -> Made | None:
        asked.append(month)
        if month == "2026-05":
            raise CheckFailed("one cell did not end")
        return None if month == "2026-02" else Made(month, None, {}, "page")  # type: ignore[arg-type]

    monkeypatch.setattr(every_month, "_make", made)
    monkeypatch.setattr(every_month, "_shares", lambda months, _: [months[:3], months[3:]])
    monkeypatch.setattr(every_month, "put", lambda one, out, _: out / one.name)
    store = type("NoStore", (), {"folder": tmp_path})()
    months = [f"2026-{number:02}" for number in range(1, 8)]
    found = []
    made_here = report_months(store, tmp_path, Wanted(), months, processed=tmp_path, engine=Together())
    with pytest.raises(CheckFailed, match="did not end"):
        found.extend((one.month, one.path is not None) for one in made_here)
    assert found == [("2026-01", True), ("2026-02", False), ("2026-03", True), ("2026-04", True)]
    assert asked == months[:5]

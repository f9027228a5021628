"""Severity, place, combinations and what is said of texts without a finding."""

import pytest

from analysis.coding import code_texts, triage_of


def one(text: str, **context: str) -> dict[str, object]:
    coded = code_texts([text], **context)
    assert len(coded) == 1, coded[["subcode", "status"]]
    return dict(coded.iloc[0])


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("SOB", "now"),
        ("dysphagia", "now"),
        ("slurred speech", "now"),
        ("botulism", "now"),
        ("weak all over", "now"),
        ("neck weak after platysma bands", "today"),
        ("anaphylaxis", "now"),
        ("tongue swollen", "now"),
        ("visual loss R", "now"),
        ("face drooping on one side", "now"),
        ("died", "now"),
        ("bruise, admitted to hospital", "now"),
        ("blurred vision", "today"),
        ("ptosis + diplopia", "now"),
        ("ptosis and hoarse voice", "now"),
        ("severe jaw pain", "today"),
        ("eye swollen shut", "today"),
        ("expanding haematoma", "today"),
        ("spreading infection", "today"),
        ("worst headache of life", "today"),
        ("exposure keratitis", "today"),
        ("ptosis", "routine"),
        ("bruise", "routine"),
    ],
)
def test_triage(text: str, level: str) -> None:
    assert triage_of([text]).tolist() == [level]


@pytest.mark.parametrize("text", ["no SOB", "call if SOB", "sister had SOB", "hx of SOB", "nothing to report", ""])
def test_what_is_not_watched_has_no_level(text: str) -> None:
    assert triage_of([text]).isna().all()


@pytest.mark.parametrize("text", ["SOB resolved", "possible dysphagia", "SOB due to a cold"])
def test_watched_statuses_keep_their_level(text: str) -> None:
    assert triage_of([text]).tolist() == ["now"]


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("SOB", True),
        ("no SOB", True),
        ("neck weak", True),
        ("asthenia", False),
        ("dysphagia", False),
        ("diplopia", False),
        ("severe pain", True),
        ("pain", False),
        ("pain 9/10", True),
        ("pain 3/10", False),
        ("severe headache", True),
        ("headache", False),
        ("anaphylaxis", True),
        ("botulism", True),
        ("ptosis", False),
    ],
)
def test_urgent_belongs_to_the_concept_whatever_the_status(text: str, urgent: bool) -> None:
    assert one(text)["urgent"] is urgent or bool(one(text)["urgent"]) == urgent


def test_adrenaline_for_hives_is_anaphylaxis() -> None:
    coded = code_texts(["hives, adrenaline given"])
    assert coded["urgent"].any()
    assert "now" in set(coded["triage"])


def test_severity_side_and_site() -> None:
    row = one("severe L ptosis of the eyelid")
    assert (row["severity"], row["laterality"], row["site"]) == ("severe", "L", "eyelid")
    assert one("bruise both temples")["laterality"] == "bilateral"
    assert one("ptosis OS")["laterality"] == "L"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("no complications", "none"),
        ("no movement of forehead, delighted", "none"),
        ("rebook 3/12", "none"),
        ("breathtaking result", "none"),
        ("see attached", "unknown"),
        ("Pt DNA'd review", "unknown"),
        ("", "unknown"),
        ("zxqv wvut", "unknown"),
    ],
)
def test_none_needs_evidence(text: str, category: str) -> None:
    row = one(text)
    assert row["category"] == category
    assert row["needs_review"] == (category == "unknown")


def test_a_migraine_in_a_migraine_session_is_an_event_only_when_changed() -> None:
    assert one("migraine", treatment_type="migraine")["status"] == "historical"
    assert one("migraine worse wk1", treatment_type="migraine")["status"] == "asserted"
    assert one("migraine", treatment_type="cosmetic")["status"] == "asserted"


def test_context_moves_the_pattern_and_never_removes_a_now_finding() -> None:
    assert one("arm weak", area="glabella")["pattern"] == "distant"
    assert one("neck weak", area="platysma")["pattern"] == "local"
    assert one("SOB", area="platysma", treatment_type="migraine")["triage"] == "now"


def test_one_row_per_subcode_and_status() -> None:
    coded = code_texts(["bruise L cheek, bruise R cheek"])
    assert len(coded) == 1
    assert coded.loc[0, "laterality"] == "bilateral"

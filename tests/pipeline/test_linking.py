"""Links of a simulated group against its truth, as delivered and with ids taken away, with the thresholds that were asked for."""

import pytest
from linking_truth import VARIANTS, Linking, measure

MISSING = ", a tenth of the sessions not delivered"


@pytest.fixture(scope="module", params=[1, 2])
def linkings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Linking]:
    return measure(tmp_path_factory.mktemp("linking"), seed=request.param, sessions=4000)


STATED = (
    "as delivered",
    "no treatment ids",
    "as delivered" + MISSING,
    "no treatment ids" + MISSING,
    "no treatment ids or dates",
)


@pytest.mark.parametrize("variant", STATED)
def test_with_ids(linkings: dict[str, Linking], variant: str) -> None:
    linking = linkings[variant]
    assert int(linking.with_ids.sum()) > 300
    assert linking.precision(linking.with_ids) >= 0.98
    assert linking.recall(linking.with_ids) >= 0.95
    assert linking.wrong_injector <= 0.01


@pytest.mark.parametrize("variant", ["no ids at all", "no ids at all" + MISSING])
def test_without_ids_a_probable_link_is_right_and_the_rest_is_left_open(
    linkings: dict[str, Linking], variant: str
) -> None:
    linking = linkings[variant]
    assert int(linking.probable.sum()) > 100
    assert linking.precision(linking.probable) >= 0.95
    assert linking.wrong_injector <= 0.01
    assert set(linking.entries["method"]) <= {"probable", "ambiguous", "none"}


def test_nothing_is_linked_in_a_clinic_that_sends_totals(linkings: dict[str, Linking]) -> None:
    shares = linkings["as delivered"].unlinked_by_clinic
    assert shares["Quayside"] == 1.0
    assert (shares.drop("Quayside") <= 0.05).all()


def test_every_way_of_linking_is_measured(linkings: dict[str, Linking]) -> None:
    used = {method for linking in linkings.values() for method in linking.entries["method"]}
    assert used == {"treatment_id", "patient_date", "patient_latest", "probable", "ambiguous", "none"}
    assert len(linkings) == 2 * len(VARIANTS)

"""Annotated sentences: floors under the scores, and the figures on screen with `-s`."""

import csv
import hashlib
from pathlib import Path

import pytest

from analysis.coding import code_texts
from analysis.coding.evaluate import as_lines, evaluate
from analysis.coding.lexicon import load_lexicon
from analysis.coding.texts import read

HERE = Path(__file__).parent
DEVELOPMENT = HERE.parents[2] / "shared" / "domain" / "phrases_dev.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="../shared/domain/phrases_dev.csv is not there")
@pytest.mark.parametrize("episode", [False, True])
def test_development_phrases(episode: bool) -> None:
    rows = rows_of(DEVELOPMENT)
    result = evaluate(rows, episode=episode)
    print("\n".join(["", *as_lines(result)]))
    assert result.micro.f1 >= 0.97
    assert result.labels["urgent"].recall == 1.0
    assert result.labels["urgent"].precision >= 0.95
    assert result.none_wrong <= 0.04 * result.none_texts
    clear = evaluate([row for row in rows if row["contested"] == "0"], episode=episode)
    assert clear.micro.f1 >= 0.98


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.96), ("held", 0.93)])
@pytest.mark.parametrize("episode", [False, True])
def test_own_sentences(split: str, floor: float, episode: bool) -> None:
    """`held` was scored once before anybody looked at what it got wrong: micro F1 0.87 and urgent recall 0.75 then."""
    result = evaluate([row for row in rows_of(HERE / "own_sentences.csv") if row["split"] == split], episode=episode)
    print("\n".join(["", split, *as_lines(result)]))
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= 0.9


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.96), ("held", 0.92)])
@pytest.mark.parametrize("episode", [False, True])
def test_sentences_in_seven_styles(split: str, floor: float, episode: bool) -> None:
    """`held` (a hash of the id) is scored in total only: do not look at what it gets wrong, or it is no evidence any more."""
    rows = [row for row in rows_of(HERE / "styles.csv") if row["split"] == split]
    result = evaluate(rows, episode=episode)
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= 0.93


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.96), ("held", 0.88)])
@pytest.mark.parametrize("episode", [False, True])
def test_newer_sentences(split: str, floor: float, episode: bool) -> None:
    """Written later and without looking at a reading; halved by a hash of the id. Before tuning: 0.89 (tune) and 0.84 (held)."""
    rows = [row for row in rows_of(HERE / "newer_styles.csv") if row["split"] == split]
    result = evaluate(rows, episode=episode)
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= (0.97 if split == "tune" else 0.85)


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.93), ("held", 0.9)])
def test_later_sentences(split: str, floor: float) -> None:
    """Before tuning: 0.81 and 0.87 (of the first 149 0.88 and 0.87, of 60 in harder words 0.67 and 0.88)."""
    result = evaluate([row for row in rows_of(HERE / "later_styles.csv") if row["split"] == split])
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= 0.93


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.93), ("held", 0.8)])
def test_fresh_sentences(split: str, floor: float) -> None:
    """Twelve registers, committed before they were read: 0.76 (tune; urgent recall 0.89) and 0.81 (held; 0.72) at first sight."""
    result = evaluate([row for row in rows_of(HERE / "fresh_styles.csv") if row["split"] == split])
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= (0.97 if split == "tune" else 0.72)


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.9), ("held", 0.7)])
def test_third_sentences(split: str, floor: float) -> None:
    """Meant to be hard, committed before they were read: 0.75 (tune) and 0.71 (held; urgent recall 0.82 in both) at first sight."""
    result = evaluate([row for row in rows_of(HERE / "third_styles.csv") if row["split"] == split])
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= (0.97 if split == "tune" else 0.8)


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.9), ("held", 0.75)])
def test_everyday_sentences(split: str, floor: float) -> None:
    """Everyday texts with much around the event, committed before they were read: 0.94 (tune) and 0.77 (held; 31 texts)."""
    result = evaluate([row for row in rows_of(HERE / "everyday_styles.csv") if row["split"] == split])
    assert result.micro.f1 >= floor


@pytest.mark.parametrize(("split", "floor"), [("tune", 0.95), ("held", 0.9)])
@pytest.mark.parametrize("episode", [False, True])
def test_plain_sentences(split: str, floor: float, episode: bool) -> None:
    """Five registers at everyday difficulty, committed before they were read: 0.91 in both halves at first sight."""
    result = evaluate([row for row in rows_of(HERE / "plain_styles.csv") if row["split"] == split], episode=episode)
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= (0.97 if split == "tune" else 0.88)


@pytest.mark.parametrize(
    ("name", "split", "floor", "urgent"),
    [
        ("danger_styles.csv", "tune", 0.95, 0.95),
        ("danger_styles.csv", "held", 0.85, 0.9),
        ("mixed_styles.csv", "tune", 0.95, 0.97),
        ("mixed_styles.csv", "held", 0.75, 0.65),
        ("last_styles.csv", "tune", 0.9, 0.8),
        ("last_styles.csv", "held", 0.8, 0.75),
        ("urgent_styles.csv", "tune", 0.85, 0.97),
        ("urgent_styles.csv", "held", 0.75, 0.7),
        ("kept_styles.csv", "tune", 0.94, 0.97),
        ("kept_styles.csv", "held", 0.84, 0.85),
        ("kept_again_styles.csv", "tune", 0.94, 0.97),
        ("kept_again_styles.csv", "held", 0.82, 0.97),
        ("kept_last_styles.csv", "held", 0.7, 0.5),
        ("panel_styles.csv", "tune", 0.92, 0.97),
        ("panel_styles.csv", "held", 0.86, 0.88),
        ("near_styles.csv", "tune", 0.85, 0.97),
        ("near_styles.csv", "held", 0.48, 0.5),
        ("grave_styles.csv", "tune", 0.93, 0.97),
        ("grave_styles.csv", "held", 0.8, 0.75),
        ("wide_styles.csv", "tune", 0.93, 0.95),
        ("wide_styles.csv", "held", 0.77, 0.76),
        ("inbox_styles.csv", "held", 0.9, 0.94),
    ],
)
def test_sentences_of_danger(name: str, split: str, floor: float, urgent: float) -> None:
    """Labelled and committed before they were read. At first sight F1 and urgent recall were 0.84 and 0.84 (danger, 223), 0.80 and
    0.60 (mixed, 87), 0.84 and 0.76 (last, 68), 0.77 and 0.77 (urgent, 64), 0.87 and 0.92 (kept, 160), 0.83 and 1.0 (kept again, 89), 0.76
    and 0.89 (kept last, 39); by other hands, who had not seen the rules: 0.82 and 0.90 (panel, 230), 0.52 and 0.71 (near, 130: three of
    four are no event), 0.78 and 0.74 (grave, 120), 0.77 and 0.80 (wide, 800); 0.93 and 0.96 (inbox, 150, in plain words,
    by the rules as they are). What half held back got wrong was not looked at."""
    result = evaluate([row for row in rows_of(HERE / name) if row["split"] == split])
    assert result.micro.f1 >= floor
    assert result.labels["urgent"].recall >= urgent


@pytest.mark.parametrize(("present", "language", "share"), [("1", "en", 0.96), ("1", "es", 0.95), ("0", "en", 0.92)])
def test_every_way_of_saying_cannot_with_every_act(present: str, language: str, share: float) -> None:
    """What is there is asserted ("{acting} wears me out"), what is not is not ("{acting} is not difficult")."""
    acts = [row for row in rows_of(HERE / "acts.csv") if row["language"] == language]
    ways = [row for row in rows_of(HERE / "ways.csv") if row["language"] == language and row["present"] == present]
    cases = [(way["way"], act) for way in ways for act in acts]
    coded = code_texts([way.replace("{act}", act["act"]).replace("{acting}", act["acting"]) for way, act in cases])
    asserted = set(coded.loc[coded["status"] == "asserted", ["row", "subcode"]].itertuples(index=False, name=None))
    right = sum(((number, act["subcode"]) in asserted) == (present == "1") for number, (_, act) in enumerate(cases))
    assert right >= share * len(cases)


@pytest.mark.parametrize("episode", [False, True])
def test_batches_written_to_find_what_is_missed(episode: bool) -> None:
    """Each batch was scored once before it was tuned on: 0.88, 0.79 (meant to be hard), 0.97, 0.93, 0.91, 0.80, 0.76, 0.74, 0.95, 0.85."""
    result = evaluate(rows_of(HERE / "batches.csv"), episode=episode)
    assert result.micro.f1 >= 0.96
    assert result.labels["urgent"].recall >= 0.95


@pytest.mark.parametrize(
    "name",
    [
        "styles.csv",
        "newer_styles.csv",
        "later_styles.csv",
        "fresh_styles.csv",
        "plain_styles.csv",
        "third_styles.csv",
        "everyday_styles.csv",
        "danger_styles.csv",
        "mixed_styles.csv",
        "last_styles.csv",
        "urgent_styles.csv",
        "kept_styles.csv",
        "kept_again_styles.csv",
        "kept_last_styles.csv",
    ],
)
def test_the_split_of_styles_is_the_hash_of_the_id(name: str) -> None:
    for row in rows_of(HERE / name):
        even = int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 2 == 0
        assert row["split"] == ("held" if even else "tune"), row["id"]


@pytest.mark.parametrize(
    ("name", "split"),
    [(name, split) for name in ("hospital.csv", "newer_hospital.csv") for split in ("tune", "held")]
    + [
        ("later_hospital.csv", "tune"),
        ("hospital_lists.csv", "tune"),
        ("fresh_hospital.csv", "tune"),
        ("fresh_hospital.csv", "held"),
        ("third_hospital.csv", "tune"),
        ("third_hospital.csv", "held"),
    ],
)
def test_status_of_hospital_findings(name: str, split: str, tmp_path: Path) -> None:
    """Of later_hospital.csv the half held back scored 65 of 73 at first sight, is given by `make evaluate`, and has no floor."""
    rows = rows_of(HERE / name)
    names = "\n".join(f'"{name}"' for name in sorted({row["finding"] for row in rows}))
    (tmp_path / "terms.csv").write_text(f"term\n{names}\n", encoding="utf-8")
    chosen = [row for row in rows if row["split"] == split]
    coded = code_texts([row["text"] for row in chosen], lexicon=tmp_path)
    right = 0
    for number, row in enumerate(chosen):
        own = coded[
            (coded["row"] == number) & coded["evidence"].str.lower().str.contains(row["finding"].lower(), regex=False)
        ]
        right += own["status"].tolist()[:1] == [row["status"]]
    assert right >= 0.95 * len(chosen)


def test_general_clinical_sentences(tmp_path: Path) -> None:
    """Status of other findings than ours, through a lexicon of coded terms."""
    rows = rows_of(HERE / "general_clinical.csv")
    listed = "\n".join(f'"{name}",other,O1' for name in sorted({row["finding"] for row in rows}))
    (tmp_path / "terms.csv").write_text(f"pt_name,category,subcode\n{listed}\n", encoding="utf-8")
    lexicon = load_lexicon(tmp_path)
    right = 0
    for row in rows:
        found = read(row["text"], lexicon)
        words = found.words
        statuses = [
            mention.status
            for mention in found.mentions
            if row["text"][words.starts[mention.first] : words.ends[mention.last - 1]].lower() == row["finding"].lower()
        ]
        right += statuses[:1] == [row["status"]]
    assert right >= 0.95 * len(rows)


def test_unrelated_terms_get_no_category_of_ours() -> None:
    terms = [row["term"] for row in rows_of(HERE / "unrelated_terms.csv")]
    coded = code_texts(terms)
    wrong = coded[~coded["category"].isin(["other", "none", "unknown"])]
    assert [terms[row] for row in wrong["row"]] == []


def test_names_of_diseases_get_no_category_of_ours() -> None:
    """Anatomy with an adjective and names of diseases, as ontologies write them; none shares a word with the reaction terms."""
    terms = [row["term"] for row in rows_of(HERE / "unrelated_names.csv")]
    coded = code_texts(terms)
    wrong = coded.loc[~coded["category"].isin(["other", "none", "unknown"]), "row"].nunique()
    assert wrong <= 0.005 * len(terms)


def test_texts_without_an_event() -> None:
    """Wishes, thanks, errands, idioms and denials: 17 of 99 got a finding when they were first read."""
    texts = [row["text"] for row in rows_of(HERE / "no_event.csv")]
    coded = code_texts(texts)
    assert coded.loc[coded["status"] == "asserted", "row"].nunique() <= 0.06 * len(texts)


@pytest.mark.parametrize("row", rows_of(HERE / "hidden.csv"), ids=lambda row: row["text"])
def test_what_a_closing_word_or_a_denial_may_not_hide(row: dict[str, str]) -> None:
    """`expected`: sub-code, status and triage of every finding, or `none` or `unknown`; only what is named is compared."""
    coded = code_texts([row["text"]])
    for wanted in row["expected"].split(";"):
        subcode, *rest = wanted.split(" ")
        if subcode in ("none", "unknown"):
            assert coded["category"].tolist() == [subcode]
            continue
        assert subcode.strip("!") in coded["subcode"].tolist()
        own = coded[coded["subcode"] == subcode.strip("!")].iloc[0]
        assert [own["status"], own["triage"]][: len(rest)] == rest
        assert not subcode.endswith("!") or own["needs_review"]


FINDINGS = {
    "trouble swallowing": "S2", "difficulty breathing": "S1", "hoarse voice": "S5", "weakness in both arms": "S4", "double vision": "S3",
    "lid droop": "F1", "headache": "O4", "anaphylaxis": "O6", "swollen tongue": "U2", "chest pain": "O10", "unbearable pain": "U1",
    "choking on food": "S2", "slurred speech": "S5", "muscle weakness": "S4", "can't breathe": "S1",
}  # fmt: skip


def test_everyday_words_around_a_finding_say_nothing_of_it() -> None:
    """Every finding in every frame: what is there is asserted ("{} developed overnight"), what is not is not ("no {} so far")."""
    frames = rows_of(HERE / "frames.csv")
    cases = [(row, finding) for row in frames for finding in FINDINGS]
    coded = code_texts([row["frame"].replace("{}", finding) for row, finding in cases])
    asserted = set(coded.loc[coded["status"] == "asserted", ["row", "subcode"]].itertuples(index=False, name=None))
    wrong = [
        (row["frame"], finding)
        for number, (row, finding) in enumerate(cases)
        if ((number, FINDINGS[finding]) in asserted) != (row["present"] == "1")
    ]
    assert wrong == []

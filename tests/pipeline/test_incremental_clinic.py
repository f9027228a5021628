"""A clinic's folder as it changes from day to day: what is kept of it never speaks of yesterday."""

from datetime import date
from pathlib import Path

import pytest

from analysis.pipeline import ingest as run
from analysis.pipeline.engine import Here, Processes

TREATED = "Treatment ID,Client ID,Treatment date,Injector,Area,Units,Product\n"
LOGGED = "Event ID,Client ID,Treatment date,Date reported,Description,Severity\n"
OPEN = TREATED + "T1,P1,03/04/2026,Ana,glabella,20,Botox\n"
NAMED = "Clinic," + TREATED + "North,T1,P1,2026-04-03,Ana,glabella,20,Botox\nSouth,T1,P9,2026-04-03,Ana,lips,4,Botox\n"
STEPS: list[tuple[str, str | None, str]] = [
    ("C/t_2026-04.csv", OPEN, "2026-11-20"),  # nothing decides the order of its dates
    ("C/t_2026-05.csv", TREATED + "T2,P2,25/05/2026,Ana,glabella,20,Botox\n", "2026-11-20"),  # this does
    ("C/e_2026-04.csv", LOGGED + "1,P1,03/04/2026,06/04/2026,0 bruise and trouble swallowing,\n", "2026-11-20"),
    ("C/t_2026-06.csv", TREATED + "T3,P3,05/26/2026,Ana,glabella,20,Botox\n", "2026-11-20"),  # this says otherwise
    ("C/clinic.toml", '[[file]]\nmatch = "*"\ndate_order = "dmy"\n', "2026-11-20"),
    ("C/t_2026-05.csv", None, "2026-11-20"),
    ("C/e_2026-05.csv", LOGGED + "2,P2,,21/11/2026,lid droop,\n", "2026-11-20"),  # told of tomorrow
    ("D/t_2026-04.csv", NAMED, "2026-11-21"),
    ("D/e_2026-04.csv", LOGGED + "1,P9,2026-04-03,2026-04-09,voice gone,\n", "2026-11-21"),
    ("D/complaints.csv", "Complaint ID,Date received,Complaint\n1,2026-04-04,parking\n", "2026-11-21"),
    ("D/t_2026-05.csv", TREATED + "T1,P7,2026-05-03,Bo,glabella,20,Botox\n", "2026-11-21"),  # its numbers start again
    ("C/clinic.toml", None, "2026-12-20"),
]


@pytest.mark.slow
def test_every_step_is_read_as_if_all_were_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for name, content, day in STEPS:
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if content is None else path.write_text(content)

        class Day(date):
            now = date.fromisoformat(day)

            @classmethod
            def today(cls) -> date:
                return cls.now

        monkeypatch.setattr(run, "date", Day)
        kept = run.ingest(tmp_path / "raw", tmp_path / "kept", engine=Here()).snapshot
        again = run.ingest(tmp_path / "raw", tmp_path / "kept", engine=Here()).snapshot
        anew = run.ingest(tmp_path / "raw", tmp_path / "anew", engine=Here(), cache=False).snapshot
        assert kept == again == anew, name
        seen.append(kept)
    apart = run.ingest(tmp_path / "raw", tmp_path / "apart", engine=Processes(2), cache=False).snapshot
    assert apart == seen[-1]
    assert len(set(seen)) == len(STEPS)

"""Starting the command costs no pandas: what is heavy is imported by the command that needs it."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "pandas",
    "numpy",
    "matplotlib",
    "scipy",
    "seaborn",
    "statsmodels",
    "pandera",
    "pyarrow",
    "nbconvert",
    "nbclient",
    "ipywidgets",
}
TELL = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})), file=sys.stderr)"


def loaded(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", f"{code}\n{TELL}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


HELP = "from analysis.cli import main\ntry:\n    main({arguments!r})\nexcept SystemExit as end:\n    assert end.code == {code}"


@pytest.mark.parametrize(
    "code",
    [
        "import analysis",
        "import analysis.cli",
        HELP.format(arguments=["--help"], code=0),
        HELP.format(arguments=["--version"], code=0),
        HELP.format(arguments=["report", "--help"], code=0),
        HELP.format(arguments=["review", "export", "--help"], code=0),
        HELP.format(arguments=["reproduce"], code=2),
        "import analysis.taxonomy, analysis.measures, analysis.periods, analysis.errors, analysis.durable, analysis.keys",
    ],
    ids=["analysis", "cli", "help", "version", "report help", "review help", "not built", "floor 1"],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert loaded(code) & HEAVY == set()


def test_the_promised_names_are_there_on_first_use() -> None:
    found = loaded("import analysis\nassert callable(analysis.open_store) and callable(analysis.code_texts)")
    assert "pandas" in found

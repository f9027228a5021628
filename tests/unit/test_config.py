"""clinic.toml and group.toml: unknown keys are refused with the ones that are known; a byte-order mark does not matter."""

import pytest

from analysis.errors import UsageError
from analysis.schemas.config import load_clinic_config, load_group_config


def test_defaults_without_a_file(tmp_path):
    config = load_clinic_config(tmp_path)
    assert config.clinic.name is None
    assert config.clinic.simulated is False
    assert config.file == ()


def test_byte_order_mark(tmp_path):
    (tmp_path / "clinic.toml").write_bytes(b'\xef\xbb\xbf[clinic]\nname = "Elm Street"\n')
    assert load_clinic_config(tmp_path).clinic.name == "Elm Street"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[clinic]\nnmae = "x"\n', ["clinic.nmae", "did you mean name?", "patient_ids"]),
        ('[[file]]\nmatch = "*"\ndate_ordr = "dmy"\n', ["file.0.date_ordr", "did you mean date_order?", "header_row"]),
        ('[clinics]\nname = "x"\n', ["clinics", "did you mean clinic?", "values"]),
        ('[[file]]\nmatch = "*"\ndate_order = "ddmm"\n', ["file.0.date_order", "'dmy'", "'mdy'"]),
        ('[[file]]\nkind = "events"\n', ["file.0.match", "required"]),
        ("[clinic\n", ["not a TOML file"]),
    ],
)
def test_a_wrong_key_or_value_is_refused_in_words(tmp_path, text, words):
    (tmp_path / "clinic.toml").write_text(text)
    with pytest.raises(UsageError) as refused:
        load_clinic_config(tmp_path)
    assert "clinic.toml" in str(refused.value)
    for word in words:
        assert word in str(refused.value)


def test_group_settings(tmp_path):
    path = tmp_path / "group.toml"
    path.write_text('name = "Four clinics"\nbanner = "Peer review"\n[disclosure]\nthreshold = 11\n')
    assert load_group_config(path).name == "Four clinics"
    path.write_text("[disclosure]\nthreshhold = 11\n")
    with pytest.raises(UsageError, match="did you mean threshold"):
        load_group_config(path)

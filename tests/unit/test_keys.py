import hashlib
import hmac
import os
import re
from pathlib import Path

import pytest

from analysis.errors import RefusedBeforeWork
from analysis.keys import Key, import_key, key_path, load_key

SECRET = "0123456789abcdef" * 4


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings" / "patient.key"
    monkeypatch.setenv("AE_KEY_FILE", str(path))
    return path


def test_the_first_run_makes_a_key_for_its_owner_only_and_keeps_it(place: Path) -> None:
    key = load_key()
    assert key_path() == place
    assert re.fullmatch(r"[0-9a-f]{64}\n", place.read_text())
    if os.name != "nt":
        assert place.stat().st_mode & 0o777 == 0o600
    assert load_key().fingerprint == key.fingerprint
    assert [path.name for path in place.parent.iterdir()] == ["patient.key"]


def test_a_patient_key_is_hmac_sha256_within_its_scope() -> None:
    key = Key(bytes.fromhex(SECRET))
    told = hmac.new(bytes.fromhex(SECRET), b"patient\0Harbour\x00000042", hashlib.sha256).hexdigest()
    assert key.patient("Harbour", "000042") == told
    assert key.patient("Willow", "000042") != told
    assert key.patient("Harbour0", "00042") != told


def test_hashes_of_many_are_those_of_each() -> None:
    key, rows = Key(bytes.fromhex(SECRET)), [("Harbour", "000042"), ("", ""), ("Willow", "é" * 100)]
    each = key.of_each("patient", ["\0".join(row).encode() for row in rows])
    assert [digest.hex() for digest in each] == [key.patient(*row) for row in rows]
    assert key.of_each("mark", [b"text\0a\0b"])[0].hex() == key.mark("text", "a", "b")


def test_injector_codes_are_short_stable_and_not_those_of_another_key() -> None:
    key, other = Key(bytes.fromhex(SECRET)), Key(bytes.fromhex(SECRET[::-1]))
    assert re.fullmatch(r"J-[A-Z2-7]{4}", key.injector("Harbour", "ana reyes"))
    assert key.injector("Harbour", "ana reyes") == key.injector("Harbour", "ana reyes")
    assert key.injector("Harbour", "ana reyes") != other.injector("Harbour", "ana reyes")


def test_the_secret_is_in_no_representation() -> None:
    key = Key(bytes.fromhex(SECRET))
    assert SECRET not in repr(key) + str(key) + key.fingerprint
    assert repr(key.secret) not in repr(key)
    assert key.fingerprint not in SECRET


@pytest.mark.parametrize("content", ["", "abc", SECRET[:-2], "é" * 64, "zz" * 32])
def test_a_file_that_is_no_key_is_refused_and_left_as_it_is(place: Path, content: str) -> None:
    place.parent.mkdir()
    place.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedBeforeWork, match="ae key import"):
        load_key()
    assert place.read_text(encoding="utf-8") == content


def test_no_new_key_is_made_while_stored_data_depends_on_one(place: Path) -> None:
    with pytest.raises(RefusedBeforeWork, match="made with key 0123abcd"):
        load_key(expected_fingerprint="0123abcd")
    assert not place.exists()
    import_key(SECRET)
    with pytest.raises(RefusedBeforeWork, match="ae key import"):
        load_key(expected_fingerprint="0123abcd")
    assert load_key(expected_fingerprint=Key(bytes.fromhex(SECRET)).fingerprint)


def test_importing_over_a_readable_file_closes_it(place: Path) -> None:
    place.parent.mkdir()
    place.write_text("old")
    place.chmod(0o644)
    import_key(SECRET + "\n")
    assert place.read_text() == SECRET + "\n"
    if os.name != "nt":
        assert place.stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_key(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_key(SECRET)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        import_key(SECRET[::-1])
    assert place.read_text() == SECRET + "\n"
    assert [path.name for path in place.parent.iterdir()] == ["patient.key"]

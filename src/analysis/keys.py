"""The key that turns patient references and injector names into codes: kept in the user's configuration folder, mode 0600."""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path

from analysis.durable import flush_folder
from analysis.errors import RefusedBeforeWork

_LENGTH = 32
_BLOCK = 64
"""Bytes that SHA-256 works on at once; a key is shorter."""


@dataclass(frozen=True, repr=False)
class Key:
    """A secret; `fingerprint` may be shown, the secret never."""

    secret: bytes

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that tell two keys apart without giving either away."""
        return hmac.new(self.secret, b"fingerprint", hashlib.sha256).hexdigest()[:12]

    def patient(self, scope: str, reference: str) -> str:
        """Keyed hash of a patient reference within its scope (a clinic, or the group): HMAC-SHA256, hexadecimal."""
        return self._digest("patient", scope, reference).hex()

    def injector(self, clinic: str, name: str) -> str:
        """Short keyed code of an injector, for example `J-7QKD`: stable for a key, tells nothing of the name."""
        return "J-" + base64.b32encode(self._digest("injector", clinic, name)).decode()[:4]

    def yearly(self, year: str, codes: Sequence[str]) -> list[str]:
        """Codes of injectors for one calendar year, in the order given: another year has others, and none leads back to a name.

        Four characters, more where two would be the same.
        """
        whole = [base64.b32encode(self._digest("committee", year, code)).decode().rstrip("=") for code in codes]
        length = next(n for n in range(4, 53) if len({text[:n] for text in whole}) == len(set(codes)))
        return [f"C-{text[:length]}" for text in whole]

    def shares(self, year: str, code: str, count: int) -> list[float]:
        """`count` numbers from 0 to 1 for an injector's code and a year: as good as drawn, and the same whenever they are asked for."""
        parts = (self._digest("sample", year, code, str(n))[:7] for n in range(count))
        return [int.from_bytes(part, "big") / 2**56 for part in parts]

    def mark(self, *parts: str) -> str:
        """Keyed hash by which something said before is known again: HMAC-SHA256, hexadecimal."""
        return self._digest("mark", *parts).hex()

    def of_each(self, kind: str, messages: Iterable[bytes]) -> list[bytes]:
        """HMAC-SHA256 of each message under `kind`: the bytes that `patient` and `mark` give in hexadecimal for their joined parts.

        Written out (RFC 2104), because most of the time of a call for each would go into looking up the hash.
        """
        padded = self.secret.ljust(_BLOCK, b"\0")
        inner = bytes(byte ^ 0x36 for byte in padded) + f"{kind}\0".encode()
        outer = bytes(byte ^ 0x5C for byte in padded)
        sha256 = hashlib.sha256
        return [sha256(outer + sha256(inner + message).digest()).digest() for message in messages]

    def seal(self, name: str, content: bytes | memoryview) -> bytes:
        """HMAC-SHA256 of something of ours under its name: who has not the key can neither change nor rename it unnoticed."""
        made = hmac.new(self.secret, f"seal\0{name}\0".encode(), hashlib.sha256)
        made.update(content)
        return made.digest()

    def _digest(self, *parts: str) -> bytes:
        return hmac.digest(self.secret, "\0".join(parts).encode(), "sha256")


def key_path() -> Path:
    """Where the key lies: the file named by AE_KEY_FILE, else the user's configuration folder."""
    named = os.environ.get("AE_KEY_FILE")
    return Path(named) if named else user_config_path("clinic-adverse-events") / "patient.key"


def load_key(*, expected_fingerprint: str | None = None) -> Key:
    """Read the key; make one when there is none and no stored data depends on one.

    Raises RefusedBeforeWork when stored data was made with another key, or the file cannot be used.
    """
    path = key_path()
    try:
        if not path.exists() and expected_fingerprint is None:
            import_key(secrets.token_hex(_LENGTH))
        key = _parse(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        key = None
    except (OSError, UnicodeDecodeError, ValueError):
        raise RefusedBeforeWork(f"The key file {path} cannot be read. Restore it with: ae key import FILE") from None
    if key is None or expected_fingerprint not in (None, key.fingerprint):
        raise RefusedBeforeWork(
            f"The stored data was made with key {expected_fingerprint}, which is not the key in {path}. "
            "Restore the right key with: ae key import FILE, or start with an empty processed folder."
        )
    return key


def import_key(text: str) -> Path:
    """Put a key (64 hexadecimal digits) in its place, readable by its owner only. ValueError when it is no key."""
    _parse(text)
    path = key_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # made beside it, readable by its owner only from the first byte, and put in its place whole
    handle, made = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text.strip() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)
        flush_folder(path.parent)  # what is stored next could not be tied to its patients without it
    finally:
        Path(made).unlink(missing_ok=True)
    return path


def _parse(text: str) -> Key:
    secret = bytes.fromhex(text.strip())
    if len(secret) != _LENGTH:
        raise ValueError("not a key of 32 bytes")
    return Key(secret)

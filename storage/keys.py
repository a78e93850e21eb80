"""The key file: a pepper for keyed hashes, never rotated, and a ring of data keys for encryption.

Every use has its own subkey (HKDF-SHA256, RFC 5869), so that a hash made for one purpose or one petition
can't be compared with a hash made for another. The file is JSON; losing it loses every name for good.
"""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ConfigError
from bot.model.account import Account, Place
from storage.mac import Mac, mac

KEY_BYTES = 32
HASH_BYTES = 16
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a code can be read out and written down."""
CODE_CHARACTERS = 13
"""Characters of a receipt code: 65 bits."""
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_MISREAD = str.maketrans("ILO", "110", " -")
_FORMAT = 1


def derive(secret: bytes, purpose: str) -> bytes:
    """The subkey of `secret` for one purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"undersigned|" + purpose.encode()).derive(secret)


def random_id(characters: int = 16) -> str:
    """A random id of 5 bits a character (80 bits by default), safe in button tokens and links."""
    return "".join(secrets.choice(ALPHABET) for _ in range(characters)).lower()


def normal_code(written: str) -> str:
    """A receipt code as a person may write it (any case, spaces, hyphens, O for 0, I or L for 1), made exact."""
    return written.upper().translate(_MISREAD)


def _base32(data: bytes) -> str:
    """The first 65 bits of 9 bytes, two characters at a time; spelled out, since each signature has a code."""
    bits = int.from_bytes(data, "big") >> 7
    return (
        f"{_PAIRS[bits >> 55]}{_PAIRS[bits >> 45 & 1023]}{_PAIRS[bits >> 35 & 1023]}{_PAIRS[bits >> 25 & 1023]}"
        f"{_PAIRS[bits >> 15 & 1023]}{_PAIRS[bits >> 5 & 1023]}{ALPHABET[bits & 31]}"
    )


class Keys:
    """The secrets of one key file. Immutable; its repr says nothing."""

    def __init__(self, pepper: bytes, ring: Mapping[int, bytes], current: int) -> None:
        self._pepper = pepper
        self._ring = dict(ring)
        self.current = current
        self._forms = mac(derive(pepper, "forms"))
        self._receipt = mac(derive(pepper, "receipt"))
        self._receipt_index = mac(derive(pepper, "receipt-index"))
        self._erasure = mac(derive(pepper, "erasure"))
        self._allowance = mac(derive(pepper, "allowance"))
        self._accounts: dict[str, Mac] = {}  # by petition; deriving one is slow

    def __repr__(self) -> str:
        return "Keys(…)"

    @property
    def key_ids(self) -> tuple[int, ...]:
        """The ids of the data keys in the ring."""
        return tuple(self._ring)

    def data_key(self, key_id: int, purpose: str) -> bytes:
        """The encryption key for one purpose. Raises KeyError for a key that the ring does not hold."""
        return derive(self._ring[key_id], f"encrypt|{purpose}")

    def account(self, petition_key: str, account: Account) -> bytes:
        """What stands for an account on one petition; nothing joins it to another petition's."""
        return self.accounts(petition_key, (account,))[0]

    def accounts(self, petition_key: str, accounts: Iterable[Account]) -> list[bytes]:
        """The same for many."""
        key = self._accounts.get(petition_key)
        if key is None:
            key = self._accounts[petition_key] = mac(derive(self._pepper, f"account|{petition_key}"))
        return _hashes(key, map(str, accounts))

    def form_owner(self, account: Account) -> bytes:
        """What stands for an account beside its half-filled forms."""
        return _hash(self._forms, str(account))

    def notice(self, petition_key: str, account: Account) -> bytes:
        """What stands for an account that asked to be told of a petition; not what it signs under."""
        return _hash(mac(derive(self._pepper, f"notice|{petition_key}")), str(account))

    def organiser(self, account: Account) -> bytes:
        """What stands for an organiser's account."""
        return _hash(mac(derive(self._pepper, "organiser")), str(account))

    def place(self, place: Place) -> bytes:
        """What stands for a community."""
        return _hash(mac(derive(self._pepper, "place")), f"{place.platform}:{place.place_id}")

    def claim(self, code: str) -> bytes:
        """What stands for a one-time claim code."""
        return _hash(mac(derive(self._pepper, "claim")), normal_code(code.strip()))

    def code(self, petition_key: str, form: str) -> str:
        """The receipt code of a signature: always the same for the same form, and stored nowhere."""
        return self.codes(petition_key, (form.encode(),))[0]

    def codes(self, petition_key: str, forms: Iterable[bytes]) -> list[str]:
        """The same for many, by their forms in UTF-8."""
        on = f"{petition_key}|".encode()
        return [_base32(digest[:9]) for digest in self._receipt([on + form for form in forms])]

    def code_index(self, code: str) -> bytes:
        """What a signature is found by when only its code is known."""
        return _hash(self._receipt_index, code)

    def code_indexes(self, codes: Iterable[str]) -> list[bytes]:
        """The same for many."""
        return _hashes(self._receipt_index, codes)

    def erasure(self, form: str) -> str:
        """What stands for a signature in the list of erasures."""
        return _hash(self._erasure, form).hex()

    def allowance(self, what: str) -> bytes:
        """What stands for somebody who does something, beside how often they did."""
        return _hash(self._allowance, what)

    def cycles(self, account: bytes) -> bytes:
        """The same for an account (as it is hashed on one petition) that signs and takes it back."""
        return self.allowance(f"cycles|{account.hex()}")

    def checks(self) -> dict[str, str]:
        """Values that tell whether a key file belongs to a database, by secret; they reveal no key."""
        secrets_by_name = {"pepper": self._pepper} | {str(key_id): key for key_id, key in self._ring.items()}
        return {name: _hash(mac(derive(key, "check")), name).hex() for name, key in secrets_by_name.items()}


def _hash(under: Mac, message: str) -> bytes:
    return _hashes(under, (message,))[0]


def _hashes(under: Mac, messages: Iterable[str]) -> list[bytes]:
    return [digest[:HASH_BYTES] for digest in under([message.encode() for message in messages])]


def create(path: Path) -> bool:
    """Write a fresh key file, mode 0600; False if one is there already. Raises ConfigError."""
    content = {
        "about": "Undersigned's keys. Keep a copy apart from the database; without it all names are lost.",
        "format": _FORMAT,
        "pepper": encode(secrets.token_bytes(KEY_BYTES)),
        "keys": {"1": encode(secrets.token_bytes(KEY_BYTES))},
        "current": 1,
    }
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except OSError as error:
        raise ConfigError(f"The key file {path} can't be written: {error.strerror}.") from error
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(content, indent=2) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return True


def load(path: Path) -> Keys:
    """The keys of a key file. Raises ConfigError, in one line that says what to do."""
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"The key file {path} is not there. Names in the database can be read with that very file only and it"
            " can't be made again: put it back from its copy, or set security.key_file. (For a first start,"
            " `undersigned init` makes one.)"
        ) from error
    except OSError as error:
        raise ConfigError(f"The key file {path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise _damaged(path) from error
    try:
        return _parse(content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error


def _parse(content: Any) -> Keys:
    if content["format"] != _FORMAT:
        raise ValueError("unknown format")
    ring = {int(key_id): _decode(key) for key_id, key in content["keys"].items()}
    current = int(content["current"])
    if current not in ring:
        raise ValueError("no current key")
    return Keys(_decode(content["pepper"]), ring, current)


def encode(secret: bytes) -> str:
    """A secret as it stands in the file."""
    return base64.b64encode(secret).decode()


def _decode(text: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(secret) != KEY_BYTES:
        raise ValueError("a key of another length")
    return secret


def _damaged(path: Path) -> ConfigError:
    return ConfigError(f"The key file {path} is damaged or not a key file of Undersigned. Put back its copy.")

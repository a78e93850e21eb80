"""Encryption of what names people and places: AES-256-GCM, each value bound to its table, field and row.

A ciphertext is key id (2 bytes) | nonce (12 random bytes) | AES-GCM output. Identity and context have keys of
their own: what opens contexts (the counters need it) need not open identities, which may one day be sealed.
"""

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag

from bot.errors import KeyMismatchError, StorageError
from bot.model.signature import Context, Identity
from storage.instants import instant, micros
from storage.keyfile import KeyWatch
from storage.keys import Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
ID_BYTES = 2
_START = ID_BYTES + NONCE_BYTES
BLOCK = 64
"""Plaintext is padded to a multiple of this many bytes, so that the length of a value says nothing of it."""
_PADDING = [b" " * length for length in range(BLOCK)]
# Identity and context are written for each signature: joining quoted strings takes a twentieth of the encoder's time.
_quote = json.encoder.encode_basestring
_encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def identity_text(identity: Identity) -> bytes:
    """What names a signer, padded. Raises UnicodeEncodeError for lone surrogates."""
    return _padded(f"[{_quote(identity.name)},{_quote(identity.comment)}]")


def context_text(context: Context) -> bytes:
    """When and where somebody signed, padded."""
    community = "null" if context.community is None else int(context.community)
    answer = "null" if context.answer is None else _quote(context.answer)
    return _padded(f"[{micros(context.at)},{_quote(context.language)},{community},{answer}]")


def _padded(text: str) -> bytes:
    plain = text.encode()
    return plain + _PADDING[-len(plain) % BLOCK]


class Vault:
    """Seals and opens. Opening raises KeyMismatchError (key not in the ring) or StorageError (tampered)."""

    def __init__(self, keys: Keys, watch: KeyWatch | None = None) -> None:
        """`watch` is for a process that runs while another one may add a key."""
        self._keys = keys
        self._watch = watch
        self._cipher = lru_cache(maxsize=None)(self._make_cipher)

    def __repr__(self) -> str:
        return "Vault(…)"

    def seal(self, field: str, row: str, value: Any) -> bytes:
        """Encrypt a JSON value. `field` is `table.field`. Raises UnicodeEncodeError for lone surrogates."""
        return self._seal(field, row, _padded(_encode_json(value)))

    def _seal(self, field: str, row: str, padded: bytes) -> bytes:
        return self.seal_all(field, (row.encode(),), (padded,))[0]

    def seal_all(self, field: str, rows: Sequence[bytes], padded: Sequence[bytes]) -> list[bytes]:
        """Encrypt values of one field, of one row each. The key is looked up and nonces are drawn once for all."""
        self._renew()
        current, bound = self._keys.current, f"{field}|".encode()
        encrypt, head = self._cipher(current, field).encrypt, current.to_bytes(ID_BYTES, "big")
        drawn = os.urandom(NONCE_BYTES * len(rows))
        nonces = [drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES)]
        return [
            head + nonce + encrypt(nonce, plain, bound + row)
            for nonce, plain, row in zip(nonces, padded, rows, strict=True)
        ]

    def _renew(self, *, now: bool = False) -> None:
        """Go by the key file as it is by now, if another process has added a key to it."""
        newer = self._watch and self._watch.newer(self._keys, now=now)
        if newer:
            self._keys = newer

    def open(self, field: str, row: str, sealed: bytes) -> Any:
        """The JSON value that was sealed for this field of this row."""
        return json.loads(self._decrypt(field, row, sealed))

    def current(self, sealed: bytes) -> bool:
        """Whether a value is encrypted under the key that is in use now."""
        return int.from_bytes(sealed[:ID_BYTES], "big") == self._keys.current

    def reseal(self, field: str, row: str, sealed: bytes) -> bytes:
        """The same value, encrypted under the key that is in use now."""
        return self._seal(field, row, self._decrypt(field, row, sealed))

    def _decrypt(self, field: str, row: str, sealed: bytes) -> bytes:
        key_id = int.from_bytes(sealed[:ID_BYTES], "big")
        nonce, rest = sealed[ID_BYTES:_START], sealed[_START:]
        if key_id not in self._keys.key_ids:
            self._renew(now=True)
        try:
            return self._cipher(key_id, field).decrypt(nonce, rest, f"{field}|{row}".encode())
        except KeyError as error:
            raise KeyMismatchError(
                "Something stored needs a data key that the key file does not hold. Put back the newest key file."
            ) from error
        except (InvalidTag, ValueError) as error:
            raise StorageError(
                f"A stored value ({field}) was altered and can't be decrypted. Restore a backup."
            ) from error

    def open_all(self, field: str, rows: Sequence[bytes], sealed: Sequence[bytes | None]) -> list[Any]:
        """`open` for many rows of one field, in a third of the time; None for what is not there."""
        values: list[Any] = json.loads(self.open_json(field, rows, sealed))  # a call costs as much as a value
        return values

    def open_json(self, field: str, rows: Sequence[bytes], sealed: Sequence[bytes | None]) -> bytes:
        """The same as the JSON of a list, in one line."""
        decrypt, bound = self._cipher(self._keys.current, field).decrypt, f"{field}|".encode()
        try:
            plain = [
                decrypt(one[ID_BYTES:_START], one[_START:], bound + row) if one else b"null"
                for row, one in zip(rows, sealed, strict=True)
            ]
        except (InvalidTag, ValueError):  # under another key, or altered: this finds out
            plain = [
                self._decrypt(field, row.decode(), one) if one else b"null"
                for row, one in zip(rows, sealed, strict=True)
            ]
        return b"[" + b",".join(plain) + b"]"

    def seal_identity(self, form: str, identity: Identity) -> bytes:
        """Encrypt what names a signer, for the signature with this id."""
        return self._seal("signature.identity", form, identity_text(identity))

    def open_identity(self, form: str, sealed: bytes | None) -> Identity | None:
        """The identity, or None where it has been scrubbed."""
        return None if sealed is None else Identity(*self.open("signature.identity", form, sealed))

    def seal_context(self, form: str, context: Context) -> bytes:
        """Encrypt when and where somebody signed."""
        return self._seal("signature.context", form, context_text(context))

    def open_context(self, form: str, sealed: bytes | None) -> Context | None:
        """The context, or None where it has been scrubbed."""
        if sealed is None:
            return None
        at, language, community, answer = self.open("signature.context", form, sealed)
        return Context(instant(at), language, community, answer)

    def _make_cipher(self, key_id: int, field: str) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # when something is sealed

        return AESGCM(self._keys.data_key(key_id, field))

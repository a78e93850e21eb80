"""What is computed for signatures before anything is locked: hashes, ciphertexts, receipts' codes.

A batch is prepared in one go, a column at a time: what its signatures have in common is computed once, and the same
few instructions five hundred times over are the fastest there are. That takes a third of the time of preparing each
when it comes.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from bot.model.signature import Context, SignRequest
from bot.ports import Clock
from storage.database import Database
from storage.keys import Keys
from storage.moves import Fact, facts
from storage.rates import Source, source_of
from storage.tables import petition
from storage.vault import Vault, context_text, identity_text

log = logging.getLogger(__name__)


class Kind(Struct, frozen=True, eq=False):
    """What signatures have in common that are given at once, by the same way, with the same choices."""

    context: Context
    text: bytes  # of the context
    facts: tuple[Fact, ...]
    day: str
    platform: str
    reach: str
    source: Source


class Prepared(Struct, frozen=True, eq=False):
    """A request with everything computed that needs no lock."""

    request: SignRequest
    form: str
    kind: Kind
    account: bytes
    code: str
    code_index: bytes
    sealed_identity: bytes
    sealed_context: bytes


class Preparation:
    """Prepares the requests of a batch."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock
        self._petition_keys: dict[int, str] = {}

    async def prepare(self, requests: Sequence[SignRequest]) -> Sequence[Prepared | None]:
        """The requests of one petition, ready to be written; None (and a line in the log) for those that can't be.

        Raises StorageError.
        """
        petition_id = requests[0].petition_id
        key = self._petition_keys.get(petition_id) or await self._read_key(petition_id)
        if key is None:
            log.warning("A signature names a petition that is not there.")
            return [None] * len(requests)
        return self.ready(requests, key)

    def ready(self, requests: Sequence[SignRequest], petition_key: str) -> Sequence[Prepared | None]:
        """The same, with the petition's key."""
        try:
            return self._columns(requests, petition_key)
        except (TypeError, ValueError) as error:  # lone surrogates, say; its message might quote a name
            if len(requests) == 1:
                log.warning("A signature can't be stored: %s", type(error).__name__)
                return [None]
            return [one for request in requests for one in self.ready([request], petition_key)]

    def _columns(self, requests: Sequence[SignRequest], petition_key: str) -> list[Prepared]:
        keys, seal = self._keys, self._vault.seal_all
        ids = [request.form for request in requests]
        forms = [form.encode() for form in ids]
        kinds = _kinds(requests, self._clock())
        accounts = keys.accounts(petition_key, [request.account for request in requests])
        codes = keys.codes(petition_key, forms)
        identities = seal("signature.identity", forms, [identity_text(each.identity) for each in requests])
        contexts = seal("signature.context", forms, [kind.text for kind in kinds])
        indexes = keys.code_indexes(codes)
        return list(map(Prepared, requests, ids, kinds, accounts, codes, indexes, identities, contexts))

    async def _read_key(self, petition_id: int) -> str | None:
        """A petition's key, which never changes."""
        wanted = select(petition.c.key).where(petition.c.id == petition_id)
        key: str | None = await self._database.read(lambda on: on.execute(wanted).scalar())
        if key is not None:
            self._petition_keys[petition_id] = key
        return key


def _kinds(requests: Iterable[SignRequest], at: datetime) -> list[Kind]:
    """The kind of each."""
    found, known = [], dict[tuple[str | int | None, ...], Kind]()
    for request in requests:
        choices = (
            request.account.platform, str(request.reach), request.text_version, request.language,
            request.community, request.whole, request.answer,
        )  # fmt: skip
        kind = known.get(choices)
        if kind is None:
            kind = known[choices] = _kind(request, at)
        found.append(kind)
    return found


def _kind(request: SignRequest, at: datetime) -> Kind:
    context = Context(at, request.language, request.community, request.answer)
    day, platform, reach = at.date().isoformat(), request.account.platform, str(request.reach)
    counted = facts(day, platform, reach, request.text_version, context)
    return Kind(context, context_text(context), counted, day, platform, reach, source_of(request))

"""What is computed for a signature before anything is locked: hashes, ciphertexts, the receipt's code."""

import asyncio
import logging

from sqlalchemy import select

from bot.model.signature import Context, SignRequest
from bot.ports import Clock
from storage.batch import Prepared
from storage.database import Database
from storage.keys import Keys
from storage.moves import facts
from storage.tables import petition
from storage.vault import Vault

log = logging.getLogger(__name__)


class Preparation:
    """Prepares requests."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock
        self._petition_keys: dict[int, str] = {}
        self._reading: asyncio.Task[None] | None = None

    async def prepare(self, request: SignRequest) -> Prepared | None:
        """The request, ready to be written; None (and a line in the log) if it can't be."""
        key = self._petition_keys.get(request.petition_id) or await self._petition_key(request.petition_id)
        if key is None:
            log.warning("A signature names a petition that is not there.")
            return None
        try:
            return self._prepare(request, key)
        except (TypeError, ValueError) as error:  # lone surrogates, say; its message might quote a name
            log.warning("A signature can't be stored: %s", type(error).__name__)
            return None

    async def _petition_key(self, petition_id: int) -> str | None:
        """Read the keys anew. A crowd at the start shares one reading, and goes on together."""
        reading = self._reading
        if reading is None:
            self._reading = asyncio.create_task(self._read_keys())
            await asyncio.shield(self._reading)
            return self._petition_keys.get(petition_id)
        await asyncio.shield(reading)
        # It may have begun before this petition was added.
        return self._petition_keys.get(petition_id) or await self._petition_key(petition_id)

    async def _read_keys(self) -> None:
        wanted = select(petition.c.id, petition.c.key)
        try:
            self._petition_keys = dict(await self._database.read(lambda on: on.execute(wanted).all()))
        finally:
            self._reading = None

    def _prepare(self, request: SignRequest, petition_key: str) -> Prepared:
        form, platform = request.form, request.account.platform
        context = Context(self._clock(), request.language, request.community, request.answer)
        day = context.at.date().isoformat()
        code = self._keys.code(petition_key, form)
        return Prepared(
            request,
            self._keys.account(petition_key, request.account),
            code,
            self._keys.code_index(code),
            context,
            day,
            self._vault.seal_identity(form, request.identity),
            self._vault.seal_context(form, context),
            facts(day, platform, str(request.reach), request.text_version, context),
        )

"""Those who wait together are written together, each as if nobody else had been there."""

import asyncio

import pytest
from sqlalchemy import select

from bot.model.signature import AlreadySigned, Context, FormForeign, Identity, NotTaken, Signed
from bot.ports.watching import Unwatched
from storage import keys
from storage.batch import WARY
from storage.compiled import RowInsert
from storage.line import LARGEST
from storage.petitions import Petitions
from storage.records import Records
from storage.repositories import Repositories
from storage.tables import meta, signature
from storage.vault import ID_BYTES, NONCE_BYTES, Vault
from tests.storage.world import NOON, member, opened_petition, request, signed


@pytest.mark.parametrize("many", [1, 2, 14, 15, 16, 31, LARGEST - 1, LARGEST, 2 * LARGEST + 3])
async def test_however_many_rows_there_are_each_is_inserted_once(home, many):
    names = [f"row {n}" for n in range(many)]
    async with home.database() as database:
        insert = RowInsert(meta, ("name", "value"), database.dialect)
        await database.write(lambda on: insert.run(on, [(name, "") for name in names]))
    inserted = await home.run(select(meta.c.name).where(meta.c.name.startswith("row ")))
    assert sorted(row.name for row in inserted) == sorted(names)


async def test_in_one_batch_no_two_values_share_a_nonce_and_each_opens_as_its_own(home):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        asked = [
            request(
                petition, f"m{n}", identity=Identity("Ana" if n % 2 else f"Ben {n}"), community=n % 3 or None
            )
            for n in range(40)
        ]
        await asyncio.gather(*map(ports.signatures.sign, asked))
        for n, each in enumerate(asked):
            found = await ports.signatures.get(each.form, member(f"m{n}"))
            assert found.identity == each.identity
            assert found.context == Context(NOON, "en", each.community)
    rows = await home.run(select(signature.c.identity, signature.c.context))
    nonces = [bytes(value[ID_BYTES : ID_BYTES + NONCE_BYTES]) for row in rows for value in row]
    assert len(set(nonces)) == len(nonces) == 80


async def test_a_name_that_can_t_be_written_is_refused_alone(home):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        names = ["Ana", "Be\ud800n", "Eve"]
        asked = [request(petition, name[:2], identity=Identity(name)) for name in names]
        first, second, third = await asyncio.gather(*map(ports.signatures.sign, asked))
        assert (first.signature.number, second, third.signature.number) == (1, NotTaken(busy=False), 2)


async def test_those_who_have_signed_before_are_found_among_many_who_have_not(ports):
    petition = await opened_petition(ports)
    ana, ben = await signed(ports, petition, "ana"), await signed(ports, petition, "ben")
    crowd = [request(petition, f"m{n}") for n in range(40)]
    crowd[10] = request(petition, "ana")
    crowd[20] = request(petition, "ben", form=ben.form)
    crowd[30] = request(petition, "eve", form=ana.form)

    results = await asyncio.gather(*map(ports.signatures.sign, crowd))

    assert results[10] == AlreadySigned(ana)
    assert results[20] == Signed(ben)
    assert results[30] == FormForeign()
    new = [result.signature.number for n, result in enumerate(results) if n % 10 or not n]
    assert new == list(range(3, 40))
    assert (await ports.tally.totals(petition.id)).counted == 39


class _Counted:
    """A database that counts how often a transaction was tried."""

    def __init__(self, database):
        self._database = database
        self.tried = 0

    def __getattr__(self, name):
        return getattr(self._database, name)

    async def write(self, work):
        self.tried += 1
        return await self._database.write(work)


async def test_who_signs_again_is_looked_for_once_somebody_has(home):
    """Somebody unexpected costs a second try; for a while after that, nobody is unexpected."""
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        await signed(ports, petition)
    secrets = keys.load(home.key_file)
    async with home.database() as database:
        counted = _Counted(database)
        records = Records(secrets, Vault(secrets))
        petitions = Petitions(counted, lambda: None)
        rest = Repositories(counted, records, petitions, home.key_file, home.clock)
        intake = rest.intake(Unwatched(), 0)

        async def tries(who):
            before = counted.tried
            await intake.sign(request(petition, who))
            return counted.tried - before

        assert [await tries(who) for who in ("ben", "ana", "ana", "cleo", "ana")] == [1, 2, 1, 1, 1]
        assert {await tries(f"m{n}") for n in range(WARY)} == {1}
        assert await tries("ana") == 2
        await intake.aclose()

"""Those who wait together are written together, each as if nobody else had been there."""

import asyncio

import pytest
from sqlalchemy import select

from bot.model.signature import Context, Identity, NotTaken
from storage.compiled import RowInsert
from storage.line import LARGEST
from storage.tables import meta, signature
from storage.vault import ID_BYTES, NONCE_BYTES
from tests.storage.world import NOON, member, opened_petition, request


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

"""Signing, as the port promises it, on SQLite and PostgreSQL."""

import asyncio
from collections import Counter

import pytest
from msgspec.structs import replace

from bot.model.account import Account
from bot.model.petition import Act, Ask, Reach, State
from bot.model.signature import (
    AlreadySigned,
    Context,
    FormForeign,
    Identity,
    NotOpen,
    NotTaken,
    Signed,
    Status,
    TextChanged,
)
from storage import intake
from storage.line import LARGEST
from tests.storage.world import DAY, ENGLISH, NOON, PARK, found, member, opened_petition, request, signed


async def test_a_member_signs_and_holds_a_receipt(ports):
    petition = await opened_petition(ports)
    asked = request(petition, identity=Identity("Ana Núñez", "for the ducks"), reach=Reach.EVERYONE)
    result = await ports.signatures.sign(asked)

    assert isinstance(result, Signed)
    receipt = result.signature
    assert (receipt.number, receipt.status, receipt.reach) == (1, Status.COUNTED, Reach.EVERYONE)
    assert receipt.identity == Identity("Ana Núñez", "for the ducks")
    assert receipt.context == Context(NOON, "en")
    assert (receipt.text_version, receipt.day, receipt.platform) == (ENGLISH.version, NOON.date(), "telegram")
    assert len(receipt.code) == 13


async def test_what_was_signed_is_read_back_as_it_was(ports):
    petition = await opened_petition(ports, replace(PARK, ask=Ask("Which state?", ("Ohio", "Maine"))))
    receipt = await signed(ports, petition, answer="Ohio", community=7, language="es")

    assert await ports.signatures.get(receipt.form, member()) == receipt
    assert list(await ports.signatures.of(member())) == [receipt]


async def test_a_member_who_signs_twice_is_counted_once(ports):
    petition = await opened_petition(ports)
    first = await signed(ports, petition)

    again = await ports.signatures.sign(request(petition))

    assert again == AlreadySigned(first)
    assert (await ports.tally.totals(petition.id)).counted == 1


async def test_a_replayed_event_gets_the_first_result_again(ports):
    petition = await opened_petition(ports)
    asked = request(petition)
    first = await ports.signatures.sign(asked)

    assert await ports.signatures.sign(asked) == first


async def test_a_replay_after_withdrawing_shows_the_old_signature_and_does_not_sign_again(ports):
    petition = await opened_petition(ports)
    asked = request(petition)
    await ports.signatures.sign(asked)
    await ports.signatures.withdraw(asked.form)

    replay = await ports.signatures.sign(asked)

    assert isinstance(replay, Signed)
    assert replay.signature.status is Status.WITHDRAWN
    assert (await ports.tally.totals(petition.id)).counted == 0


async def test_a_replay_wins_over_a_closed_petition_and_a_changed_text(ports):
    petition = await opened_petition(ports)
    asked = request(petition)
    first = await ports.signatures.sign(asked)
    changed = replace(PARK, texts=(replace(ENGLISH, letter="Keep all of it."),))
    await ports.petitions.update("park", changed, seen=1)
    await ports.petitions.act("park", Act.CLOSE)

    assert await ports.signatures.sign(asked) == first


async def test_two_taps_at_once_sign_once(ports):
    petition = await opened_petition(ports)
    asked = request(petition)
    first, second = await asyncio.gather(ports.signatures.sign(asked), ports.signatures.sign(asked))

    assert isinstance(first, Signed)
    assert first == second


async def test_two_forms_of_one_member_at_once_sign_once(ports):
    petition = await opened_petition(ports)
    results = await asyncio.gather(*(ports.signatures.sign(request(petition)) for _ in range(2)))

    assert [type(result) for result in results] == [Signed, AlreadySigned]
    assert results[0].signature == results[1].signature


async def test_a_form_that_another_account_spent_is_foreign(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition, "ana")

    assert await ports.signatures.sign(request(petition, "ben", form=mine.form)) == FormForeign()
    assert (await ports.tally.totals(petition.id)).counted == 1


async def test_one_form_tapped_by_two_members_at_once_signs_for_the_first(ports):
    petition = await opened_petition(ports)
    asked = request(petition, "ana")
    stolen = replace(request(petition, "ben"), form=asked.form)

    first, second = await asyncio.gather(ports.signatures.sign(asked), ports.signatures.sign(stolen))

    assert isinstance(first, Signed)
    assert second == FormForeign()


async def test_a_form_spent_on_one_petition_is_foreign_to_another(ports):
    park = await opened_petition(ports)
    pool = await opened_petition(ports, replace(PARK, slug="pool"))
    mine = await signed(ports, park)

    assert await ports.signatures.sign(request(pool, form=mine.form)) == FormForeign()


async def test_signing_again_after_withdrawing_is_a_new_signature_with_a_new_number(ports):
    petition = await opened_petition(ports)
    first = await signed(ports, petition)
    await ports.signatures.withdraw(first.form)

    second = await signed(ports, petition)

    assert (first.number, second.number) == (1, 2)
    assert [each.number for each in await ports.signatures.of(member())] == [2]


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], State.DRAFT),
        ([Act.OPEN, Act.PAUSE], State.PAUSED),
        ([Act.OPEN, Act.CLOSE], State.CLOSED),
        ([Act.OPEN, Act.CLOSE, Act.DELIVER], State.DELIVERED),
    ],
)
async def test_only_an_open_petition_takes_signatures(ports, acts, state):
    petition = await ports.petitions.add(PARK)
    for act in acts:
        await ports.petitions.act("park", act)

    assert await ports.signatures.sign(request(petition)) == NotOpen(state)


async def test_a_petition_closes_at_its_instant_whether_or_not_anything_runs(ports, clock):
    petition = await opened_petition(ports, replace(PARK, closes=NOON + DAY))
    await signed(ports, petition, "ana")
    clock.move(DAY)

    assert await ports.signatures.sign(request(petition, "ben")) == NotOpen(State.CLOSED)


async def test_a_petition_opens_at_its_instant(ports, clock):
    petition = await ports.petitions.add(replace(PARK, opens=NOON + DAY))
    assert await ports.signatures.sign(request(petition)) == NotOpen(State.DRAFT)
    clock.move(DAY)

    assert isinstance(await ports.signatures.sign(request(petition)), Signed)


async def test_a_text_that_changed_meanwhile_is_not_signed_unseen(ports):
    petition = await opened_petition(ports)
    changed = replace(PARK, texts=(replace(ENGLISH, letter="Sell the park."),))
    await ports.petitions.update("park", changed, seen=1)

    assert await ports.signatures.sign(request(petition)) == TextChanged()
    assert isinstance(await ports.signatures.sign(request(await found(ports))), Signed)


async def test_a_text_that_came_back_can_be_signed(ports):
    petition = await opened_petition(ports)
    await ports.petitions.update("park", replace(PARK, texts=(SPANISH_ONLY,)), seen=1)
    await ports.petitions.update("park", PARK, seen=2)

    assert isinstance(await ports.signatures.sign(request(petition)), Signed)


SPANISH_ONLY = PARK.texts[1]


@pytest.mark.parametrize(
    "wrong",
    [{"reach": Reach.EVERYONE}, {"answer": "Utah"}],
    ids=["reach that is not offered", "answer that is not offered"],
)
async def test_what_the_petition_does_not_offer_is_not_stored(ports, wrong, caplog):
    content = replace(PARK, reach=(Reach.ADDRESSEE,), ask=Ask("Which state?", ("Ohio",)))
    petition = await opened_petition(ports, content)

    assert await ports.signatures.sign(request(petition, **wrong)) == NotTaken(busy=False)
    assert "does not offer" in caplog.text


async def test_a_signature_for_a_petition_that_is_not_there_is_not_taken(ports):
    petition = await opened_petition(ports)
    assert await ports.signatures.sign(request(petition, petition_id=999)) == NotTaken(busy=False)


async def test_twenty_accounts_asking_two_hundred_times_make_twenty_signatures(ports):
    petition = await opened_petition(ports)
    asked = [request(petition, f"m{number % 20}") for number in range(200)]

    results = await asyncio.gather(*map(ports.signatures.sign, asked))

    assert Counter(map(type, results)) == {Signed: 20, AlreadySigned: 180}
    numbers = sorted(each.signature.number for each in results if isinstance(each, Signed))
    assert numbers == list(range(1, 21))
    assert (await ports.tally.totals(petition.id)).counted == 20


@pytest.mark.parametrize(
    "bad",
    [
        {"form": "x" * 65},
        {"form": "\ud800"},
        {"identity": Identity("\ud800")},
        {"account": Account("x" * 70, "1")},
    ],
    ids=["form too long", "form not text", "name not text", "platform too long"],
)
async def test_a_bad_request_fails_alone_and_leaves_no_gap(ports, home, bad):
    if "account" in bad and home.url.startswith("sqlite"):
        pytest.skip("SQLite does not limit it")
    petition = await opened_petition(ports)
    asked = [request(petition, f"m{number}") for number in range(40)]
    asked[17] = replace(asked[17], **bad)

    results = await asyncio.gather(*map(ports.signatures.sign, asked))

    assert results[17] == NotTaken(busy=False)
    numbers = sorted(each.signature.number for each in results if isinstance(each, Signed))
    assert numbers == list(range(1, 40))
    assert (await ports.tally.totals(petition.id)).counted == 39


async def test_a_crowd_larger_than_a_batch_is_numbered_without_a_gap(ports):
    petition = await opened_petition(ports)
    asked = [request(petition, f"m{number}") for number in range(2 * LARGEST + 120)]

    results = await asyncio.gather(*map(ports.signatures.sign, asked))

    assert sorted(each.signature.number for each in results) == list(range(1, 2 * LARGEST + 121))


async def test_when_too_many_wait_people_are_told_to_try_again(ports, monkeypatch):
    monkeypatch.setattr(intake, "WAITING", 10)
    petition = await opened_petition(ports)
    asked = [request(petition, f"m{number}") for number in range(25)]

    results = await asyncio.gather(*map(ports.signatures.sign, asked))

    assert Counter(map(type, results)) == {Signed: 10, NotTaken: 15}
    assert results[-1] == NotTaken(busy=True)
    assert isinstance(await ports.signatures.sign(asked[-1]), Signed)


async def test_whoever_goes_away_while_waiting_is_counted_all_the_same(ports):
    petition = await opened_petition(ports)
    gone = asyncio.create_task(ports.signatures.sign(request(petition, "ana")))
    stays = asyncio.create_task(ports.signatures.sign(request(petition, "ben")))
    await asyncio.sleep(0)
    gone.cancel()

    assert isinstance(await stays, Signed)
    assert (await ports.tally.totals(petition.id)).counted == 1 + len(
        await ports.signatures.of(member("ana"))
    )


async def test_closing_the_storage_writes_what_waits(home):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        waiting = [asyncio.create_task(ports.signatures.sign(request(petition, f"m{n}"))) for n in range(30)]
        await asyncio.sleep(0)
    results = await asyncio.gather(*waiting)

    assert all(isinstance(result, Signed) for result in results)
    assert await ports.signatures.sign(request(petition, "late")) == NotTaken(busy=True)
    async with home.ports() as ports:
        assert (await ports.tally.totals(petition.id)).counted == 30


async def test_petitions_are_numbered_apart(ports):
    park = await opened_petition(ports)
    pool = await opened_petition(ports, replace(PARK, slug="pool"))
    asked = [request(each, f"m{number}") for number in range(10) for each in (park, pool)]

    results = await asyncio.gather(*map(ports.signatures.sign, asked))

    assert [each.signature.number for each in results] == [n for n in range(1, 11) for _ in range(2)]


async def test_one_account_signs_several_petitions_and_sees_them_oldest_first(ports, clock):
    contents = [replace(PARK, slug=f"p{number}") for number in range(3)]
    petitions = [await opened_petition(ports, content) for content in contents]
    for petition in reversed(petitions):
        await signed(ports, petition)
        clock.move(DAY)

    assert [each.petition_id for each in await ports.signatures.of(member())] == [
        petition.id for petition in reversed(petitions)
    ]


async def test_a_code_finds_the_signature_however_it_is_written_down(ports):
    petition = await opened_petition(ports)
    receipt = await signed(ports, petition)
    spoken = receipt.code.lower().replace("0", "o").replace("1", "l")

    for written in (receipt.code, f" {spoken[:4]}-{spoken[4:8]} {spoken[8:]} "):
        bare = await ports.signatures.by_code(written)
        assert bare == replace(receipt, identity=None, context=None)
    assert await ports.signatures.by_code("0000000000000") is None
    assert await ports.signatures.by_code("ñ😀") is None


async def test_nobody_else_can_get_my_signature(ports):
    petition = await opened_petition(ports)
    receipt = await signed(ports, petition, "ana")

    assert await ports.signatures.get(receipt.form, member("ben")) is None
    assert await ports.signatures.get(receipt.form, Account("discord", member("ana").user_id)) is None
    assert await ports.signatures.get("nothing", member("ana")) is None


async def test_signers_are_listed_only_if_everyone_may_see_them(ports):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana", reach=Reach.EVERYONE)
    await signed(ports, petition, "ben", reach=Reach.ADDRESSEE)
    await signed(ports, petition, "cleo", reach=Reach.EVERYONE)
    gone = await signed(ports, petition, "dora", reach=Reach.EVERYONE)
    await ports.signatures.withdraw(gone.form)
    await signed(ports, petition, "eve", reach=Reach.EVERYONE)

    assert await ports.signatures.public(petition.id, limit=2) == [
        (1, Identity("Ana")),
        (3, Identity("Cleo")),
    ]
    assert await ports.signatures.public(petition.id, after=3) == [(5, Identity("Eve"))]


async def test_signers_can_be_listed_up_to_a_day(ports, clock):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana", reach=Reach.EVERYONE)
    clock.move(DAY)
    await signed(ports, petition, "ben", reach=Reach.EVERYONE)

    listed = await ports.signatures.public(petition.id, before=clock().date())

    assert listed == [(1, Identity("Ana"))]

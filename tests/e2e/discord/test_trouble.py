"""What goes wrong between Discord and us, and what members see of it: an answer, always."""

import asyncio
import gc
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from adapters.discord.adapter import Discord
from adapters.discord.answering import InteractionAnswer
from adapters.discord.patience import Patience
from bot.answer import Page
from bot.commands import COMMANDS
from bot.core import Plan
from bot.document import Heading
from bot.errors import UndersignedError
from bot.settings import DiscordSettings
from bot.words import chat
from bot.words.catalog import Words
from tests.e2e.discord.house import LIBRARY, SPANISH, NothingGoesOut, Undersigned, read, sign
from tests.logs import capture_logs
from tests.wire.discord import DiscordServer

EN = Words("en")
IMPATIENT = Patience(answer=0.05, form=0.05)


class Slowly:
    """A port whose calls wait for `go`, and say by `called` that they do."""

    def __init__(self, port):
        self._port, self.called, self.go = port, asyncio.Event(), asyncio.Event()

    def __getattr__(self, name):
        async def call(*given, **named):
            self.called.set()
            await self.go.wait()
            return await getattr(self._port, name)(*given, **named)

        return call


class Broken:
    """A port whose calls fail, with a text that must not reach a log."""

    def __getattr__(self, name):
        async def call(*_, **__):
            raise RuntimeError("Ana López was here")

        return call


@dataclass
class Saying:
    """A core that answers everything with one page, or not at all."""

    page: Page | None = None
    specs = COMMANDS
    outbox = NothingGoesOut()

    def plan(self, _):
        return Plan()

    async def handle(self, _, answer):
        if self.page:
            await answer.show(self.page)


@pytest.fixture
async def log():
    with capture_logs() as lines:
        yield lines


def said(log, event):
    return [line for line in log if line["event"] == event]


def incidents(log):
    """What went wrong with members' events; the outbox has its own."""
    return [line for line in said(log, "incident") if line["event_kind"] not in {"Outbox", "Schedule"}]


@pytest.mark.parametrize("lose", ["drop", "reconnect"])
async def test_a_lost_gateway_resumes_and_what_was_sent_meanwhile_is_answered(
    house, library, ana, channel, server, lose
):
    form = await ana.command(channel, "sign")
    getattr(server.gateway, lose)()
    receipt = await ana.submit(form)
    assert EN(chat.RECEIPT_TITLE) in receipt.text
    assert (server.gateway.identified, server.gateway.resumed) == (1, 1)
    assert await house.counted(library) == 1


async def test_an_invalid_session_identifies_again(house, library, ana, channel, server):
    server.gateway.invalidate()
    await server.identified(2)
    assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text


async def test_a_rate_limited_answer_comes_a_little_later(house, library, ana, channel, server):
    limit = server.faults.rate_limit("create_interaction_response", 0.05, times=2)
    assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text
    assert limit.suffered == 2


async def test_a_rate_limit_by_what_stands_before_discord_is_waited_out_too(
    house, library, ana, channel, server
):
    limit = server.faults.rate_limit("create_interaction_response", 0.05, via=False)
    assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text
    assert limit.suffered == 1


async def test_an_error_before_the_work_is_tried_again(house, library, ana, channel, server):
    form = await ana.command(channel, "sign")
    server.faults.fail("create_interaction_response", 503)
    assert EN(chat.RECEIPT_TITLE) in (await ana.submit(form)).text


@pytest.mark.parametrize("fault", ["fail", "drop"])
async def test_a_failure_after_the_work_leaves_one_answer_and_one_line(stored, ana, channel, server, fault):
    with capture_logs() as log:
        async with stored.served():
            library = await stored.opened()
            form = await ana.command(channel, "sign")
            getattr(server.faults, fault)("create_interaction_response", after=True)
            receipt = await ana.submit(form)
    assert EN(chat.RECEIPT_TITLE) in receipt.text
    assert len(receipt.messages) == 1
    assert len(said(log, "answered before")) == 1
    assert not said(log, "incident")
    assert await stored.counted(library) == 1


async def test_a_broken_connection_is_no_reason_for_silence(house, library, ana, channel, server):
    server.faults.drop("create_interaction_response", times=2)
    assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text


async def test_a_form_whose_sending_failed_after_the_work_can_be_sent(house, library, ana, channel, server):
    server.faults.fail("create_interaction_response", 502, after=True)
    assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text


async def test_an_answer_that_comes_too_late_is_one_line(house, library, ana, channel, server, log):
    server.faults.fail("create_interaction_response", 404, 10062)
    server.patience = 0.1
    with pytest.raises(AssertionError, match="did not respond"):
        await ana.command(channel, "sign")
    assert [line["gone"] for line in log] == ["interaction"]
    assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text


async def test_what_was_signed_but_could_not_be_told_is_told_the_next_time(
    house, library, ana, channel, server
):
    form = await ana.command(channel, "sign")
    server.faults.fail("create_interaction_response", 404, 10062)
    server.patience = 0.1
    with pytest.raises(AssertionError, match="did not respond"):
        await ana.submit(form)
    server.patience = 10
    assert EN(chat.ALREADY_SIGNED) in read(await ana.command(channel, "sign"))


async def test_a_channel_that_is_gone_breaks_nothing(house, library, ana, channel, server):
    form = await ana.command(channel, "sign")
    server.faults.fail("create_interaction_response", 404, 10003)
    server.patience = 0.1
    with capture_logs() as log, pytest.raises(AssertionError):
        await ana.submit(form)
    assert [line["gone"] for line in log] == ["channel"]


# ------------------------------------------------------------------------------------------------- slow and broken


async def test_a_slow_answer_is_announced_and_then_comes(stored, channel, ana):
    stored.patience = IMPATIENT
    slow = Slowly(stored.ports.tally)
    async with stored.served(ports=replace(stored.ports, tally=slow)):
        await stored.opened()
        card = await ana.command(channel, "petition")
        assert card.loading
        assert card.ephemeral
        slow.go.set()
        await card.settled()
        assert "Save the library" in card.text
        assert card.ephemeral
        assert len(card.messages) == 1


async def test_a_slow_answer_to_a_button_of_ones_own_takes_its_place(stored, channel, ana):
    stored.patience = IMPATIENT
    slow = Slowly(stored.ports.tally)
    async with stored.served(ports=replace(stored.ports, tally=slow)):
        await stored.opened()
        await stored.opened(replace(LIBRARY, slug="park", texts=(SPANISH,)))
        choice = await ana.command(channel, "totals")
        answer = await ana.press(choice, "Save the library")
        assert answer.loading
        slow.go.set()
        await answer.settled()
        assert answer.messages == choice.messages


async def test_a_slow_answer_to_a_public_button_is_private(stored, channel, ana, moderator, server):
    async with stored.served():
        await stored.opened()
        await moderator.press(await moderator.command(channel, "petition"), "Post here")
    (public,) = server.messages(channel)
    stored.patience = IMPATIENT
    slow = Slowly(stored.ports.petitions)
    async with stored.served(ports=replace(stored.ports, petitions=slow)):
        letter = await ana.press(public, "Read the letter")
        assert letter.loading
        slow.go.set()
        await letter.settled()
        assert letter.ephemeral
        assert "keep the library" in letter.text
        assert server.messages(channel) == [public]


async def test_a_slow_public_post_is_public_in_the_end(stored, channel, moderator, server):
    async with stored.served():
        await stored.opened()
        card = await moderator.command(channel, "petition")
    stored.patience = IMPATIENT
    slow = Slowly(stored.ports.tally)
    async with stored.served(ports=replace(stored.ports, tally=slow)):
        posted = await moderator.press(card, "Post here")
        assert server.messages(channel) == []
        slow.go.set()
        await posted.settled()
        await server.until(lambda: server.messages(channel))
        assert "Save the library" in server.messages(channel)[0].text


async def test_a_form_that_can_no_longer_be_opened_asks_to_try_again(stored, channel, ana):
    stored.patience = IMPATIENT
    slow = Slowly(stored.ports.petitions)
    async with stored.served(ports=replace(stored.ports, petitions=slow)):
        await stored.opened()
        answer = await ana.command(channel, "sign")
        assert answer.loading
        slow.go.set()
        await answer.settled()
        assert EN(chat.BUSY) in read(answer)
        assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text


async def test_a_failure_is_apologised_for_with_the_code_that_the_log_has(stored, channel, ana, log):
    async with stored.served(ports=replace(stored.ports, petitions=Broken())):
        answer = await ana.command(channel, "petition")
    (incident,) = incidents(log)
    assert answer.ephemeral
    assert EN(chat.APOLOGY, incident=incident["incident"]) in read(answer)
    assert "Ana" not in str(log)


@pytest.mark.parametrize("page", [Page((Heading(None),)), None])
async def test_what_cannot_be_shown_and_what_nobody_answers_is_apologised_for_too(
    stored, channel, ana, log, page
):
    async with stored.served(core=Saying(page)):
        answer = await ana.command(channel, "petition")
    (incident,) = incidents(log)
    assert answer.ephemeral
    assert EN(chat.APOLOGY, incident=incident["incident"]) == answer.text


async def test_suggestions_that_fail_are_none(stored, channel, ana, log):
    async with stored.served(ports=replace(stored.ports, petitions=Broken())):
        assert await ana.autocomplete(channel, "sign", "which", "l") == []
    assert len(incidents(log)) == 1


# -------------------------------------------------------------------------------------------------- start and stop


async def test_answers_under_way_are_finished_before_leaving(stored, channel, ana, server):
    async with stored.served():
        library = await stored.opened()
        form = await ana.command(channel, "sign")
    slow = Slowly(stored.ports.signatures)
    async with stored.served(ports=replace(stored.ports, signatures=slow)):
        sent = asyncio.create_task(ana.submit(form))
        await slow.called.wait()
        stored.task.cancel()
        await server.until(lambda: not server.gateway.live)
        slow.go.set()
        assert EN(chat.RECEIPT_TITLE) in (await (await sent).settled()).text
    assert await stored.counted(library) == 1


async def test_a_refused_token_is_one_line_without_the_token(server):
    refused = Discord(DiscordSettings(token="not.the-real.token", api_url=server.api_url))
    with pytest.raises(UndersignedError, match=r"does not know this token \(discord.token\)") as told:
        await refused.run(None)
    assert "real" not in str(told.value)
    assert "\n" not in str(told.value)


async def test_a_discord_that_is_down_at_the_start_is_tried_again(tmp_path, log):
    async with DiscordServer() as server:
        channel = server.guild("G").channel("general")
        ana = server.guilds[0].member("Ana")
        await server.stop()
        patience = Patience(first_pause=0.01, longest_pause=0.02)
        async with (
            Undersigned(server, tmp_path, patience=patience).stored() as house,
            house.served(wait=False),
        ):
            async with asyncio.timeout(10):
                while not said(log, "connection lost"):  # noqa: ASYNC110 - a log has no event to wait for
                    await asyncio.sleep(0)
            await server.start()
            await house.connected()
            await house.opened()
            assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text


@pytest.mark.parametrize("told", ["by the gateway", "when it identifies again"])
async def test_a_token_that_is_withdrawn_meanwhile_ends_it(stored, channel, server, told):
    async with stored.served():
        server.token = "another"
        if told == "by the gateway":
            await server.gateway.live[0].wire.ws.close(code=4004)
        else:
            server.gateway.invalidate()
        with pytest.raises(UndersignedError, match="does not know this token"):
            await stored.task


async def test_commands_are_registered_only_when_they_changed(stored, channel, server):
    for times in (1, 2):
        async with stored.served():
            await server.called("list_application_commands", times)
    assert len(server.calls_of("bulk_set_application_commands")) == 1
    server.commands["sign"]["description"] = "Something else"
    async with stored.served():
        await server.called("bulk_set_application_commands", 2)
    assert server.commands["sign"]["description"] == EN(chat.SIGN_COMMAND)


async def test_commands_are_described_for_servers_and_people_alike(house, server):
    for command in server.commands.values():
        for_all = command["default_member_permissions"] is None
        assert command["integration_types"] == ([0, 1] if for_all else [0])
        assert command["contexts"] == [0, 1, 2] or not for_all
    languages = set(server.commands["sign"]["description_localizations"])
    assert ("es" in Words("es").language) == ({"es-ES", "es-419"} <= languages)


async def test_without_commands_registered_members_are_still_served(stored, channel, ana, server, log):
    async with stored.served():
        await stored.opened()
    server.commands["sign"]["description"] = "Something else"
    server.faults.fail("bulk_set_application_commands", 400, 50035, times=None)
    async with stored.served():
        assert EN(chat.RECEIPT_TITLE) in (await sign(ana, channel)).text
        await server.until(lambda: said(log, "commands not registered"))


async def test_nothing_privileged_is_asked_for(house, server):
    assert [session.intents for session in server.gateway.live] == [0]


async def test_forms_that_are_never_sent_leave_nothing_behind(house, library, ana, channel):
    before = {id(each) for each in shown()}
    for _ in range(30):
        await ana.command(channel, "sign")
        await ana.command(channel, "petition")
    kept = [each for each in shown() if id(each) not in before]
    assert len(kept) <= 1  # the last answer has reached the member, and perhaps not yet ended


def shown():
    """Every answer that anything still holds; a test that failed before holds its own."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, InteractionAnswer)]

"""Communities that follow a petition on Telegram, and how the outbox is hurried there."""

import asyncio
from datetime import timedelta

from bot.model.account import Account, Place, PlaceKind
from bot.model.community import Kind, Telling, Voice, Wishes
from tests.e2e.telegram.house import Undersigned
from tests.wire.telegram import Member, Message, TelegramServer, Topic

PATIENCE = 20
"""Seconds to wait for an organiser's next page: where they pass, processes are under load."""
NEXT_EDIT = timedelta(seconds=11)
"""After so long a board in a group may be edited again."""


def account(member: Member) -> Account:
    return Account("telegram", str(member.id))


def place_of(chat, topic: Topic | None = None) -> Place:
    kind = PlaceKind.CHANNEL if chat.type == "channel" else PlaceKind.GROUP
    number = f"{chat.id}/{topic.id}" if topic else str(chat.id)
    return Place("telegram", number, kind, chat.title, discreet=False)


async def moderated(server: TelegramServer, title: str, **what):
    """A group, and who moderates it."""
    moderator = server.member(f"Mo of {title}")
    group = server.group(title, supergroup=True, **what)
    await group.promote(moderator)
    return group, moderator


async def following(house: Undersigned, petition, chat, topic: Topic | None = None, **wishes):
    """A community that follows; its board comes in a moment."""
    return await house.ports.follows.follow(place_of(chat, topic), petition.id, "en", Wishes(**wishes))


def boards(chat) -> list[Message]:
    """What leads to signing."""
    return [
        message for message in chat.from_bot if any("start=go_" in (b.url or "") for b in message.buttons)
    ]


async def board_of(chat, within: float = 10) -> Message:
    return await chat.until(lambda its: next(iter(boards(its)), None), within)


async def says(chat, words: str, within: float = 15) -> Message:
    """The bot's first message in the chat that says so, once there is one."""
    return await chat.until(
        lambda its: next((one for one in its.from_bot if words in one.text), None), within
    )


async def later(house: Undersigned, by: timedelta = NEXT_EDIT) -> None:
    """Let time pass for the outbox."""
    house.ahead += by
    house.core.outbox.ring()


async def until(look, within: float = 20):
    """The first true value of `look()`, which asks the database, and that tells nobody when it changes."""
    async with asyncio.timeout(within):
        while not (found := await look()):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)
        return found


async def over(house: Undersigned, announcement: int, within: float = 30):
    """Wait until nothing of an announcement is on its way any more; how many are in which state."""

    async def done():
        fanout = await house.ports.outbox.fanout(announcement)
        return fanout.spread and not fanout.waiting and fanout

    return dict((await until(done, within)).counts)


def posts(chat, words: str) -> list[Message]:
    """What was posted there that says so: a preview says it too, but leads nowhere."""
    return [
        message
        for message in chat.from_bot
        if words in message.text and any(button.url for button in message.buttons)
    ]


def times(chats, words: str) -> list[int]:
    """How often each was told so."""
    return [len(posts(chat, words)) for chat in chats]


async def tell(house: Undersigned, petition, words: str) -> int:
    """Tell everybody, in the organisers' name; the number of the announcement."""
    number = await house.ports.outbox.announce(Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text=words))
    house.core.outbox.ring()
    return number


async def newest(member: Member, label: str, saying: str = "") -> Message:
    """The newest message in the private chat, once it says so and has this button."""

    def look(chat):
        message = chat.from_bot[-1]
        return saying in message.text and any(each.text == label for each in message.buttons) and message

    return await member.until(look, PATIENCE)


async def proposed(organiser: Member, words: str) -> Message:
    """What an organiser is shown of an announcement to everybody, before they send it."""

    async def press(message, label):
        await organiser.press(message, label, within=PATIENCE)

    await press(await organiser.ask("/announce", within=PATIENCE), "Write to every community")
    form = await newest(organiser, "Write the text")
    await press(form, "Write the text")
    await form.chat.until(lambda _: [each.text for each in form.buttons] == ["Back"], PATIENCE)
    question = await organiser.until(
        lambda chat: chat.from_bot[-1].force_reply and chat.from_bot[-1], PATIENCE
    )
    await organiser.reply(question, words)
    await press(await newest(organiser, "See it first", words), "See it first")
    return await newest(organiser, "Yes, send it", words)

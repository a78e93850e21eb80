"""Communities that follow a petition on Telegram, and how the outbox is hurried there."""

import asyncio
from datetime import timedelta

from bot.model.account import Account, Place, PlaceKind
from bot.model.community import Wishes
from tests.e2e.telegram.house import Undersigned
from tests.wire.telegram import Member, Message, TelegramServer, Topic

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

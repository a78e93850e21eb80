"""Looking at the chats that follow a petition: whether the bot may still do there what it is for."""

from collections.abc import Collection, Iterator, Sequence

from adapters.telegram.methods import Chat
from adapters.telegram.permissions import Right, permissions
from adapters.telegram.questions import Questions
from bot.errors import UndersignedError
from bot.model.account import Place
from bot.ports import Finding, Level

MOST = 100
"""Places that are looked at, two requests a chat."""
NEEDED = (Right.POST, Right.PICTURES)
LATER = "Try again in a few minutes"

Rights = frozenset[Right] | None


class Survey:
    """Asks Telegram of chats, of each once. `me` is the bot's own number."""

    def __init__(self, questions: Questions, me: int) -> None:
        self._questions, self._me = questions, me
        self._known: dict[int, Rights] = {}

    async def look(self, places: Sequence[Place], pinned: Collection[Place]) -> list[Finding]:
        """What is wrong in these places, or that all is well; in `pinned` ones the board is to be pinned."""
        looked_at = places[:MOST]
        try:
            rights = [await self._rights(place) for place in looked_at]
        except UndersignedError:
            return [Finding(Level.WARNING, "Telegram: the chats that follow can't be looked at now.", LATER)]
        pairs = list(zip(looked_at, rights, strict=True))
        wrong = [one for place, its in pairs for one in _wrong(place, its, pin=place in pinned)]
        if looked_at and not wrong:
            wrong = [Finding(Level.OK, "Telegram: the bot may post in every chat that follows.")]
        if len(places) > MOST:
            more = f"Telegram: {MOST} of {len(places)} chats that follow were looked at."
            wrong.append(Finding(Level.OK, more))
        return [*wrong, *_in_sight([place for place, its in pairs if its and Right.DELETE not in its])]

    async def _rights(self, place: Place) -> Rights:
        number = Chat.at(place.place_id).id
        if number not in self._known:
            chat = await self._questions.look("getChat", number)
            me = chat and await self._questions.look("getChatMember", number, user_id=self._me)
            self._known[number] = permissions(chat, me) if chat and me else None
        return self._known[number]


def _wrong(place: Place, rights: Rights, *, pin: bool) -> Iterator[Finding]:
    name = place.name or place.place_id
    if rights is None:
        yield Finding(
            Level.WARNING,
            f"Telegram: {name} follows a petition, and the bot can't get there.",
            "Ask its administrators whether it is still there, and let them add the bot again",
        )
    elif missing := [right for right in (*NEEDED, *([Right.PIN] if pin else [])) if right not in rights]:
        yield Finding(
            Level.WARNING,
            f"Telegram: in {name} the bot may not {', '.join(missing)}.",
            "An administrator gives it that right: in the chat's settings, Administrators, the bot",
        )


def _in_sight(places: Sequence[Place]) -> Iterator[Finding]:
    """Where what is typed by mistake stays: that is worth knowing, and no fault."""
    names = dict.fromkeys(place.name or place.place_id for place in places)
    if names:
        yield Finding(
            Level.OK,
            f"Telegram: where the bot may not delete messages, /sign stays in sight: {', '.join(names)}.",
            "Its administrators may make the bot one of them, with the right to delete messages",
        )

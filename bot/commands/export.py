"""/export: the list of signers as a file, to the organiser who asks alone. Told to all organisers."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct

from bot import choosing
from bot.answer import Button, Choice
from bot.commands.petition import WHICH
from bot.commands.spec import Action, Argument, CommandSpec, Suggester
from bot.document import Block, heading
from bot.export.request import Audience, Format, Request, RequestRefused
from bot.house import ChatExports
from bot.model.petition import Petition, State
from bot.model.signature import Status
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import exporting as said
from bot.words.catalog import Message, Plural

E = TypeVar("E", bound=StrEnum)
LISTS: Mapping[Audience | Status, Plural] = MappingProxyType(
    {
        Audience.ORGANISERS: said.LIST_FOR_ORGANISERS,
        Audience.ADDRESSEE: said.LIST_FOR_ADDRESSEE,
        Audience.PUBLIC: said.LIST_FOR_PUBLIC,
        Status.HELD: said.LIST_HELD,
        Status.WITHDRAWN: said.LIST_WITHDRAWN,
        Status.STRUCK: said.LIST_STRUCK,
    }
)
"""What a list holds: of counted signatures by its readers, of others by their status."""
BUTTONS: Mapping[Audience | Status, Message] = MappingProxyType(
    {
        Audience.ORGANISERS: said.FOR_ORGANISERS_BUTTON,
        Audience.ADDRESSEE: said.FOR_ADDRESSEE_BUTTON,
        Audience.PUBLIC: said.FOR_PUBLIC_BUTTON,
        Status.HELD: said.HELD_BUTTON,
        Status.WITHDRAWN: said.WITHDRAWN_BUTTON,
        Status.STRUCK: said.STRUCK_BUTTON,
    }
)


class Wish(Struct, frozen=True):
    """What was asked for, as far as it was said. `unknown` is a word that says nothing here."""

    form: Format | None = None
    audience: Audience | None = None
    status: Status = Status.COUNTED
    unknown: str = ""

    @property
    def readers(self) -> Audience:
        """For whom, if that is not said: a pdf is what is handed over, the rest is for organisers."""
        return self.audience or (Audience.ADDRESSEE if self.form is Format.PDF else Audience.ORGANISERS)

    @property
    def list(self) -> Audience | Status:
        """Which of the lists."""
        return self.readers if self.status is Status.COUNTED else self.status

    def request(self, form: Format) -> Request:
        """Raises RequestRefused."""
        return Request(form, self.readers, self.status)


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    which, wish = _understood(arguments)
    petition = await choosing.choose(turn, which, "export", fits=lambda _: True)
    if petition is not None:
        await _begin(turn, petition, wish)


def _understood(arguments: Mapping[str, str]) -> tuple[str, Wish]:
    """Each word by what it says, wherever it was put: on some platforms they are typed one after the other."""
    given = {name: value.strip() for name, value in arguments.items() if value.strip()}
    words = {name: value.casefold() for name, value in given.items()}
    form, audience = _first(Format, words.values()), _first(Audience, words.values())
    status = _first(Status, words.values())
    known = {form, audience, status}
    unknown = next((given[name] for name in words if name != "which" and words[name] not in known), "")
    which = "" if words.get("which") in known else given.get("which", "")
    return which, Wish(form, audience, status or Status.COUNTED, unknown)


def _first(kind: type[E], words: Iterable[str]) -> E | None:
    return next((kind(word) for word in words if word in set(kind)), None)


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    """A list was chosen, or a list and a format: its petition's key, then those words."""
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        _, wish = _understood({str(at): word for at, word in enumerate(arguments[1:])})
        await _begin(turn, petition, wish)


async def _begin(turn: Turn, petition: Petition, wish: Wish) -> None:
    key = await turn.ports.organisers.key(turn.account)
    if turn.house.chat_exports is ChatExports.OFF:
        await turn.say_instead(said.EXPORT_OFF, slug=petition.slug)
    elif turn.house.chat_exports is ChatExports.ENCRYPTED and key is None:
        await turn.say_instead(said.EXPORT_NEEDS_KEY)
    elif wish.unknown:
        await _offer(turn, petition, wish, turn.t.paragraph(said.EXPORT_UNKNOWN, word=wish.unknown[:20]))
    elif wish.form is None:
        await _offer(turn, petition, wish)
    else:
        await _hand_out(turn, petition, wish, wish.form, key)


async def _hand_out(turn: Turn, petition: Petition, wish: Wish, form: Format, key: str | None) -> None:
    from bot import exporting  # noqa: PLC0415  for those who export

    try:
        request = wish.request(form)
    except RequestRefused:
        wrong = said.EXPORT_NO_PDF if wish.status is Status.COUNTED else said.EXPORT_NOT_COUNTED
        await _offer(turn, petition, Wish(status=wish.status), turn.t.paragraph(wrong))
    else:
        await exporting.hand_out(turn, petition, request, key)


async def _offer(turn: Turn, petition: Petition, wish: Wish, *lead: Block) -> None:
    """One list and its formats, and the way to the others."""
    from bot import exporting  # noqa: PLC0415  for those who export

    t, forms = turn.t, _forms(wish)
    shown = Wish(None, wish.audience, wish.status)
    try:
        shown.request(forms[0])
    except RequestRefused:  # held ones for the addressee, say: show what there is instead
        shown = Wish(status=wish.status)
    rows = await exporting.expected(turn, petition, shown.request(_forms(shown)[0]))
    blocks = (
        heading(t(said.EXPORT_TITLE, title=petition.text(t.locale).title)),
        *lead,
        t.paragraph(LISTS[shown.list], count=rows),
        *_erased(turn, petition, shown),
        t.aside(said.EXPORT_TOLD),
    )
    buttons = [[_format_button(petition, shown, form) for form in _forms(shown)]]
    buttons += [[_list_button(turn, petition, other)] for other in await _others(turn, petition, shown)]
    await turn.answer.replace(turn.page(*blocks, buttons=buttons))


def _erased(turn: Turn, petition: Petition, shown: Wish) -> Iterable[Block]:
    """Once somebody may have been erased who is still counted, the list may name fewer."""
    delivered = petition.state(turn.now) is State.DELIVERED
    if shown.list in (Audience.ADDRESSEE, Audience.PUBLIC) and (delivered or petition.anonymised):
        yield turn.t.paragraph(said.LIST_WITHOUT_ERASED)


def _forms(wish: Wish) -> Sequence[Format]:
    """In which formats a list comes: the packet is for those whom it is handed to."""
    lists = (Format.CSV, Format.XLSX, Format.JSONL)
    return lists if wish.readers is Audience.ORGANISERS else (Format.PDF, *lists)


async def _others(turn: Turn, petition: Petition, shown: Wish) -> list[Audience | Status]:
    """The other lists; of those that are not counted the ones that hold anything."""
    totals = await turn.ports.tally.totals(petition.id, live=True)
    apart = [status for status in Status if status is not Status.COUNTED and getattr(totals, status.value)]
    return [one for one in (*Audience, *apart) if one is not shown.list]


def _format_button(petition: Petition, shown: Wish, form: Format) -> Button:
    return Button(
        form.value, token("export", petition.key, form.value, shown.readers.value, shown.status.value)
    )


def _list_button(turn: Turn, petition: Petition, other: Audience | Status) -> Button:
    return Button(turn.t(BUTTONS[other]), token("export", petition.key, other.value))


def _suggesting(words: Iterable[str]) -> Suggester:
    offered = [Choice(word, word) for word in words]

    async def suggest(_: Turn, partial: str) -> Sequence[Choice]:
        return [one for one in offered if one.value.startswith(partial.strip().casefold())]

    return suggest


SPEC = CommandSpec(
    "export",
    said.EXPORT_COMMAND,
    run,
    (
        WHICH,
        Argument("format", said.FORMAT_ARGUMENT, suggest=_suggesting(Format)),
        Argument("for", said.FOR_ARGUMENT, suggest=_suggesting(Audience)),
        Argument("status", said.STATUS_ARGUMENT, suggest=_suggesting(Status)),
    ),
    role=Role.ORGANISER,
    slow=True,
    actions={"export": Action(_pressed, role=Role.ORGANISER, slow=True)},
)

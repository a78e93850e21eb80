"""Who may do what, tried on a whole Undersigned: every command and every button of the specs, by whoever may not.

The world in which they try has things that nobody but organisers may know. Whatever comes back is searched for them,
and the database is compared with what it was.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from bot.asking import FORMS
from bot.commands import COMMANDS
from bot.commands.spec import CommandSpec
from bot.model.account import Account, Place, PlaceKind
from bot.model.community import Wishes
from bot.model.petition import Content, Petition, Reach, Text
from bot.model.signature import Identity, SignRequest
from bot.roles import Role
from bot.tokens import Token, random_id
from bot.words import chat
from bot.words.catalog import Words
from tests.e2e.campaign import Campaign
from tests.e2e.ground import ask

EN = Words("en")
ONLY_ORGANISERS, ONLY_MODERATORS = EN(chat.NOT_ALLOWED_ORGANISER), EN(chat.NOT_ALLOWED_MODERATOR)
OUT_OF_DATE = EN(chat.UNKNOWN_BUTTON)
PAGE = "Salvage\n\nTo: The town\nFrom: [Your Name]\n\nPlease keep it.\n"
FORM_KEYS = ("text", "page", "who", "reason", "name", "comment")
"""The fields of all forms."""
REFUSALS, IN_PRIVATE = (ONLY_ORGANISERS, ONLY_MODERATORS), EN(chat.IN_PRIVATE)
SORRY = EN(chat.APOLOGY, incident="").split("{")[0][:20]
WANT_TO_BE_TOLD = 77
NAMES = {"Zaphodina", "Trillian", "whale-comment"}
HIDDEN = (*NAMES, "Salamander", "Elsewhere Society", str(WANT_TO_BE_TOLD))
"""Names of those who did not want to be seen, a comment, a draft, another community, a count for organisers."""
SALAMANDER = Content(
    "salamander", (Text("en", "Salamander", "The forest", "It is wet.", "Let it be.", "Kept."),)
)
WORDS = {"which": "library", "code": "MQ09K-CW506-Y2S", "text": "Hello", "key": "none", "format": "csv"}
WORDS |= {"for": "organisers", "status": "counted"}
LASTING = (
    *("petition", "text_version", "signature", "totals", "counter", "organiser", "claim", "audit"),
    *("announcement", "follow", "notice"),
)
"""Tables in which nothing may have changed."""

GOING_OUT = ("announcement",)
"""Tables whose rows move by themselves."""


@dataclass(frozen=True)
class Scene:
    """What there is to be known, and to be spoilt."""

    petition: Petition
    draft: Petition
    form: str
    code: str
    follow: int

    def spoils(self) -> tuple[str, ...]:
        """What a token may be forged with."""
        return (self.petition.key, self.draft.key, self.form, self.code, str(self.follow))


async def staged(undersigned: Campaign, elsewhere: Place) -> Scene:
    """An open petition with signers, a draft, people who want to be told, and a community that waits elsewhere."""
    petition = await undersigned.opened(replace(undersigned.library, ask=None))
    draft = await undersigned.ports.petitions.add(SALAMANDER)
    follow = await undersigned.ports.follows.follow(elsewhere, petition.id, "en", Wishes(), waiting=True)
    mine = await _signed(undersigned, petition, "Zaphodina Beeblebrox", Reach.ORGANISERS)
    await _signed(undersigned, petition, "Trillian McMillan", Reach.ADDRESSEE)
    curious = (Account(undersigned.accounts_of, f"8000{number}") for number in range(WANT_TO_BE_TOLD))
    await asyncio.gather(*(undersigned.ports.notices.ask(each, petition.id, "en") for each in curious))
    return Scene(petition, draft, mine.form, mine.code, follow.id)


async def _signed(undersigned: Campaign, petition: Petition, name: str, reach: Reach):
    request = SignRequest(
        petition_id=petition.id,
        account=Account(undersigned.accounts_of, f"9000{random_id()}"),
        form=random_id(),
        text_version=petition.content.texts[0].version,
        identity=Identity(name, "whale-comment"),
        reach=reach,
        language="en",
    )
    return (await undersigned.ports.signatures.sign(request)).signature


def forbidden(role: Role) -> list[CommandSpec]:
    """The commands that this role may not use."""
    return [spec for spec in COMMANDS if spec.role > role]


def allowed(role: Role) -> list[CommandSpec]:
    """The others."""
    return [spec for spec in COMMANDS if spec.role <= role]


def refusal(role: Role) -> str:
    """What is said to somebody who lacks this role."""
    return ONLY_ORGANISERS if role is Role.ORGANISER else ONLY_MODERATORS


def answer(spec: CommandSpec, kind: PlaceKind) -> str:
    """What somebody who may not is told in a place of this kind, where nobody else sees it."""
    return refusal(spec.role) if kind in spec.places else EN(chat.NOT_HERE, name=spec.name)


def words(spec: CommandSpec) -> dict[str, str]:
    """Something for each argument of a command."""
    return {one.name: WORDS.get(one.name, "1") for one in spec.arguments if not one.file}


def forged(scene: Scene, *, above: Role) -> list[tuple[str, str]]:
    """Tokens of every button that takes a higher role than this, made up; each with what must be said to it."""
    found = []
    for spec in COMMANDS:
        for name, action in spec.actions.items():
            if action.role > above:
                found += [(token, refusal(action.role)) for token in _tokens(name, scene, action.arguments)]
    return found


def forged_forms(scene: Scene) -> list[str]:
    """Tokens of every form but the one that signs, made up with what belongs to others."""
    found = []
    for kind, form in FORMS.items():
        for first in (*scene.spoils(), "new") if kind != "sign" else ():
            for where in ("all", "people", "here", scene.form) if form.arguments > 1 else ("",):
                arguments = (first, where) if where else (first,)
                found.append(str(Token(kind, (*arguments, random_id(8)))))
    return found


def others_buttons(scene: Scene) -> list[str]:
    """Tokens of every button that anybody may press, made up with what belongs to others."""
    mine = [(name, one) for spec in COMMANDS for name, one in spec.actions.items() if one.role is Role.SIGNER]
    return [token for name, one in mine for token in _tokens(name, scene, one.arguments)]


def _tokens(action: str, scene: Scene, arguments: int) -> Iterator[str]:
    rest = ("csv", "organisers", "counted")
    for first in scene.spoils():
        yield str(Token(action, (first, *islice(rest, max(0, arguments - 1)))))


def told(texts: Iterable[str]) -> set[str]:
    """What of the hidden things is in these texts."""
    return {hidden for text in texts for hidden in HIDDEN if re.search(rf"\b{hidden}\b", text)}


def contents(undersigned: Campaign, tables: Iterable[str] = LASTING) -> dict[str, list[tuple]]:
    """What stands in the database."""
    asked = {
        table: f"SELECT {'id' if table in GOING_OUT else '*'} FROM {table}"  # noqa: S608 - our names
        for table in tables
    }
    found = ask(undersigned.folder, *asked.values())
    return {table: sorted(rows, key=repr) for table, rows in zip(asked, found, strict=True)}

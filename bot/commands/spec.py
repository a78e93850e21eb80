"""What a command is: adapters derive registration, descriptions, help and when to defer from it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from msgspec import Struct, field

from bot.answer import Choice
from bot.model.account import PlaceKind
from bot.roles import Role
from bot.turn import Turn
from bot.words.catalog import Message

Handler = Callable[[Turn, Mapping[str, str]], Awaitable[None]]
PressHandler = Callable[[Turn, tuple[str, ...]], Awaitable[None]]
Suggester = Callable[[Turn, str], Awaitable[Sequence[Choice]]]

EVERYWHERE = frozenset(PlaceKind)


class Argument(Struct, frozen=True):
    """One argument of a command; required ones come first. `suggest` answers while it is typed.

    `file`: it is no text but a file, which comes with the event (`Command.attached`).
    """

    name: str
    description: Message
    required: bool = False
    suggest: Suggester | None = None
    file: bool = False


class Action(Struct, frozen=True):
    """What a button does, by the `arguments` that its token has at least.

    `opens_form`: its answer is a form, which some platforms want at once. `private`: as of a command.
    """

    handler: PressHandler
    arguments: int = 1
    role: Role = Role.SIGNER
    private: bool = True
    opens_form: bool = False
    slow: bool = False


class CommandSpec(Struct, frozen=True):
    """One command and the buttons that belong to it, by the action in their tokens.

    `private`: what it answers is between the actor and us, so where an answer can't be shown to the actor
    alone it is not registered, and typed all the same it is answered by a way into the private chat.
    `role_matters`: everyone may use it, and moderators are answered differently.
    """

    name: str
    description: Message
    handler: Handler
    arguments: tuple[Argument, ...] = ()
    places: frozenset[PlaceKind] = EVERYWHERE
    role: Role = Role.SIGNER
    private: bool = True
    opens_form: bool = False
    slow: bool = False
    role_matters: bool = False
    actions: Mapping[str, Action] = field(default_factory=dict)

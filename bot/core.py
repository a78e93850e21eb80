"""The one way in: an event is handed to `Core.handle`, which answers it through the event's answer port."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import asking, incidents, standing
from bot.answer import Answer
from bot.commands import COMMANDS, petition
from bot.commands.spec import Action, CommandSpec
from bot.house import House
from bot.inbound import Browse, Command, Event, Inbound, Membership, Moved, Press, Submit, Suggest, Typed
from bot.later import Later
from bot.limits import Floods, refuses_slow
from bot.outbox import Outbox
from bot.pictures import Pictures
from bot.ports import Clock, Ports
from bot.quiet import said_lately
from bot.retention import Keeper
from bot.roles import Role
from bot.tokens import Token
from bot.turn import Turn
from bot.words import chat
from bot.words.catalog import Message, Value, Words

if TYPE_CHECKING:
    from bot import receiving
else:
    receiving = Later("bot.receiving")


class Plan(Struct, frozen=True):
    """What an adapter must know before the core has answered: whether to wait, and who will see it."""

    private: bool = True
    opens_form: bool = False
    slow: bool = False
    role_matters: bool = False
    """Whether the answer depends on whether the actor moderates; where that costs a question, ask only then."""


class Core:
    """Handles events. It never raises: what goes wrong is logged and answered with an apology."""

    def __init__(self, ports: Ports, house: House, clock: Clock, pictures: Pictures | None = None) -> None:
        self._ports, self._house, self._clock = ports, house, clock
        self.outbox = Outbox(ports, clock, pictures or Pictures())
        self.keeper = Keeper(ports, house, clock)
        self._floods = Floods()
        self.specs: Sequence[CommandSpec] = COMMANDS
        self._commands: Mapping[str, CommandSpec] = {spec.name: spec for spec in COMMANDS}
        self._actions: Mapping[str, Action] = {
            name: action for spec in COMMANDS for name, action in spec.actions.items()
        }

    async def close(self) -> None:
        """Let go of what was started on the way. Whoever asks for something later starts it again."""
        await self.outbox.close()

    def plan(self, event: Event) -> Plan:
        """How the answer to this event will come."""
        if isinstance(event, Command) and (spec := self._commands.get(event.name)):
            role_matters = spec.role_matters or spec.role is not Role.SIGNER
            return Plan(spec.private, spec.opens_form, spec.slow, role_matters)
        if isinstance(event, Press) and (action := self._action(event.token)):
            role_matters = action.role is not Role.SIGNER
            return Plan(opens_form=action.opens_form, slow=action.slow, role_matters=role_matters)
        return Plan()

    async def handle(self, inbound: Inbound, answer: Answer) -> None:
        """Answer one event."""
        t = Words(inbound.locale)
        turn = Turn(inbound, answer, self._ports, self._house, self._clock(), t, self.outbox)
        try:
            if not await self._floods.refuses(turn):
                await self._dispatch(turn)
        except Exception as error:  # noqa: BLE001 - whatever it is, a member must not be left without an answer
            await self._apologise(turn, error)
        if not isinstance(inbound.event, Suggest | Browse):
            self.outbox.ring()

    async def _dispatch(self, turn: Turn) -> None:
        match turn.inbound.event:
            case Command(name, arguments):
                await self._command(turn, name, arguments)
            case Press(written):
                await self._press(turn, written)
            case Submit(written, values):
                await self._submit(turn, written, values)
            case Typed(text):
                await self._typed(turn, text)
            case Browse(partial):
                await petition.browse(turn, partial)
            case Suggest(command, argument, partial):
                await self._suggest(turn, command, argument, partial)
            case Membership(present):
                await standing.membership(turn, present=present)
            case Moved(to):
                await turn.ports.follows.moved(turn.place, to)

    async def _command(self, turn: Turn, name: str, arguments: Mapping[str, str]) -> None:
        spec = self._commands.get(name)
        if turn.place.discreet and not turn.answer.whole_forms:
            await asking.stop_asking(turn)
        if spec is None:
            if turn.place.discreet:  # elsewhere it may well be meant for another bot
                await turn.say(chat.UNKNOWN_COMMAND, name=name[:32])
        elif turn.place.kind not in spec.places:
            await _refuse(turn, chat.NOT_HERE, name=name)
        elif spec.private and not turn.place.discreet:
            await petition.run(turn, {})
        elif await _allowed(turn, spec.role) and not (spec.slow and await refuses_slow(turn, spec.role)):
            await spec.handler(turn, arguments)
            await standing.tell_moderator(turn)

    async def _press(self, turn: Turn, written: str) -> None:
        action, token = self._action(written), Token.parse(written)
        if action is None or token is None or len(token.arguments) < action.arguments:
            await turn.say_instead(chat.UNKNOWN_BUTTON)
        elif action.private and not turn.place.discreet:
            await turn.say(chat.IN_PRIVATE)
        elif await _allowed(turn, action.role) and not (
            action.slow and await refuses_slow(turn, action.role)
        ):
            await action.handler(turn, token.arguments)

    async def _submit(self, turn: Turn, written: str, values: Mapping[str, str]) -> None:
        if turn.place.discreet:
            await asking.submitted(turn, written, values)
        else:
            await turn.say(chat.IN_PRIVATE)

    async def _typed(self, turn: Turn, text: str) -> None:
        """Free text. Where all see the answer it is left alone: it may be meant for anybody."""
        if turn.place.discreet and not (await receiving.typed(turn, text) or await asking.typed(turn, text)):
            await turn.say(chat.SAY_A_COMMAND)

    async def _suggest(self, turn: Turn, command: str, argument: str, partial: str) -> None:
        spec = self._commands.get(command)
        found = next((each for each in spec.arguments if each.name == argument), None) if spec else None
        choices = await found.suggest(turn, partial) if found and found.suggest else ()
        await turn.answer.suggest(choices)

    def _action(self, written: str) -> Action | None:
        token = Token.parse(written)
        return self._actions.get(token.action) if token else None

    async def _apologise(self, turn: Turn, error: Exception) -> None:
        incident = incidents.record(error, turn.inbound)
        try:
            match turn.inbound.event:
                case Suggest():  # while somebody types there is no room for words
                    await turn.answer.suggest(())
                case Browse():
                    await turn.answer.offer(())
                case Membership() | Moved():
                    pass
                case _:
                    await turn.say(chat.APOLOGY, incident=incident)
        except Exception as worse:  # noqa: BLE001 - the platform is out of reach: nothing more can be said
            incidents.record(worse, turn.inbound)


async def _allowed(turn: Turn, role: Role) -> bool:
    if role is Role.SIGNER or await turn.role() >= role:
        return True
    await _refuse(turn, chat.NOT_ALLOWED_ORGANISER if role is Role.ORGANISER else chat.NOT_ALLOWED_MODERATOR)
    return False


async def _refuse(turn: Turn, why: Message, **values: Value) -> None:
    """Say why not. Where all see what answers a command, not over and over."""
    if not isinstance(turn.inbound.event, Command) or not await said_lately(turn, "refusal"):
        await turn.say(why, buttons=(), **values)

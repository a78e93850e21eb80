"""/claim: become an organiser by the one-time code that the set-up printed."""

from collections.abc import Mapping

from bot.commands.spec import Argument, CommandSpec
from bot.model.account import ActorKind
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    code = arguments.get("code", "").strip()
    if turn.actor.kind is not ActorKind.MEMBER:
        await turn.say_instead(chat.MEMBERS_ONLY_CLAIM)
    elif await turn.role() is Role.ORGANISER:
        await turn.say_instead(chat.CLAIM_ALREADY)
    elif not code:
        await turn.say_instead(chat.CLAIM_MISSING)
    elif await turn.ports.organisers.claim(code, turn.account):
        await turn.ports.organisers.actor(turn.account, turn.t.locale)  # what they speak
        await turn.say_instead(chat.CLAIMED)
    else:
        await turn.say_instead(chat.CLAIM_REFUSED)


SPEC = CommandSpec("claim", chat.CLAIM_COMMAND, run, (Argument("code", chat.CLAIM_ARGUMENT, required=True),))

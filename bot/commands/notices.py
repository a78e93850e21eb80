"""*Tell me what happens*: a separate consent to be written to when a petition closes and is delivered."""

from bot import choosing
from bot.answer import Button
from bot.commands.spec import Action
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat


async def _tell(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None and not turn.actor.reachable:
        await turn.say(chat.UNKNOWN_BUTTON)
    elif petition is not None:
        await turn.ports.notices.ask(turn.account, petition.id, turn.t.locale)
        stop = Button(turn.t(chat.TELL_NO_MORE_BUTTON), token("untell", petition.key))
        await turn.say(chat.TOLD, buttons=[[stop]], title=petition.text(turn.t.locale).title)


async def _tell_no_more(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await turn.ports.notices.stop(turn.account, petition.id)
        await turn.say_instead(chat.TOLD_NO_MORE, title=petition.text(turn.t.locale).title)


ACTIONS = {"tell": Action(_tell), "untell": Action(_tell_no_more)}

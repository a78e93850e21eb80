"""A local Telegram: the Bot API for the bot, and people, groups and channels for the tests.

async with TelegramServer() as server:
    ana = server.member("Ana", language="es")
    reply = await ana.ask("/sign")
    press = await ana.press(reply, "Sign as Ana")
"""

from .call import Call, Upload
from .content import Button
from .delivery import Updates
from .faults import Fault, Gate
from .people import InlineResult, InlineResults, Member, Press
from .places import Place
from .server import TelegramServer
from .spec import Spec
from .world import Message, NeverHappened, Refusal, Topic

__all__ = [
    "Button",
    "Call",
    "Fault",
    "Gate",
    "InlineResult",
    "InlineResults",
    "Member",
    "Message",
    "NeverHappened",
    "Place",
    "Press",
    "Refusal",
    "Spec",
    "TelegramServer",
    "Topic",
    "Updates",
    "Upload",
]

"""Whatever arrives, the next update is served, and what was typed is in no log."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import User

from adapters.telegram.calls import Calls
from adapters.telegram.handling import Handling
from adapters.telegram.moderators import Moderators
from adapters.telegram.pacer import Pacer
from adapters.telegram.timing import Timing
from adapters.telegram.transport import make_bot
from bot.commands import COMMANDS
from bot.core import Plan
from bot.settings import TelegramSettings
from tests.logs import capture_logs

KEYS = (
    *(
        "message",
        "callback_query",
        "inline_query",
        "channel_post",
        "from",
        "chat",
        "id",
        "text",
        "data",
        "type",
    ),
    *(
        "date",
        "message_id",
        "query",
        "first_name",
        "is_bot",
        "sender_chat",
        "title",
        "language_code",
        "caption",
    ),
    *("reply_markup", "entities", "offset", "chat_instance", "message_thread_id", "is_topic_message", "x"),
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**13), 10**13)
    | st.sampled_from(["private", "supergroup", "channel", "/sign", "/start x", "secret name", "en", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
UPDATES = st.dictionaries(st.sampled_from(KEYS[:4]), VALUES, min_size=1, max_size=2)


class DeafCore:
    specs = COMMANDS

    def __init__(self):
        self.heard = []

    def plan(self, event):
        return Plan()

    async def handle(self, inbound, answer):
        self.heard.append(inbound)


def handling(core):
    """Handling whose calls go nowhere: nothing is connected."""
    bot = make_bot(TelegramSettings(token="123456:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
    bot._bot_user = User(123456, "Us", is_bot=True, username="our_bot")
    calls = Calls(bot, Pacer(), pauses=())
    return Handling(core, calls, Moderators(bot, lambda: 0.0), Timing())


async def served(updates):
    core = DeafCore()
    desk = handling(core)
    for number, update in enumerate(updates):
        desk.take({"update_id": number, **update})
    ben = {"id": 8, "is_bot": False, "first_name": "Ben"}
    private = {"id": 8, "type": "private"}
    last = {"message_id": 1, "date": 0, "chat": private, "from": ben, "text": "/help"}
    desk.take({"update_id": 10**6, "message": last})
    assert await desk.turns.finish(10)
    return core.heard


@given(st.lists(UPDATES, max_size=5))
@settings(max_examples=150)
def test_nothing_that_arrives_keeps_the_next_one_from_being_served(updates):
    with capture_logs() as logs:
        heard = asyncio.run(served(updates))
    assert heard[-1].actor.account.user_id == "8"
    assert "secret name" not in str(logs)

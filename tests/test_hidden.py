"""What names people, or opens something, shows itself in no log, no error report and no traceback's variables."""

import re

import pytest
from rich.pretty import pretty_repr

from adapters.discord import calls, reaching, render
from adapters.telegram import calls as telegram
from adapters.telegram.methods import Methods
from bot import inbound
from bot.answer import Handed
from bot.model.account import Account, Actor
from bot.model.review import Action, Case
from bot.model.rights import HalfFilled, Kept, Organising
from bot.model.signature import Context, Identity, Signature, SignRequest
from bot.ports import Draft
from bot.ports.organising import Removal
from bot.settings import DiscordSettings, HoldingSettings, Settings, StorageSettings, TelegramSettings
from bot.turn import Turn

SHOWN = {
    Account: {"platform"},
    Actor: {"account.platform", "kind"},
    Signature: {"petition_id", "number", "status"},
    Case: {"number", "status"},
    Action: {"change", "outcome.changed"},
    inbound.Inbound: {"place.platform", "place.kind"},
}
"""What some of them may say, which names nobody. The others say nothing."""
HIDDEN = [
    *SHOWN, Identity, Context, SignRequest, HalfFilled, Organising, Kept, inbound.Attached, Handed, Turn,
    Draft, Removal, StorageSettings, DiscordSettings, TelegramSettings, HoldingSettings, Settings,
    calls.Answer, reaching.Reaching, render.Attached, telegram.Calls, Methods,
]  # fmt: skip


class Planted:
    """Stands in a field, and says in which wherever it is shown."""

    def __init__(self, path):
        self.path = path

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Planted(f"{self.path}.{name}")

    def __repr__(self):
        return f"‹{self.path}›"


@pytest.mark.parametrize("record", HIDDEN, ids=lambda record: f"{record.__module__}.{record.__name__}")
@pytest.mark.parametrize("way", [repr, pretty_repr, lambda each: pretty_repr({"itself": [each]})])
def test_a_record_shows_nothing_that_must_not_be_known(record, way):
    shown = way(record(*map(Planted, record.__struct_fields__)))
    assert record.__name__ in shown
    assert set(re.findall("‹(.*?)›", shown)) <= SHOWN.get(record, set())

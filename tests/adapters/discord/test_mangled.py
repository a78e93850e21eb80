"""Whatever an odd payload holds, serving it raises nothing, and what was typed is in no log."""

import asyncio
import copy

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.answering import InteractionAnswer
from adapters.discord.client import serve
from adapters.discord.interaction import Interaction
from adapters.discord.patience import Patience
from bot.commands import COMMANDS
from bot.core import Plan
from tests.adapters.discord.fakes import Scene
from tests.logs import capture_logs

SECRET = "Zaphod Beeblebrox"
LABEL = {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "name", "value": SECRET}}
CHOICE = {"type": 18, "id": 3, "component": {"type": 21, "id": 4, "custom_id": "reach", "value": "addressee"}}
PAYLOADS = {
    "command": {"name": "sign", "type": 1, "options": [{"name": "which", "type": 3, "value": SECRET}]},
    "press": {"custom_id": "sign_abc", "component_type": 2},
    "submit": {"custom_id": "form_abc", "components": [LABEL, CHOICE]},
    "type": {
        "name": "sign",
        "type": 1,
        "options": [{"name": "which", "type": 3, "value": SECRET, "focused": True}],
    },
}
ODD = (
    st.none()
    | st.booleans()
    | st.integers(-1, 2**63)
    | st.sampled_from(["", SECRET, "\x00", [], {}, [[]], [{}]])
)


class DeafCore:
    """Hears, and answers nothing."""

    specs = COMMANDS

    def plan(self, event):
        return Plan()

    async def handle(self, inbound, answer):
        pass


def places(value, path=()):
    """Every place in a payload."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


def mangled(payload, path, odd):
    made = copy.deepcopy(payload)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = odd
    return made


@given(st.data(), st.sampled_from(sorted(PAYLOADS)), ODD)
def test_an_odd_payload_is_served_or_refused_and_never_told(data, kind, odd):
    scene = Scene()
    event = scene.event(scene.guild.member("Ana"), kind, PAYLOADS[kind])
    path = data.draw(st.sampled_from(list(places(event))))
    try:
        made = Interaction(mangled(event, path, odd))
        answer = InteractionAnswer(made, None, Patience(answer=0.05, form=0.05))
    except Exception:  # noqa: BLE001  # noted where it comes in
        return
    with capture_logs() as logs:
        asyncio.run(serve(DeafCore(), made, answer, None))
    assert SECRET not in str(logs)

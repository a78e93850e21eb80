"""What a petition says, to and from its rows: settings (JSON) on the petition, one row per text."""

import json
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from bot.model.holding import NO_RULES, HoldRules
from bot.model.petition import Ask, AskText, Content, Reach, Text, TotalsMode, normalised


def encode_settings(content: Content) -> str:
    """All of the content that is neither text nor time."""
    settings = {
        "sponsors": content.sponsors,
        "goal": content.goal,
        "milestones": content.milestones,
        "contact": content.contact,
        "reach": content.reach,
        "ask": to_builtins(content.ask) if content.ask else None,
        "totals": content.totals,
        "hold": to_builtins(content.hold) if content.hold.any else None,
    }
    return json.dumps(settings, ensure_ascii=False)


def decode_settings(stored: str) -> dict[str, Any]:
    """Settings as arguments of `Content`."""
    settings = json.loads(stored)
    return {
        "sponsors": tuple(settings["sponsors"]),
        "goal": settings["goal"],
        "milestones": tuple(settings["milestones"]),
        "contact": settings["contact"],
        "reach": tuple(Reach(reach) for reach in settings["reach"]),
        "ask": _ask(settings["ask"]),
        "totals": TotalsMode(settings["totals"]),
        "hold": _hold(settings.get("hold")),
    }


def _ask(stored: dict[str, Any] | None) -> Ask | None:
    if stored is None:
        return None
    translations = (
        AskText(each["language"], each["question"], tuple(each["options"])) for each in stored["translations"]
    )
    return Ask(stored["question"], tuple(stored["options"]), tuple(translations))


def _hold(stored: dict[str, Any] | None) -> HoldRules:
    return NO_RULES if stored is None else HoldRules(**stored | {"names": tuple(stored["names"])})


def normal_text(text: Text) -> Text:
    """The text in the form in which it is stored, hashed and compared."""
    return Text(
        language=text.language,
        title=normalised(text.title),
        to=normalised(text.to),
        background=normalised(text.background),
        letter=normalised(text.letter),
        privacy=normalised(text.privacy),
    )


def normal_content(content: Content) -> Content:
    """The content with its texts in that form."""
    return replace(content, texts=tuple(normal_text(text) for text in content.texts))

"""What a petition says, to and from its rows: settings (JSON) on the petition, one row per text."""

import json
from typing import Any

from bot.model.petition import Ask, Content, Reach, Text, TotalsMode, normalised


def encode_settings(content: Content) -> str:
    """All of the content that is neither text nor time."""
    settings = {
        "sponsors": content.sponsors,
        "goal": content.goal,
        "milestones": content.milestones,
        "contact": content.contact,
        "reach": content.reach,
        "ask": [content.ask.question, content.ask.options] if content.ask else None,
        "totals": content.totals,
    }
    return json.dumps(settings, ensure_ascii=False)


def decode_settings(stored: str) -> dict[str, Any]:
    """Settings as arguments of `Content`."""
    settings = json.loads(stored)
    ask = settings["ask"]
    return {
        "sponsors": tuple(settings["sponsors"]),
        "goal": settings["goal"],
        "milestones": tuple(settings["milestones"]),
        "contact": settings["contact"],
        "reach": tuple(Reach(reach) for reach in settings["reach"]),
        "ask": Ask(ask[0], tuple(ask[1])) if ask else None,
        "totals": TotalsMode(settings["totals"]),
    }


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

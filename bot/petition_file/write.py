"""A petition as a file with front matter, which reads back as the same content."""

import json
from collections.abc import Iterator
from datetime import datetime

from bot.model.petition import Ask, AskText, Content, Text, TotalsMode
from bot.petition_file.front_matter import FENCE
from bot.petition_file.holds import rules


def write_petition(content: Content) -> str:
    """The file that `read_petition` reads as `content`. Keys that say nothing are left out."""
    own, *translations = content.texts
    asks = {each.language: each for each in content.ask.translations} if content.ask else {}
    translated = (line for text in translations for line in _translation(text, asks.get(text.language)))
    parts = [FENCE, *_keys(content), *_hold(content), *translated, FENCE]
    body = [own.background, "## Letter", own.letter]
    return "\n".join(parts) + "\n\n" + "\n\n".join(part for part in body if part) + "\n"


def _keys(content: Content) -> Iterator[str]:
    own = content.texts[0]
    values: dict[str, str | int | datetime | tuple[str, ...] | tuple[int, ...] | Ask | None] = {
        "title": own.title,
        "to": own.to,
        "slug": content.slug,
        "language": own.language,
        "sponsors": content.sponsors,
        "goal": content.goal,
        "milestones": content.milestones,
        "opens": content.opens,
        "closes": content.closes,
        "contact": content.contact,
        "privacy": own.privacy,
        "reach": content.reach,
        "ask": content.ask,
        "totals": content.totals if content.totals is not TotalsMode.LIVE else None,
    }
    for key, value in values.items():
        if value:
            yield f"{key} = {_toml(value)}"


def _hold(content: Content) -> Iterator[str]:
    if content.hold.any:
        yield "\n[hold]"
        yield from (f"{key} = {_toml(value)}" for key, value in rules(content.hold))


def _translation(text: Text, ask: AskText | None) -> Iterator[str]:
    yield f"\n[translations.{text.language}]"
    for key in ("title", "to", "privacy"):
        value = getattr(text, key)
        if value:
            yield f"{key} = {_toml(value)}"
    if ask:
        yield f"ask = {_asked(ask.question, ask.options)}"
    for key in ("background", "letter"):
        value = getattr(text, key)
        if value:
            yield f"{key} = {_prose(value)}"


def _toml(value: str | int | datetime | Ask | tuple[str, ...] | tuple[int, ...]) -> str:
    match value:
        case Ask(question, options):
            return _asked(question, options)
        case tuple():
            return "[" + ", ".join(_toml(entry) for entry in value) + "]"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case int():
            return str(value).lower()  # and true, false
    return json.dumps(
        value, ensure_ascii=False
    )  # a JSON string is a TOML string; neither holds control characters


def _asked(question: str, options: tuple[str, ...]) -> str:
    return f"{{ question = {_toml(question)}, options = {_toml(options)} }}"


def _prose(text: str) -> str:
    """Text of many lines as it is, if nothing in it would end the string or the front matter."""
    if "'''" in text or any(line.strip() == FENCE for line in text.split("\n")):
        return _toml(text)
    return f"'''\n{text}'''"

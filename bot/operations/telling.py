"""How petitions, times and counts read on the command line."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model.petition import Content, Petition, Text
    from bot.model.signature import Totals

VERSION_SHOWN = 12
"""So many digits of a text version are shown: enough to tell texts apart."""


def when(at: datetime) -> str:
    """An instant, in UTC and saying so."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def summary(content: "Content") -> Iterator[tuple[str, str]]:
    """What was understood of a petition, part by part."""
    own = content.texts[0]
    yield "Title", own.title
    yield "To", own.to
    yield "Sponsors", ", ".join(content.sponsors) or "none"
    yield "Languages", ", ".join(text.language for text in content.texts)
    yield "Background", size(own.background)
    yield "Letter", size(own.letter)
    yield from _choices(content)
    yield "Contact", content.contact or "none"
    yield "Privacy line", own.privacy or "none"
    for text in content.texts:
        yield f"Text version ({text.language})", text.version[:VERSION_SHOWN]


def _choices(content: "Content") -> Iterator[tuple[str, str]]:
    from bot.petition_file.holds import rules

    if content.goal is not None:
        yield "Goal", f"{content.goal:,}"
    if content.milestones:
        yield "Milestones", ", ".join(f"{each:,}" for each in content.milestones)
    if content.opens is not None:
        yield "Opens", f"{when(content.opens)} (by itself)"
    if content.closes is not None:
        yield "Closes", f"{when(content.closes)} (by itself)"
    yield "Who may see names", ", ".join(content.reach)
    if content.ask is not None:
        yield "Asks", f"{content.ask.question} ({len(content.ask.options)} answers)"
    yield "Totals", content.totals
    yield (
        "Held for review",
        ", ".join(f"{key} = {_rule(value)}" for key, value in rules(content.hold)) or "none",
    )


def _rule(value: int | bool | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return count(len(value), "name")
    return "yes" if value is True else f"{value:,}"


def size(markdown: str) -> str:
    """How long a text is."""
    if not markdown.strip():
        return "none"
    paragraphs = len([part for part in markdown.split("\n\n") if part.strip()])
    return f"{count(paragraphs, 'paragraph')}, {count(len(markdown.split()), 'word')}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 word`, `2 words`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def progress(totals: "Totals", goal: int | None) -> str:
    """`12 of 100 (12 %)`."""
    return (
        f"{totals.counted:,}"
        if not goal
        else f"{totals.counted:,} of {goal:,} ({totals.counted * 100 // goal} %)"
    )


def versions(petition: "Petition", content: "Content", signed: Mapping[str, int]) -> Iterator[str]:
    """How many signed which text, and what becomes of them when the petition reads as in `content`."""
    newest = {text.version: text.language for text in petition.content.texts}
    kept = {text.version for text in content.texts}
    for version, number in signed.items():
        which = f"the present text ({newest[version]})" if version in newest else "an earlier text"
        fate = "which stays" if version in kept else "and stay bound to what they signed"
        yield f"{count(number, 'person', 'people')} signed {which}, version {version[:VERSION_SHOWN]}, {fate}."


def text_page(text: "Text") -> Iterator[str]:
    """One language of a petition, as it was written."""
    yield f"── {text.title} ({text.language}, version {text.version[:VERSION_SHOWN]}) ──"
    yield f"To: {text.to}"
    for heading, body in (
        ("Background", text.background),
        ("Letter", text.letter),
        ("Privacy", text.privacy),
    ):
        if body.strip():
            yield f"\n{heading}\n\n{body.strip()}"


def listed(petition: "Petition", totals: "Totals") -> dict[str, object]:
    """A petition and its counts, for scripts. Times are ISO 8601 in UTC."""
    content = petition.content
    return {
        "petition": petition.slug,
        "title": petition.title,
        "state": petition.state(totals.at),
        "opens": content.opens.isoformat() if content.opens else None,
        "closes": content.closes.isoformat() if content.closes else None,
        "goal": content.goal,
        "revision": petition.revision,
        "counted": totals.counted,
        "held": totals.held,
        "withdrawn": totals.withdrawn,
        "struck": totals.struck,
        "at": totals.at.isoformat(),
    }

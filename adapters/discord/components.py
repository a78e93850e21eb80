"""Discord's components, as its API takes them: https://docs.discord.com/developers/components/reference. Pure."""

from collections.abc import Iterable
from typing import Any

Component = dict[str, Any]

ROW, BUTTON, MENU, INPUT, TEXT, GALLERY, FILE, LINE = 1, 2, 3, 4, 10, 12, 13, 14
CARD, LABEL, RADIOS = 17, 18, 21
LINK = 5
"""The style of a button that leads somewhere."""


def text(markdown: str) -> Component:
    return {"type": TEXT, "content": markdown}


def line() -> Component:
    return {"type": LINE}


def card(inside: Iterable[Component], mark: int | None = None) -> Component:
    """A frame around other components; `mark` is its id."""
    made: Component = {"type": CARD, "components": list(inside)}
    return made if mark is None else made | {"id": mark}


def row(buttons: Iterable[Component]) -> Component:
    return {"type": ROW, "components": list(buttons)}


def button(label: str, custom_id: str, style: int) -> Component:
    return {"type": BUTTON, "style": style, "label": label, "custom_id": custom_id}


def link(label: str, url: str) -> Component:
    return {"type": BUTTON, "style": LINK, "label": label, "url": url}


def attached(name: str, alt: str = "") -> Component:
    """A file that goes with the message; one with words for those who can't see it is a picture."""
    media = {"url": f"attachment://{name}"}
    if not alt:
        return {"type": FILE, "file": media}
    return {"type": GALLERY, "items": [{"media": media, "description": alt}]}


def labelled(label: str, hint: str, component: Component) -> Component:
    """One field of a form."""
    made: Component = {"type": LABEL, "label": label, "component": component}
    return made | {"description": hint} if hint else made

"""The core's forms as Discord's modals. Pure; `markup` writes the text."""

from functools import lru_cache
from typing import Any, Final

from adapters.discord import components
from adapters.discord.components import INPUT, MENU, RADIOS, Component
from adapters.discord.markup import markdown
from adapters.discord.render import TEXT
from bot.answer import Choice, Field, FieldKind, Form
from bot.document import Document, Span, paragraph
from bot.excerpt import excerpt
from bot.same import Same
from bot.utf16 import first, line, units
from bot.words import discord as say
from bot.words.catalog import Words

LABEL, HINT = 45, 100
"""Characters of titles and labels, and of what stands below them."""
FEW, OPTIONS = range(2, 11), 25
"""How many options can be radio buttons, and how many a menu has."""
_STYLES: Final = {FieldKind.LINE: 1, FieldKind.LINES: 2}


def modal(form: Form) -> dict[str, Any]:
    """What is agreed to, as much as fits, and the fields."""
    agreed = _agreed(form)
    above = [components.text(agreed)] if agreed else []
    return {
        "custom_id": form.token,
        "title": line(form.title, LABEL),
        "components": [*above, *map(_field, form.fields)],
    }


def _agreed(form: Form) -> str:
    """Remark and body, as much of it as fits."""
    t = Words(form.locale)
    remark = markdown((paragraph(Span(form.remark, bold=True)),), t) + "\n\n" if form.remark else ""
    more = t(say.LETTER_GOES_ON, button=form.more.label) if form.more else ""
    return (remark + _beginning(Same(form.body), more, form.locale, TEXT - units(remark))).strip("\n")


@lru_cache(maxsize=128)
def _beginning(whole: Same[Document], more: str, locale: str, room: int) -> str:
    """A letter in at most so many characters; one that is cut says where to read on.

    Kept, because everyone who signs is shown the same few.
    """
    t, body = Words(locale), whole.value
    written = markdown(body, t)
    if units(written) <= room:
        return written
    end: Document = (paragraph(more, quiet=True),) if more else ()
    beginning = excerpt(body, room)
    for length in range(room - 200, 0, -200):  # escaping makes text longer: as much as fits
        shown = markdown((*excerpt(beginning, length), *end), t)
        if units(shown) <= room:
            return shown
    return markdown(end, t)


def _field(field: Field) -> Component:
    label = line(field.label, LABEL)
    whole = field.label if label != field.label else ""
    return components.labelled(label, line(field.hint or whole, HINT), _component(field))


def _component(field: Field) -> Component:
    if field.kind is not FieldKind.CHOICE:
        return _input(field)
    shared = {"custom_id": field.key, "required": field.required}
    if len(field.choices) in FEW:
        return {"type": RADIOS, **shared, "options": [_option(one, field) for one in field.choices]}
    options = [_option(one, field) for one in field.choices[:OPTIONS]]
    return {"type": MENU, **shared, "min_values": int(field.required), "max_values": 1, "options": options}


def _input(field: Field) -> Component:
    most = min(field.max_length, TEXT)
    filled = first(field.value, most)
    return {
        "type": INPUT,
        "custom_id": field.key,
        "style": _STYLES[field.kind],
        "required": field.required,
        "max_length": most,
    } | ({"value": filled} if filled else {})


def _option(one: Choice, field: Field) -> Component:
    hint = line(one.hint, HINT)
    option = {"label": line(one.label, HINT), "value": one.value, "default": one.value == field.value}
    return option | {"description": hint} if hint else option

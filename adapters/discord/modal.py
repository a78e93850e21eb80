"""The core's forms as Discord's modals. Pure; `markup` writes the text."""

from functools import lru_cache
from typing import Any

import discord
from discord import ui

from adapters.discord.markup import markdown
from adapters.discord.render import TEXT
from bot.answer import Choice, Field, FieldKind, Form
from bot.document import Document, Span, paragraph
from bot.excerpt import excerpt
from bot.utf16 import first, line, units
from bot.words import discord as say
from bot.words.catalog import Words

LABEL, HINT = 45, 100
"""Characters of titles and labels, and of what stands below them."""
RADIOS, OPTIONS = range(2, 11), 25
"""How many options can be radio buttons, and how many a menu has."""


def modal(form: Form) -> ui.Modal:
    """What is agreed to, as much as fits, and the fields.

    It is only a way to write components, and stopped before it is sent, so that discord.py keeps none.
    """
    shown = ui.Modal(title=line(form.title, LABEL), custom_id=form.token, timeout=None)
    if text := _agreed(form):
        shown.add_item(ui.TextDisplay(text))
    for asked in form.fields:
        shown.add_item(_field(asked))
    shown.stop()
    return shown


def _agreed(form: Form) -> str:
    """Remark and body, as much of it as fits."""
    t = Words(form.locale)
    remark = markdown((paragraph(Span(form.remark, bold=True)),), t) + "\n\n" if form.remark else ""
    more = t(say.LETTER_GOES_ON, button=form.more.label) if form.more else ""
    return (remark + _beginning(form.body, more, form.locale, TEXT - units(remark))).strip("\n")


@lru_cache(maxsize=128)
def _beginning(body: Document, more: str, locale: str, room: int) -> str:
    """A letter in at most so many characters; one that is cut says where to read on.

    Kept, because everyone who signs is shown the same few.
    """
    t = Words(locale)
    whole = markdown(body, t)
    if units(whole) <= room:
        return whole
    end: Document = (paragraph(more, quiet=True),) if more else ()
    beginning = excerpt(body, room)
    for length in range(room - 200, 0, -200):  # escaping makes text longer: as much as fits
        shown = markdown((*excerpt(beginning, length), *end), t)
        if units(shown) <= room:
            return shown
    return markdown(end, t)


def _field(field: Field) -> ui.Label[ui.Modal]:
    label = line(field.label, LABEL)
    whole = field.label if label != field.label else ""
    hint = line(field.hint or whole, HINT) or None
    return ui.Label(text=label, description=hint, component=_component(field))


def _component(field: Field) -> ui.Item[ui.Modal]:
    if field.kind is not FieldKind.CHOICE:
        return _text_input(field)
    if len(field.choices) in RADIOS:
        radios = [discord.RadioGroupOption(**_option(one, field)) for one in field.choices]
        return ui.RadioGroup(custom_id=field.key, required=field.required, options=radios)
    options = [discord.SelectOption(**_option(one, field)) for one in field.choices[:OPTIONS]]
    least = int(field.required)
    return ui.Select(custom_id=field.key, required=field.required, min_values=least, options=options)


def _text_input(field: Field) -> ui.TextInput[ui.Modal]:
    most = min(field.max_length, TEXT)
    return ui.TextInput(
        custom_id=field.key,
        style=discord.TextStyle.short if field.kind is FieldKind.LINE else discord.TextStyle.paragraph,
        default=first(field.value, most) or None,
        required=field.required,
        max_length=most,
    )


def _option(one: Choice, field: Field) -> dict[str, Any]:
    label, hint = line(one.label, HINT), line(one.hint, HINT) or None
    return {"label": label, "value": one.value, "description": hint, "default": one.value == field.value}

"""Forms are shown within Discord's limits, whatever is in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.modal import modal
from bot.answer import Button, Choice, Field, FieldKind, Form
from bot.document import paragraph
from tests.adapters.discord.letters import long, page_blocks
from tests.wire.discord.rules import modal_faults

NAME = Field("name", "Your name", "Another name", value="Ana", hint="Any script.", max_length=100)
REACH = Field(
    "reach",
    "Who sees it",
    "Who",
    FieldKind.CHOICE,
    "b",
    choices=(Choice("a", "All", "Everyone."), Choice("b", "Some")),
)
COMMENT = Field("comment", "Comment", "Add", FieldKind.LINES, hint="Short.", required=False, max_length=500)


LETTER = (paragraph("Dear *all*,"),)


def form(*fields, body=LETTER, **rest):
    return Form("sign_k_v_f", "Sign the letter", body, fields or (NAME, REACH, COMMENT), "Sign", **rest)


def shown_as(given):
    payload = modal(given)
    assert list(modal_faults(payload)) == []
    return payload


def fields(payload):
    return {part["component"]["custom_id"]: part for part in payload["components"] if part["type"] == 18}


def test_a_form_is_one_modal_filled_in():
    shown = shown_as(form())
    assert (shown["title"], shown["custom_id"]) == ("Sign the letter", "sign_k_v_f")
    assert shown["components"][0] == {"type": 10, "content": r"Dear \*all\*,"}
    name, reach, comment = fields(shown).values()
    assert (name["label"], name["description"]) == ("Your name", "Any script.")
    assert {key: name["component"][key] for key in ("style", "value", "required", "max_length")} == {
        "style": 1,
        "value": "Ana",
        "required": True,
        "max_length": 100,
    }
    assert [
        (option["label"], option.get("description"), bool(option.get("default")))
        for option in reach["component"]["options"]
    ] == [("All", "Everyone.", False), ("Some", None, True)]
    assert (comment["component"]["style"], comment["component"]["required"]) == (2, False)


def test_what_is_wrong_stands_above_the_letter():
    assert (
        shown_as(form(remark="No *links*."))["components"][0]["content"]
        == "**No \\*links\\*.**\n\nDear \\*all\\*,"
    )


def test_a_letter_too_long_for_a_modal_says_where_all_of_it_is():
    shown = shown_as(form(body=long(40), more=Button("Read the letter", "letter_k")))
    text = shown["components"][0]["content"]
    assert len(text) > 3500
    assert text.startswith("0 word")
    assert "“Read the letter”" in text


@pytest.mark.parametrize(("options", "kind"), [(1, 3), (2, 21), (10, 21), (11, 3), (25, 3)])
def test_a_few_options_are_radio_buttons_and_many_a_menu(options, kind):
    choices = tuple(Choice(str(number), f"Option {number}") for number in range(options))
    asked = Field("ask", "Where?", "Answer", FieldKind.CHOICE, choices=choices, required=False)
    component = fields(shown_as(form(NAME, asked)))["ask"]["component"]
    assert (component["type"], component["required"], len(component["options"])) == (kind, False, options)


def test_a_question_too_long_for_a_label_is_shown_whole_below_it():
    question = "In which county of the state do you live, or did you live until lately?"
    asked = Field("ask", question, "Answer", FieldKind.CHOICE, choices=(Choice("a", "A"), Choice("b", "B")))
    shown = fields(shown_as(form(asked)))["ask"]
    assert shown["label"].endswith("…")
    assert shown["description"] == question


@settings(max_examples=60)
@given(
    st.text(max_size=200),
    st.text(max_size=200),
    st.text(max_size=300),
    st.lists(st.text(min_size=1, max_size=100), min_size=1, max_size=25, unique=True),
    page_blocks,
)
def test_every_form_is_within_discords_limits(label, hint, value, options, blocks):
    line = Field("name", label or "x", "a", value=value, hint=hint, max_length=100)
    choices = tuple(Choice(option, option, hint) for option in options)
    chosen = Field("ask", label or "x", "a", FieldKind.CHOICE, options[0], choices=choices)
    shown_as(form(line, chosen, COMMENT, body=blocks, more=Button("More", "more_k"), remark=hint))

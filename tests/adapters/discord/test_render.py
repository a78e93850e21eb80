"""Pages and forms are shown within Discord's limits, whatever is in them."""

import gc

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import render
from bot.answer import Button, Choice, Field, FieldKind, Form, Page, Style
from bot.document import Code, Heading, Paragraph, Quote, Rule, Span, heading, paragraph
from tests.adapters.discord.reader import seen
from tests.wire.discord.parts import File, texts, walk
from tests.wire.discord.rules import message_faults, modal_faults

V2 = 1 << 15


def body(message):
    files = [File(each.name, each.data) for each in message.files]
    components = message.view.to_components()
    assert list(message_faults({"components": components, "flags": V2}, files, None)) == []
    return components


def read(message):
    return "\n".join(texts({"components": body(message), "content": "", "embeds": []}))


def buttons(message):
    return [part for part in walk(body(message)) if part["type"] == 2]


def long(paragraphs, letters=300):
    return tuple(paragraph(f"{number} " + "word " * (letters // 5)) for number in range(paragraphs))


# ------------------------------------------------------------------------------------------------------------ pages


def test_a_page_is_one_card_with_its_buttons_below():
    rows = ((Button("Sign", "sign_k", style=Style.PRIMARY), Button("Site", url="https://example.org")),)
    (message,) = render.page(Page((heading("Title"), paragraph("Text"), Rule(), paragraph("More")), rows))
    (card,) = body(message)
    assert [part["type"] for part in card["components"]] == [10, 14, 10, 1]
    assert card["components"][0]["content"] == "## Title\nText"
    sign, site = card["components"][-1]["components"]
    assert (sign["label"], sign["custom_id"], sign["style"]) == ("Sign", "sign_k", 3)
    assert (site["label"], site["url"], site["style"]) == ("Site", "https://example.org", 5)


def test_a_long_page_is_several_messages_parted_at_paragraphs_with_buttons_on_the_last():
    blocks = long(30)
    messages = render.page(Page(blocks, ((Button("Sign", "sign_k"),),)))
    assert len(messages) == 3
    assert [len(buttons(message)) for message in messages] == [0, 0, 1]
    shown = "\n\n".join(read(message) for message in messages)
    assert [line.split()[0] for line in shown.split("\n\n")] == [str(number) for number in range(30)]


def test_a_page_longer_than_a_few_messages_is_a_file_with_a_beginning():
    (message,) = render.page(Page((heading("Letter"), *long(80)), ((Button("Sign", "sign_k"),),)))
    (file,) = message.files
    assert file.name.endswith(".txt")
    assert file.data.decode().startswith("Letter\n\n0 word")
    assert "79 word" in file.data.decode()
    assert read(message).startswith("## Letter\n0 word")
    assert "all of it is in the file" in read(message)
    assert [button["label"] for button in buttons(message)] == ["Sign"]
    assert any(part["type"] == 13 for part in walk(body(message)))


def test_more_buttons_than_a_message_holds_stand_close_and_then_in_a_second_one():
    rows = tuple((Button(f"Petition {number}", f"sign_{number}"),) for number in range(45))
    messages = render.page(Page((paragraph("Which?"),), rows))
    labels = [button["label"] for message in messages for button in buttons(message)]
    assert labels == [row[0].label for row in rows]
    assert len(messages) == 3


def test_the_same_button_twice_is_there_once():
    rows = ((Button("Sign", "sign_k"), Button("Sign", "sign_k")), (Button("Sign!", "sign_k"),))
    (message,) = render.page(Page((paragraph("x"),), rows))
    assert len(buttons(message)) == 1


def test_an_empty_page_is_still_a_message():
    assert read(render.page(Page(()))[0])
    assert read(render.page(Page((Rule(), Paragraph(()), Rule())))[0])


leaf = (
    st.builds(paragraph, st.text(max_size=3000)) | st.just(Rule()) | st.builds(Code, st.text(max_size=6000))
)
page_blocks = st.lists(
    leaf
    | st.builds(Heading, st.text(max_size=50).map(lambda t: (Span(t),)))
    | st.builds(lambda b: Quote((b,)), leaf),
    max_size=30,
).map(tuple)
page_rows = st.lists(
    st.lists(
        st.builds(Button, st.text(max_size=120), st.from_regex(r"[a-z0-9_]{1,50}", fullmatch=True)),
        max_size=7,
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(page_blocks, page_rows)
def test_every_page_is_within_discords_limits(blocks, rows):
    messages = render.page(Page(blocks, tuple(map(tuple, rows))))
    assert messages
    shown = {button["custom_id"] for message in messages for button in buttons(message)}
    assert shown == {button.token for row in rows for button in row}


# ------------------------------------------------------------------------------------------------------------ forms

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


def modal(given):
    shown = render.modal(given)
    payload = shown.to_dict()
    assert list(modal_faults(payload)) == []
    return payload


def fields(payload):
    return {part["component"]["custom_id"]: part for part in payload["components"] if part["type"] == 18}


def test_a_form_is_one_modal_filled_in():
    shown = modal(form())
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
        modal(form(remark="No *links*."))["components"][0]["content"]
        == "**No \\*links\\*.**\n\nDear \\*all\\*,"
    )


def test_a_letter_too_long_for_a_modal_says_where_all_of_it_is():
    shown = modal(form(body=long(40), more=Button("Read the letter", "letter_k")))
    text = shown["components"][0]["content"]
    assert len(text) > 3500
    assert text.startswith("0 word")
    assert "“Read the letter”" in text


@pytest.mark.parametrize(("options", "kind"), [(1, 3), (2, 21), (10, 21), (11, 3), (25, 3)])
def test_a_few_options_are_radio_buttons_and_many_a_menu(options, kind):
    choices = tuple(Choice(str(number), f"Option {number}") for number in range(options))
    asked = Field("ask", "Where?", "Answer", FieldKind.CHOICE, choices=choices, required=False)
    component = fields(modal(form(NAME, asked)))["ask"]["component"]
    assert (component["type"], component["required"], len(component["options"])) == (kind, False, options)


def test_a_question_too_long_for_a_label_is_shown_whole_below_it():
    question = "In which county of the state do you live, or did you live until lately?"
    asked = Field("ask", question, "Answer", FieldKind.CHOICE, choices=(Choice("a", "A"), Choice("b", "B")))
    shown = fields(modal(form(asked)))["ask"]
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
    modal(form(line, chosen, COMMENT, body=blocks, more=Button("More", "more_k"), remark=hint))


async def test_discord_py_is_given_nothing_to_keep():
    assert render.modal(form()).is_finished()
    assert all(message.view.is_finished() for message in render.page(Page(long(30))))


async def test_ten_thousand_forms_leave_nothing_behind():
    render.modal(form())
    gc.collect()
    before = sum(isinstance(each, discord.ui.Modal) for each in gc.get_objects())
    for _ in range(10_000):
        render.modal(form())
    gc.collect()
    assert sum(isinstance(each, discord.ui.Modal) for each in gc.get_objects()) <= before


def test_suggestions_fit():
    offered = render.choices([Choice("v" * 60, "Title " * 40), *(Choice(str(n), str(n)) for n in range(40))])
    assert len(offered) == 25
    assert len(offered[0].name) <= 100


def test_what_stands_in_a_page_is_escaped():
    (message,) = render.page(Page((paragraph("@everyone [x](https://evil.example)"),)))
    assert seen(read(message)).effects == []

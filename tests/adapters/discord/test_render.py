"""Pages are shown within Discord's limits, whatever is in them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import render
from bot.answer import Button, Choice, Page, Style
from bot.document import Paragraph, Rule, heading, paragraph
from tests.adapters.discord.letters import long, page_blocks
from tests.adapters.discord.reader import seen
from tests.wire.discord.parts import File, texts, walk
from tests.wire.discord.rules import message_faults

V2 = 1 << 15


def body(message):
    files = [File(each.name, each.data) for each in message.files]
    components = list(message.components)
    assert list(message_faults({"components": components, "flags": V2}, files, None)) == []
    return components


def read(message):
    return "\n".join(texts({"components": body(message), "content": "", "embeds": []}))


def buttons(message):
    return [part for part in walk(body(message)) if part["type"] == 2]


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


def test_suggestions_fit():
    offered = render.choices([Choice("v" * 60, "Title " * 40), *(Choice(str(n), str(n)) for n in range(40))])
    assert len(offered) == 25
    assert len(offered[0]["name"]) <= 100


def test_what_stands_in_a_page_is_escaped():
    (message,) = render.page(Page((paragraph("@everyone [x](https://evil.example)"),)))
    assert seen(read(message)).effects == []

"""Members read and sign in the private chat: whole journeys over real sockets."""

import asyncio

from msgspec.structs import replace

from tests.e2e.telegram.house import ENGLISH, LIBRARY, fact, shown, sign


async def test_a_member_signs_by_command_with_one_tap(house, library, ana):
    form = await ana.ask("/sign")
    assert "keep the library <b>open</b> in the evenings" in form.html
    assert "Kept thirty days." in form.text
    assert fact(form, "Your name") == "Ana López"
    assert fact(form, "Who sees my name") == "The organisers and The city council"
    assert [[button.text for button in row] for row in form.rows] == [
        ["Sign as Ana López"],
        ["Another name", "Who sees it"],
        ["Add a comment", "Answer the question"],
        ["Cancel"],
    ]
    await ana.press(form, "Sign as Ana López")
    receipt = await shown(ana, "You have signed")
    assert receipt is form
    assert receipt.protected
    assert fact(receipt, "Number") == "#1"
    assert fact(receipt, "Name") == "Ana López"
    assert fact(receipt, "Text version") == library.content.texts[0].version[:12]
    assert [button.text for button in receipt.buttons] == [
        "My signatures",
        "Tell me what happens",
        "Remove from this chat",
    ]
    assert await house.counted(library) == 1


async def test_a_member_reads_the_card_and_the_letter_and_signs_by_button(house, library, ana, server):
    card = await ana.ask("/start")
    assert card.html.startswith(
        "<b>Save the library</b>\n\n<b>To: The city council</b>\n\nIt closes at <i>four</i>."
    )
    assert "0 of 4 have signed\n\n░░░░░░░░░░░░ 0%" in card.text
    assert not card.protected
    await ana.press(card, "Read the letter")
    letter = await ana.next_message(card)
    assert "• for pupils\n• for those who work" in letter.text
    await ana.press(letter, "Sign")
    form = await shown(ana, "Your name: Ana López")
    assert form.protected
    await ana.press(form, "Sign as")
    await shown(ana, "You have signed")
    await server.idle()
    assert [message.text.splitlines()[0] for message in ana.messages if message.by_bot] == [
        "Save the library",
        "You have signed",
    ], "the page that named nobody made way for one that can't be forwarded"


async def test_a_deep_link_opens_its_very_petition(house, library, ana):
    await house.opened(replace(LIBRARY, slug="park", texts=(replace(ENGLISH, title="Keep the park"),)))
    form = await ana.ask(f"/start sign_{library.key}")
    assert fact(form, "Your name") == "Ana López"
    await ana.press(form, "Sign as")
    assert fact(await shown(ana, "You have signed"), "Petition") == "Save the library"


async def test_two_hundred_members_sign_at_once(house, library, server):
    people = [
        server.member(f"Ana {'abcdefghijklmnopqrst'[n % 20]}", f"Gil {chr(97 + n // 20)}") for n in range(200)
    ]
    receipts = await asyncio.gather(*(sign(member, within=60) for member in people))
    numbers = sorted(int(fact(receipt, "Number").removeprefix("#")) for receipt in receipts)
    assert numbers == list(range(1, 201))
    assert await house.counted(library) == 200
    await server.idle(within=30)


# --- the form ---


async def test_another_name_is_typed_in_reply_to_a_question(house, library, ana, server):
    form = await ana.ask("/sign")
    await ana.press(form, "Another name")
    question = await shown(ana, "type it now")
    assert question.force_reply
    assert question.content.markup["input_field_placeholder"] == "Your name"
    await ana.until(lambda chat: [button.text for button in form.buttons] == ["Back"])
    await ana.reply(question, "  Dr.  Anna O’Neil ")
    again = await shown(ana, "Your name: Dr. Anna O’Neil")
    await ana.until(lambda chat: form.deleted)  # one form stands, below what was typed
    await ana.press(again, "Sign as Dr. Anna O’Neil")
    assert fact(await shown(ana, "You have signed"), "Name") == "Dr. Anna O’Neil"


async def test_a_refused_name_is_mended_where_it_can_be(house, library, ana):
    form = await ana.ask("/sign")
    await ana.press(form, "Another name")
    await shown(ana, "type it now")
    await ana.send("Ana\u200b López")
    again = await shown(ana, "How about “Ana López”?")
    assert fact(again, "Your name") == "Ana López"


async def test_a_name_that_can_not_be_mended_is_asked_again_until_one_fits_or_one_goes_back(
    house, library, ana, server
):
    form = await ana.ask("/sign")
    await ana.press(form, "Another name")
    first = await shown(ana, "type it now")
    await ana.reply(first, "7")
    second = await shown(ana, "A name needs")
    assert second.force_reply
    await server.idle()
    await ana.press(form, "Back")
    await ana.until(lambda chat: form.buttons[0].text == "Sign as Ana López")
    await server.idle()
    assert second.deleted, "nothing is asked any more"
    after = await ana.ask("Somebody Else")
    assert "I did not expect a message" in after.text
    assert fact(form, "Your name") == "Ana López"


async def test_a_sticker_is_no_name(house, library, ana):
    form = await ana.ask("/sign")
    await ana.press(form, "Another name")
    await shown(ana, "type it now")
    await ana.upload("sticker.webp", b"RIFF")
    assert (await shown(ana, "A name needs")).force_reply


async def test_who_sees_it_a_comment_and_the_question(house, library, ana):
    form = await ana.ask("/sign")
    await ana.press(form, "Who sees it")
    await ana.until(lambda chat: "Your name is also listed in chat" in form.text)
    await ana.press(form, "Everyone")
    await ana.until(lambda chat: "Who sees my name: Everyone" in form.text)
    await ana.press(form, "Answer the question")
    await ana.until(lambda chat: form.text.startswith("Where?"))
    await ana.press(form, "South")
    await ana.until(lambda chat: "Where? South" in form.text)
    await ana.press(form, "Add a comment")
    await shown(ana, "type it now")
    await ana.send("For <b>all</b> & *everybody*\nReally")
    again = await shown(ana, "For <b>all</b> & *everybody*")
    await ana.press(again, "Sign as")
    receipt = await shown(ana, "You have signed")
    assert (fact(receipt, "Seen by"), fact(receipt, "Where?")) == ("Everyone", "South")
    [signature] = await house.signatures(ana)
    assert signature.identity.comment == "For <b>all</b> & *everybody*\nReally"


async def test_cancelling_stores_nothing(house, library, ana):
    form = await ana.ask("/sign")
    await ana.press(form, "Cancel")
    await shown(ana, "Nothing was stored.")
    assert await house.counted(library) == 0


async def test_a_long_letter_is_parted_at_paragraphs_and_only_its_end_changes(house, server, ana):
    letter = "\n\n".join(f"{number}. {'words 🗳 ' * 60}" for number in range(20))
    await house.opened(replace(LIBRARY, texts=(replace(ENGLISH, letter=letter),)))
    await ana.send("/sign")
    form = await shown(ana, "Your name")
    await server.idle()
    parts = ana.chat.from_bot
    assert len(parts) > 2
    assert [len(part.buttons) > 0 for part in parts] == [False] * (len(parts) - 1) + [True]
    await ana.press(form, "Who sees it")
    await ana.until(lambda chat: "Everyone" in form.text)
    await ana.press(form, "Everyone")
    await ana.until(lambda chat: "Who sees my name: Everyone" in form.text)
    await ana.press(form, "Sign as")
    await shown(ana, "You have signed")
    await server.idle()
    assert ana.chat.from_bot == parts
    assert all(part.edits == [] for part in parts[:-1])


# --- once and only once ---


async def test_a_double_tap_signs_once_and_both_taps_are_answered(house, library, ana, server):
    form = await ana.ask("/sign")
    await ana.double_press(form, "Sign as")
    await shown(ana, "Keep the code")
    await server.idle()
    assert await house.counted(library) == 1
    assert len(ana.chat.from_bot) == 1
    assert fact(ana.chat.from_bot[0], "Number") == "#1"


async def test_whoever_signs_twice_sees_their_receipt(house, library, ana):
    await sign(ana)
    again = await ana.ask("/sign")
    assert "You have signed this petition already" in again.text
    assert fact(again, "Number") == "#1"
    assert await house.counted(library) == 1


async def test_a_stale_press_shows_the_form_as_it_is(house, library, ana, server):
    form = await ana.ask("/sign")
    stale = form.button("Cancel")
    await ana.press(form, "Who sees it")
    await ana.until(lambda chat: "Your name is also listed" in form.text)
    await ana.press(form, stale)
    await ana.until(lambda chat: "Your name: Ana López" in form.text)
    await ana.press(form, "Sign as")
    await shown(ana, "You have signed")


async def test_an_update_that_comes_again_changes_nothing(house, library, ana, server):
    form = await ana.ask("/sign")
    server.replay()
    await ana.press(form, "Who sees it")
    server.replay()
    await server.idle()
    assert len(ana.chat.from_bot) == 1
    assert len(form.edits) == 1

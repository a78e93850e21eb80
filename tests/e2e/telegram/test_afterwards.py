"""After signing, and what happens to the petition meanwhile; who reads it in which language."""

from datetime import timedelta

import pytest

from bot.model.petition import Act
from tests.e2e.telegram.house import fact, shown, sign, signed_by

# --- taking it back, being told, tidying up ---


async def test_a_member_withdraws_and_signs_again(house, library, ana):
    await sign(ana)
    asked = await ana.ask("/withdraw")
    await ana.press(asked, "Yes, withdraw")
    await ana.until(lambda chat: asked.text.startswith("Withdrawn"))
    assert await house.counted(library) == 0
    receipt = await sign(ana)
    assert fact(receipt, "Number") == "#2"


async def test_a_receipts_code_withdraws_from_any_account(house, library, ana, server):
    code = fact(await sign(ana), "Code")
    ben = server.member("Ben")
    asked = await ben.ask(f"/withdraw {code}")
    assert "Ana" not in asked.text
    await ben.press(asked, "Yes, withdraw")
    await ben.until(lambda chat: asked.text.startswith("Withdrawn"))
    assert await house.counted(library) == 0


async def test_a_name_is_changed_afterwards(house, library, ana):
    await sign(ana)
    mine = await ana.ask("/mysignatures")
    assert mine.protected
    await ana.press(mine, "Change")
    await ana.until(lambda chat: "Change your signature" in mine.text)
    await ana.press(mine, "Another name")
    await shown(ana, "type it now")
    await ana.send("Ana María")
    form = await shown(ana, "Your name: Ana María")
    await ana.press(form, "Save")
    changed = await shown(ana, "Changed.")
    assert (fact(changed, "Name"), fact(changed, "Number")) == ("Ana María", "#1")


async def test_a_receipt_offers_to_write_later_and_to_leave_the_chat(house, library, ana, server):
    receipt = await sign(ana)
    await ana.press(receipt, "Tell me what happens")
    told = await shown(ana, "We will write to you")
    await ana.press(told, "Don't write to me")
    await ana.until(lambda chat: "We will not write to you" in told.text)
    await ana.press(receipt, "Remove from this chat")
    await server.idle()
    assert receipt.deleted


async def test_what_can_not_be_removed_any_more_says_nothing_any_more(house, library, ana, server):
    receipt = await sign(ana)
    receipt.date -= 3 * 24 * 3600
    await ana.press(receipt, "Remove from this chat")
    await ana.until(lambda chat: receipt.text == "…")
    assert receipt.buttons == []


# --- what happens to the petition meanwhile ---


async def test_a_closed_a_paused_and_a_draft_petition_say_so(house, library, ana):
    form = await ana.ask("/sign")
    await house.act("library", Act.PAUSE)
    await ana.press(form, "Sign as")
    await ana.until(lambda chat: "is paused for a while" in form.text)
    await house.act("library", Act.RESUME, Act.CLOSE)
    assert "is closed and takes no more signatures" in (await ana.ask("/sign")).text
    assert await house.counted(library) == 0


async def test_a_text_edited_while_the_form_was_open_is_shown_before_it_is_signed(house, library, ana):
    form = await ana.ask("/sign")
    await house.edit("library", "Close it.")
    await ana.press(form, "Sign as")
    await ana.until(lambda chat: "The petition was edited while you read" in form.text)
    assert "Close it." in form.text
    assert await house.counted(library) == 0
    await ana.press(form, "Sign as")
    receipt = await shown(ana, "You have signed")
    petition = await house.ports.petitions.find("library")
    assert fact(receipt, "Text version") == petition.content.texts[0].version[:12]


async def test_a_half_filled_form_survives_a_restart(stored, ana, server):
    async with stored.served():
        await stored.opened()
        form = await ana.ask("/sign")
        await ana.press(form, "Who sees it")
        await ana.until(lambda chat: "Your name is also listed" in form.text)
        await ana.press(form, "Everyone")
        await ana.until(lambda chat: "Who sees my name: Everyone" in form.text)
        await ana.press(form, "Another name")
        await shown(ana, "type it now")
        await server.idle()
    async with stored.served():
        await ana.send("Anna Gil")
        again = await shown(ana, "Your name: Anna Gil")
        assert fact(again, "Who sees my name") == "Everyone"
        await ana.press(again, "Sign as Anna Gil")
        await shown(ana, "You have signed")
        await server.idle()


async def test_what_was_pressed_while_nobody_served_is_answered_after_the_restart(stored, ana, server):
    async with stored.served():
        await stored.opened()
        form = await ana.ask("/sign")
        await server.idle()
    press = ana.tap(form, "Sign as")
    async with stored.served():
        await press.answered()
        await shown(ana, "You have signed")
        await server.idle()


async def test_a_form_older_than_a_day_has_expired(house, library, ana):
    form = await ana.ask("/sign")
    house.ahead = timedelta(days=1, minutes=1)
    await ana.press(form, "Sign as")
    await ana.until(lambda chat: "This form is no longer there" in form.text)


# --- who reads it ---


async def test_a_member_reads_in_their_own_language(house, library, server):
    eva = server.member("Eva", language="es")
    form = await eva.ask("/sign")
    assert "Abridla de noche." in form.text
    assert fact(form, "Tu nombre") == "Eva"
    await eva.press(form, "Firmar como Eva")
    [signature] = await signed_by(house, eva)
    assert signature.text_version == library.content.texts[1].version


async def test_a_member_whose_client_tells_no_language_reads_english(house, library, server):
    noe = server.member("Noé")
    form = await noe.ask("/sign")
    assert "keep the library open" in form.text
    unknown = server.member("Zed", language="zz-ZZ")
    assert "keep the library open" in (await unknown.ask("/sign")).text


@pytest.mark.parametrize("name", ["<b>Ana</b>", "Ana & co", "A</blockquote>na", "&lt;Ana&gt;", "a < b"])
async def test_markup_in_a_profile_name_is_never_markup(house, library, server, name):
    member = server.member(name)
    form = await member.ask("/sign")
    assert "Keep" not in form.text
    await member.press(form, "Another name")
    await shown(member, "type it now")
    await member.send(name)
    await server.idle()
    assert server.called("sendMessage")[-1].status == 200


async def test_the_other_commands_answer_in_private(house, library, ana):
    await sign(ana)
    assert "Save the library: totals" in (await ana.ask("/totals")).text
    assert "1 of 4 has signed" in (await ana.ask("/totals library")).text
    assert "And 1 other" in (await ana.ask("/signers")).text
    assert "Your privacy" in (await ana.ask("/privacy")).text
    assert f"You are telegram:{ana.id}." in (await ana.ask("/help")).text
    assert "There is no command /nonsense" in (await ana.ask("/nonsense")).text
    assert "no petition “park”" in (await ana.ask("/petition park")).text
    assert "I did not expect a message" in (await ana.ask("hello")).text

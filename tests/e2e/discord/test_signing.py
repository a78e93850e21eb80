"""Members read and sign: whole journeys over real sockets."""

import asyncio
from datetime import UTC, datetime

import pytest

from adapters.discord.patience import Patience
from bot.model.petition import Act
from bot.words import chat
from bot.words.catalog import Words
from tests.e2e.discord.house import Undersigned, fact, read, sign
from tests.wire.discord import DiscordServer

EN = Words("en")


async def test_a_member_signs_by_command_and_gets_a_receipt_that_only_they_see(
    house, library, ana, channel, server
):
    form = await ana.command(channel, "sign")
    assert "keep the library **open** in the evenings" in form.modal.text
    assert "Kept thirty days" in form.modal.text
    assert form.modal["name"].value == "Ana López"
    assert form.modal["reach"].value == "addressee"
    assert [option["label"] for option in form.modal["reach"].options] == [
        "The organisers and The city council",
        "The organisers only",
        "Everyone",
    ]
    receipt = await ana.submit(form, comment="For my pupils.")
    assert receipt.ephemeral
    assert "## You have signed" in receipt.text
    assert [fact(receipt, label) for label in ("Petition", "Number", "Name", "Seen by", "Comment")] == [
        "Save the library",
        r"**\#1**",
        "Ana López",
        "The organisers and The city council",
        "For my pupils.",
    ]
    assert fact(receipt, "Text version") == f"`{library.content.texts[0].version[:12]}`"
    assert fact(receipt, "Signed").startswith("<t:")
    assert len(fact(receipt, "Code")) > 13
    assert await house.counted(library) == 1
    assert server.messages(channel) == []


async def test_a_member_reads_the_card_and_the_letter_and_signs_by_button(house, library, ana, channel):
    card = await ana.command(channel, "petition")
    assert card.ephemeral
    assert card.text.startswith("## Save the library\n**To: The city council**")
    assert "It closes at *four*." in card.text
    assert "▱ 0 / 4 (0%)" in card.text
    letter = await ana.press(card, "Read the letter")
    assert letter.ephemeral
    assert "keep the library **open**" in letter.text
    form = await ana.press(letter, "Sign")
    receipt = await ana.submit(form, name="Ana")
    assert "You have signed" in receipt.text
    assert receipt.ephemeral


async def test_the_receipt_takes_the_place_of_the_members_own_card(house, library, ana, channel):
    card = await ana.command(channel, "petition")
    receipt = await ana.submit(await ana.press(card, "Sign"))
    assert receipt.messages == card.messages
    assert "You have signed" in card.text


async def test_a_moderator_posts_the_card_and_a_member_signs_from_there_in_private(
    house, library, ana, moderator, channel, server
):
    card = await moderator.command(channel, "petition")
    posted = await moderator.press(card, "Post here")
    (public,) = server.messages(channel)
    assert posted.messages == [public]
    assert not public.ephemeral
    assert [button.label for button in public.buttons] == ["Sign", "Read the letter"]
    receipt = await ana.submit(await ana.press(public, "Sign"))
    letter = await ana.press(public, "Read the letter")
    assert receipt.ephemeral
    assert letter.ephemeral
    assert server.messages(channel) == [public]
    assert public.edits == 0


async def test_only_moderators_can_post(house, library, ana, moderator, channel, server):
    card = await ana.command(channel, "petition")
    assert "Post here" not in [button.label for button in card.buttons]
    post = (await moderator.command(channel, "petition")).messages[0].button("Post here").custom_id
    refused = await ana.press(card, post, forged=True)
    assert refused.ephemeral
    assert EN(chat.NOT_ALLOWED_MODERATOR) in refused.text
    assert server.messages(channel) == []


async def test_two_hundred_members_sign_at_once_and_each_gets_their_own_number(tmp_path):
    now = datetime.now(UTC)  # for Discord time stands still: this is about who gets what, on any machine
    async with DiscordServer(clock=lambda: now, patience=60) as server:
        guild = server.guild("Friends of the library")
        channel = guild.channel("general")
        members = [guild.member(f"Member {a}{b}") for a in "ABCDEFGHIJ" for b in "abcdefghijklmnopqrst"]
        patience = Patience(answer=60, form=60)
        async with Undersigned(server, tmp_path, patience=patience).stored() as house, house.served():
            library = await house.opened()
            receipts = await asyncio.gather(*(sign(one, channel) for one in members))
            assert await house.counted(library) == 200
        numbers = [fact(receipt, "Number") for receipt in receipts]
        assert sorted(numbers) == sorted(rf"**\#{number}**" for number in range(1, 201))
        assert [fact(receipt, "Name") for receipt in receipts] == [one.user.global_name for one in members]
        assert all(receipt.ephemeral for receipt in receipts)
        assert server.messages(channel) == server.violations == []


async def test_two_members_with_their_forms_open_at_once_sign_as_themselves(house, library, guild, channel):
    ana, bea = guild.member("Ana"), guild.member("Bea")
    first, second = await ana.command(channel, "sign"), await bea.command(channel, "sign")
    receipts = [await bea.submit(second), await ana.submit(first)]
    assert [fact(receipt, "Name") for receipt in receipts] == ["Bea", "Ana"]


async def test_a_member_may_open_the_form_twice_and_sends_either(house, library, ana, channel):
    left, sent = await ana.command(channel, "sign"), await ana.command(channel, "sign")
    assert "You have signed" in (await ana.submit(sent)).text
    again = await ana.submit(left)
    assert EN(chat.ALREADY_SIGNED) in read(again)
    assert await house.counted(library) == 1


async def test_a_refused_name_is_mended_in_the_form_with_what_was_typed(house, library, ana, channel):
    form = await ana.command(channel, "sign")
    refused = await ana.submit(form, name="Ana@home", comment="Please!", reach="everyone")
    assert refused.ephemeral
    assert await house.counted(library) == 0
    again = await ana.press(refused, "Try again")
    kept = [again.modal[key].value for key in ("name", "comment", "reach")]
    assert kept == ["Ana@home", "Please!", "everyone"]
    receipt = await ana.submit(again, name="Ana Home")
    assert [fact(receipt, label) for label in ("Name", "Comment", "Seen by")] == [
        "Ana Home",
        "Please!",
        "Everyone",
    ]


async def test_signing_twice_shows_the_first_receipt(house, library, ana, channel):
    first = await sign(ana, channel)
    again = await ana.command(channel, "sign")
    assert again.modal is None
    assert again.ephemeral
    assert EN(chat.ALREADY_SIGNED) in read(again)
    assert fact(again, "Code") == fact(first, "Code")


async def test_a_form_sent_twice_signs_once(house, library, ana, channel, server):
    receipt = await sign(ana, channel)
    server.inject(receipt.event)
    await server.until(lambda: any(code == 40060 for *_, code in server.refusals))
    assert await house.counted(library) == 1


async def test_a_member_withdraws_and_signs_again(house, library, ana, channel):
    await sign(ana, channel)
    asked = await ana.command(channel, "withdraw")
    assert await house.counted(library) == 1
    done = await ana.press(asked, "Yes, withdraw")
    assert done.ephemeral
    assert EN(chat.WITHDRAWN) in read(done)
    assert await house.counted(library) == 0
    assert fact(await sign(ana, channel), "Number") == r"**\#2**"


async def test_the_code_of_a_receipt_withdraws_from_another_account(house, library, ana, guild, channel):
    code = fact(await sign(ana, channel), "Code").strip("`")
    friend = guild.member("Bea")
    asked = await friend.command(channel, "withdraw", code=code)
    assert "Ana" not in asked.text
    await friend.press(asked, "Yes, withdraw")
    assert await house.counted(library) == 0


async def test_a_member_changes_who_sees_the_name(house, library, ana, channel):
    await sign(ana, channel)
    mine = await ana.command(channel, "mysignatures")
    form = await ana.press(mine, "Change")
    assert form.modal["name"].value == "Ana López"
    changed = await ana.submit(form, {"Who sees my name": "Everyone"})
    assert EN(chat.CHANGED) in changed.text
    assert "Ana López" in (await ana.command(channel, "signers")).text


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Act.PAUSE, chat.CANT_SIGN_PAUSED),
        (Act.CLOSE, chat.CANT_SIGN_CLOSED),
    ],
)
async def test_a_petition_that_takes_no_signatures_says_so_before_and_after_the_form(
    house, library, ana, channel, act, words
):
    form = await ana.command(channel, "sign")
    await house.act("library", act)
    said = EN(words, title="Save the library")
    assert said in read(await ana.submit(form))
    assert read(await ana.command(channel, "sign", which="library")) == said
    assert await house.counted(library) == 0


async def test_a_text_edited_while_the_form_was_open_is_shown_before_it_is_signed(
    house, library, ana, channel
):
    form = await ana.command(channel, "sign")
    await house.edit("library", "Keep it open at night.")
    shown = await ana.submit(form, name="Ana L.")
    assert EN(chat.TEXT_CHANGED) in read(shown)
    assert "Keep it open at night." in shown.text
    assert await house.counted(library) == 0
    form = await ana.press(shown, "Sign")
    assert "Keep it open at night." in form.modal.text
    assert form.modal["name"].value == "Ana L."
    receipt = await ana.submit(form)
    changed = (await house.ports.petitions.find("library")).content.texts[0]
    assert fact(receipt, "Text version") == f"`{changed.version[:12]}`"


async def test_a_member_signs_in_a_direct_message(house, library, server):
    bea = server.user("Bea")
    receipt = await sign(bea, bea.dm)
    assert fact(receipt, "Name") == "Bea"
    assert await house.counted(library) == 1


async def test_who_installed_the_app_for_themselves_signs_where_the_bot_is_not(house, library, server):
    elsewhere = server.guild("Elsewhere", joined=False)
    place, ana = elsewhere.channel("general"), elsewhere.member("Ana", installed=True)
    assert (await sign(ana, place)).ephemeral
    assert server.messages(place) == []


async def test_a_moderator_elsewhere_posts_nothing_where_the_bot_is_not(house, library, server, moderator):
    elsewhere = server.guild("Elsewhere", joined=False)
    place = elsewhere.channel("general")
    there = elsewhere.member("Mo", installed=True, permissions=moderator.permissions)
    card = await there.command(place, "petition")
    assert "Post here" not in [button.label for button in card.buttons]


async def test_a_member_meets_their_own_language(house, library, guild, channel):
    eva = guild.member("Eva", locale="es-ES")
    es = Words("es-ES")
    form = await eva.command(channel, "sign")
    assert "Abridla de noche." in form.modal.text
    assert form.modal.title == es(chat.SIGN_TITLE)
    receipt = await eva.submit(form)
    assert fact(receipt, es(chat.RECEIPT_PETITION)) == "Salvad la biblioteca"
    assert (await house.signatures(eva))[0].context.language == "es"


async def test_a_form_survives_a_restart(stored, channel, ana):
    async with stored.served():
        library = await stored.opened()
        card = await ana.command(channel, "petition")
        form = await ana.command(channel, "sign")
    async with stored.served():
        assert "You have signed" in (await ana.submit(form)).text
        assert EN(chat.ALREADY_SIGNED) in read(await ana.press(card, "Sign"))
    assert await stored.counted(library) == 1


@pytest.mark.parametrize("token", ["sign_gone", "nonsense", "x" * 100, "step_a_0_send", "sign", "🦉"])
async def test_an_unknown_or_forged_button_gets_a_clear_answer(house, library, ana, channel, token):
    card = await ana.command(channel, "petition")
    answer = await ana.press(card, token, forged=True)
    assert answer.ephemeral
    assert answer.text in {EN(chat.UNKNOWN_BUTTON), EN(chat.FORM_EXPIRED)}


async def test_another_members_form_signs_for_who_sends_it_and_withdraws_nothing(
    house, library, ana, guild, channel, server
):
    await sign(ana, channel)
    (signature,) = await house.signatures(ana)
    eve = guild.member("Eve")
    card = await eve.command(channel, "petition")
    for action in ("withdraw", "takeback", "change"):
        answer = await eve.press(card, f"{action}_{signature.form}", forged=True)
        assert answer.text == EN(chat.UNKNOWN_BUTTON)
    assert await house.counted(library) == 1


async def test_titles_complete_while_a_member_types(house, library, ana, channel):
    assert await ana.autocomplete(channel, "sign", "which", "LIBR") == [
        {"name": "Save the library", "value": "library"}
    ]
    assert await ana.autocomplete(channel, "sign", "which", "no such") == []


async def test_a_signer_asks_to_be_told_what_happens_and_takes_it_back(house, library, ana, channel):
    receipt = await sign(ana, channel)
    told = await ana.press(receipt, "Tell me what happens")
    assert told.ephemeral
    assert EN(chat.TOLD, title="Save the library") in read(told)
    assert "You have signed" in receipt.text
    stopped = await ana.press(told, "Don't write to me")
    assert EN(chat.TOLD_NO_MORE, title="Save the library") in read(stopped)

"""What people announce on Telegram: seen first, confirmed, and posted once."""

import asyncio

from tests.e2e.telegram.outreach.scene import posts, proposed, says, times

WORDS = "Come to the town hall on Monday."
HOSTILE = "<b>Hurry</b> & come &amp; *see* <a href='tg://user?id=1'>us</a>"


# --- a moderator, in their own community ---


async def test_a_moderator_sees_and_confirms_what_their_community_alone_gets(serving, towns, mo, ana, server):
    friends = towns[0]
    preview = await mo.ask(f"/announce {WORDS}", chat=friends)
    assert "This will be posted in this community:" in preview.text
    assert "A message from the moderators of this community" in preview.text
    refused = await ana.press(preview, "Yes, send it")
    assert refused.alert
    await server.idle()
    assert times(towns, WORDS) == [0, 0, 0, 0]
    await asyncio.gather(*(mo.press(preview, "Yes, send it") for _ in range(3)))
    await friends.until(lambda chat: posts(chat, WORDS), within=30)
    await server.idle()
    assert times(towns, WORDS) == [1, 0, 0, 0]
    [post] = posts(friends, WORDS)
    assert "A message from the moderators of this community" in post.text
    form = await ana.next_message(await ana.follow(post.button("Sign")))
    assert "Sign as" in form.buttons[0].text
    assert preview.buttons == []


async def test_a_moderator_who_thinks_better_of_it_sends_nothing(serving, towns, mo, server):
    preview = await mo.ask(f"/announce {WORDS}", chat=towns[0])
    yes = preview.button("Yes, send it")
    await mo.press(preview, "No, discard it")
    await preview.chat.until(lambda _: "Discarded" in preview.text)
    await server.idle()
    assert times(towns, WORDS) == [0, 0, 0, 0]
    assert yes.data.startswith("say_")


async def test_a_moderators_text_carries_no_links_and_mentions_nobody(serving, towns, mo, server):
    before = list(towns[0].from_bot)
    linked = ("See https://example.org", "See example.org/a", "join t.me/elsewhere", "ask @elsewhere")
    for text in (*linked, "mail us@example.org"):
        refused = await mo.ask(f"/announce {text}", chat=towns[0])
        assert "carry no links and mention nobody" in refused.text
        assert refused.buttons == []
    await server.idle()
    assert len(towns[0].from_bot) == len(before) + 5


async def test_whoever_does_not_administer_the_group_announces_nothing(serving, towns, ana, server):
    refused = await ana.ask(f"/announce {WORDS}", chat=towns[0])
    assert "Only moderators" in refused.text
    assert WORDS not in refused.text


async def test_the_total_so_far_is_announced_with_a_picture(serving, towns, mo):
    offer = await mo.ask("/announce", chat=towns[0])
    await mo.press(offer, "The total so far, here")
    await offer.chat.until(lambda _: "will be posted" in offer.text)
    await mo.press(offer, "Yes, send it")
    await offer.chat.until(lambda _: "will be posted" not in offer.text)  # it showed the same words
    post = await says(towns[0], "A message from the moderators")
    assert post.file.kind == "photo"
    assert times(towns, "A message from the moderators") == [1, 0, 0, 0]


async def test_an_administrator_writes_to_their_channel(serving, towns, server):
    owner, channel = server.member("Owner"), towns[3]
    await channel.promote(owner)
    await channel.post(f"/announce {WORDS}")
    preview = await says(channel, "This will be posted in this community:")
    await owner.press(preview, "Yes, send it")
    await channel.until(lambda chat: posts(chat, WORDS), within=30)
    await server.idle()
    assert times(towns, WORDS) == [0, 0, 0, 1]


# --- an organiser, everywhere ---


async def test_an_organiser_tells_everybody_and_learns_who_could_not_be_reached_and_why(
    serving, towns, olga, server
):
    reached, removed, muted, slow = towns
    removed.stand(server.bot, "kicked")
    muted.muted = True
    limit = server.fail("sendMessage", 429, chat=slow, retry_after=1)
    preview = await proposed(olga, WORDS)
    assert "4 communities" in preview.text
    assert "second" in preview.text
    await olga.press(preview, "Yes, send it", within=30)
    report = preview
    await report.chat.until(lambda _: "Delivered: 2 of 4" in report.text and "Done" in report.text, within=30)
    assert len(limit.hits) == 1
    assert times(towns, WORDS) == [1, 0, 0, 1]
    assert "A message from the organisers of this petition" in posts(reached, WORDS)[0].text
    assert "the bot was removed, or the place deleted: 1" in report.text
    assert "the bot may not post there: 1" in report.text
    assert "Neighbours (Telegram)" in report.text
    assert "Readers (Telegram)" in report.text
    assert "News" not in report.text
    assert "Friends" not in report.text


async def test_what_an_organiser_writes_is_shown_as_it_was_typed(serving, towns, olga, server):
    preview = await proposed(olga, HOSTILE)
    assert HOSTILE in preview.text
    await olga.press(preview, "Yes, send it", within=30)
    for chat in towns:
        post = await says(chat, HOSTILE)
        start = post.text.index(HOSTILE)
        assert [one["type"] for one in post.entities if start <= one["offset"] < start + len(HOSTILE)] == []
    assert times(towns, HOSTILE) == [1, 1, 1, 1]

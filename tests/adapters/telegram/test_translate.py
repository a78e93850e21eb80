"""Updates as Telegram sends them, and what they ask of the core."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from adapters.telegram.attachments import with_file
from adapters.telegram.translate import translate
from bot.commands import COMMANDS
from bot.inbound import Browse, Command, Membership, Moved, Press, Typed
from bot.model.account import ActorKind, PlaceKind

SPECS = {spec.name: spec for spec in COMMANDS}
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "last_name": "López", "language_code": "pt-br"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ana"}
GROUP = {"id": -1007, "type": "supergroup", "title": "Friends", "is_forum": True}
CHANNEL = {"id": -1008, "type": "channel", "title": "News"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def message(text=None, chat=PRIVATE, sender=ANA, **rest):
    body = {"message_id": 3, "date": 1_700_000_000, "chat": chat, "from": sender, "text": text, **rest}
    return {name: value for name, value in body.items() if value is not None}


def read(**update):
    return translate(Update.de_json({"update_id": 5, **update}, None), "our_bot", SPECS)


def event(text=None, **rest):
    inbound = read(message=message(text, **rest))
    return inbound and inbound.event


# --- commands ---


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/sign", Command("sign")),
        ("/SIGN@Our_Bot", Command("sign")),
        ("/petition  end all  ", Command("petition", {"which": "end all"})),
        ("/withdraw\nMQ09K-CW506", Command("withdraw", {"code": "MQ09K-CW506"})),
        ("/help me please", Command("help")),
        ("/nonsense at all", Command("nonsense")),
        ("/start", Command("petition")),
        ("/start@our_bot", Command("petition")),
        ("/start go_abc-d", Press("go_abc-d")),
        ("/start <hostile>", Press("<hostile>")),
        ("/sign@other_bot", None),
        ("/start@other_bot x", None),
        ("/", Typed("/")),
        ("/ sign", Typed("/ sign")),
        ("/año", Typed("/año")),
        ("Ana", Typed("Ana")),
        ("what about /sign", Typed("what about /sign")),
    ],
)
def test_what_is_written_in_private(text, wanted):
    assert event(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/sign", Command("sign")),
        ("/start true", Command("petition")),
        ("/sign@other_bot", None),
        ("Ana", None),
    ],
)
def test_what_is_written_where_others_read(text, wanted):
    assert event(text, chat=GROUP) == wanted
    assert event(text, chat=GROUP, reply_to_message=message("card", chat=GROUP, sender=ANONYMOUS)) == wanted


@given(st.text(max_size=300))
def test_whatever_is_written_in_private_is_heard(text):
    heard = event(text or " ")
    assert heard is None or isinstance(heard, Command | Press | Typed)
    if not text.startswith("/"):
        assert heard == Typed(text or " ")


def test_a_picture_is_words_that_are_missing():
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    assert event(photo=photo) == Typed("")
    assert event(photo=photo, caption="/sign") == Command("sign")
    assert event(photo=photo, chat=GROUP) is None


def test_what_the_chat_says_of_itself_is_nothing():
    assert event(pinned_message=message("x")) is None
    assert event(chat=GROUP, new_chat_members=[ANA]) is None


def test_our_own_inline_card_and_a_repeated_channel_post_are_nothing_said():
    assert event("/sign", via_bot={"id": 1, "is_bot": True, "first_name": "Us"}) is None
    assert event("/sign", chat=GROUP, is_automatic_forward=True, sender_chat=CHANNEL) is None


# --- who and where ---


def test_a_member_in_private():
    inbound = read(message=message("/sign"))
    assert (str(inbound.actor.account), inbound.actor.name) == ("telegram:7", "Ana López")
    assert (inbound.actor.kind, inbound.actor.reachable, inbound.actor.moderates) == (
        ActorKind.MEMBER,
        True,
        False,
    )
    assert (inbound.place.kind, inbound.place.place_id, inbound.place.discreet) == (
        PlaceKind.PRIVATE,
        "7",
        True,
    )
    assert (inbound.event_id, inbound.locale) == ("5", "pt-br")


def test_a_member_in_a_group_and_in_a_topic():
    inbound = read(message=message("/sign", chat=GROUP))
    assert (inbound.place.kind, inbound.place.place_id, inbound.place.name, inbound.place.discreet) == (
        PlaceKind.GROUP,
        "-1007",
        "Friends",
        False,
    )
    assert not inbound.actor.reachable
    topic = read(message=message("/sign", chat=GROUP, message_thread_id=12, is_topic_message=True))
    assert topic.place.place_id == "-1007/12"
    thread = read(message=message("/sign", chat=GROUP, message_thread_id=12))
    assert thread.place.place_id == "-1007", "a thread of replies is no topic"


@pytest.mark.parametrize(
    ("sender_chat", "chat", "kind", "moderates"),
    [
        (GROUP, GROUP, ActorKind.ANONYMOUS, True),
        (CHANNEL, GROUP, ActorKind.CHANNEL, False),
        (CHANNEL, CHANNEL, ActorKind.CHANNEL, True),
    ],
)
def test_who_writes_in_the_name_of_a_group_or_a_channel_is_no_member(sender_chat, chat, kind, moderates):
    post = message("/sign", chat=chat, sender=None if chat is CHANNEL else ANONYMOUS, sender_chat=sender_chat)
    inbound = read(**{"channel_post" if chat is CHANNEL else "message": post})
    assert (inbound.actor.kind, inbound.actor.moderates) == (kind, moderates)
    assert inbound.actor.account.user_id == str(sender_chat["id"])
    assert inbound.locale == "en"


def test_a_bot_is_a_bot():
    assert read(message=message("/sign", sender=ANA | {"is_bot": True})).actor.kind is ActorKind.BOT


def test_a_client_that_tells_no_language_reads_english():
    silent = {name: value for name, value in ANA.items() if name != "language_code"}
    assert read(message=message("/sign", sender=silent)).locale == "en"


# --- presses and queries ---


def press(**rest):
    return read(callback_query={"id": "q", "from": ANA, "chat_instance": "c", **rest})


def test_a_press_brings_its_token_from_where_the_button_stands():
    inbound = press(data="sign_key", message=message("card", sender=ANONYMOUS))
    assert inbound.event == Press("sign_key")
    assert (inbound.actor.name, inbound.actor.reachable, inbound.place.discreet) == ("Ana López", True, True)
    there = press(data="sign_key", message=message("card", chat=GROUP, sender=ANONYMOUS))
    assert (there.actor.reachable, there.place.place_id, there.place.discreet) == (False, "-1007", False)


def test_a_press_under_a_message_that_telegram_has_put_away_still_counts():
    gone = {"message_id": 3, "date": 0, "chat": PRIVATE}
    assert press(data="sign_key", message=gone).event == Press("sign_key")


def test_a_press_that_has_no_place_or_no_token_asks_nothing():
    assert press(data="sign_key", inline_message_id="i") is None
    assert press(game_short_name="g", message=message("card")) is None


def test_an_inline_query_looks_for_what_can_be_posted():
    inbound = read(inline_query={"id": "i", "from": ANA, "query": "park", "offset": ""})
    assert inbound.event == Browse("park")
    assert (inbound.place.discreet, inbound.actor.reachable) == (True, False)


def test_other_updates_ask_nothing():
    assert read() is None
    assert read(edited_message=message("/sign")) is None


# --- the bot's own coming and going ---


def standing(status, chat=GROUP, **rest):
    bot = {"id": 1, "is_bot": True, "first_name": "Us"}
    old, new = {"status": "left", "user": bot}, {"status": status, "user": bot, **rest}
    changed = {"chat": chat, "from": ANA, "date": 0, "old_chat_member": old, "new_chat_member": new}
    return read(my_chat_member=changed)


RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
    *("can_edit_stories", "can_delete_stories", "is_anonymous", "can_be_edited"),
)
RESTRICTED = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages"),
    *("can_manage_topics", "can_edit_tag", "can_react_to_messages"),
)


@pytest.mark.parametrize(
    ("status", "rest", "present"),
    [
        ("member", {}, True),
        ("administrator", dict.fromkeys(RIGHTS, False), True),
        ("restricted", dict.fromkeys(RESTRICTED, False) | {"is_member": True, "until_date": 0}, True),
        ("restricted", dict.fromkeys(RESTRICTED, False) | {"is_member": False, "until_date": 0}, False),
        ("left", {}, False),
        ("kicked", {"until_date": 0}, False),
    ],
)
@pytest.mark.parametrize("chat", [GROUP, CHANNEL])
def test_the_core_hears_whether_the_bot_is_in_a_place(status, rest, present, chat):
    inbound = standing(status, chat, **rest)
    assert inbound.event == Membership(present)
    assert (inbound.place.place_id, inbound.place.discreet) == (str(chat["id"]), False)


def test_who_blocks_the_bot_in_private_is_left_alone():
    assert standing("kicked", PRIVATE, until_date=0) is None


def test_a_group_that_became_a_supergroup_is_told_of_in_both():
    group = {"id": -7, "type": "group", "title": "Friends"}
    left = read(message=message(chat=group, migrate_to_chat_id=-1007))
    come = read(message=message(chat=GROUP, migrate_from_chat_id=-7))
    for inbound in (left, come):
        assert inbound.place.place_id == "-7"
        assert isinstance(inbound.event, Moved)
        assert inbound.event.to.place_id == "-1007"
        assert (inbound.event.to.name, inbound.event.to.discreet) == ("Friends", False)


# --- files ---

PAGE = {"file_id": "f1", "file_unique_id": "u1", "file_name": "page.txt", "file_size": 12}


def with_a_file(**rest):
    update = Update.de_json({"update_id": 5, "message": message(**rest, document=PAGE)}, None)
    return with_file(translate(update, "our_bot", SPECS), update).event


def test_a_file_in_private_comes_with_what_is_written_to_it():
    typed, command = with_a_file(), with_a_file(caption="/new")
    assert (typed.text, typed.attached.name, typed.attached.size) == ("", "page.txt", 12)
    assert (command.name, command.arguments, command.attached.name) == ("new", {}, "page.txt")
    assert with_a_file(caption="/edit the park").arguments == {"which": "the park"}


def test_a_file_is_no_part_of_what_is_read_from_an_update():
    assert event(None, caption="/new", document=PAGE) == Command("new")


async def test_a_file_that_can_not_be_fetched_says_so_without_its_address():
    with pytest.raises(ConnectionError):
        await with_a_file().attached.read()

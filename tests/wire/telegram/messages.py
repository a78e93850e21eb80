"""Sending, changing, pinning and deleting. Each public function is one method of the Bot API."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .access import pinning_chat, visible_chat, writable_chat
from .call import Call
from .content import Content, File, caption_content, checked_markup, text_content
from .world import Chat, Json, Message, Topic, bad

if TYPE_CHECKING:
    from .state import State

_DAY = 86_400
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(server: "State", call: Call) -> Json:
    return _send(server, call, lambda: text_content(call.field))


def send_document(server: "State", call: Call) -> Json:
    return _send(server, call, lambda: caption_content(call.field, _file(server, call, "document")))


def send_photo(server: "State", call: Call) -> Json:
    return _send(server, call, lambda: caption_content(call.field, _file(server, call, "photo")))


def send_chat_action(server: "State", call: Call) -> bool:
    chat = writable_chat(server, call)
    chat.actions.append(call.text("action"))
    server.changed(chat)
    return True


def edit_message_text(server: "State", call: Call) -> Json | bool:
    message = _to_edit(server, call)
    if message.content.file:
        raise bad("there is no text in the message to edit")
    return _edit(server, message, text_content(call.field), call)


def edit_message_caption(server: "State", call: Call) -> Json | bool:
    message = _to_edit(server, call)
    if not message.content.file:
        raise bad("there is no caption in the message to edit")
    return _edit(server, message, caption_content(call.field, message.content.file), call)


def edit_message_media(server: "State", call: Call) -> Json | bool:
    message, media = _to_edit(server, call), call.data("media")
    file = _stored(server, call, media["type"], media["media"])
    return _edit(server, message, caption_content(media.get, file), call)


def edit_message_reply_markup(server: "State", call: Call) -> Json | bool:
    message = _to_edit(server, call)
    return _edit(server, message, message.content, call)


def delete_message(server: "State", call: Call) -> bool:
    chat = visible_chat(server, call)
    message = chat.log.get(call.number("message_id"))
    if not message or message.deleted:
        raise bad("message to delete not found")
    _delete(server, message)
    return True


def delete_messages(server: "State", call: Call) -> bool:
    chat = visible_chat(server, call)
    for number in call.data("message_ids"):
        message = chat.log.get(number)
        if message and not message.deleted:
            _delete(server, message)
    return True


def pin_chat_message(server: "State", call: Call) -> bool:
    chat = pinning_chat(server, call)
    message = chat.log.get(call.number("message_id"))
    if not message or message.deleted:
        raise bad("message to pin not found")
    if message not in chat.pinned:
        chat.pinned.append(message)
    server.changed(chat)
    return True


def unpin_chat_message(server: "State", call: Call) -> bool:
    chat = pinning_chat(server, call)
    number = call.number("message_id", chat.pinned[-1].id if chat.pinned else 0)
    if number not in [message.id for message in chat.pinned]:
        raise bad("message to unpin not found")
    chat.pinned = [message for message in chat.pinned if message.id != number]
    server.changed(chat)
    return True


def unpin_all_chat_messages(server: "State", call: Call) -> bool:
    pinning_chat(server, call).pinned.clear()
    return True


def get_file(server: "State", call: Call) -> Json:
    file = server.files.get(call.text("file_id"))
    if not file:
        raise bad("wrong file_id or the file is temporarily unavailable")
    path = {"file_path": f"{file.kind}s/{file.id}", "file_size": len(file.data)}
    return {"file_id": file.id, "file_unique_id": f"u{file.id}"} | path


def _send(server: "State", call: Call, read: Any) -> Json:
    chat = writable_chat(server, call)
    topic, reply_to = _topic(chat, call), _replied(chat, call)
    content: Content = read().with_markup(checked_markup(call.data("reply_markup"), chat.type))
    message = server.post(
        chat,
        None if chat.type == "channel" else server.bot,
        content=content,
        sender_chat=chat if chat.type == "channel" else None,
        topic=topic or (reply_to and reply_to.topic),
        reply_to=reply_to,
        protected=call.flag("protect_content"),
        silent=call.flag("disable_notification"),
        by_bot=True,
    )
    return message.json()


def _topic(chat: Chat, call: Call) -> Topic | None:
    number = call.number("message_thread_id")
    if number and chat.forum and number not in chat.topics:
        raise bad("message thread not found")
    return chat.topics.get(number)


def _replied(chat: Chat, call: Call) -> Message | None:
    wanted = call.data("reply_parameters") or {}
    message = chat.log.get(wanted.get("message_id", 0))
    if message and not message.deleted:
        return message
    if wanted and not wanted.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return None


def _file(server: "State", call: Call, kind: str) -> File:
    return _stored(server, call, kind, call.text(kind) or f"attach://{kind}")


def _stored(server: "State", call: Call, kind: str, reference: str) -> File:
    """An upload of this call, or a file that was sent before."""
    upload = call.uploads.get(reference.removeprefix("attach://"))
    if upload:
        return server.store(kind, upload)
    if reference not in server.files:
        raise bad("wrong file identifier/HTTP URL specified")
    return server.files[reference]


def _to_edit(server: "State", call: Call) -> Message:
    inline_id = call.text("inline_message_id")
    if inline_id:
        message = server.inline_messages.get(inline_id)
    else:
        message = writable_chat(server, call).log.get(call.number("message_id"))
    if not message or message.deleted:
        raise bad("MESSAGE_ID_INVALID" if inline_id else "message to edit not found")
    reply_keyboard = message.content.markup and "inline_keyboard" not in message.content.markup
    if reply_keyboard or not (message.by_bot or inline_id):
        raise bad("message can't be edited")
    return message


def _edit(server: "State", message: Message, content: Content, call: Call) -> Json | bool:
    """Change a message; a keyboard that is not sent again is gone."""
    markup = checked_markup(call.data("reply_markup"), message.chat.type, inline_only=True)
    new = replace(content, markup=markup)
    if new == message.content:
        raise bad(_NOT_MODIFIED)
    message.edits.append(message.content)
    message.content, message.edited_at = new, int(server.clock())
    server.changed(message.chat)
    return True if message.inline_id else message.json()


def _delete(server: "State", message: Message) -> None:
    chat = message.chat
    rights = chat.type == "private" or chat.standing(server.bot).may("can_delete_messages")
    if not message.by_bot and not rights:
        raise bad("message can't be deleted")
    if server.clock() - message.date > 2 * _DAY and (message.by_bot or chat.type == "private"):
        raise bad("message can't be deleted for everyone")
    message.deleted = True
    chat.pinned = [each for each in chat.pinned if each is not message]
    server.changed(chat)

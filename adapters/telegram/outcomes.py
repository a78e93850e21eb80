"""What Telegram's refusals mean, by the words that it has for them. Pure.

There is no list of them: the words are those of https://github.com/tdlib/telegram-bot-api and of
https://core.telegram.org/api/errors, in lower case.
"""

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from adapters.telegram.transport import NotSentError
from bot.sending import Failed, Gone, Lost, Outcome, Unknown

_REMOVED = (
    *("chat not found", "was kicked", "not a member", "chat was deleted", "chat was deactivated"),
    *("channel_private", "channel_invalid", "peer_id_invalid", "chat_id_invalid"),
    *("thread not found", "topic_deleted", "topic_id_invalid"),
)
"""The bot is no longer there, or what it was in is gone."""
_FORBIDDEN = (
    *("rights", "chat_admin_required", "chat_write_forbidden", "chat_restricted", "topic_closed"),
    *("chat_send_plain_forbidden", "chat_guest_send_forbidden", "user_banned_in_channel"),
)
"""It is there, and may not."""
_NO_MESSAGE = (
    *("message to edit not found", "message to pin not found", "message_id_invalid"),
    *("can't be edited", "no text in the message", "no caption in the message"),
)
_NO_PICTURE = ("photo", "image", "media", "file", "caption")
"""The picture is the trouble, or that it is one: https://core.telegram.org/api/rights knows that right by itself."""


def outcome(error: TelegramError) -> Outcome:
    """What has become of a request that ended so. `FloodError` and `ChatMigrated` are for the caller."""
    if isinstance(error, NotSentError):
        return Failed("not connected")
    if isinstance(error, InvalidToken):
        return Failed("token refused")
    if not isinstance(error, Forbidden | BadRequest):
        return Unknown()
    said = error.message.lower()
    if _has(said, _NO_MESSAGE):
        return Gone(Lost.MESSAGE)
    if _has(said, _REMOVED):
        return Gone(Lost.REMOVED)
    if isinstance(error, Forbidden) or _has(said, _FORBIDDEN):
        return Gone(Lost.FORBIDDEN)
    return Failed("refused")


def is_shut(error: TelegramError) -> bool:
    """Whether the chat is closed to us: blocked, removed, muted, or a topic that is closed or gone."""
    return outcome(error) in {Gone(Lost.REMOVED), Gone(Lost.FORBIDDEN)}


def refuses_picture(error: BadRequest) -> bool:
    """Whether the same would be taken without the picture."""
    return _has(error.message.lower(), _NO_PICTURE)


def _has(said: str, words: tuple[str, ...]) -> bool:
    return any(each in said for each in words)

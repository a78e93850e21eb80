"""Pages as Telegram shows them: HTML messages, and what stands below the last one. Pure.

`markup` writes the text, `runs` cuts it.
"""

from typing import Any

from telegram import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

from adapters.telegram.markup import shown, styled
from adapters.telegram.runs import html, parts
from bot.answer import Button, Offer, Page, Style
from bot.utf16 import first, units
from bot.words.catalog import Words

Json = dict[str, Any]

TEXT, CAPTION, ALERT, PLACEHOLDER = 4096, 1024, 200, 64
"""What fits into a message, below a file, over the chat, into the field for the reply; in UTF-16 units."""
_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}


def texts(page: Page, limit: int = TEXT) -> tuple[str, ...]:
    """The page as HTML messages of at most `limit` units each, cut at the ends of paragraphs; at least one."""
    return tuple(html(part) for part in parts(styled(page.blocks, Words(page.locale)), limit)) or ("…",)


def alert(page: Page) -> str | None:
    """The page as a notice over the chat, without markup; None if it is too long or has buttons."""
    text = "".join(run.text for run in styled(page.blocks, Words(page.locale)))
    return text if units(text) <= ALERT and not page.buttons else None


def keyboard(page: Page, username: str) -> Json | None:
    """The page's buttons. On a page for all they lead into the private chat with the bot of this name.

    Unless they act where it stands (`Page.buttons_here`).
    """
    rows = [[_button(button, page, username) for button in row] for row in page.buttons if row]
    return {"inline_keyboard": rows} if rows else None


def force_reply(page: Page) -> Json | None:
    """The field for what the page asks to be typed."""
    if page.prompt is None:
        return None
    hint = first(page.prompt.placeholder, PLACEHOLDER)
    return {"force_reply": True} | ({"input_field_placeholder": hint} if hint else {})


def offered(offer: Offer, username: str) -> InlineQueryResultArticle:
    """What a member may post in some other chat. A card that is too long is its beginning."""
    content = InputTextMessageContent(
        texts(offer.page)[0],
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    buttons = keyboard(offer.page, username)
    markup = InlineKeyboardMarkup.de_json(buttons, None) if buttons else None
    return InlineQueryResultArticle(
        offer.key, offer.title, content, reply_markup=markup, description=offer.summary
    )


def _button(button: Button, page: Page, username: str) -> Json:
    made: Json = {"text": shown(button.label) or "…"}
    if button.token and (page.private or page.buttons_here):
        made["callback_data"] = button.token
    else:
        made["url"] = button.url or f"https://t.me/{username}?start={button.token}"
    return made | {"style": _STYLES[button.style]} if button.style in _STYLES else made

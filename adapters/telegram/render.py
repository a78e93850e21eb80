"""Pages as Telegram shows them: HTML messages, and what stands below the last one. Pure.

`markup` writes the text, `runs` cuts it.
"""

from telegram import (
    ForceReply,
    InlineKeyboardButton,
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


def keyboard(page: Page, username: str) -> InlineKeyboardMarkup | None:
    """The page's buttons. On a page for all they lead into the private chat with the bot of this name.

    Unless they act where it stands (`Page.buttons_here`).
    """
    rows = [[_button(button, page, username) for button in row] for row in page.buttons if row]
    return InlineKeyboardMarkup(rows) if rows else None


def force_reply(page: Page) -> ForceReply | None:
    """The field for what the page asks to be typed."""
    if page.prompt is None:
        return None
    return ForceReply(input_field_placeholder=first(page.prompt.placeholder, PLACEHOLDER) or None)


def offered(offer: Offer, username: str) -> InlineQueryResultArticle:
    """What a member may post in some other chat. A card that is too long is its beginning."""
    content = InputTextMessageContent(
        texts(offer.page)[0],
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    markup = keyboard(offer.page, username)
    return InlineQueryResultArticle(
        offer.key, offer.title, content, reply_markup=markup, description=offer.summary
    )


def _button(button: Button, page: Page, username: str) -> InlineKeyboardButton:
    label, style = shown(button.label) or "…", _STYLES.get(button.style)
    if button.token and (page.private or page.buttons_here):
        return InlineKeyboardButton(label, callback_data=button.token, style=style)
    url = button.url or f"https://t.me/{username}?start={button.token}"
    return InlineKeyboardButton(label, url=url, style=style)

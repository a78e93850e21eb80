"""A bare python-telegram-bot bot on its default transport: `/sign`, one tap, a receipt (see `benchmarks.bare`)."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from benchmarks.bare import AT_ONCE, LETTER, RECEIPT


async def show_form(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    labels = ("Sign as Member A", "Another name", "Who sees it", "Add a comment", "Cancel")
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one[:20])] for one in labels])
    await update.message.reply_text(
        _html(LETTER), parse_mode=ParseMode.HTML, reply_markup=buttons, protect_content=True
    )


async def show_receipt(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    labels = ("My signatures", "Tell me", "Remove this")
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one)] for one in labels])
    await query.answer()
    await query.edit_message_text(_html(RECEIPT), parse_mode=ParseMode.HTML, reply_markup=buttons)


def _html(text: str) -> str:
    return text.replace("**", "").replace("## ", "")


def run(url: str, token: str) -> None:
    """Until it is ended. With as many connections as ours: the library's own number is one."""
    builder = Application.builder().token(token).base_url(f"{url}/bot").concurrent_updates(AT_ONCE)
    application = builder.connection_pool_size(AT_ONCE).pool_timeout(60).build()
    application.add_handler(CommandHandler("sign", show_form))
    application.add_handler(CallbackQueryHandler(show_receipt))
    application.run_polling()

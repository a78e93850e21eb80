"""Files that members send us, fetched only when the core asks for one."""

from telegram import Document, Message
from telegram.error import TelegramError

from bot.inbound import Attached


def attached(message: Message) -> Attached | None:
    """The file in a message; pictures and the like are none."""
    document = message.document
    if document is None:
        return None
    return Attached(document.file_name or "", document.file_size or 0, lambda: _read(document))


async def _read(document: Document) -> bytes:
    """Raises ConnectionError, without the address: the token is part of it."""
    try:
        file = await document.get_file()
        return bytes(await file.download_as_bytearray())
    except (TelegramError, OSError, RuntimeError) as error:
        raise ConnectionError(type(error).__name__) from None

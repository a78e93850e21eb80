"""Files that members send us. Telegram keeps them; they are fetched only when the core asks for one."""

from msgspec.structs import replace
from telegram import Document, Update
from telegram.error import TelegramError

from bot.inbound import Attached, Command, Inbound, Typed


def with_file(inbound: Inbound, update: Update) -> Inbound:
    """The same event with the file that came along, if one did; pictures and the like are none."""
    document, event = update.message and update.message.document, inbound.event
    if not (document and isinstance(event, Command | Typed)):
        return inbound
    attached = Attached(document.file_name or "", document.file_size or 0, lambda: _read(document))
    return replace(inbound, event=replace(event, attached=attached))


async def _read(document: Document) -> bytes:
    """Raises ConnectionError, without the address: the token is part of it."""
    try:
        file = await document.get_file()
        return bytes(await file.download_as_bytearray())
    except (TelegramError, OSError, RuntimeError) as error:
        raise ConnectionError(type(error).__name__) from None

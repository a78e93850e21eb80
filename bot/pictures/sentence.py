"""What is said in and beside a picture."""

from bot.fonts import display

_MOST = 300  # characters of a title or an addressee: Discord takes 1024 for the whole sentence


def for_alt(text: str) -> str:
    """A title or an addressee as it may stand in the sentence for those who can't see the picture."""
    shown = display(text)
    return shown if len(shown) <= _MOST else shown[: _MOST - 1].rstrip() + "…"

"""Length as chat platforms count it, in units of UTF-16, and cutting by it."""


def units(text: str) -> int:
    """How long the text is: most characters count once, emoji and rare letters twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def first(text: str, most: int) -> str:
    """The beginning of the text in at most so many units; no character is halved."""
    return text.encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")


def line(text: str, most: int) -> str:
    """The text as one line of at most so many units, ended by … where it is cut."""
    text = " ".join(text.split())
    return text if units(text) <= most else first(text, most - 1).rstrip() + "…"

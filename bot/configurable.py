"""Reading the values of the configuration: what each of them means, and what makes it wrong.

A value comes from a TOML file, or as text from the environment, where lists are written as JSON. What is said about
a wrong one tells how to write it, and never quotes it: it may be a secret.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self, TypeGuard, TypeVar, get_type_hints
from urllib.parse import urlsplit

from bot.model.hidden import Hidden

Reader = Callable[[object], Any]
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_PORT = re.compile(r"[0-9]{1,5}")
_STEERING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
HIGHEST_PORT = 65535
NO_SUCH_KEY = "there is no such key"


class Wrong(Exception):  # noqa: N818 - not an error of the program
    """What is wrong about a value, as a sentence without its subject. `key` is another one of the section."""

    def __init__(self, sentence: str, key: str = "") -> None:
        super().__init__(sentence)
        self.key = key


# --- sections ---


class Section(Hidden, frozen=True):
    """What a section of the file holds: keys, each annotated with its reader, and parts that are sections themselves.

    Hidden, because tokens and passwords are among them.
    """

    def settled(self, folder: Path) -> Self:
        """Itself with every file looked up from `folder`. Raises Wrong for keys that don't go together."""
        del folder
        return self


def names(section: type[Section]) -> list[str]:
    """The keys of a section; of one within it, `section.key`."""
    return [
        f"{name}.{inner}" if inner else name
        for name, kind in _kinds(section)
        for inner in (names(kind) if _is_part(kind) else [""])
    ]


def _kinds(section: type[Section]) -> Iterable[tuple[str, Any]]:
    return get_type_hints(section, include_extras=True).items()


def _is_part(kind: object) -> TypeGuard[type[Section]]:
    return isinstance(kind, type) and issubclass(kind, Section)


S = TypeVar("S", bound=Section)


def read(section: type[S], given: object, folder: Path, wrong: dict[str, str], at: str = "") -> S:
    """A section as it was given. What is wrong is added to `wrong`, by its key; the default then stands for it."""
    values: dict[str, Any] = {}
    before = len(wrong)
    if not isinstance(given, Mapping):
        wrong[at] = "must be a section with keys of its own"
        given = {}
    for name, kind in _kinds(section):
        whole = f"{at}.{name}" if at else name
        if _is_part(kind):
            values[name] = read(kind, given.get(name, {}), folder, wrong, whole)
        elif name in given:
            try:
                values[name] = kind.__metadata__[0](given[name])
            except Wrong as why:
                wrong[whole] = str(why)
    known = section.__struct_fields__
    wrong |= {f"{at}.{name}" if at else name: NO_SUCH_KEY for name in given if name not in known}
    made = section(**values)
    try:
        return made if len(wrong) > before else made.settled(folder)
    except Wrong as why:
        wrong[f"{at}.{why.key}"] = str(why)
        return made


# --- kinds of values ---


def text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong("must be text in quotes")
    if not value.isprintable() and any(unicodedata.category(char) == "Cs" for char in value):
        raise Wrong("must be text in UTF-8")
    return value.strip()


def line(longest: int, shortest: int = 0) -> Reader:
    """What goes before signers as it is, so no character in it may steer how it is shown."""

    def read_line(value: object) -> str:
        found = text(value)
        if not shortest <= len(found) <= longest:
            raise Wrong("is too long" if found else "must not be empty")
        if any(
            unicodedata.category(char) == "Cc" or unicodedata.bidirectional(char) in _STEERING
            for char in found
        ):
            raise Wrong("must be one line of plain text")
        return found

    return read_line


def number(highest: int, lowest: int = 0) -> Reader:
    def read_number(value: object) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong("must be a whole number")
        if value < lowest:
            raise Wrong(f"must be at least {lowest}" if lowest else "must not be negative")
        if value > highest:
            raise Wrong("is too large a number")
        return value

    return read_number


def one_of(*words: str) -> Reader:
    def read_word(value: object) -> str:
        if value not in words:
            raise Wrong("must be " + " or ".join(f'"{word}"' for word in words))
        return str(value)

    return read_word


def listed(read_entry: Reader, example: str) -> Reader:
    """A tuple of such values."""

    def read_list(value: object) -> tuple[Any, ...]:
        entries = _from_json(value)
        if not isinstance(entries, list | tuple):
            raise Wrong(f"must be a list, such as {example}")
        found: list[Any] = []
        wrong: dict[str, list[str]] = {}
        for at, entry in enumerate(entries, 1):
            try:
                found.append(read_entry(entry))
            except Wrong as why:
                wrong.setdefault(str(why), []).append(str(at))
        if wrong:
            raise Wrong("; ".join(f"entry {', '.join(at)}: {why}" for why, at in wrong.items()))
        return tuple(found)

    return read_list


def _from_json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def file(value: object) -> Path:
    if not isinstance(value, str | Path):
        raise Wrong("must be a file name in quotes")
    path = Path(str(value).strip())
    if not path.name:
        raise Wrong("must name a file")
    try:
        return path.expanduser()
    except RuntimeError:
        raise Wrong("must not begin with a ~ that stands for nobody") from None


def bot_token(value: object) -> str:
    found = text(value)
    if not found.isprintable() or not found.isascii() or " " in found:
        raise Wrong("must be a token as the platform shows it: one word, without spaces")
    return found


def web_address(value: object) -> str:
    url = text(value)
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or re.search(r"[\s?#]", url):
        raise Wrong("must be a web address, such as https://example.org")
    return url.rstrip("/")


def listen_address(value: object) -> str:
    address = text(value)
    host, colon, port = address.rpartition(":")
    if not (host and colon and _PORT.fullmatch(port) and int(port) <= HIGHEST_PORT):
        raise Wrong("must be HOST:PORT, such as 127.0.0.1:8080")
    return address


def or_nothing(read_value: Reader) -> Reader:
    """Such a value, or an empty text."""
    return lambda value: value if value == "" else read_value(value)

"""What `undersigned setup` asks, and what it takes for an answer. Nothing is written here."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field

from bot.errors import ConfigError, UndersignedError
from bot.operations.asking import Question, ask_until
from bot.operations.config_file import Value
from bot.operations.invocation import run
from bot.operations.terminal import say
from bot.settings import DEFAULT_DATABASE, DEFAULT_KEY_FILE

if TYPE_CHECKING:
    from bot.app import Registered
    from bot.platform import Introduction
    from bot.settings import Settings

T = TypeVar("T")
NEVER = "never"
SQLITE = "sqlite:///"
PRIVACY = (
    "Your name goes to the organisers and to those you choose, and to nobody else. You can withdraw until the "
    "letter is delivered."
)
WHERE = {
    "discord": """
A Discord bot has a token:
  1. discord.com/developers/applications, New Application, and give it a name
  2. Bot, Reset Token, Copy
Paste it here. It can't be seen while you do. Enter goes on without Discord.""",
    "telegram": """
A Telegram bot has a token:
  1. in Telegram, write to @BotFather: /newbot, and give it a name
  2. it answers with the token, such as 123456:ABC-DEF
Paste it here. It can't be seen while you do. Enter goes on without Telegram.""",
}


def _not_discords(token: str) -> str:
    hexadecimal = len(token) == 64 and all(char in "0123456789abcdef" for char in token.lower())  # noqa: PLR2004
    if token.isdigit() or hexadecimal:
        return "That is the application's id or public key. The token is on the page 'Bot', and has two dots in it."
    return ""


def _not_telegrams(token: str) -> str:
    number, colon, rest = token.partition(":")
    if number.isdigit() and colon and rest:
        return ""
    return "A Telegram token is a number, a colon and a row of letters, such as 123456:ABC-DEF."


MISTAKEN: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"discord": _not_discords, "telegram": _not_telegrams}
)
"""What people paste instead of a token, and how to tell them."""


class Interview(Struct):
    """The answers so far, by `section.key`, on top of what the config file says already."""

    file: Path
    values: dict[str, Value]
    fresh: bool
    """Whether nobody has answered yet: then values are proposed, else those that are there are kept."""
    introductions: "dict[str, Introduction]" = field(default_factory=dict)

    def hold(self) -> None:
        """Ask everything. Raises EOFError where the input ends."""
        from bot.app import REGISTRY

        for name, registered in REGISTRY.items():
            self._token(name, registered)
        say(
            "\nThe rest can be changed later, in the config file. Enter takes what stands in brackets, - nothing.\n"
        )
        self._line("contact", "Whom can signers turn to, by an address or a link?")
        self._line("privacy", "What are they told about their data?", PRIVACY)
        self._days(
            "retention.days_after_delivery", "Days after delivery until names are erased, or never", 30
        )
        self._days("retention.days_after_close", "Days after closing, if it is never delivered, or never", 90)
        self._database()
        self._line(
            "security.key_file", "In which file shall its key be? Not in the same folder", DEFAULT_KEY_FILE
        )

    def settings(self) -> "Settings":
        """What has been answered, with the environment over it. Raises ConfigError."""
        from bot import config

        return config.over(nested(self.values), self.file)

    def _token(self, name: str, registered: "Registered") -> None:
        key, present = f"{name}.token", self.values.get(f"{name}.token")
        if self._settled(key):
            say(f"\n{registered.title}: the token comes from the environment.")
            self._introduce(name, registered)
            return
        say(WHERE[name])
        hint = "Enter keeps the one that is there, - removes it" if present else ""
        question = Question(f"{registered.title} token", str(present or ""), hint, secret=True)
        self.values[key] = ask_until(question, lambda given: self._tested(name, registered, given))

    def _tested(self, name: str, registered: "Registered", given: str) -> str:
        """The token, after its platform has said whose it is. Raises UndersignedError."""
        if not given:
            return ""
        if complaint := MISTAKEN[name](given):
            raise UndersignedError(complaint)
        self._fitting(f"{name}.token", given)
        earlier = self.values.get(f"{name}.token", "")
        self.values[f"{name}.token"] = given
        try:
            self._introduce(name, registered)
        finally:
            self.values[f"{name}.token"] = earlier
        return given

    def _introduce(self, name: str, registered: "Registered") -> None:
        self.introductions[name] = run(registered.make(self.settings()).introduce())
        say(f"  ✓ {registered.title} knows it: {self.introductions[name].name}")

    def _line(self, key: str, text: str, proposed: str = "") -> None:
        if not self._settled(key):
            question = Question(text, str(self.values.get(key) or (proposed if self.fresh else "")))
            self.values[key] = ask_until(question, lambda given: self._fitting(key, given))

    def _days(self, key: str, text: str, proposed: int) -> None:
        if not self._settled(key):
            present = self.values.pop(key, proposed if self.fresh else NEVER)
            days = ask_until(Question(text, str(present)), lambda given: self._fitting(key, _days(given)))
            self.values |= {} if days is None else {key: days}

    def _database(self) -> None:
        key = "storage.url"
        if not self._settled(key):
            present = str(self.values.get(key) or DEFAULT_DATABASE)
            file = present.removeprefix(SQLITE)
            hint = "" if file != present else "Enter keeps the database server"
            question = Question("In which file shall the database be?", file, hint)
            self.values[key] = ask_until(question, lambda given: self._fitting(key, _database(given)))

    def _settled(self, key: str) -> bool:
        """Whether the environment says it: an answer would count for nothing."""
        from bot.config import in_environment

        return in_environment(key) is not None

    def _fitting(self, key: str, value: T) -> T:
        """`value`, if the config file may say so. Raises UndersignedError."""
        from bot import config

        if value is not None:
            try:
                config.over(nested({**self.values, key: value}), self.file)
            except ConfigError as error:
                raise UndersignedError(str(error).rpartition(f"{key}: ")[2]) from None
        return value


def nested(values: "dict[str, Any]") -> dict[str, Any]:
    """`{"discord.token": …}` as `{"discord": {"token": …}}`."""
    document: dict[str, Any] = {}
    for key, value in values.items():
        section, _, name = key.rpartition(".")
        (document.setdefault(section, {}) if section else document)[name] = value
    return document


def flat(document: "dict[str, Any]") -> dict[str, Any]:
    """The other way round."""
    return {
        f"{name}.{key}" if isinstance(value, dict) else name: inner
        for name, value in document.items()
        for key, inner in (value.items() if isinstance(value, dict) else [("", value)])
    }


def _database(given: str) -> str:
    return given if "://" in given else f"{SQLITE}{given}"


def _days(given: str) -> int | None:
    if given.lower() in {"", NEVER}:
        return None
    if not (given.isascii() and given.isdigit()):
        raise UndersignedError(f"Write a number of days, such as 30, or '{NEVER}'.")
    return int(given)

"""What can be configured: every key with its type, its default and what makes a value wrong."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
)
from pydantic_settings import NoDecode

from bot.house import (
    COMMUNITY_REQUESTS,
    COMMUNITY_SIGNATURES,
    MEMBER_REQUESTS,
    ChatExports,
    House,
)
from bot.model.account import Account
from bot.names import MAX_NAME
from bot.petition_file import limits

DISCORD_API = "https://discord.com/api/v10"
TELEGRAM_API = "https://api.telegram.org"
DEFAULT_DATABASE = "sqlite:///data/undersigned.db"
DEFAULT_KEY_FILE = "undersigned.key"
_SQLITE = re.compile(r"sqlite(\+aiosqlite)?:///(?P<path>.+)", re.DOTALL)
_POSTGRES = re.compile(r"postgres(ql)?(\+asyncpg)?://(?P<rest>.+)", re.DOTALL)
_STEERING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_ACCOUNT = re.compile(r"(discord|telegram):[0-9]{1,20}|console:\S+")


def _folder(info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("folder", "."))


def _beside_config(path: Path, info: ValidationInfo) -> Path:
    if not path.name:
        raise ValueError("must name a file")
    return (_folder(info) / path.expanduser()).absolute()


def _database_url(url: str, info: ValidationInfo) -> str:
    """`url` with its driver, and its file made absolute. No error quotes it: it may hold a password."""
    if server := _POSTGRES.fullmatch(url):
        return f"postgresql+asyncpg://{server['rest']}"
    file = _SQLITE.fullmatch(url)
    if file is None or file["path"] == ":memory:" or "?" in file["path"]:
        raise ValueError("must be sqlite:///FILE, such as sqlite:///data/undersigned.db, or postgresql://…")
    return f"sqlite+aiosqlite:///{_beside_config(Path(file['path']), info)}"


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or re.search(r"[\s?#]", url):
        raise ValueError("must be a web address, such as https://example.org")
    return url.rstrip("/")


def _optional_web_address(url: str) -> str:
    return _web_address(url) if url else url


def _listen_address(address: str) -> str:
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) <= 65535):  # noqa: PLR2004  the highest port
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8080")
    return address


def _optional_listen_address(address: str) -> str:
    return _listen_address(address) if address else address


def _harmless(text: str) -> str:
    """What goes before signers as it is, so no character in it may steer how it is shown."""
    if any(
        unicodedata.category(char) == "Cc" or unicodedata.bidirectional(char) in _STEERING for char in text
    ):
        raise ValueError("must be one line of plain text")
    return text


def _token(token: SecretStr) -> SecretStr:
    plain = token.get_secret_value().strip()
    if not plain.isprintable() or not plain.isascii() or " " in plain:
        raise ValueError("must be a token as the platform shows it: one word, without spaces")
    return SecretStr(plain)


def _accounts(value: object) -> frozenset[Account]:
    """A list of `platform:id`, or the same as JSON, which is how the environment gives it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, list | tuple | set | frozenset):
        raise ValueError(  # noqa: TRY004 - pydantic collects these
            'must be a list, such as ["discord:123", "telegram:456"]'
        )
    wrong = [at for at, entry in enumerate(value, 1) if not _ACCOUNT.fullmatch(str(entry).strip())]
    if wrong:
        entries = ", ".join(map(str, wrong))
        raise ValueError(
            f"entry {entries}: write an account as platform:number, such as discord:123 or telegram:123 "
            "(/help tells a member their own)"
        )
    return frozenset(Account.parse(str(entry)) for entry in value)


def _shards(ids: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
    """Which of all shards, each once; how many there are in all must be said then."""
    count = info.data.get("shard_count", 0)
    if ids and not count:
        raise ValueError("needs discord.shard_count: of how many shards in all these are")
    if any(one >= count for one in ids):
        raise ValueError(f"must name shards from 0 to {count - 1}, of the {count} in discord.shard_count")
    return tuple(sorted(set(ids)))


Token = Annotated[SecretStr, AfterValidator(_token)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Days = Annotated[int, Field(ge=0, le=36500)]
PerMinute = Annotated[int, Field(ge=0, le=1_000_000)]


class Section(BaseModel):
    """One section of the file. What it was given never shows in an error: it may be a secret."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
        str_strip_whitespace=True,
    )


class StorageSettings(Section):
    """Where signatures are kept."""

    url: Annotated[str, AfterValidator(_database_url)] = Field(DEFAULT_DATABASE, repr=False)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a database server."""
        found = _SQLITE.fullmatch(self.url)
        return Path(found["path"]) if found else None


class SecuritySettings(Section):
    """What opens the stored names."""

    key_file: Annotated[Path, AfterValidator(_beside_config)] = Path(DEFAULT_KEY_FILE)


class DiscordSettings(Section):
    """Discord is on when it has a token. `shard_ids` are those of `shard_count` that this process serves."""

    token: Token = SecretStr("")
    api_url: WebAddress = DISCORD_API
    moderator_roles: tuple[Annotated[int, Field(ge=1)], ...] = ()
    shard_count: Annotated[int, Field(ge=0, le=16384)] = 0
    shard_ids: Annotated[tuple[Annotated[int, Field(ge=0)], ...], AfterValidator(_shards)] = ()

    @property
    def on(self) -> bool:
        """Whether there is a token."""
        return bool(self.token.get_secret_value())


class TelegramSettings(Section):
    """Telegram is on when it has a token. With a `webhook_url` it is told of updates instead of asking."""

    token: Token = SecretStr("")
    api_url: WebAddress = TELEGRAM_API
    webhook_url: Annotated[str, AfterValidator(_optional_web_address)] = ""
    webhook_listen: Annotated[str, AfterValidator(_listen_address)] = "127.0.0.1:8080"

    @property
    def on(self) -> bool:
        """Whether there is a token."""
        return bool(self.token.get_secret_value())


class CommunitiesSettings(Section):
    """Who may follow petitions."""

    join: Literal["open", "ask"] = "open"


class RetentionSettings(Section):
    """After how many days names and accounts are scrubbed; never, where it does not say."""

    days_after_delivery: Days | None = None
    days_after_close: Days | None = None
    backup_days: Days | None = None


class ExportsSettings(Section):
    """How the list of signers may be handed out in the chat."""

    chat: Literal["on", "encrypted", "off"] = "on"


class HoldingSettings(Section):
    """Names that petitions hold for review which hold listed names, beside the kept lists."""

    names: tuple[Annotated[str, Field(min_length=1, max_length=MAX_NAME)], ...] = Field((), repr=False)


class LimitsSettings(Section):
    """How much may come in a minute; 0: without end."""

    member_requests: PerMinute = MEMBER_REQUESTS
    community_requests: PerMinute = COMMUNITY_REQUESTS
    community_signatures: PerMinute = COMMUNITY_SIGNATURES


class MetricsSettings(Section):
    """Metrics, and whether the process lives and is ready. Off where there is nowhere to listen."""

    listen: Annotated[str, AfterValidator(_optional_listen_address)] = ""


class Settings(Section):
    """Everything that can be configured."""

    admins: Annotated[frozenset[Account], NoDecode, BeforeValidator(_accounts)] = frozenset()
    contact: Annotated[str, Field(max_length=limits.CONTACT), AfterValidator(_harmless)] = ""
    privacy: Annotated[str, Field(max_length=limits.PRIVACY), AfterValidator(_harmless)] = ""
    storage: StorageSettings
    security: SecuritySettings
    discord: DiscordSettings
    telegram: TelegramSettings
    communities: CommunitiesSettings
    retention: RetentionSettings
    exports: ExportsSettings
    holding: HoldingSettings
    limits: LimitsSettings
    metrics: MetricsSettings

    @property
    def house(self) -> House:
        """What the core goes by."""
        return House(
            admins=self.admins,
            contact=self.contact,
            privacy=self.privacy,
            ask_to_follow=self.communities.join == "ask",
            days_after_delivery=self.retention.days_after_delivery,
            days_after_close=self.retention.days_after_close,
            backup_days=self.retention.backup_days,
            chat_exports=ChatExports(self.exports.chat),
            held_names=self.holding.names,
            **self.limits.model_dump(),
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written anywhere."""
        database = self.storage.url.partition("://")[2].rpartition("@")[0].partition(":")[2]
        tokens = (self.discord.token.get_secret_value(), self.telegram.token.get_secret_value())
        return tuple(filter(None, (*tokens, database)))


def known_keys() -> tuple[str, ...]:
    """Every key that can be set, as `section.key`."""
    keys = []
    for name, field in Settings.model_fields.items():
        section = field.annotation
        inner = section.model_fields if isinstance(section, type) and issubclass(section, Section) else None
        keys += [f"{name}.{key}" for key in inner] if inner else [name]
    return tuple(keys)

"""What can be configured: every key with its type, its default and what makes a value wrong."""

import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from bot.configurable import (
    Section,
    Wrong,
    file,
    key,
    line,
    listed,
    listen_address,
    names,
    number,
    one_of,
    or_nothing,
    part,
    text,
    token,
    web_address,
)
from bot.house import COMMUNITY_REQUESTS, COMMUNITY_SIGNATURES, MEMBER_REQUESTS, ChatExports, House
from bot.model.account import Account
from bot.names import MAX_NAME
from bot.petition_file.limits import CONTACT, PRIVACY

DISCORD_API = "https://discord.com/api/v10"
TELEGRAM_API = "https://api.telegram.org"
DEFAULT_DATABASE = "sqlite:///data/undersigned.db"
DEFAULT_KEY_FILE = "undersigned.key"
_SQLITE = re.compile(r"sqlite(\+aiosqlite)?:///(?P<path>.+)", re.DOTALL)
_POSTGRES = re.compile(r"postgres(ql)?(\+asyncpg)?://(?P<rest>.+)", re.DOTALL)
_ACCOUNT = re.compile(r"(discord|telegram):[0-9]{1,20}|console:\S+")
_DAYS = number(36_500)
_PER_MINUTE = number(1_000_000)
_ID = number(2**64, lowest=1)


def _database_url(value: object) -> str:
    """With its driver. No error quotes it: it may hold a password."""
    url = text(value)
    if server := _POSTGRES.fullmatch(url):
        return f"postgresql+asyncpg://{server['rest']}"
    found = _SQLITE.fullmatch(url)
    if found is None or found["path"] == ":memory:" or "?" in found["path"]:
        raise Wrong("must be sqlite:///FILE, such as sqlite:///data/undersigned.db, or postgresql://…")
    return f"sqlite+aiosqlite:///{file(found['path'])}"


def _account(value: object) -> Account:
    if not _ACCOUNT.fullmatch(str(value).strip()):
        raise Wrong(
            "write an account as platform:number, such as discord:123 or telegram:123 "
            "(/help tells a member their own)"
        )
    return Account.parse(str(value).strip())


_accounts = listed(_account, '["discord:123", "telegram:456"]')


@dataclass(frozen=True, slots=True)
class StorageSettings(Section):
    """Where signatures are kept."""

    url: str = key(_database_url, DEFAULT_DATABASE, secret=True)

    def settled(self, folder: Path) -> Self:
        return replace(self, url=f"sqlite+aiosqlite:///{_from(folder, self.file)}") if self.file else self

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a database server."""
        found = _SQLITE.fullmatch(self.url)
        return Path(found["path"]) if found else None


@dataclass(frozen=True, slots=True)
class SecuritySettings(Section):
    """What opens the stored names."""

    key_file: Path = key(file, Path(DEFAULT_KEY_FILE))

    def settled(self, folder: Path) -> Self:
        return replace(self, key_file=_from(folder, self.key_file))


def _from(folder: Path, path: Path) -> Path:
    return (folder / path).absolute()


@dataclass(frozen=True, slots=True)
class DiscordSettings(Section):
    """Discord is on when it has a token. `shard_ids` are those of `shard_count` that this process serves."""

    token: str = key(token, "", secret=True)
    api_url: str = key(web_address, DISCORD_API)
    moderator_roles: tuple[int, ...] = key(listed(_ID, "[123456789012345678]"), ())
    shard_count: int = key(number(16_384), 0)
    shard_ids: tuple[int, ...] = key(listed(number(16_384), "[0, 1]"), ())

    def settled(self, folder: Path) -> Self:
        del folder
        if self.shard_ids and not self.shard_count:
            raise Wrong("needs discord.shard_count: of how many shards in all these are", "shard_ids")
        if any(one >= self.shard_count for one in self.shard_ids):
            every = f"from 0 to {self.shard_count - 1}, of the {self.shard_count} in discord.shard_count"
            raise Wrong(f"must name shards {every}", "shard_ids")
        return replace(self, shard_ids=tuple(sorted(set(self.shard_ids))))

    @property
    def on(self) -> bool:
        """Whether there is a token."""
        return bool(self.token)


@dataclass(frozen=True, slots=True)
class TelegramSettings(Section):
    """Telegram is on when it has a token. With a `webhook_url` it is told of updates instead of asking."""

    token: str = key(token, "", secret=True)
    api_url: str = key(web_address, TELEGRAM_API)
    webhook_url: str = key(or_nothing(web_address), "")
    webhook_listen: str = key(listen_address, "127.0.0.1:8080")

    @property
    def on(self) -> bool:
        """Whether there is a token."""
        return bool(self.token)


@dataclass(frozen=True, slots=True)
class CommunitiesSettings(Section):
    """Who may follow petitions."""

    join: str = key(one_of("open", "ask"), "open")


@dataclass(frozen=True, slots=True)
class RetentionSettings(Section):
    """After how many days names and accounts are scrubbed; never, where it does not say."""

    days_after_delivery: int | None = key(_DAYS, None)
    days_after_close: int | None = key(_DAYS, None)
    backup_days: int | None = key(_DAYS, None)


@dataclass(frozen=True, slots=True)
class ExportsSettings(Section):
    """How the list of signers may be handed out in the chat."""

    chat: ChatExports = key(one_of(*ChatExports), ChatExports.ON)


@dataclass(frozen=True, slots=True)
class HoldingSettings(Section):
    """Names that petitions hold for review which hold listed names, beside the kept lists."""

    names: tuple[str, ...] = key(listed(line(MAX_NAME, 1), '["Zaphod Beeblebrox"]'), (), secret=True)


@dataclass(frozen=True, slots=True)
class LimitsSettings(Section):
    """How much may come in a minute; 0: without end."""

    member_requests: int = key(_PER_MINUTE, MEMBER_REQUESTS)
    community_requests: int = key(_PER_MINUTE, COMMUNITY_REQUESTS)
    community_signatures: int = key(_PER_MINUTE, COMMUNITY_SIGNATURES)


@dataclass(frozen=True, slots=True)
class MetricsSettings(Section):
    """Metrics, and whether the process lives and is ready. Off where there is nowhere to listen."""

    listen: str = key(or_nothing(listen_address), "")


@dataclass(frozen=True, slots=True)
class Settings(Section):
    """Everything that can be configured."""

    admins: frozenset[Account] = key(lambda value: frozenset(_accounts(value)), frozenset())
    contact: str = key(line(CONTACT), "")
    privacy: str = key(line(PRIVACY), "")
    storage: StorageSettings = part(StorageSettings)
    security: SecuritySettings = part(SecuritySettings)
    discord: DiscordSettings = part(DiscordSettings)
    telegram: TelegramSettings = part(TelegramSettings)
    communities: CommunitiesSettings = part(CommunitiesSettings)
    retention: RetentionSettings = part(RetentionSettings)
    exports: ExportsSettings = part(ExportsSettings)
    holding: HoldingSettings = part(HoldingSettings)
    limits: LimitsSettings = part(LimitsSettings)
    metrics: MetricsSettings = part(MetricsSettings)

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
            **asdict(self.limits),
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written anywhere."""
        database = self.storage.url.partition("://")[2].rpartition("@")[0].partition(":")[2]
        return tuple(filter(None, (self.discord.token, self.telegram.token, database)))


def known_keys() -> tuple[str, ...]:
    """Every key that can be set, as `section.key`."""
    return tuple(names(Settings))

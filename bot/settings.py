"""What can be configured: every key with its type, its default and what makes a value wrong."""

import re
from pathlib import Path
from typing import Annotated, Self

from msgspec.structs import asdict, replace

from bot.configurable import (
    Section,
    Wrong,
    bot_token,
    file,
    line,
    listed,
    listen_address,
    names,
    number,
    one_of,
    or_nothing,
    text,
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


class StorageSettings(Section, frozen=True):
    """Where signatures are kept."""

    url: Annotated[str, _database_url] = DEFAULT_DATABASE

    def settled(self, folder: Path) -> Self:
        return replace(self, url=f"sqlite+aiosqlite:///{_from(folder, self.file)}") if self.file else self

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a database server."""
        found = _SQLITE.fullmatch(self.url)
        return Path(found["path"]) if found else None


class SecuritySettings(Section, frozen=True):
    """What opens the stored names."""

    key_file: Annotated[Path, file] = Path(DEFAULT_KEY_FILE)

    def settled(self, folder: Path) -> Self:
        return replace(self, key_file=_from(folder, self.key_file))


def _from(folder: Path, path: Path) -> Path:
    return (folder / path).absolute()


class DiscordSettings(Section, frozen=True):
    """Discord is on when it has a token. `shard_ids` are those of `shard_count` that this process serves."""

    token: Annotated[str, bot_token] = ""
    api_url: Annotated[str, web_address] = DISCORD_API
    moderator_roles: Annotated[tuple[int, ...], listed(_ID, "[123456789012345678]")] = ()
    shard_count: Annotated[int, number(16_384)] = 0
    shard_ids: Annotated[tuple[int, ...], listed(number(16_384), "[0, 1]")] = ()

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


class TelegramSettings(Section, frozen=True):
    """Telegram is on when it has a token. With a `webhook_url` it is told of updates instead of asking."""

    token: Annotated[str, bot_token] = ""
    api_url: Annotated[str, web_address] = TELEGRAM_API
    webhook_url: Annotated[str, or_nothing(web_address)] = ""
    webhook_listen: Annotated[str, listen_address] = "127.0.0.1:8080"

    @property
    def on(self) -> bool:
        """Whether there is a token."""
        return bool(self.token)


class CommunitiesSettings(Section, frozen=True):
    """Who may follow petitions."""

    join: Annotated[str, one_of("open", "ask")] = "open"


class RetentionSettings(Section, frozen=True):
    """After how many days names and accounts are scrubbed; never, where it does not say."""

    days_after_delivery: Annotated[int | None, _DAYS] = None
    days_after_close: Annotated[int | None, _DAYS] = None
    backup_days: Annotated[int | None, _DAYS] = None


class ExportsSettings(Section, frozen=True):
    """How the list of signers may be handed out in the chat."""

    chat: Annotated[ChatExports, one_of(*ChatExports)] = ChatExports.ON


class HoldingSettings(Section, frozen=True):
    """Names that petitions hold for review which hold listed names, beside the kept lists."""

    names: Annotated[tuple[str, ...], listed(line(MAX_NAME, 1), '["Zaphod Beeblebrox"]')] = ()


class LimitsSettings(Section, frozen=True):
    """How much may come in a minute; 0: without end."""

    member_requests: Annotated[int, _PER_MINUTE] = MEMBER_REQUESTS
    community_requests: Annotated[int, _PER_MINUTE] = COMMUNITY_REQUESTS
    community_signatures: Annotated[int, _PER_MINUTE] = COMMUNITY_SIGNATURES


class MetricsSettings(Section, frozen=True):
    """Metrics, and whether the process lives and is ready. Off where there is nowhere to listen."""

    listen: Annotated[str, or_nothing(listen_address)] = ""


class Settings(Section, frozen=True):
    """Everything that can be configured."""

    admins: Annotated[frozenset[Account], lambda value: frozenset(_accounts(value))] = frozenset()
    contact: Annotated[str, line(CONTACT)] = ""
    privacy: Annotated[str, line(PRIVACY)] = ""
    storage: StorageSettings = StorageSettings()
    security: SecuritySettings = SecuritySettings()
    discord: DiscordSettings = DiscordSettings()
    telegram: TelegramSettings = TelegramSettings()
    communities: CommunitiesSettings = CommunitiesSettings()
    retention: RetentionSettings = RetentionSettings()
    exports: ExportsSettings = ExportsSettings()
    holding: HoldingSettings = HoldingSettings()
    limits: LimitsSettings = LimitsSettings()
    metrics: MetricsSettings = MetricsSettings()

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

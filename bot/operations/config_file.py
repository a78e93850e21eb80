"""What `config.toml` looks like when `init` and `setup` write it: every key, with what it is for."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from bot.house import COMMUNITY_REQUESTS, COMMUNITY_SIGNATURES, MEMBER_REQUESTS
from bot.settings import DEFAULT_DATABASE, DEFAULT_KEY_FILE, DISCORD_API, TELEGRAM_API

Value = str | int | list[str] | list[int]

HEADING = """\
# The configuration of Undersigned. Whatever is left out has the value that is shown here.
# File names are looked up from the folder of this file. The environment wins over this file: discord.token
# there is UNDERSIGNED_DISCORD__TOKEN, admins is UNDERSIGNED_ADMINS='["telegram:123"]'.
"""


class Key(Struct, frozen=True):
    """One key: its name, what it is for, and the value that holds (or, if it has none, an example)."""

    name: str
    about: str
    shown: Value
    set_: bool = True


KEYS = (
    Key(
        "admins",
        "Accounts that organise, on whatever platform they are. /help in a private chat tells people their own.\n"
        "Another way to become organiser is the one-time code that 'undersigned setup' prints.",
        [],
    ),
    Key(
        "contact",
        "Whom signers can turn to: an address or a link. For petitions that name no contact of their own.",
        "",
    ),
    Key(
        "privacy",
        "What signers are told about their data, in a sentence or two; it is part of what they sign.\n"
        "For petitions that have no privacy line of their own.",
        "",
    ),
    Key(
        "storage.url",
        "The database: a file (sqlite:///FILE), or a server (postgresql://USER:PASSWORD@HOST/DATABASE).",
        DEFAULT_DATABASE,
    ),
    Key(
        "security.key_file",
        "The key that names are encrypted with. Keep a copy of it apart from the database and its backups:\n"
        "without it every name is lost, and whoever has both can read every name.",
        DEFAULT_KEY_FILE,
    ),
    Key("discord.token", "The bot's token. Discord is off without one.", ""),
    Key("discord.api_url", "Discord's REST address, for those behind a proxy.", DISCORD_API),
    Key(
        "discord.moderator_roles",
        "Roles whose members moderate communities too, beside whoever may Manage Messages: their ids, such as\n"
        "[123456789012345678].",
        [],
    ),
    Key(
        "discord.shard_count",
        "In how many shards Discord divides the servers, when several processes serve it. 0: Discord says.",
        0,
    ),
    Key("discord.shard_ids", "Which of them this process serves, such as [0, 1]. Empty: all.", []),
    Key("telegram.token", "The bot's token. Telegram is off without one.", ""),
    Key(
        "telegram.api_url", "Telegram's address, for those with a Bot API server of their own.", TELEGRAM_API
    ),
    Key(
        "telegram.webhook_url",
        "The public https address at which Telegram reaches this bot. Without it the bot asks Telegram.",
        "",
    ),
    Key("telegram.webhook_listen", "Where the bot listens for what comes to that address.", "127.0.0.1:8080"),
    Key(
        "communities.join",
        'Who may follow petitions: "open", any community whose moderators want to; "ask", an organiser confirms\n'
        "each new one with /communities.",
        "open",
    ),
    Key(
        "retention.days_after_delivery",
        "So many days after its delivery a petition's names and accounts are scrubbed; counts stay.\n"
        "Without it they are kept.",
        30,
        set_=False,
    ),
    Key("retention.days_after_close", "The same after closing, if it is never delivered.", 90, set_=False),
    Key(
        "retention.backup_days",
        "For how many days you keep backups: /forgetme tells people until when they may still be in one.",
        30,
        set_=False,
    ),
    Key(
        "exports.chat",
        'How organisers get the list of signers by /export in the chat: "on", as a file for them alone (encrypted\n'
        'if they gave an age key with /key); "encrypted", only with such a key; "off", at the command line only.',
        "on",
    ),
    Key(
        "holding.names",
        "Names that are held for review beside the kept lists of slurs and invented names, in every petition\n"
        "whose file says listed_names; each is found as whole words within a name.",
        [],
    ),
    Key(
        "limits.member_requests",
        "How many commands, buttons and forms of one member are answered in a minute; 0, here and below: without\n"
        "end. All processes count together. Whoever reads the answers never meets it.",
        MEMBER_REQUESTS,
    ),
    Key(
        "limits.community_requests",
        "The same for all members of one community (a server, a group with its topics) together. Beyond it each\n"
        "of them still gets 20 a minute: reading and signing takes less.",
        COMMUNITY_REQUESTS,
    ),
    Key(
        "limits.community_signatures",
        "How many signatures from one community count at once in a minute. Those beyond wait for review.",
        COMMUNITY_SIGNATURES,
    ),
    Key(
        "metrics.listen",
        "Where metrics for Prometheus (/metrics), /healthz and /readyz are served, such as 127.0.0.1:9464. Empty:\n"
        "nowhere. Let nobody else reach it.",
        "",
    ),
)


def rendered(values: Mapping[str, Value] = MappingProxyType({})) -> str:
    """The text of a config file with these values, by `section.key`; everything else as it is by default."""
    return HEADING + "".join(_lines(values))


def _lines(values: Mapping[str, Value]) -> Iterator[str]:
    section = ""
    for key in KEYS:
        part, _, name = key.name.rpartition(".")
        if part != section:
            section = part
            yield f"\n[{section}]\n"
        yield from (f"\n# {line}" if at == 0 else f"# {line}" for at, line in _numbered(key.about))
        active = key.set_ or key.name in values
        yield f"{'' if active else '# '}{name} = {_toml(values.get(key.name, key.shown))}\n"


def _numbered(about: str) -> Iterator[tuple[int, str]]:
    return ((at, line + "\n") for at, line in enumerate(about.splitlines()))


def _toml(value: Value) -> str:
    """A value in TOML, whose basic strings are JSON's (but for DEL, which JSON leaves as it is)."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_new(file: Path, text: str) -> bool:
    """Write a file that only its owner can read (it holds tokens); False, and nothing done, if it is there."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    return True


def replace(file: Path, text: str) -> Path | None:
    """Put `text` in place of the file, whole or not at all; where the earlier text is kept, if it differs."""
    earlier = file.read_text("utf-8") if file.exists() else None
    if earlier == text:
        return None
    kept = file.with_name(file.name + ".old")
    if earlier is not None:
        _overwrite(kept, earlier)
    _overwrite(file, text)
    return kept if earlier is not None else None


def _overwrite(file: Path, text: str) -> None:
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    write_new(new, text)
    new.replace(file)

"""An interaction as Discord tells of it, and what we read there. Pure.

discord.py would make a server, a channel, a member, a message of it, none of which we need.
Source: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Final

from discord.utils import parse_time, snowflake_time

LASTS: Final = timedelta(minutes=15)
"""For so long its token is good."""
_EPHEMERAL: Final = 1 << 6
_MANAGE_MESSAGES: Final = 1 << 13
_OUR_DM: Final = 1
_SERVER: Final = "0"
"""Among those for whom the bot was installed: the server that has added it."""

Json = Mapping[str, Any]


class Kind(IntEnum):
    """What somebody did."""

    COMMAND = 2
    PRESS = 3
    TYPING = 4
    SUBMIT = 5


class Interaction:
    """One act of one person. Raises KeyError, TypeError, ValueError, AttributeError for a payload that is none."""

    __slots__ = ("_member", "_payload", "_user", "application_id", "data", "guild_id", "id", "kind", "token")

    def __init__(self, payload: Json) -> None:
        self._payload = payload
        self.id, self.application_id = int(payload["id"]), int(payload["application_id"])
        self.token: str = payload["token"]
        self.kind = int(payload["type"])
        self.data: Json = payload.get("data") or {}
        self.guild_id: str | None = payload.get("guild_id")
        self._member: Json = payload.get("member") or {}
        self._user: Json = self._member.get("user") or payload["user"]

    @property
    def what(self) -> str:
        """What kind it is, in a word."""
        return Kind(self.kind).name if self.kind in set(Kind) else "OTHER"

    # -- when

    @property
    def created_at(self) -> datetime:
        """By Discord's clock."""
        return snowflake_time(self.id)

    @property
    def expires_at(self) -> datetime:
        return self.created_at + LASTS

    # -- who

    @property
    def user_id(self) -> str:
        return str(self._user["id"])

    @property
    def user_name(self) -> str:
        """As this server knows them; or as Discord does."""
        user = self._user
        return self._member.get("nick") or user.get("global_name") or str(user["username"])

    @property
    def by_bot(self) -> bool:
        return bool(self._user.get("bot"))

    @property
    def user_since(self) -> datetime:
        """The id says it."""
        return snowflake_time(int(self._user["id"]))

    @property
    def joined_at(self) -> datetime | None:
        """Of a server, not of a direct message."""
        return parse_time(self._member.get("joined_at"))

    @property
    def may_manage_messages(self) -> bool:
        """Whether they may do so here, as Discord has worked it out for this event."""
        return bool(int(self._member.get("permissions") or 0) & _MANAGE_MESSAGES)

    def has_role(self, role: int) -> bool:
        return str(role) in (self._member.get("roles") or ())

    # -- where

    @property
    def channel(self) -> Json:
        return self._payload.get("channel") or {}

    @property
    def in_our_dm(self) -> bool:
        return self.guild_id is None and self._payload.get("context") == _OUR_DM

    @property
    def in_our_server(self) -> bool:
        """Whether the server has added the bot, and not just somebody who is there."""
        owners: Json = self._payload.get("authorizing_integration_owners") or {}
        return self.guild_id is not None and str(owners.get(_SERVER)) == self.guild_id

    @property
    def filesize_limit(self) -> int:
        """In bytes, of what may be handed over here."""
        return int(self._payload["attachment_size_limit"])

    # -- in which language

    @property
    def locale(self) -> str:
        return str(self._payload.get("locale") or "en-US")

    @property
    def guild_locale(self) -> str | None:
        return self._payload.get("guild_locale")

    # -- upon what

    @property
    def on_message(self) -> bool:
        """Whether it came of a message: of its button, or of a form that this opened."""
        return bool(self._payload.get("message"))

    @property
    def on_ephemeral(self) -> bool:
        """Whether nobody else sees that message."""
        message: Json = self._payload.get("message") or {}
        return bool(int(message.get("flags") or 0) & _EPHEMERAL)

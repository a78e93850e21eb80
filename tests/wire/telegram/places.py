"""Groups, supergroups and channels, and what happens to the bot in them."""

from typing import TYPE_CHECKING

from .content import Content
from .entities import detected
from .world import RIGHTS, Chat, Message, Standing, Topic, User

if TYPE_CHECKING:
    from .people import Member
    from .state import State


class Place(Chat):
    """A group, supergroup or channel."""

    def __init__(self, server: "State", chat_id: int, kind: str, title: str) -> None:
        super().__init__(chat_id, kind, title, server.bot, server.message_ids)
        self.server = server

    def stand(self, user: User, status: str, *rights: str, anonymous: bool = False) -> Standing:
        """Set somebody's standing without telling anyone; an administrator without rights named has all."""
        everything = RIGHTS if status in ("creator", "administrator") else ()
        standing = Standing(user, status, frozenset(rights or everything), anonymous)
        self.standings[user.id] = standing
        return standing

    # The bot

    async def add_bot(self, *, by: "Member", rights: tuple[str, ...] = ()) -> None:
        """Bring the bot in; with `rights`, or into a channel, as an administrator."""
        admin = bool(rights) or self.type == "channel"
        self._change(self.bot, "administrator" if admin else "member", by, rights)
        if self.type != "channel":
            self._service(by.user, new_chat_members=[self.bot.json()])

    async def remove_bot(self, *, by: "Member") -> None:
        self._change(self.bot, "kicked", by)

    async def promote_bot(self, *rights: str, by: "Member") -> None:
        """Make the bot an administrator with the rights named, or with all."""
        self._change(self.bot, "administrator", by, rights)

    async def demote_bot(self, *, by: "Member") -> None:
        self._change(self.bot, "member", by)

    # The members

    async def join(self, member: "Member") -> None:
        self._change(member.user, "member", member)
        self._service(member.user, new_chat_members=[member.user.json()])

    async def leave(self, member: "Member") -> None:
        self._change(member.user, "left", member)
        self._service(member.user, left_chat_member=member.user.json())

    async def promote(
        self, member: "Member", *rights: str, by: "Member | None" = None, anonymous: bool = False
    ) -> None:
        """Make a member an administrator; the first one without `by` counts as the owner's doing."""
        self._change(member.user, "administrator", by or member, rights)
        self.standing(member.user).anonymous = anonymous

    async def demote(self, member: "Member", *, by: "Member | None" = None) -> None:
        self._change(member.user, "member", by or member)

    def _change(self, user: User, status: str, by: "Member", rights: tuple[str, ...] = ()) -> None:
        old = self.standing(user).json()
        new = self.stand(user, status, *rights).json()
        kind = "my_chat_member" if user == self.bot else "chat_member"
        if user == self.bot or self.standing(self.bot).status == "administrator":
            change = {"from": by.user.json(), "old_chat_member": old, "new_chat_member": new}
            date = int(self.server.clock())
            self.server.tell(kind, {"chat": self.json(), "date": date} | change, self, by.user)
        self.server.changed(self)

    def _service(self, by: User | None, **what: object) -> Message:
        return self.server.post(self, by, content=Content(), service=what)

    # What the place itself can do

    async def topic(self, name: str, *, by: "Member | None" = None) -> Topic:
        """Open a forum topic."""
        created = self._service(by and by.user, forum_topic_created={"name": name, "icon_color": 7322096})
        created.topic = self.topics[created.id] = Topic(self, created.id, name)
        return created.topic

    async def post(self, text: str) -> Message:
        """Publish in a channel."""
        return self.server.post(self, None, content=Content(text, detected(text, [])), sender_chat=self)

    async def rename(self, title: str, *, by: "Member") -> None:
        self.title = title
        self._service(by.user, new_chat_title=title)

    async def migrate(self) -> "Place":
        """Turn a group into a supergroup, which has a new id; the old one only points there."""
        new = self.server.group(self.title, supergroup=True)
        new.standings = self.standings
        self._service(None, migrate_to_chat_id=new.id)
        new._service(None, migrate_from_chat_id=self.id)
        self.migrated_to = new.id
        return new

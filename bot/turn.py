"""One turn of the conversation: an event, how to answer it, and what is known while it is handled."""

from collections.abc import Sequence
from datetime import datetime

from bot.answer import Answer, Button, Page, Prompt
from bot.document import Block
from bot.house import House
from bot.inbound import Inbound
from bot.model.account import Account, Actor, Place
from bot.model.hidden import Hidden
from bot.outbox import Outbox
from bot.ports import Ports
from bot.roles import Role
from bot.words.catalog import Message, Plural, Value, Words

Rows = Sequence[Sequence[Button]]


class Turn(Hidden, frozen=True):
    """Handed to every handler. `t` says messages in the member's language; `now` is the turn's instant."""

    inbound: Inbound
    answer: Answer
    ports: Ports
    house: House
    now: datetime
    t: Words
    outbox: Outbox

    @property
    def actor(self) -> Actor:
        return self.inbound.actor

    @property
    def account(self) -> Account:
        return self.inbound.actor.account

    @property
    def place(self) -> Place:
        return self.inbound.place

    async def role(self) -> Role:
        """The actor's role here. A moderator's is the platform's word; an organiser's is ours."""
        if self.account in self.house.admins or await self.ports.organisers.includes(self.account):
            return Role.ORGANISER
        return Role.MODERATOR if self.actor.moderates else Role.SIGNER

    def page(
        self,
        *blocks: Block,
        buttons: Rows = (),
        private: bool = True,
        names_a_person: bool = False,
        prompt: Prompt | None = None,
        here: bool = False,
    ) -> Page:
        """A page in the member's locale; rows without buttons are left out.

        `here`: where all can see it, its buttons act there all the same (`Page.buttons_here`).

        Where nothing can be shown to the actor alone no page is private. Raises ValueError for one that
        names a person there: it must not have been made.
        """
        if names_a_person and not self.place.discreet:
            raise ValueError("a page that names a person was about to be shown where all can see it")
        private = private and self.place.discreet
        rows = tuple(tuple(row) for row in buttons if row)
        here = here and not self.place.discreet
        return Page(tuple(blocks), rows, self.t.locale, private, names_a_person, prompt, buttons_here=here)

    async def say(self, message: Message | Plural, *, buttons: Rows = (), **values: Value) -> None:
        """Answer with one sentence, to the actor alone."""
        await self.answer.show(self.page(self.t.paragraph(message, **values), buttons=buttons))

    async def say_instead(self, message: Message | Plural, *, buttons: Rows = (), **values: Value) -> None:
        """The same in place of the message whose button was pressed."""
        await self.answer.replace(self.page(self.t.paragraph(message, **values), buttons=buttons))

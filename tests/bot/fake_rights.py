"""Fakes of organisers, of people's rights and of retention, in memory."""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from bot.model.account import Account
from bot.model.petition import State
from bot.model.rights import Forgotten, HalfFilled, Kept, Organising, Told
from bot.model.signature import Status
from bot.ports.organising import Removal


@dataclass
class FakeOrganisers:
    world: Any

    async def includes(self, account: Account) -> bool:
        return account in self.world.organisers

    async def count(self) -> int:
        return len(self.world.organisers)

    async def claim(self, code: str, account: Account) -> bool:
        if code not in self.world.claims:
            return False
        self.world.claims.remove(code)
        self.world.organisers.add(account)
        return True

    async def configured(self, accounts) -> None:
        for account in accounts:
            await self.actor(account, "en")

    async def actor(self, account: Account, locale: str) -> str:
        known = self.world.actors
        name = known[account][0] if account in known else f"actor{len(known) + 1}"
        known[account] = (name, locale)
        return name

    async def key(self, account: Account) -> str | None:
        return self.world.age_keys.get(account)

    async def set_key(self, account: Account, key: str | None) -> None:
        await self.actor(account, "en")
        if key is None:
            self.world.age_keys.pop(account, None)
        else:
            self.world.age_keys[account] = key


@dataclass
class FakeRemovals:
    """What is to be removed from chats: (account, reference, due) by its id."""

    world: Any

    async def plan(self, account: Account, reference: str, within, until=None):
        due = self.world.now + within if until is None else min(self.world.now + within, until)
        self.world.removals[str(len(self.world.removals) + 1)] = (account, reference, due)
        return due

    async def due(self, platform: str):
        waiting = self.world.removals.items()
        return [
            Removal(number, reference, due)
            for number, (account, reference, due) in waiting
            if account.platform == platform and due <= self.world.now
        ]

    async def settle(self, removal_id: str) -> None:
        del self.world.removals[removal_id]


@dataclass
class FakeRights:
    world: Any

    async def kept(self, account: Account) -> Kept:
        world = self.world
        organiser = None
        if account in world.actors or account in world.organisers:
            actor, locale = world.actors.get(account, ("actor0", "en"))
            claimed, key = account in world.organisers, world.age_keys.get(account)
            organiser = Organising(actor, world.now, locale, claimed, key)
        return Kept(
            tuple(signature for owner, signature in world.signed if owner == account),
            {
                each.form: world.held_for[each.form]
                for owner, each in world.signed
                if owner == account and world.held_for.get(each.form)
            },
            tuple(Told(number, "en", world.now) for owner, number in world.noticed if owner == account),
            tuple(
                HalfFilled(draft.token, draft.values, world.now)
                for (owner, _), draft in world.drafts.items()
                if owner == account
            ),
            organiser,
            tuple(due for owner, _, due in world.removals.values() if owner == account),
        )

    async def forget(self, account: Account) -> Forgotten:
        world, kept = self.world, await self.kept(account)
        counts = {"withdrawn": 0, "struck": 0, "delivered": 0}
        for at, (owner, signature) in enumerate(world.signed):
            if owner == account:
                kind = self._kind(signature)
                counts[kind] += 1
                status = Status.WITHDRAWN if kind == "withdrawn" else signature.status
                bare = replace(signature, identity=None, context=None, code="", status=status)
                world.signed[at] = (owner if kind == "struck" else Account("nobody", "nobody"), bare)
        world.noticed = {each for each in world.noticed if each[0] != account}
        world.drafts = {key: draft for key, draft in world.drafts.items() if key[0] != account}
        world.organisers.discard(account)
        world.actors.pop(account, None)
        others = len(kept.told) + len(kept.forms)
        return Forgotten(**counts, others=others, organiser=kept.organiser is not None)

    def _kind(self, signature) -> str:
        petition = next(each for each in self.world.kept if each.id == signature.petition_id)
        if signature.status is Status.STRUCK:
            return "struck"
        delivered = petition.state(self.world.now) is State.DELIVERED
        return "delivered" if delivered and signature.status is Status.COUNTED else "withdrawn"


@dataclass
class FakeRetention:
    world: Any

    async def anonymise(self, petition_id: int) -> int | None:
        petition = next(each for each in self.world.kept if each.id == petition_id)
        if petition.state(self.world.now) not in {State.CLOSED, State.DELIVERED}:
            return None
        at = self.world.kept.index(petition)
        self.world.kept[at] = replace(petition, anonymised=petition.anonymised or self.world.now)
        scrubbed = 0
        for at, (_, signature) in enumerate(self.world.signed):
            if signature.petition_id == petition_id and signature.identity is not None:
                bare = replace(signature, identity=None, context=None, code="")
                self.world.signed[at] = (Account("nobody", "nobody"), bare)
                scrubbed += 1
        return scrubbed

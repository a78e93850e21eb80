"""A small world in memory for the core's tests: the ports, the clock, and a member who talks to the core."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.answer import Button, Choice, File, Form, Handed, Offer, Page
from bot.core import Core
from bot.document import plain
from bot.house import House
from bot.inbound import Browse, Command, Event, Inbound, Press, Submit, Suggest, Typed
from bot.model.account import Account, Actor, Place, PlaceKind
from bot.model.holding import Rule
from bot.model.petition import TARGETS, TRANSITIONS, Act, Content, Petition, Reach, State, Text
from bot.model.signature import (
    ActRefused,
    AlreadySigned,
    Change,
    Changed,
    Context,
    Dimension,
    FormForeign,
    Identity,
    Moved,
    NoSuchSignature,
    NotOpen,
    NotPossible,
    NotTaken,
    Signature,
    Signed,
    SignRequest,
    Status,
    TextChanged,
    TooOften,
    Totals,
    status_after,
)
from bot.pictures import Pictures
from bot.ports import Draft, Link, Ports, Post
from bot.tokens import random_id
from tests.bot.fake_lists import FakeAudit, FakeRoster
from tests.bot.fake_reviews import FakeLimits, FakeReviews
from tests.bot.fake_rights import FakeOrganisers, FakeRemovals, FakeRetention, FakeRights
from tests.bot.outreach_fakes import FakeBoards, FakeFollows, FakeOutbox, Outreach, Sketcher

NOON = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
ENGLISH = Text(
    "en", "Save the *park*", "The Mayor & Council", "It is **old**.", "Keep the park.\n\nAll of it.", "Kept."
)
SPANISH = Text("es", "Salvad el parque", "La alcaldía", "Es antiguo.", "Conservad el parque.", "Guardado.")
PARK = Content("park", (ENGLISH, SPANISH), goal=100, contact="team@example.org")


@dataclass
class World:
    """Everything behind the core, in memory; one lock-free thread, so each method is atomic."""

    now: datetime = NOON
    kept: list[Petition] = field(default_factory=list)
    signed: list[tuple[Account, Signature]] = field(default_factory=list)
    drafts: dict[tuple[Account, str], Draft] = field(default_factory=dict)
    organisers: set[Account] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    actors: dict[Account, tuple[str, str]] = field(default_factory=dict)
    age_keys: dict[Account, str] = field(default_factory=dict)
    acts: list[Any] = field(default_factory=list)
    removals: dict[str, Any] = field(default_factory=dict)
    held_for: dict[str, frozenset[Rule]] = field(default_factory=dict)
    laid: dict[str, Any] = field(default_factory=dict)
    windows: dict[Any, Any] = field(default_factory=dict)
    reminded: list[datetime] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    named: dict[int, Place] = field(default_factory=dict)
    posts: dict[tuple[int, int], Post] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    noticed: set[tuple[Account, int]] = field(default_factory=set)
    outreach: Outreach = field(default_factory=Outreach)
    failing: Exception | None = None
    busy: bool = False
    tired: datetime | None = None
    """Until when who signs has to wait, having signed and taken it back all day."""

    def clock(self) -> datetime:
        return self.now

    def ports(self) -> Ports:
        return Ports(
            FakePetitions(self),
            FakeSignatures(self),
            FakeTally(self),
            FakeDrafts(self),
            FakeOrganisers(self),
            FakeCommunities(self),
            FakeNotices(self),
            FakeFollows(self),
            FakeBoards(self),
            FakeOutbox(self),
            FakeRoster(self),
            FakeAudit(self, self.acts),
            FakeRights(self),
            FakeRetention(self),
            FakeReviews(self, self.laid),
            FakeLimits(self, self.windows),
            FakeRemovals(self),
        )

    def petition(self, content: Content = PARK, state: State = State.OPEN) -> Petition:
        petition = Petition(len(self.kept) + 1, random_id(8), content, state, 1, self.now)
        self.kept.append(petition)
        return petition

    def edit(self, petition: Petition, **changes: Any) -> Petition:
        """Change a petition as an organiser does meanwhile: a Petition's fields, or its Content's."""
        own = {key: value for key, value in changes.items() if key == "stored_state"}
        content = {key: value for key, value in changes.items() if key not in own}
        fresh = replace(
            petition, **own, content=replace(petition.content, **content), revision=petition.revision + 1
        )
        self.kept[self.kept.index(petition)] = fresh
        return fresh

    def strike(self, number: int) -> None:
        """Take a signature out of the count, as organisers do."""
        after = status_after(self.signed[number - 1][1].status, Change.STRIKE, numbered=True)
        assert after is not None
        self._set(number, status=after)

    def hold(self, number: int) -> None:
        """Let a signature wait for review, as if it had from the beginning."""
        self._set(number, status=Status.HELD)

    def _set(self, number: int, **changes: Any) -> None:
        """Change the signature that was given as the `number`th."""
        account, signature = self.signed[number - 1]
        self.signed[number - 1] = (account, replace(signature, **changes))


@dataclass
class FakePetitions:
    world: World

    async def all(self):
        if self.world.failing:
            raise self.world.failing
        return list(self.world.kept)

    async def find(self, slug: str):
        return next((each for each in self.world.kept if each.slug == slug), None)

    async def by_key(self, key: str):
        return next((each for each in self.world.kept if each.key == key), None)

    async def add(self, content: Content, *, actor=None):
        return None if await self.find(content.slug) else self.world.petition(content, State.DRAFT)

    async def update(self, slug: str, content: Content, *, seen: int, actor=None):
        found = await self.find(slug)
        if found is None or found.revision != seen:
            return None
        fresh = replace(found, content=content, revision=seen + 1)
        self.world.kept[self.world.kept.index(found)] = fresh
        return fresh

    async def act(self, slug: str, act: Act, *, closes: datetime | None = None, actor=None):
        found = await self.find(slug)
        if found is None:
            raise LookupError(slug)
        state = found.state(self.world.now)
        if state is TARGETS[act]:
            return Moved(state, moved=False)
        after = TRANSITIONS.get((state, act))
        if after is None:
            return ActRefused(state, act)
        fresh = replace(found, stored_state=after, content=replace(found.content, closes=closes))
        self.world.kept[self.world.kept.index(found)] = fresh
        return Moved(after, moved=True)

    async def signed_versions(self, petition_id: int) -> Mapping[str, int]:
        return {}


@dataclass
class FakeSignatures:
    world: World

    async def sign(self, request: SignRequest):
        if self.world.busy:
            return NotTaken(busy=True)
        petition = next(each for each in self.world.kept if each.id == request.petition_id)
        for account, before in self.world.signed:
            if before.form == request.form:
                return Signed(before) if account == request.account else FormForeign()
        for account, before in self.world.signed:
            same = account == request.account and before.petition_id == petition.id
            if same and before.status is not Status.WITHDRAWN:
                return AlreadySigned(before)
        if petition.state(self.world.now) is not State.OPEN:
            return NotOpen(petition.state(self.world.now))
        if self.world.tired:
            return TooOften(self.world.tired)
        if all(text.version != request.text_version for text in petition.content.texts):
            return TextChanged()
        signature = Signature(
            petition.id,
            request.form,
            None if request.hold else 1 + self._highest(petition.id),
            Status.HELD if request.hold else Status.COUNTED,
            request.reach,
            request.text_version,
            self.world.now.date(),
            request.account.platform,
            request.identity,
            Context(self.world.now, request.language, request.community, request.answer),
            random_id(13).upper(),
        )
        self.world.signed.append((request.account, signature))
        self.world.held_for[request.form] = request.hold
        self.world.drafts.pop((request.account, request.form), None)
        return Signed(signature)

    def _highest(self, petition_id: int) -> int:
        numbers = (each.number or 0 for _, each in self.world.signed if each.petition_id == petition_id)
        return max(numbers, default=0)

    async def of(self, account: Account):
        return [
            each
            for owner, each in self.world.signed
            if owner == account and each.status is not Status.WITHDRAWN
        ]

    async def on(self, petition, account: Account):
        return next((each for each in await self.of(account) if each.petition_id == petition.id), None)

    async def get(self, form: str, account: Account):
        return next(
            (each for owner, each in self.world.signed if each.form == form and owner == account), None
        )

    async def by_code(self, code: str):
        wanted = code.replace("-", "").replace(" ", "").upper()
        found = next((each for _, each in self.world.signed if each.code == wanted), None)
        return replace(found, identity=None, context=None) if found else None

    async def withdraw(self, form: str):
        return self._change(form, lambda each: replace(each, status=Status.WITHDRAWN, identity=None))

    async def amend(self, form: str, account: Account, identity: Identity, reach: Reach):
        if await self.get(form, account) is None:
            return NoSuchSignature()
        return self._change(form, lambda each: replace(each, identity=identity, reach=reach))

    async def public(self, petition_id: int, *, after: int = 0, limit: int = 50, before=None):
        chosen = (
            (each.number, each.identity)
            for _, each in self.world.signed
            if each.petition_id == petition_id
            and each.reach is Reach.EVERYONE
            and each.status is Status.COUNTED
            and each.number > after
            and (before is None or each.day < before)
        )
        return list(chosen)[:limit]

    def _change(self, form: str, change):
        for at, (account, each) in enumerate(self.world.signed):
            if each.form == form:
                state = next(p for p in self.world.kept if p.id == each.petition_id).state(self.world.now)
                if state is State.DELIVERED or each.status not in {Status.COUNTED, Status.HELD}:
                    return NotPossible(each.status, state)
                self.world.signed[at] = (account, change(each))
                return Changed(self.world.signed[at][1])
        return NoSuchSignature()


@dataclass
class FakeTally:
    world: World

    async def totals(self, petition_id: int, *, live: bool = False) -> Totals:
        counts = dict.fromkeys(Status, 0)
        for _, each in self.world.signed:
            counts[each.status] += each.petition_id == petition_id
        peak = max((each.number or 0 for _, each in self.world.signed), default=0)
        return Totals(*(counts[status] for status in Status), at=self.world.now, peak=peak)

    async def before(self, petition_id: int, at: datetime):
        noted = {
            hour: n
            for (its, hour), n in self.world.outreach.noted.items()
            if its == petition_id and hour <= at
        }
        return noted[max(noted)] if noted else 0

    async def breakdown(
        self, petition_id: int, dimension: Dimension, *, live: bool = False
    ) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for _, each in self.world.signed:
            if each.petition_id == petition_id and each.status is Status.COUNTED:
                value = _value(each, dimension)
                if value is not None:
                    counts[value] = counts.get(value, 0) + 1
        return counts


def _value(signature: Signature, dimension: Dimension) -> str | None:
    assert signature.context is not None
    return {
        Dimension.PLATFORM: signature.platform,
        Dimension.REACH: signature.reach.value,
        Dimension.ANSWER: signature.context.answer,
        Dimension.DAY: signature.day.isoformat(),
        Dimension.COMMUNITY: str(signature.context.community) if signature.context.community else None,
    }.get(dimension)


@dataclass
class FakeDrafts:
    world: World

    async def save(self, account: Account, draft: Draft) -> None:
        if draft.asking:
            for (owner, form), other in list(self.world.drafts.items()):
                if owner == account:
                    self.world.drafts[owner, form] = replace(other, asking=None)
        self.world.drafts[account, draft.form] = draft

    async def get(self, account: Account, form: str):
        return self.world.drafts.get((account, form))

    async def asking(self, account: Account):
        mine = (draft for (owner, _), draft in self.world.drafts.items() if owner == account and draft.asking)
        return next(mine, None)

    async def drop(self, account: Account, form: str) -> None:
        self.world.drafts.pop((account, form), None)


@dataclass
class FakeCommunities:
    world: World

    async def ensure(self, place: Place) -> int:
        key = replace(place, name="")
        if key not in self.world.places:
            self.world.places.append(key)
        number = self.world.places.index(key) + 1
        self.world.named[number] = place
        return number

    async def last_post(self, community: int, petition_id: int):
        return self.world.posts.get((community, petition_id))

    async def posted(self, community: int, petition_id: int, post: Post) -> None:
        self.world.posts[community, petition_id] = post

    async def link(self, community: int, petition_id: int) -> str:
        link = Link(petition_id, community)
        for known, each in self.world.links.items():
            if each == link:
                return known
        fresh = random_id()
        self.world.links[fresh] = link
        return fresh

    async def follow_link(self, link: str):
        return self.world.links.get(link)

    async def whole(self, community: int) -> str:
        return self.world.named[community].whole if community in self.world.named else ""

    async def names(self, communities):
        known = {number: place.name for number, place in self.world.named.items()}
        return {number: known[number] for number in communities if number in known}

    async def revoke_links(self, community: int) -> None:
        self.world.links = {
            key: each for key, each in self.world.links.items() if each.community != community
        }


@dataclass
class FakeNotices:
    world: World

    async def ask(self, account: Account, petition_id: int, locale: str) -> None:
        self.world.noticed.add((account, petition_id))

    async def stop(self, account: Account, petition_id: int) -> None:
        self.world.noticed.discard((account, petition_id))

    async def asked(self, account: Account, petition_id: int) -> bool:
        return (account, petition_id) in self.world.noticed

    async def count(self, petition_id: int) -> int:
        return sum(its == petition_id for _, its in self.world.noticed)


SERVER = Place("test", "42", PlaceKind.GROUP, "neighbours")
GROUP = Place("test", "43", PlaceKind.GROUP, "open group", discreet=False)
PRIVATE = Place("test", "me", PlaceKind.PRIVATE)


@dataclass
class Screen:
    """The answer port: remembers what was shown to this member."""

    whole_forms: bool = False
    lasting: bool = False
    pages: list[Page] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    removed: list[str | None] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    menus: list[list[str]] = field(default_factory=list)
    captions: list[Page] = field(default_factory=list)
    largest_file: int | None = None
    until: datetime | None = None
    broken: bool = False

    async def show(self, page: Page) -> str | None:
        if self.broken:
            raise ConnectionError
        self.pages.append(page)
        return f"message-{len(self.pages)}"

    async def replace(self, page: Page) -> None:
        await self.show(page)

    async def form(self, form: Form) -> None:
        self.forms.append(form)

    async def remove(self, reference: str | None = None) -> None:
        self.removed.append(reference)

    async def offer(self, offers) -> None:
        self.offers = list(offers)

    async def suggest(self, choices) -> None:
        self.choices = list(choices)

    async def menu(self, commands) -> None:
        self.menus.append([name for name, _ in commands])

    async def file(self, file: File) -> Handed | None:
        self.files.append((file.name, file.path.read_bytes()))
        self.captions.append(file.caption)
        self.pages.append(file.caption)
        return Handed(f"file-{len(self.files)}", self.until) if self.lasting else None


class Member(msgspec.Struct):
    """Somebody who talks to the core. Each verb returns the text of the last page shown."""

    world: World
    name: str = "Ana López"
    locale: str = "en"
    place: Place = SERVER
    screen: Screen = msgspec.field(default_factory=Screen)
    house: House = House()
    actor: Actor | None = None

    @property
    def account(self) -> Account:
        return self.speaker.account

    @property
    def speaker(self) -> Actor:
        return self.actor or Actor(Account("test", self.name.casefold()), self.name)

    async def does(self, event: Event) -> str:
        core = Core(self.world.ports(), self.house, self.world.clock, Pictures(Sketcher()))
        before = len(self.screen.pages)
        await core.handle(Inbound("1", self.speaker, self.place, self.locale, event), self.screen)
        return self.text if len(self.screen.pages) > before else ""

    async def says(self, name: str, **arguments: str) -> str:
        return await self.does(Command(name, arguments))

    async def types(self, text: str) -> str:
        return await self.does(Typed(text))

    async def presses(self, label: str) -> str:
        return await self.does(Press(self.button(label).token))

    async def submits(self, **values: str) -> str:
        form = self.screen.forms[-1]
        filled = {each.key: each.value for each in form.fields} | values
        return await self.does(Submit(form.token, filled))

    async def suggested(self, command: str, argument: str, partial: str) -> list[Choice]:
        await self.does(Suggest(command, argument, partial))
        return self.screen.choices

    async def browses(self, partial: str = "") -> list[Offer]:
        await self.does(Browse(partial))
        return self.screen.offers

    def button(self, label: str) -> Button:
        return next(each for each in self.buttons if each.label == label)

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.page.buttons for button in row]

    @property
    def page(self) -> Page:
        return self.screen.pages[-1]

    @property
    def text(self) -> str:
        return plain(self.page.blocks)


def later(world: World, **delta: float) -> None:
    world.now += timedelta(**delta)


async def signs(world: World, name: str, which: str = "", **values: str) -> Member:
    """A member who has signed, in one form."""
    member = Member(world, name, screen=Screen(whole_forms=True))
    await member.says("sign", which=which)
    await member.submits(**values)
    assert any(account == member.account for account, _ in world.signed)
    return member

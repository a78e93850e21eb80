"""Many requests in flight at once: what comes of each is what it would be if they had come one after the other.

Nobody is expected to have signed before, so a batch with anybody who has is always written twice.
"""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection, select

from bot.model.holding import HoldRules, Rule
from bot.model.petition import Act, Petition
from bot.model.review import Which
from bot.model.signature import (
    AlreadySigned,
    Change,
    FormForeign,
    Identity,
    NotOpen,
    NotTaken,
    Signed,
    SignRequest,
    Status,
    TextChanged,
    status_after,
)
from bot.ports import Level
from storage import batch
from storage.tables import hold, milestone, signature, surge
from tests.storage.world import MINUTE, PARK, Home, opened_petition, request

MILESTONES = (2, 4, 7)
OF_PETITION, OF_ALL = 2, 3
"""How much of one community is counted in a minute, by one petition and by the configuration."""
YOUNG = frozenset({Rule.ACCOUNT_AGE})
CROWD = frozenset({Rule.COMMUNITY_RATE})
HOW = (
    "new",
    "new",
    "new",
    "new",
    "again",
    "forged",
    "elsewhere",
    "unwritable",
    "too long",
    "old text",
    "young",
)
ASKED = st.tuples(st.integers(0, 1), st.integers(0, 9), st.sampled_from(HOW), st.integers(0, 1))
MEANWHILE = st.sampled_from((*Change, Act.PAUSE, Act.OPEN, MINUTE, None))
ROUNDS = st.lists(st.tuples(st.lists(ASKED, min_size=8, max_size=24), MEANWHILE), min_size=1, max_size=3)


class Expected(NamedTuple):
    """What a request comes to: of a signature, also its number and status."""

    kind: type
    number: int | None = None
    status: Status | None = None


@dataclass
class Row:
    """A signature, as a list would hold it."""

    form: str
    who: str
    number: int | None
    status: Status
    rules: frozenset[Rule]


@dataclass
class Listed:
    """One petition beside the list of who signed it."""

    petition: Petition
    most: int
    open: bool = True
    rows: list[Row] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    given: Counter[str] = field(default_factory=Counter)
    given_of_all: Counter[str] = field(default_factory=Counter)
    ever_held: int = 0
    peak: int = 0

    def sign(self, asked: SignRequest, elsewhere: set[str]) -> Expected:
        """What becomes of it after all that came before. `elsewhere`: forms that are spent on other petitions."""
        who = str(asked.account)
        spent = next((row for row in self.rows if row.form == asked.form), None)
        standing = next(
            (row for row in self.rows if row.who == who and row.status is not Status.WITHDRAWN), None
        )
        if "\ud800" in asked.identity.name:
            return Expected(NotTaken)
        if (spent and spent.who != who) or asked.form in elsewhere:
            return Expected(FormForeign)
        if found := spent or standing:
            return Expected(Signed if spent else AlreadySigned, found.number, found.status)
        if not self.open:
            return Expected(NotOpen)
        if asked.text_version == "0" * 64:
            return Expected(TextChanged)
        return Expected(NotTaken) if len(asked.form) > 64 else self._add(who, asked)

    def _add(self, who: str, asked: SignRequest) -> Expected:
        rules = asked.hold or self._too_many(asked.whole)
        number = None if rules else sum(row.number is not None for row in self.rows) + 1
        status = Status.HELD if rules else Status.COUNTED
        self.rows.append(Row(asked.form, who, number, status, rules))
        self.ever_held += bool(rules)
        self.peak = max(self.peak, self.having(Status.COUNTED))
        return Expected(Signed, number, status)

    def _too_many(self, whole: str) -> frozenset[Rule]:
        self.given[whole] += 1
        if self.given[whole] > self.most:
            return CROWD
        self.given_of_all[whole] += 1
        return CROWD if self.given_of_all[whole] > OF_ALL else frozenset()

    def having(self, status: Status) -> int:
        return sum(row.status is status for row in self.rows)


class World:
    """Two petitions of one storage, which are signed at the same time; the first also limits communities itself."""

    numbers = count()

    def __init__(self, home: Home, ports) -> None:
        self.home, self.ports = home, ports
        self.listed: list[Listed] = []

    async def begin(self):
        self.home.clock.move(MINUTE)
        for most in (OF_PETITION, 10**9):
            rules = HoldRules(community_per_minute=most if most == OF_PETITION else None)
            content = replace(
                PARK, slug=f"p{next(self.numbers)}", milestones=MILESTONES, goal=None, hold=rules
            )
            self.listed.append(Listed(await opened_petition(self.ports, content), most))

    def asked(self, which, who, how, community) -> SignRequest:
        one, other = self.listed[which], self.listed[1 - which]
        made = request(one.petition, f"m{who}", whole=f"{which}-{community}")
        if how == "again" and one.forms:
            made = replace(made, form=one.forms[-1 - who % len(one.forms)])
        elif how == "forged" and one.forms:
            made = replace(made, form=one.forms[who % len(one.forms)])
        elif how == "elsewhere" and other.rows:
            return replace(made, form=other.rows[who % len(other.rows)].form)
        elif how == "too long":
            return replace(made, form="x" * 44 + made.form)
        changes = {
            "unwritable": {"identity": Identity("Be\ud800n")},
            "old text": {"text_version": "0" * 64},
            "young": {"hold": YOUNG},
        }
        one.forms.append(made.form)
        return replace(made, **changes.get(how, {}))

    async def round(self, wanted, meanwhile):
        asked = [(which, self.asked(which, *rest)) for which, *rest in wanted]
        spent = [{row.form for row in each.rows} for each in self.listed]
        expected = [self.listed[which].sign(each, spent[1 - which]) for which, each in asked]
        results = await asyncio.gather(*(self.ports.signatures.sign(each) for _, each in asked))
        assert list(map(outcome, results)) == expected
        for each in self.listed:
            await self.change(each, meanwhile)

    async def change(self, listed: Listed, what):
        if what is MINUTE:
            self.home.clock.move(MINUTE)
            for each in self.listed:
                each.given.clear()
                each.given_of_all.clear()
        elif isinstance(what, Act):
            await self.ports.petitions.act(listed.petition.slug, what)
            listed.open = what is Act.OPEN
        elif what and listed.rows:
            await self.judge(listed, listed.rows[len(listed.forms) % len(listed.rows)], what)

    async def judge(self, listed: Listed, row: Row, what: Change):
        after = status_after(row.status, what, numbered=row.number is not None)
        if what is Change.WITHDRAW:
            await self.ports.signatures.withdraw(row.form)
        else:
            made = await self.ports.reviews.preview(listed.petition.id, Which.one(row.form), what)
            await self.ports.reviews.settle(made.action)
        if after is not None:
            row.status = after
            if after is Status.COUNTED and row.number is None:
                row.number = max((each.number or 0 for each in listed.rows), default=0) + 1
        listed.peak = max(listed.peak, listed.having(Status.COUNTED))

    async def check(self):
        async with self.home.database() as database:
            await database.read(lambda on: [self.compare(on, each) for each in self.listed])

    def compare(self, on: Connection, listed: Listed):
        def found(*columns):
            mine = columns[0].table.c.petition == listed.petition.id
            return sorted(map(tuple, on.execute(select(*columns).where(mine))))

        signed = found(signature.c.form, signature.c.number, signature.c.status)
        assert signed == sorted((row.form, row.number, row.status.value) for row in listed.rows)
        forms = {row.form: row for row in listed.rows if row.status is Status.HELD}
        holds = on.execute(select(hold.c.form, hold.c.rule).where(hold.c.form.in_(forms)))
        assert sorted(map(tuple, holds)) == sorted(
            (form, rule.value) for form, row in forms.items() for rule in row.rules
        )
        assert sum(json.loads(rules)["held"] for (rules,) in found(surge.c.rules)) == listed.ever_held
        assert found(milestone.c.threshold) == [(step,) for step in MILESTONES if step <= listed.peak]


def outcome(result) -> Expected:
    if isinstance(result, Signed | AlreadySigned):
        return Expected(type(result), result.signature.number, result.signature.status)
    return Expected(type(result))


@pytest.fixture
def unwary(monkeypatch):
    monkeypatch.setattr(batch, "WARY", 0)


@pytest.mark.usefixtures("unwary")
def test_whoever_comes_at_once_fares_as_if_one_after_the_other(home):
    with asyncio.Runner() as runner:
        storage = home.ports(OF_ALL)
        ports = runner.run(storage.__aenter__())

        @settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(rounds=ROUNDS)
        def fares(rounds):
            async def all_of_them():
                world = World(home, ports)
                await world.begin()
                for wanted, meanwhile in rounds:
                    await world.round(wanted, meanwhile)
                await world.check()

            runner.run(all_of_them())

        try:
            fares()
            assert {finding.level for finding in runner.run(home.maintenance.verify())} == {Level.OK}
        finally:
            runner.run(storage.__aexit__(None, None, None))

"""Whatever people and organisers do, in any order: totals equal counted rows, numbers are unique, none repeats."""

import asyncio
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.petition import Reach
from bot.model.signature import (
    AlreadySigned,
    Change,
    Changed,
    Dimension,
    Identity,
    Signed,
    SignRequest,
    Status,
    status_after,
)
from bot.ports import Level
from storage.tables import milestone
from tests.storage.world import PARK, Clock, Home, change, member, opened_petition, request

PEOPLE = st.sampled_from([f"m{number}" for number in range(5)])
MILESTONES = (2, 4, 7)


@dataclass
class Known:
    """What the simple model remembers of one signature."""

    who: str
    asked: SignRequest
    number: int
    status: Status = Status.COUNTED


class Petitioning(RuleBasedStateMachine):
    """One petition on SQLite beside a list of what should be there."""

    template: Path | None = None

    @initialize()
    def open(self):
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.home = self.fresh_home()
        self.context = self.home.ports()
        self.ports = self.runner.run(self.context.__aenter__())
        content = replace(PARK, milestones=MILESTONES, goal=None)
        self.petition = self.runner.run(opened_petition(self.ports, content))
        self.known: list[Known] = []
        self.peak = 0

    def fresh_home(self):
        home = Home(f"sqlite:///{self.folder / 'db'}", self.folder / "key", Clock())
        if type(self).template is None:
            type(self).template = Path(tempfile.mkdtemp())
            made = Home(f"sqlite:///{self.template / 'db'}", self.template / "key")
            made.maintenance.create_keys()
            made.maintenance.migrate()
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        return home

    def teardown(self):
        if hasattr(self, "ports"):
            findings = self.runner.run(self.home.maintenance.verify())
            self.runner.run(self.context.__aexit__(None, None, None))
            self.runner.close()
            shutil.rmtree(self.folder)
            assert {finding.level for finding in findings} == {Level.OK}, findings

    def standing(self, who):
        return next(
            (each for each in self.known if each.who == who and each.status is not Status.WITHDRAWN), None
        )

    @rule(crowd=st.lists(PEOPLE, min_size=1, max_size=8))
    def sign(self, crowd):
        asked = [request(self.petition, who) for who in crowd]

        async def together():
            return await asyncio.gather(*map(self.ports.signatures.sign, asked))

        for who, each, result in zip(crowd, asked, self.runner.run(together()), strict=True):
            if before := self.standing(who):
                assert isinstance(result, AlreadySigned)
                assert result.signature.number == before.number
            else:
                assert isinstance(result, Signed)
                self.known.append(Known(who, each, result.signature.number))
        self.peak = max(self.peak, self.counted())

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def replay(self, data):
        each = data.draw(st.sampled_from(self.known))
        result = self.runner.run(self.ports.signatures.sign(each.asked))
        assert isinstance(result, Signed)
        assert (result.signature.number, result.signature.status) == (each.number, each.status)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), what=st.sampled_from(Change))
    def judge(self, data, what):
        each = data.draw(st.sampled_from(self.known))
        result = self.runner.run(change(self.ports, each.asked.form, what))
        after = status_after(each.status, what, numbered=True)
        if after is not None:
            assert isinstance(result, Changed)
            each.status = after
        self.peak = max(self.peak, self.counted())

    @precondition(lambda self: self.known)
    @rule(data=st.data(), reach=st.sampled_from(Reach))
    def amend(self, data, reach):
        each = data.draw(st.sampled_from(self.known))
        identity = Identity("Another name", "and a comment")
        result = self.runner.run(
            self.ports.signatures.amend(each.asked.form, member(each.who), identity, reach)
        )
        if isinstance(result, Changed):
            each.asked = replace(each.asked, reach=reach)
        assert isinstance(result, Changed) == (each.status is Status.COUNTED)

    def counted(self):
        return sum(each.status is Status.COUNTED for each in self.known)

    @invariant()
    def everything_agrees(self):
        if not hasattr(self, "ports"):
            return
        totals = self.runner.run(self.ports.tally.totals(self.petition.id))
        statuses = Counter(each.status for each in self.known)
        assert (totals.counted, totals.held, totals.withdrawn, totals.struck) == tuple(
            statuses[status] for status in (Status.COUNTED, Status.HELD, Status.WITHDRAWN, Status.STRUCK)
        )
        reaches = Counter(each.asked.reach for each in self.known if each.status is Status.COUNTED)
        assert self.runner.run(self.ports.tally.breakdown(self.petition.id, Dimension.REACH)) == reaches
        assert [each.number for each in self.known] == list(range(1, len(self.known) + 1))
        recorded = self.runner.run(self.home.run(select(milestone.c.threshold)))
        assert sorted(row.threshold for row in recorded) == [step for step in MILESTONES if step <= self.peak]


Petitioning.TestCase.settings = settings(max_examples=12, stateful_step_count=20)
TestPetitioning = Petitioning.TestCase

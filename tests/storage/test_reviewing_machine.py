"""Two organisers decide at the same time while people sign and withdraw, in any order.

Whatever they do, totals equal counted rows, numbers are unique and none repeats, milestones are told once, and each
signature has a status that one organiser after the other would have given it.
"""

import asyncio
import dataclasses
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.holding import HoldRules, Rule
from bot.model.review import EVERY, Which
from bot.model.signature import Change, Changed, Status, status_after
from bot.ports import Level
from storage.tables import action, decision, milestone, signature
from tests.storage.world import PARK, Clock, Home, opened_petition, request

MILESTONES = (2, 4, 7)
COUNTS = (Status.COUNTED, Status.HELD, Status.WITHDRAWN, Status.STRUCK)
CHANGES = st.sampled_from([Change.ACCEPT, Change.STRIKE, Change.UNSTRIKE])


_STANDS = (
    select(decision.c.form, action.c.token)
    .join(action, action.c.id == decision.c.action)
    .where(decision.c.state == "done")
)


class Ticking(Clock):
    """A clock that never shows the same instant twice."""

    def __call__(self):
        self.move(timedelta(microseconds=1))
        return super().__call__()


@dataclass
class Known:
    """What the model remembers of one signature; `stands`: the decisions that stand, the latest last."""

    form: str
    status: Status
    numbered: bool
    rules: frozenset[Rule]
    stands: list[tuple[str, Status, Status]] = field(default_factory=list)

    @property
    def tokens(self):
        return {token for token, *_ in self.stands}

    def after(self, change):
        to = status_after(self.status, change, numbered=self.numbered)
        if to is not None and change is Change.UNSTRIKE:
            return next((was for _, was, became in reversed(self.stands) if became is Status.STRUCK), to)
        return to

    def settle(self, action, was, becomes):
        if self.status is was:
            self.stands.append((action, was, becomes))
            self.status = becomes
            self.numbered |= becomes is Status.COUNTED

    def undo(self, action):
        mine = next((each for each in self.stands if each[0] == action), None)
        if mine is None:
            return
        if mine is self.stands[-1] and self.status is mine[2]:
            self.status = mine[1]
        self.stands.remove(mine)


@dataclass
class Laid:
    """An action: what it is to make of which signature."""

    token: str
    entries: dict[str, tuple[Status, Status]]
    settled: bool = False
    undone: bool = False


class Reviewing(RuleBasedStateMachine):
    """One petition on SQLite, two organisers in two processes, and a list of what should be there."""

    template: Path | None = None

    @initialize()
    def open(self):
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("storage.actions.PART", 2)
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.home = self.fresh_home()
        self.contexts = [self.home.ports(), self.home.ports()]
        self.organisers = [self.run(context.__aenter__()) for context in self.contexts]
        self.ports = self.organisers[0]
        content = replace(PARK, milestones=MILESTONES, goal=None, hold=HoldRules(account_days=1))
        self.petition = self.run(opened_petition(self.ports, content))
        self.known: dict[str, Known] = {}
        self.laid: list[Laid] = []
        self.peak = self.highest = 0

    def fresh_home(self):
        if type(self).template is None:
            type(self).template = Path(tempfile.mkdtemp())
            made = Home(f"sqlite:///{self.template / 'db'}", self.template / "key")
            made.maintenance.create_keys()
            made.maintenance.migrate()
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        return Home(f"sqlite:///{self.folder / 'db'}", self.folder / "key", Ticking())

    def teardown(self):
        if hasattr(self, "ports"):
            findings = self.run(self.home.maintenance.verify())
            for context in self.contexts:
                self.run(context.__aexit__(None, None, None))
            self.runner.close()
            self.patch.undo()
            shutil.rmtree(self.folder)
            assert {finding.level for finding in findings} == {Level.OK}, findings

    def run(self, work):
        return self.runner.run(work)

    async def together(self, *work):
        return await asyncio.gather(*work)

    @rule(
        holds=st.lists(st.sampled_from([frozenset(), {Rule.LOOKALIKE}, {Rule.ACCOUNT_AGE, Rule.LOOKALIKE}]))
    )
    def sign(self, holds):
        asked = [
            request(self.petition, f"m{len(self.known) + n}", hold=frozenset(h)) for n, h in enumerate(holds)
        ]
        results = self.run(self.together(*map(self.ports.signatures.sign, asked)))
        for each, result in zip(asked, results, strict=True):
            status = Status.HELD if each.hold else Status.COUNTED
            assert (result.signature.status, result.signature.number is None) == (status, bool(each.hold))
            self.known[each.form] = Known(each.form, status, numbered=not each.hold, rules=each.hold)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def withdraw(self, data):
        each = self.known[data.draw(st.sampled_from(sorted(self.known)))]
        result = self.run(self.ports.signatures.withdraw(each.form))
        assert isinstance(result, Changed) == (each.status is not Status.STRUCK)
        if isinstance(result, Changed):
            each.status = Status.WITHDRAWN

    @precondition(lambda self: self.known)
    @rule(data=st.data(), change=CHANGES, everything=st.booleans(), by=st.sampled_from([0, 1]))
    def preview(self, data, change, everything, by):
        forms = sorted(self.known)
        chosen = forms if everything else data.draw(st.lists(st.sampled_from(forms), min_size=1, unique=True))
        which = replace(Which.one(""), handles=tuple(chosen))
        self.lay(which, change, by, lambda each: each.form in chosen)

    @rule(change=CHANGES, by=st.sampled_from([0, 1]))
    def preview_by_rule(self, change, by):
        which = Which(statuses=EVERY, rule=Rule.LOOKALIKE)
        self.lay(which, change, by, lambda each: Rule.LOOKALIKE in each.rules)

    def lay(self, which, change, by, is_one):
        made = self.run(self.organisers[by].reviews.preview(self.petition.id, which, change))
        entries = {
            each.form: (each.status, to)
            for each in self.known.values()
            if is_one(each) and each.status is not Status.WITHDRAWN and (to := each.after(change)) is not None
        }
        assert made.count == len(entries)
        assert made.statuses == Counter(was for was, _ in entries.values())
        self.laid.append(Laid(made.action, entries))

    @precondition(lambda self: any(not each.settled for each in self.laid))
    @rule(data=st.data())
    def settle_at_once(self, data):
        self.act(data, [each for each in self.laid if not each.settled])

    @precondition(lambda self: any(each.settled and not each.undone for each in self.laid))
    @rule(data=st.data())
    def undo_at_once(self, data):
        self.act(data, [each for each in self.laid if not (each.settled and each.undone)])

    def act(self, data, possible):
        """Let both organisers do something at the same time: the same, or one the one and the other another."""
        picked = st.lists(st.sampled_from(range(len(possible))), min_size=1, max_size=2, unique=True)
        several = [possible[at] for at in data.draw(picked)]
        acts = [
            (each, organiser.reviews.undo if each.settled else organiser.reviews.settle)
            for each, organiser in zip(several, self.organisers, strict=False)
        ]
        outcomes = self.run(self.together(*(do(each.token) for each, do in acts)))
        self.adopt([each for each, _ in acts])
        for (each, _), outcome in zip(acts, outcomes, strict=True):
            assert outcome.changed + outcome.skipped <= len(each.entries)
            each.undone, each.settled = each.settled, True

    def adopt(self, acted):
        """Each signature is as if one had come after the other, whichever it was."""
        now = {row.form: row.status for row in self.run(self.home.run(select(signature)))}
        stands = self.run(self.home.run(_STANDS))
        for form, known in self.known.items():
            ways = [self.alone(known, order) for order in permutations(acted)]
            decided = {row.token for row in stands if row.form == form}
            found = [way for way in ways if way.status == now[form] and way.tokens == decided]
            assert found, (form, known, now[form], decided)
            self.known[form] = found[0]

    def alone(self, known, order):
        copy = dataclasses.replace(known, stands=list(known.stands))
        for each in order:
            if each.settled:
                copy.undo(each.token)
            elif each.entries.get(copy.form):
                copy.settle(each.token, *each.entries[copy.form])
        return copy

    @invariant()
    def everything_agrees(self):
        if not hasattr(self, "ports"):
            return
        rows = self.run(self.home.run(select(signature)))
        assert {row.form: row.status for row in rows} == {
            each.form: each.status for each in self.known.values()
        }
        totals = self.run(self.ports.tally.totals(self.petition.id))
        statuses = Counter(row.status for row in rows)
        assert (totals.counted, totals.held, totals.withdrawn, totals.struck) == tuple(
            statuses[s] for s in COUNTS
        )
        numbers = sorted(row.number for row in rows if row.number is not None)
        assert numbers == list(range(1, len(numbers) + 1))
        assert {row.form for row in rows if row.number} == {e.form for e in self.known.values() if e.numbered}
        self.peak = max(self.peak, totals.counted)
        recorded = [row.threshold for row in self.run(self.home.run(select(milestone.c.threshold)))]
        assert len(recorded) == len(set(recorded))
        assert {step for step in MILESTONES if step <= self.peak} <= set(recorded)
        assert all(step <= len(numbers) for step in recorded)


Reviewing.TestCase.settings = settings(max_examples=12, stateful_step_count=20)
TestReviewing = Reviewing.TestCase

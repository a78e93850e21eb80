"""Fakes of the roster and the audit log, in memory."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from bot.model.collation import sort_key
from bot.model.petition import Petition, Reach
from bot.model.roster import Page, SignedText
from bot.model.signature import Status, Totals
from bot.ports.organising import Act


class Entry(NamedTuple):
    """One signature of a list; the fields are those of a page."""

    number: int | None
    status: Status
    reach: Reach
    name: str | None
    comment: str
    answer: str | None
    at: datetime | None
    day: date
    language: str | None
    platform: str
    community: int | None
    text_version: str

    @property
    def row(self):
        at = None if self.at is None else int(self.at.timestamp()) * 1_000_000 + self.at.microsecond
        return self._replace(at=at, day=self.day.isoformat())


@dataclass
class FakeReading:
    """A petition and its signatures, as they are."""

    petition: Petition
    totals: Totals
    signed: list[Entry]
    communities: dict[int, str] = field(default_factory=dict)

    @property
    def texts(self):
        counted = [entry.text_version for entry in self.signed if entry.status is Status.COUNTED]
        texts = self.petition.content.texts
        return {text.version: SignedText(text, counted.count(text.version)) for text in texts}

    def pages(self, wanted):
        entries = self._listed(wanted)
        for at in range(0, len(entries), 3):
            yield Page(*zip(*(one.row for one in entries[at : at + 3]), strict=True))

    def _listed(self, wanted):
        chosen = [one for one in self.signed if one.status is wanted.status and one.reach in wanted.reaches]
        if wanted.by_name:
            return sorted(chosen, key=lambda one: (sort_key(one.name or ""), one.name or "", one.comment))
        return sorted(chosen, key=lambda one: (one.number is None, one.number or 0))


def entry(name="Ana", **changes):
    """A counted signature with everything as usual, except for `changes`."""
    made = Entry(
        number=1, status=Status.COUNTED, reach=Reach.ADDRESSEE, name=name, comment="", answer=None, at=None,
        day=date(2026, 3, 8), language="en", platform="discord", community=None, text_version="0" * 64,
    )  # fmt: skip
    return made._replace(**changes)


@dataclass
class FakeRoster:
    """Answers with the reading that it was given."""

    world: object

    async def read(self, petition_id, work):
        petition = next((one for one in self.world.kept if one.id == petition_id), None)
        if petition is None:
            raise LookupError(petition_id)
        mine = [signature for _, signature in self.world.signed if signature.petition_id == petition_id]
        counts = [sum(one.status is status for one in mine) for status in Status]
        return work(FakeReading(petition, Totals(*counts, at=self.world.now), [_entry(one) for one in mine]))


def _entry(signature):
    identity, context = signature.identity, signature.context
    made = entry(identity.name if identity else None, comment=identity.comment if identity else "")
    made = made._replace(
        **{
            name: getattr(signature, name)
            for name in ("number", "status", "reach", "day", "platform", "text_version")
        }
    )
    if context is None:
        return made._replace(language=None)
    return made._replace(
        at=context.at, language=context.language, community=context.community, answer=context.answer
    )


@dataclass
class FakeAudit:
    """Keeps what was noted."""

    world: object
    noted: list[Act] = field(default_factory=list)

    async def record(self, what, petition_id, detail="", *, actor=None):
        slug = next((one.slug for one in self.world.kept if one.id == petition_id), None)
        role = "organiser" if actor else "operator"
        self.noted.append(Act(self.world.now, role, actor, what, slug, detail))

    async def acts(self, *, petition_id=None, actor=None, limit=None):
        slugs = {one.id: one.slug for one in self.world.kept}
        chosen = [act for act in self.noted if petition_id is None or act.petition == slugs.get(petition_id)]
        chosen = [act for act in chosen if actor in (None, act.actor)]
        return chosen[-limit:] if limit else chosen

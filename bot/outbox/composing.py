"""What is posted for a job or shown on a board: the page, and the picture that goes with it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.answer import Page, Picture
from bot.errors import UndersignedError
from bot.log import LOG
from bot.model.community import TO_ORGANISERS, Follow, Job, Kind
from bot.model.petition import Petition, State
from bot.model.signature import Dimension, Totals
from bot.pages import announcement as pages
from bot.pages import board, organisers
from bot.pictures import CardFacts, ChartFacts, Pictures
from bot.ports import Clock, Ports
from bot.words.catalog import Words

CARDS = frozenset({Kind.MILESTONE, Kind.GOAL, Kind.LAST_HOURS, Kind.CLOSED, Kind.DELIVERED})
"""What goes with a progress card; a digest goes with a chart."""
GOOD_FOR = timedelta(minutes=5)
"""How old a chart may be that somebody asks for."""
WHILE_OPEN = frozenset({Kind.OPENED, Kind.LAST_HOURS, Kind.DIGEST})
"""What is no news any more once nobody can sign."""


class Composing:
    """Makes pages and pictures for communities, each in its own language."""

    def __init__(self, ports: Ports, clock: Clock, pictures: Pictures) -> None:
        self._ports, self._clock, self._pictures = ports, clock, pictures
        self._links: dict[int, str] = {}
        self._charts: dict[tuple[int, str], tuple[datetime, Picture]] = {}
        self._drawing = False

    async def page(self, job: Job, petition: Petition, totals: Totals) -> Page | None:
        """What is posted for a job; None where it is no news any more."""
        telling, now = job.announcement.telling, self._clock()
        if telling.kind in WHILE_OPEN and petition.state(now) is not State.OPEN:
            return None
        if telling.kind in TO_ORGANISERS:
            burst = telling.kind is Kind.HELD and telling.text
            places = await self._places(petition) if burst else {}
            return organisers.page(telling, petition, job.announcement.at, job.locale, places)
        if job.follow is None:
            return pages.to_person(telling, petition, job.locale)
        if telling.kind is Kind.BOARD:
            return await self.board(job.follow, petition, totals)
        link = await self._link(job.follow, petition)
        return pages.announcement(telling, petition, now, job.locale, link)

    async def _places(self, petition: Petition) -> Mapping[int, str]:
        """Where the signatures that wait came from, the most first."""
        found = (await self._ports.reviews.backlog(petition.id)).communities
        names = await self._ports.communities.names([each for each in found if each])
        return {each: names.get(each, "") for each in found}

    async def board(self, follow: Follow, petition: Petition, totals: Totals) -> Page:
        """The board of a community."""
        link = await self._link(follow, petition)
        return board.board(petition, totals, self._clock(), follow.locale, link)

    async def picture(self, job: Job, petition: Petition) -> Picture | None:
        """What goes with a job, if anything does and can be made."""
        kind = job.announcement.telling.kind
        if job.follow is None or (kind not in CARDS and kind is not Kind.DIGEST):
            return None
        try:
            made = await (self._card(job, petition) if kind in CARDS else self.chart(petition, job.locale))
        except UndersignedError as error:
            LOG.warning("no picture", reason=str(error))
            return None
        return made

    async def chart(self, petition: Petition, locale: str) -> Picture:
        """How the total grew, day by day. Raises PictureError."""
        days = await self._ports.tally.breakdown(petition.id, Dimension.DAY)
        text = petition.text(locale)
        facts = ChartFacts(text.title, _risen(days), text.language, locale)
        made = await self._pictures.chart(facts)
        return Picture(made.png, made.alt)

    async def chart_soon(self, petition: Petition, locale: str) -> Picture | None:
        """The chart for whoever asks, not quite the newest; None rather than letting a crowd wait for one."""
        key = (petition.id, Words(locale).language)
        drawn_at, drawn = self._charts.get(key, (None, None))
        if self._drawing or (drawn_at is not None and self._clock() - drawn_at < GOOD_FOR):
            return drawn
        days = await self._ports.tally.breakdown(petition.id, Dimension.DAY)
        if not days:
            return None
        self._drawing = True
        try:
            drawn = await self.chart(petition, locale)
            self._charts[key] = self._clock(), drawn
        except UndersignedError as error:
            LOG.warning("no picture", reason=str(error))
        finally:
            self._drawing = False
        return drawn

    async def _card(self, job: Job, petition: Petition) -> Picture:
        told, text = job.announcement, petition.text(job.locale)
        goal = petition.content.goal
        facts = CardFacts(text.title, text.to, told.telling.total, told.at, goal, text.language, job.locale)
        made = await self._pictures.card(facts)
        return Picture(made.png, made.alt)

    async def _link(self, follow: Follow, petition: Petition) -> str:
        """Where all see what is said, buttons lead to the private chat by a link; elsewhere they need none."""
        if follow.place.discreet:
            return ""
        if follow.id not in self._links:
            link = await self._ports.communities.link(follow.community, petition.id)
            self._links[follow.id] = link
        return self._links[follow.id]


def _risen(days: Mapping[str, int]) -> tuple[tuple[date, int], ...]:
    """The total at the end of each day."""
    total, points = 0, []
    for day in sorted(days):
        total += days[day]
        points.append((date.fromisoformat(day), total))
    return tuple(points)

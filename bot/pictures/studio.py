"""Pictures, made beside everything else, the last ones remembered."""

import asyncio
from collections import OrderedDict
from typing import Protocol

from bot.pictures.facts import CardFacts, ChartFacts, Picture, PictureError
from bot.pictures.workshop import Workshop

_REMEMBERED = 32  # pictures of some 50 kB


class Artist(Protocol):
    """Who draws: a `Workshop`."""

    async def draw(self, facts: CardFacts | ChartFacts, /) -> Picture: ...

    async def close(self) -> None: ...


class Pictures:
    """Makes pictures. The same facts are drawn once, however many communities wait for them."""

    def __init__(self, artist: Artist | None = None, remembered: int = _REMEMBERED) -> None:
        self._artist = artist or Workshop()
        self._remembered = remembered
        self._done: OrderedDict[CardFacts | ChartFacts, Picture] = OrderedDict()
        self._turn = asyncio.Lock()

    async def card(self, facts: CardFacts) -> Picture:
        """The progress card. Raises PictureError, and then whatever it goes with is posted without it."""
        return await self._picture(facts)

    async def chart(self, facts: ChartFacts) -> Picture:
        """The chart of signatures over time. Raises PictureError, as `card` does."""
        return await self._picture(facts)

    async def close(self) -> None:
        """End what draws. Who asks for a picture later starts it again."""
        async with self._turn:
            await self._artist.close()

    async def _picture(self, facts: CardFacts | ChartFacts) -> Picture:
        async with self._turn:
            if facts in self._done:
                self._done.move_to_end(facts)
                return self._done[facts]
            picture = await self._drawn(facts)
            self._done[facts] = picture
            while len(self._done) > self._remembered:
                self._done.popitem(last=False)
            return picture

    async def _drawn(self, facts: CardFacts | ChartFacts) -> Picture:
        try:
            return await self._artist.draw(facts)
        except PictureError:
            raise
        except Exception as error:
            raise PictureError(f"A picture can't be made ({type(error).__name__}).") from error

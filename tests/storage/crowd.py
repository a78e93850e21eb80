"""People who sign at once while a disk fills up, and who sign again when they are told to."""

import asyncio
from collections.abc import Sequence

from bot.model.petition import Petition
from bot.model.signature import NotTaken, Signed, SignRequest
from bot.ports import Ports
from tests.storage.world import request


class Crowd:
    """Who is told anything else than a receipt or to try again fails the test."""

    def __init__(self, ports: Ports, petition: Petition, at_once: int) -> None:
        self._ports = ports
        self._petition = petition
        self._at_once = at_once
        self._came = 0
        self.told_to_try_again: list[SignRequest] = []

    async def come(self) -> list[int]:
        """The numbers on the receipts of the next ones."""
        first = self._came
        self._came += self._at_once
        return await self._sign([request(self._petition, f"m{who}") for who in range(first, self._came)])

    async def come_until_full(self, refusals: int = 3) -> list[int]:
        """The receipts of all who came until so many times nobody was given one."""
        receipts: list[int] = []
        while refusals:
            given = await self.come()
            receipts += given
            refusals -= not given
        return receipts

    async def try_again(self, times: int = 10) -> list[int]:
        """The receipts of those who were told to try again; all of them must have one after so many times."""
        receipts: list[int] = []
        for _ in range(times):
            again, self.told_to_try_again = self.told_to_try_again, []
            receipts += await self._sign(again)
        assert not self.told_to_try_again
        return receipts

    async def _sign(self, wanted: Sequence[SignRequest]) -> list[int]:
        results = await asyncio.gather(*(self._ports.signatures.sign(each) for each in wanted))
        assert {type(each) for each in results} <= {Signed, NotTaken}, results
        assert all(each.busy for each in results if isinstance(each, NotTaken)), results
        pairs = zip(wanted, results, strict=True)
        self.told_to_try_again += [each for each, result in pairs if isinstance(result, NotTaken)]
        return [each.signature.number or 0 for each in results if isinstance(each, Signed)]

"""Decrypting a long list, page by page: here, or in other processes, as many as there are processors.

A list of a million takes seconds of computing, which Python's threads can't share. A helper process gets keys, pages
of ciphertext and what to make of them through a pipe, and ends when the pipe does: it outlives nobody, and writes to
no file. It imports neither SQLAlchemy nor a driver, so that it stays small.
"""

import gc
import marshal
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from bot.model.petition import Reach
from bot.model.roster import Entry
from bot.model.signature import Status
from storage.epoch import instant
from storage.vault import Vault

T = TypeVar("T")

Row = Sequence[Any]
Page = list[tuple[Any, ...]]
"""Rows of `signature`: form, number, status, reach, day, platform, text_version, identity, context."""

HELPERS: Final = 4
"""The most processes."""
FEW: Final = 8
"""So many pages are opened here: starting helpers takes as long."""
_STATUSES: Final = {status.value: status for status in Status}
_REACHES: Final = {reach.value: reach for reach in Reach}
_day = lru_cache(maxsize=1000)(date.fromisoformat)
_new: Final[Any] = tuple.__new__  # without the detour of a named tuple's own


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens pages. `versions` are text versions by their ids."""

    vault: Vault
    versions: dict[int, str]

    def rows(self, page: Page) -> Iterator[Row]:
        """Plain values that JSON can hold, in the order of `Entry`."""
        identity, context = self.vault.opener("signature.identity"), self.vault.opener("signature.context")
        for form, number, status, reach, day, platform, version, named, given in page:
            name, comment = identity(form, named) if named else (None, "")
            at, language, place, answer = context(form, given) if given else (None, None, None, None)
            yield number, status, reach, name, comment, answer, at, day, language, platform, place, version

    def entry(self, row: Row) -> Entry:
        """One of those as an entry."""
        number, status, reach, name, comment, answer, at, day, language, platform, place, version = row
        given = None if at is None else instant(at)
        made = (
            number, _STATUSES[status], _REACHES[reach], name, comment, answer, given, _day(day), language, platform,
            place, self.versions[version],
        )  # fmt: skip
        entry: Entry = _new(Entry, made)
        return entry

    def entries(self, page: Page) -> list[Entry]:
        """The entries of a page."""
        return [self.entry(row) for row in self.rows(page)]


def rendered(pages: Iterable[Page], opening: Opening, render: Callable[[list[Entry]], T]) -> Iterator[T]:
    """What `render` makes of each page, in order. For many pages both are sent to other processes."""
    waiting = iter(pages)
    first = list(islice(waiting, FEW))
    helpers = min(_processors(), HELPERS)
    if len(first) < FEW or helpers == 1:
        yield from (render(opening.entries(page)) for page in chain(first, waiting))
        return
    with _helpers(helpers, opening, render) as pipes:
        yield from _in_turn(chain(first, waiting), pipes)


def _in_turn(pages: Iterable[Page], pipes: Sequence[Connection]) -> Iterator[Any]:
    """Give each helper a page at a time, the next one as soon as it has answered; answers in the order of pages."""
    asked = 0
    answered = 0
    for page in pages:
        data = marshal.dumps(page)
        if asked - answered == len(pipes):
            pipe = pipes[answered % len(pipes)]
            answer = _answer(pipe)
            answered += 1
            pipe.send_bytes(data)
            asked += 1
            yield answer
        else:
            pipes[asked % len(pipes)].send_bytes(data)
            asked += 1
    for place in range(answered, asked):
        yield _answer(pipes[place % len(pipes)])


def _answer(pipe: Connection) -> Any:
    good, answer = pipe.recv()
    if not good:
        raise answer
    return answer


@contextmanager
def _helpers(
    count: int, opening: Opening, render: Callable[[list[Entry]], Any]
) -> Iterator[list[Connection]]:
    context = get_context("spawn")  # a fork would copy open databases, and the threads' locks
    pipes, processes = [], []
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            pipes.append(ours)
            process = context.Process(target=_help, args=(theirs, opening, render), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
        yield pipes
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join()


def _help(pipe: Connection, opening: Opening, render: Callable[[list[Entry]], Any]) -> None:
    """Answer until the pipe ends. Ctrl-C is for whoever asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # nothing here is in a circle, and looking for it takes a tenth of the time
    with suppress(EOFError, OSError):
        while True:
            page = marshal.loads(pipe.recv_bytes())  # noqa: S302  from our own process
            try:
                answer = True, render(opening.entries(page))
            except Exception as error:  # noqa: BLE001  it is raised where somebody waits
                answer = False, error
            pipe.send(answer)


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

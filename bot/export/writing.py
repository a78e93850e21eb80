"""Writing an export: the list of one petition, in one format, for one audience, encrypted or not."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from bot.export import as_csv, as_jsonl, as_xlsx, manifest
from bot.export.hashing import Hashing
from bot.export.manifest import Manifest, Written
from bot.export.request import Audience, Format, Request
from bot.export.rows import Tally, cells, columns
from bot.model.roster import Page, Reading

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient


class Job(Struct, frozen=True):
    """What is to be written, under which name, and to whom it is encrypted (to nobody: in clear)."""

    request: Request
    name: str
    at: datetime
    recipients: "tuple[Recipient, ...]" = ()


def write(reading: Reading, job: Job, out: IO[bytes], progress: Callable[[int], None]) -> Manifest:
    """Write the list to `out`, which is written from its beginning and never sought in; returns its manifest.

    `progress` is told how many rows are written. Raises StorageError, and what `out` raises.
    """
    outer = Hashing(out)
    tally = Tally()
    with _maybe_sealed(outer, job) as inner:
        checksum = _write(reading, job, inner, tally, progress)
    plain = inner.sha256 if job.recipients else None
    recipients = tuple(str(one) for one in job.recipients)
    written = Written(job.name, outer.size, outer.sha256, plain, recipients, checksum)
    return manifest.describe(reading, job.request, tally, written, job.at)


@contextmanager
def _maybe_sealed(outer: Hashing, job: Job) -> Iterator[Hashing]:
    if not job.recipients:
        yield outer
        return
    from bot.export.sealing import sealed  # noqa: PLC0415  only who encrypts needs the library

    with sealed(outer.file, job.recipients) as pipe:
        yield Hashing(pipe)


def _write(
    reading: Reading, job: Job, out: Hashing, tally: Tally, progress: Callable[[int], None]
) -> str | None:
    """Write it; the checksum of the list, where the file tells one."""
    request, audience = job.request, job.request.audience
    pages = _counted(_listed(reading, request, tally), tally, progress)
    if request.format is Format.PDF:
        from bot.export.pdf import packet  # noqa: PLC0415  fonts and all: only a packet needs them

        return packet.write(packet.Packet(reading, request, job.at), out.file, pages, tally)
    communities = reading.communities if audience is Audience.ORGANISERS else {}
    shown, filled = columns(audience), (cells(audience, page, communities) for page in pages)
    match request.format:
        case Format.CSV:
            as_csv.write(out.file, shown, filled)
        case Format.JSONL:
            as_jsonl.write(out.file, shown, filled)
        case Format.XLSX:
            as_xlsx.write(out.file, shown, filled, lambda: _about(reading, job, tally))
    return None


def _listed(reading: Reading, request: Request, tally: Tally) -> Iterator[Page]:
    """Organisers see every row; others see names, so that one which was scrubbed is among those not listed."""
    for page in reading.pages(request.wanted):
        shown = page if request.audience is Audience.ORGANISERS else page.named()
        tally.erased += page.rows - shown.rows
        yield shown


def _counted(pages: Iterable[Page], tally: Tally, progress: Callable[[int], None]) -> Iterator[Page]:
    """The pages, counted as they pass; `progress` is told of how many rows."""
    progress(0)
    for page in pages:
        tally.add(page)
        yield page
        progress(tally.rows)


def _about(reading: Reading, job: Job, tally: Tally) -> list[tuple[str, str]]:
    """What the last sheet says of the list."""
    petition, request = reading.petition, job.request
    said = manifest.counts(reading, request, tally)
    return [
        ("petition", petition.title),
        ("to", petition.content.texts[0].to),
        ("made at", f"{job.at:%Y-%m-%d %H:%M:%S} UTC"),
        ("for", request.audience.value),
        ("status", request.status.value),
        *((name, f"{number:,}") for name, number in said.items()),
        ("times", "in UTC"),
        ("names", "as given: one per chat account, identity not checked"),
    ]

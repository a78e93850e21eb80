"""Writing an export: the list of one petition, in one format, for one audience, encrypted or not."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING

from bot.export import as_csv, as_jsonl, as_xlsx, manifest
from bot.export.hashing import Hashing
from bot.export.manifest import Manifest, Written
from bot.export.request import Audience, Format, Request
from bot.export.rows import Tally, columns, row_maker
from bot.model.roster import Entry, Reading

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient


@dataclass(frozen=True, slots=True)
class Job:
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
    request = job.request
    progress(0)
    match request.format:
        case Format.CSV | Format.JSONL:
            _write_pages(reading, request, out, tally, progress)
            return None
        case Format.XLSX:
            shown = columns(request.audience)
            rows = map(
                row_maker(request.audience, _communities(reading, request)),
                _listed(reading, request, tally, progress),
            )
            as_xlsx.write(out.file, shown, rows, lambda: _about(reading, job, tally))
            return None
        case Format.PDF:
            from bot.export.pdf import packet  # noqa: PLC0415  fonts and all: only a packet needs them

            entries = _listed(reading, request, tally, progress)
            return packet.write(packet.Packet(reading, request, job.at), out.file, entries, tally)


def _write_pages(
    reading: Reading, request: Request, out: Hashing, tally: Tally, progress: Callable[[int], None]
) -> None:
    if request.format is Format.CSV:
        out.write(as_csv.head(columns(request.audience)))
    for lines, counted in reading.pages(request.wanted, _Lines(request, _communities(reading, request))):
        out.write(lines)
        tally.merge(counted)
        progress(tally.rows)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Makes lines of text of entries, also in another process."""

    request: Request
    communities: Mapping[int, str]

    def __call__(self, entries: list[Entry]) -> tuple[bytes, Tally]:
        audience, tally = self.request.audience, Tally()
        listed = [one for one in entries if _is_listed(one, self.request)]
        tally.add(listed)
        rows = map(row_maker(audience, self.communities), listed)
        form = as_csv if self.request.format is Format.CSV else as_jsonl
        return form.lines(columns(audience), rows), tally


def _listed(
    reading: Reading, request: Request, tally: Tally, progress: Callable[[int], None]
) -> Iterator[Entry]:
    entries = (one for one in reading.entries(request.wanted) if _is_listed(one, request))
    return tally.counting(entries, progress)


def _is_listed(entry: Entry, request: Request) -> bool:
    """Organisers see every row; others see names, so that one which was scrubbed is among those not listed."""
    return entry.name is not None or request.audience is Audience.ORGANISERS


def _communities(reading: Reading, request: Request) -> Mapping[int, str]:
    return reading.communities if request.audience is Audience.ORGANISERS else {}


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

"""The manifest beside an export: what the file holds, and how to tell that it was not altered."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.errors import UndersignedError
from bot.export import as_csv
from bot.export.files import private_file
from bot.export.hashing import sha256_of
from bot.export.request import Audience, Format, Request
from bot.export.rows import Tally, columns, iso
from bot.export.sealing import SUFFIX
from bot.model.roster import Reading
from bot.model.signature import Status

KIND: Final = "undersigned export"
VERSION: Final = 1
_ENDING: Final = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a finished file: its own hash, and of what is in it where it was encrypted."""

    name: str
    size: int
    sha256: str
    plain_sha256: str | None = None
    recipients: tuple[str, ...] = ()
    list_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that the manifest says, under the names that it has there."""

    file: str
    bytes: int
    sha256: str
    format: str
    made_at: str
    petition: dict[str, Any]
    audience: str
    status: str
    order: str
    columns: list[str]
    rows: int
    counts: dict[str, int]
    text_versions: list[dict[str, Any]]
    extras: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """What stands in its file."""
        said = asdict(self)
        extras = said.pop("extras")
        content = {"kind": KIND, "version": VERSION, **said, **extras}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def write(self, path: Path, *, replace: bool) -> None:
        """Write it, for its owner alone. Raises UndersignedError."""
        with private_file(path, replace=replace) as output:
            output.file.write(self.text().encode())
            output.publish()


def path_of(file: Path) -> Path:
    """Where the manifest of a file is."""
    return file.with_name(file.name + _ENDING)


def counts(reading: Reading, request: Request, tally: Tally) -> dict[str, int]:
    """The totals, and of the counted ones how many are in the list, how many are not, and of these how many erased."""
    totals = reading.totals
    said = {status.value: getattr(totals, status.value) for status in Status}
    if request.status is Status.COUNTED:
        said |= {"listed": tally.rows, "others": totals.counted - tally.rows, "erased": tally.erased}
    return said


def describe(reading: Reading, request: Request, tally: Tally, written: Written, at: datetime) -> Manifest:
    """The manifest of a finished file."""
    petition = reading.petition
    texts = [(version, reading.texts[version].text, number) for version, number in tally.versions.items()]
    return Manifest(
        file=written.name,
        bytes=written.size,
        sha256=written.sha256,
        format=request.format.value,
        made_at=iso(at),
        petition={
            "slug": petition.slug,
            "title": petition.title,
            "to": petition.content.texts[0].to,
            "state": petition.state(at).value,
        },
        audience=request.audience.value,
        status=request.status.value,
        order="name" if request.wanted.by_name else "number",
        columns=[column.name for column in columns(request.audience)],
        rows=tally.rows,
        counts=counts(reading, request, tally),
        text_versions=[
            {"sha256": version, "language": text.language, "title": text.title, "rows": number}
            for version, text, number in texts
        ],
        extras=_extras(request, written),
    )


def _extras(request: Request, written: Written) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if request.format is Format.CSV:
        extras["csv_prefix"] = as_csv.RULE
    if request.audience is not Audience.ORGANISERS:
        extras["others"] = (
            "Signers who are not named here; counts.others says how many they are. Their names are not for these "
            "readers, or have been erased: counts.erased says of how many."
        )
    if written.list_sha256 is not None:
        extras["list_sha256"] = written.list_sha256
    if written.plain_sha256 is not None:
        extras["encryption"] = {
            "format": "age-encryption.org/v1",
            "recipients": list(written.recipients),
            "sha256_when_decrypted": written.plain_sha256,
        }
    return extras


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a file is the one that its manifest tells of, and what that says."""

    sound: bool
    manifest: dict[str, Any]
    found: str


def verify(file: Path) -> Verdict:
    """Compare a file, or the decrypted content of one, with its manifest. Raises UndersignedError."""
    path, decrypted = _manifest_for(file)
    manifest = _read(path)
    try:
        found = sha256_of(file)
    except OSError as error:
        raise UndersignedError(f"{file} can't be read: {error.strerror}.") from error
    said = manifest["encryption"]["sha256_when_decrypted"] if decrypted else manifest["sha256"]
    return Verdict(found == said, manifest, found)


def _manifest_for(file: Path) -> tuple[Path, bool]:
    own, sealed = path_of(file), path_of(file.with_name(file.name + SUFFIX))
    if own.exists() or not sealed.exists():
        return own, False
    return sealed, True


def _read(path: Path) -> dict[str, Any]:
    try:
        content: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise UndersignedError(f"{path} is not there: the manifest belongs beside the file.") from error
    except (OSError, ValueError) as error:
        raise UndersignedError(f"{path} can't be read as a manifest.") from error
    if not isinstance(content, dict) or content.get("kind") != KIND or content.get("version") != VERSION:
        raise UndersignedError(
            f"{path} is no manifest of an export, or a newer version of Undersigned wrote it."
        )
    return content

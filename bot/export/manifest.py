"""The manifest beside an export: what the file holds, and how to tell that it was not altered."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import asdict

from bot.export import as_csv
from bot.export.files import private_file
from bot.export.request import Audience, Format, Request
from bot.export.rows import Tally, columns, iso
from bot.model.roster import Reading
from bot.model.signature import Status

KIND: Final = "undersigned export"
VERSION: Final = 1
_ENDING: Final = ".manifest.json"
OWN: Final = "manifest_sha256"
"""Where a manifest says what its own checksum is."""


class Written(Struct, frozen=True):
    """The bytes of a finished file: its own hash, and of what is in it where it was encrypted."""

    name: str
    size: int
    sha256: str
    plain_sha256: str | None = None
    recipients: tuple[str, ...] = ()
    list_sha256: str | None = None


class Manifest(Struct, frozen=True):
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
        content[OWN] = own_checksum(content)
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def write(self, path: Path, *, replace: bool) -> None:
        """Write it, for its owner alone. Raises UndersignedError."""
        with private_file(path, replace=replace) as output:
            output.file.write(self.text().encode())
            output.publish()


def own_checksum(content: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of everything else that a manifest says, as canonical JSON."""
    others = {key: value for key, value in content.items() if key != OWN}
    data = json.dumps(others, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


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

"""Comparing a file that was exported with the manifest beside it: `undersigned verify-export`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.errors import UndersignedError
from bot.export.counting import Counted, counted
from bot.export.hashing import sha256_of
from bot.export.manifest import KIND, OWN, VERSION, own_checksum, path_of
from bot.export.request import Format
from bot.export.sealing import SUFFIX


class Verdict(Struct, frozen=True):
    """What is wrong, if anything; what the manifest says; and the file's SHA-256.

    `recounted`: whether what is in the file was counted, too.
    """

    wrong: tuple[str, ...]
    manifest: dict[str, Any]
    found: str
    recounted: bool = False

    @property
    def sound(self) -> bool:
        return not self.wrong


def verify(file: Path) -> Verdict:
    """Compare a file, or the decrypted content of one, with its manifest. Raises UndersignedError."""
    path, decrypted = _manifest_for(file)
    said = _read(path)
    if said.get(OWN) != own_checksum(said):
        return Verdict((f"{path} was altered: it is not what its own checksum ({OWN}) tells of.",), said, "")
    try:
        found = sha256_of(file)
        expected = said["encryption"]["sha256_when_decrypted"] if decrypted else said["sha256"]
        if found != expected:
            wrong = f"{file} is not the file that its manifest tells of: its SHA-256 is {found}."
            return Verdict((wrong,), said, found)
        inside = None if "encryption" in said and not decrypted else counted(file, Format(said["format"]))
        return Verdict(tuple(_differences(said, inside)), said, found, recounted=inside is not None)
    except OSError as error:
        raise UndersignedError(f"{file} can't be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise UndersignedError(f"{path} lacks what a manifest of an export says.") from error


def _differences(said: Mapping[str, Any], inside: Counted | None) -> Iterator[str]:
    """What the manifest says otherwise than it is in the file."""
    if inside is None:
        return
    if inside.rows != said["rows"]:
        yield f"Its manifest says {said['rows']:,} rows, and it has {inside.rows:,}."
    if inside.columns and inside.columns != said["columns"]:
        columns = ", ".join(inside.columns)
        yield f"Its manifest says that its columns are {', '.join(said['columns'])}; they are {columns}."
    if inside.statuses and set(inside.statuses) != {said["status"]}:
        yield f"Its manifest says that all are {said['status']}; they are {', '.join(sorted(inside.statuses))}."
    versions = {each["sha256"]: each["rows"] for each in said["text_versions"]}
    if inside.versions and inside.versions != versions:
        yield "Its manifest tells of other text versions than were signed by those in it, or by more or fewer."
    elif sum(versions.values()) != inside.rows:
        yield "Its manifest tells of text versions that more or fewer signed than are in it."


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

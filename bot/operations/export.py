"""`undersigned export | verify-export | decrypt`: handing on the list of signers."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Slug
from bot.operations.progress import progress
from bot.operations.telling import count
from bot.operations.terminal import WrongUse, fail, say

if TYPE_CHECKING:
    from bot.export.files import Output
    from bot.export.manifest import Manifest
    from bot.export.request import Request
    from bot.export.writing import Job
    from bot.ports import Ports
    from bot.settings import Settings

E = TypeVar("E", bound=StrEnum)

Force = Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")]
_FORMATS = "csv, xlsx, jsonl or pdf"


def export(
    ctx: typer.Context,
    slug: Slug,
    to: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The file to write.", show_default=False, dir_okay=False
        ),
    ],
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=f"{_FORMATS}; without it, as FILE ends.")
    ] = None,
    audience: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="READERS",
            help="organisers (all there is; no pdf), addressee (the default of a pdf) or public.",
        ),
    ] = None,
    status: Annotated[
        str, typer.Option(metavar="STATUS", help="counted; or, apart, held, withdrawn or struck.")
    ] = "counted",
    encrypt_to: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="An age key (age1…) that alone can read it; may be repeated."),
    ] = None,
    force: Force = False,
) -> None:
    """Write the list of signers to a file, and a manifest beside it. Names are in it: guard it well."""
    request = _request(to, form, audience, status)
    run(_export(settings(ctx), slug, request, to, encrypt_to or [], force))


def _request(to: Path, form: str | None, audience: str | None, status: str) -> "Request":
    from bot.export.request import Audience, Format, Request, RequestRefused
    from bot.model.signature import Status

    named = form or to.name.removesuffix(".age").rpartition(".")[2]
    if named not in set(Format):
        raise WrongUse(f"--format {form or 'is missing'}: it is one of {', '.join(Format)}")
    usual = Audience.ADDRESSEE if named == Format.PDF else Audience.ORGANISERS
    readers, which = _one(Audience, "--for", audience or usual), _one(Status, "--status", status)
    try:
        return Request(Format(named), readers, which)
    except RequestRefused as error:
        raise WrongUse(str(error)) from None


def _one(kind: type[E], option: str, value: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise WrongUse(f"{option} {value}: it is one of {', '.join(kind)}") from None


async def _export(
    config: "Settings", slug: str, request: "Request", to: Path, keys: list[str], force: bool
) -> None:
    from bot.export import manifest
    from bot.export.files import private_file, sweep

    path, job = _job(request, to, keys)
    beside = manifest.path_of(path)
    sweep(path.parent)
    async with storage(config) as ports:
        with private_file(path, replace=force) as output:
            if beside.exists() and not force:
                fail(f"{beside} is there already. Name another file, or add --force to replace both.")
            made = await _write(ports, slug, job, output)
            _publish(output, made, beside, force)
    _tell(path, made)


def _publish(output: "Output", made: "Manifest", beside: Path, force: bool) -> None:
    """The manifest first, so that no list is ever there without one; and no manifest without its list."""
    made.write(beside, replace=force)
    try:
        output.publish()
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _job(request: "Request", to: Path, keys: list[str]) -> tuple[Path, "Job"]:
    """Under which name to write what. What is encrypted ends with .age, whatever was typed."""
    from bot import app
    from bot.export.writing import Job

    if not keys:
        return to, Job(request, to.name, app.now())
    from bot.errors import UndersignedError
    from bot.export.sealing import SUFFIX, recipient

    path = to if to.suffix == SUFFIX else to.with_name(to.name + SUFFIX)
    try:
        return path, Job(request, path.name, app.now(), tuple(map(recipient, keys)))
    except UndersignedError as error:
        raise WrongUse(str(error)) from None


async def _write(ports: "Ports", slug: str, job: "Job", output: "Output") -> "Manifest":
    """Write the list; before anybody has it, note it in the audit log and tell all organisers."""
    from bot.export.writing import write
    from bot.organising import tell_exported

    petition = await find(ports, slug)
    totals = await ports.tally.totals(petition.id, live=True)
    request = job.request
    with progress("Writing", getattr(totals, request.status.value)) as tell:
        made = await ports.roster.read(
            petition.id, lambda on: write(on, job, output.file, lambda done: tell(done, None))
        )
    await tell_exported(ports, petition.id, made)
    return made


def _tell(path: Path, made: "Manifest") -> None:
    say(f"Written: {path} ({count(made.rows, 'row')}, {made.bytes:,} bytes, readable to you alone)")
    erased = made.counts.get("erased", 0)
    others = made.counts.get("others", 0) - erased
    if others:
        say(f"Not in it: {count(others, 'other')} whose names are not for these readers.")
    if erased:
        say(f"Not in it: {count(erased, 'other')} whose names have been erased.")
    say(f"Beside it: {path.name}.manifest.json. 'undersigned verify-export {path}' compares the two.")
    if "csv_prefix" in made.extras:
        say(made.extras["csv_prefix"])


def verify_export(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What 'export' wrote, or what it is when decrypted.", dir_okay=False
        ),
    ],
) -> None:
    """Check that a file is the one that its manifest tells of, unaltered, and count anew what is in it."""
    from bot.export.verifying import verify

    verdict = verify(file)
    if verdict.wrong:
        fail(" ".join(verdict.wrong))
    said = verdict.manifest
    rows = count(said["rows"], said["status"] + " signature")
    say(
        f"Unaltered: {file}, {rows} of “{said['petition']['slug']}” for {said['audience']}, {said['made_at']}"
    )
    say(f"SHA-256: {verdict.found}")
    if not verdict.recounted:
        say("What is in it was not counted again: that takes a csv, xlsx or jsonl that is not encrypted.")


def decrypt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that ends with .age.", dir_okay=False)],
    identity: Annotated[
        Path,
        typer.Option("--identity", "-i", metavar="FILE", help="Your secret key, as age-keygen wrote it."),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to; without it, the same name without .age."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Decrypt an export that was encrypted to your key. The result is readable to you alone."""
    from bot.export.files import private_file
    from bot.export.sealing import SUFFIX, identities, unseal

    keys = identities(identity)
    if to is None and file.suffix != SUFFIX:
        raise WrongUse(f"{file} does not end with {SUFFIX}: say with -o what the result is to be called")
    path = to or file.with_suffix("")
    try:
        source = file.open("rb")
    except OSError as error:
        fail(f"{file} can't be read: {error.strerror}.")
    with source, private_file(path, replace=force) as output:
        unseal(source, output.file, keys)
        output.publish()
    say(f"Written: {path} (readable to you alone)")

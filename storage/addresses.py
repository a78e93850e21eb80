"""Addresses of databases (`storage.url`), and the database at one."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigError
from storage.database import Database, file_of
from storage.sqlite import SqliteDatabase


def parse_url(url: str) -> URL:
    """`storage.url` in its normal form. Raises ConfigError, and never repeats a password."""
    if file := file_of(url):
        return URL.create("sqlite", database=str(file))
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            "storage.url is not a database address: write sqlite:///undersigned.sqlite or"
            " postgresql://user:password@host/database."
        ) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        raise ConfigError("storage.url must name a file, such as sqlite:///undersigned.sqlite.")
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+asyncpg")
    raise ConfigError(f"storage.url names {backend}, and Undersigned knows sqlite and postgresql.")


def connect(url: URL, *, patient: bool = True) -> Database:
    """The database at a normal url. Nothing is opened before it is used.

    Whoever serves people is not `patient` with a server that says nothing.
    """
    if url.drivername == "sqlite":
        return SqliteDatabase(Path(url.database or ""))
    from storage.postgres import PostgresDatabase  # noqa: PLC0415  a tenth of a second for those on SQLite

    return PostgresDatabase(url, patient=patient)

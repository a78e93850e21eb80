"""The command line in this process, in an empty folder, with what is typed and what is said."""

import asyncio
import io
import json
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot import app, cli, config
from bot.model.account import Account
from bot.model.petition import Reach
from bot.model.signature import Identity, Signed, SignRequest

PAGE = """Save the library

To: The town council
From: [Your Name]

Please keep the library open. It is where we all meet.
"""

PETITION = """+++
title = "Save the library"
to = "The town council"
slug = "library"
{keys}
+++
The council wants to close it.

## Letter

{letter}
"""


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error_lines(self):
        return [line for line in self.err.splitlines() if line.startswith("Error: ")]


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith(config.ENV_PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def undersigned(monkeypatch, capsys):
    """Call it as on the command line; `typed` is what comes down the pipe."""

    def call(*arguments, typed=""):
        monkeypatch.setattr(sys, "argv", ["undersigned", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Outcome(ended.value.code or 0, said.out, said.err)

    return call


@pytest.fixture
def ready(undersigned):
    """The same in a folder that `init` has prepared."""
    assert undersigned("init").code == 0
    return undersigned


def write_petition(file="library.md", *, keys="", letter="Please keep the library open."):
    Path(file).write_text(PETITION.format(keys=keys, letter=letter), "utf-8")
    return file


def configure(**lines):
    """Set top-level keys of the config file."""
    file = Path("config.toml")
    text = file.read_text("utf-8")
    for key, value in lines.items():
        text = text.replace(f'\n{key} = ""\n', f"\n{key} = {json.dumps(value)}\n")
    file.write_text(text, "utf-8")


def stored(slug="library"):
    """The petition as it is in the database of this folder."""

    async def read():
        async with app.open_ports(settings_here()) as ports:
            return await ports.petitions.find(slug)

    return asyncio.run(read())


def sign(*names, slug="library"):
    """Sign as these people, through the storage of this folder."""

    async def signing():
        async with app.open_ports(settings_here()) as ports:
            petition = await ports.petitions.find(slug)
            for name in names:
                result = await ports.signatures.sign(_request(petition, name))
                assert isinstance(result, Signed), result

    asyncio.run(signing())


def claimed(code):
    """Somebody has used this claim code."""

    async def claiming():
        await app.maintenance(settings_here()).add_claim(code, app.now() + timedelta(days=1))
        async with app.open_ports(settings_here()) as ports:
            assert await ports.organisers.claim(code, Account("console", "bo"))

    asyncio.run(claiming())


def settings_here():
    return config.load(Path("config.toml").absolute())


def _request(petition, name):
    return SignRequest(
        petition_id=petition.id,
        account=Account("console", name.lower()),
        form=f"form-of-{name.lower()}",
        text_version=petition.content.texts[0].version,
        identity=Identity(name),
        reach=Reach.ADDRESSEE,
        language="en",
    )

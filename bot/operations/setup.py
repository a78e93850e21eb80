"""`undersigned setup`: from nothing to a bot that runs, question by question."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.operations.init import report, write_keys
from bot.operations.invocation import run
from bot.operations.telling import when
from bot.operations.terminal import fail, say

if TYPE_CHECKING:
    from bot.operations.interview import Interview
    from bot.settings import Settings

WELCOME = """\
This makes a bot that runs, question by question. Nothing is written before the last answer; Ctrl-C stops.
Run it again whenever you like: it keeps what there is."""
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 or 1, and no I, L, O or U: a code can be read out, and typed on a phone."""
CODE_GROUPS, CODE_GROUP = 4, 4
CODE_LIFE = timedelta(days=7)


def setup(ctx: typer.Context) -> None:
    """Make a bot that runs, question by question: tokens, contact, privacy, retention."""
    from bot import config
    from bot.operations.config_file import rendered
    from bot.operations.interview import Interview, flat

    file = (ctx.obj.config or Path(config.CONFIG_FILE)).absolute()
    present = config.read(file) if file.exists() else {}
    config.over(present, file)  # a broken file is told of before the first question
    interview = Interview(file, flat(present), fresh=not present or file.read_text("utf-8") == rendered())
    say(WELCOME)
    try:
        interview.hold()
    except (EOFError, KeyboardInterrupt):
        say()
        fail("Stopped before the last answer. Nothing was written.")
    say()
    try:
        settings = _write(interview)
    except OSError as error:
        fail(f"{error.filename or file}: can't be written: {error.strerror}.")
    _tell(interview, _claim_code(settings))


def _write(interview: "Interview") -> "Settings":
    from bot import app, config
    from bot.operations.config_file import rendered, replace

    settings = interview.settings()
    file = interview.file
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = replace(file, rendered(interview.values))
    report(file, written=True)
    if kept is not None:
        say(f"kept     {kept} (as it was before)")
    write_keys(settings)
    app.migrate(settings)
    return config.load(file)


def _claim_code(settings: "Settings") -> str:
    """A fresh one-time code. Only its hash is stored."""
    from bot import app

    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUPS * CODE_GROUP))
    code = "-".join(letters[at : at + CODE_GROUP] for at in range(0, len(letters), CODE_GROUP))
    run(app.maintenance(settings).add_claim(code, app.now() + CODE_LIFE))
    return code


def _tell(interview: "Interview", code: str) -> None:
    from bot import app

    for name, introduction in interview.introductions.items():
        say(f"\n{app.REGISTRY[name].title}: {introduction.name}")
        for purpose, address in introduction.links:
            say(f"  {purpose}:\n    {address}")
    say(f"\nTo become its organiser, write to the bot in private, once it runs: /claim {code}")
    say(f"The code works once, until {when(app.now() + CODE_LIFE)}. Whoever has it can take the role.")
    say("\nNext:\n  undersigned petition add FILE    (undersigned init writes an example to start from)")
    say("  undersigned petition open NAME\n  undersigned check\n  undersigned run")
    if not interview.introductions:
        say("\nThe bot has no token yet: 'run' needs one. Run setup again when you have it.")

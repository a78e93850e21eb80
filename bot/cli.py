"""The command `undersigned`: finds the command that was asked for, and says in one line what went wrong."""

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from typer.exceptions import TyperException

    from bot.errors import UndersignedError
    from bot.operations.invocation import Invocation

_ANYWHERE = ("--debug", "--config")
"""Options that may stand before or after any command."""


def main() -> NoReturn:
    """Run the command line that the process was started with."""
    _speak_safely()
    arguments = sys.argv[1:]
    if arguments in ([], ["--help"], ["-h"]):
        sys.exit(_overview(asked=bool(arguments)))
    sys.exit(_quietly(_in_front(arguments)))


def _speak_safely() -> None:
    """A letter that the terminal can't show becomes a question mark, rather than ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _overview(*, asked: bool) -> int:
    """The first page of help, which needs no library and so answers at once."""
    from bot.operations.overview import OVERVIEW

    stream = sys.stdout if asked else sys.stderr
    stream.write(OVERVIEW)
    return 0 if asked else 2


def _in_front(arguments: list[str]) -> list[str]:
    """The arguments with those options first that may stand anywhere."""
    options: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument.partition("=")[0] in _ANYWHERE:
            options.append(argument)
            if argument == "--config":
                options += [value for value in [next(waiting, None)] if value is not None]
        else:
            rest.append(argument)
    return options + rest


def _quietly(arguments: list[str]) -> int:
    """Run; the exit code. A reader that goes away (`| head`) and Ctrl-C are no errors to speak of."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _run(arguments: list[str]) -> int:
    from bot.errors import UndersignedError

    try:
        plain = _plain_run(arguments)
        return _serve(plain) if plain else _any_command(arguments)
    except UndersignedError as error:
        return _failed(error, arguments)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a traceback says nothing to whoever typed the command
        return _unexpected(error, arguments)


def _plain_run(arguments: list[str]) -> "Invocation | None":
    """What `run` was called with, where that can be told without Typer: so a service starts sooner."""
    match arguments:
        case ["run"]:
            config = ""
        case ["--config", file, "run"] if file and not file.startswith("-"):
            config = file
        case _:
            return None
    gc.disable()  # as `serve` does, a little sooner
    from pathlib import Path

    from bot.operations.invocation import Invocation

    return Invocation(Path(config) if config else None)


def _serve(invocation: "Invocation") -> int:
    from bot.operations.serving import serve

    serve(invocation)
    return 0


def _any_command(arguments: list[str]) -> int:
    from typer.exceptions import Abort, TyperException

    from bot.operations import commands
    from bot.operations.terminal import WrongUse

    try:
        result = commands.build()(arguments, prog_name="undersigned", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except Abort:
        return _complain("Stopped.", 130)
    except TyperException as error:
        return _complain(_usage(error), 2)
    except WrongUse as error:
        return _complain(str(error), 2)


def _complain(text: str, code: int = 1) -> int:
    from bot.operations.terminal import plain

    for line in text.splitlines():
        sys.stderr.write(f"Error: {plain(line)}\n")
    return code


def _traceback(error: Exception) -> None:
    import traceback

    traceback.print_exception(error)


def _failed(error: "UndersignedError", arguments: list[str]) -> int:
    if "--debug" in arguments:
        _traceback(error)
    return _complain(str(error))


def _unexpected(error: Exception, arguments: list[str]) -> int:
    """A fault of the program. Its text may quote anything, so without --debug only its kind is said."""
    if "--debug" in arguments:
        _traceback(error)
    kind = type(error).__name__
    return _complain(
        f"Something went wrong inside Undersigned ({kind}). The same command with --debug says where."
    )


def _usage(error: "TyperException") -> str:
    """What was wrong about the call, and where to read how it is done."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "undersigned"
    message = error.format_message().strip()
    return f"{message if message.endswith(('.', '?', ')')) else message + '.'} See: {path} --help"

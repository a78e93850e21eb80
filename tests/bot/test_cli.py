"""The command line as such: help, wrong use, what goes wrong, and what never shows."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.errors import UndersignedError
from bot.operations import commands, terminal
from bot.operations.overview import OVERVIEW
from bot.ports import Finding, Level

ROOT = Path(cli.__file__).parent.parent
ON_CHECK = "See: undersigned check --help"


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    def calling(*arguments):
        monkeypatch.setattr(sys, "argv", ["undersigned", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return calling


def registered():
    app = commands.build()
    plain = {info.name or info.callback.__name__ for info in app.registered_commands}
    return plain | {
        f"{group.name} {info.name}"
        for group in app.registered_groups
        for info in group.typer_instance.registered_commands
    }


def test_the_first_page_of_help_names_every_command():
    for command in registered():
        group, _, name = command.rpartition(" ")
        assert re.search(rf"^  {group}.*\b{name}\b", OVERVIEW, re.MULTILINE), command


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_is_answered_without_a_library(call, asked):
    assert call(asked) == (0, OVERVIEW, "")


def test_without_a_command_help_is_shown_as_wrong_use(call):
    assert call() == (2, "", OVERVIEW)


def test_the_first_page_of_help_fits_a_narrow_terminal():
    assert max(map(len, OVERVIEW.splitlines())) <= 80


@pytest.mark.parametrize("command", sorted(registered()))
def test_every_command_has_help_of_its_own(call, command):
    code, out, _ = call(*command.split(), "--help")
    assert code == 0
    assert out.startswith("Usage: undersigned ")
    assert "--help" in out
    assert re.findall(r"<\w+>|<list.*|\{\w+\}", out) == []  # types are for programmers


def test_the_version_is_told(call):
    code, out, _ = call("--version")
    assert code == 0
    assert re.fullmatch(r"undersigned \d+\.\d+\.\d+\n", out)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["totls"], "Error: No such command 'totls'. Did you mean 'totals'? See: undersigned --help"),
        (["petition"], "Error: Missing command. See: undersigned petition --help"),
        (["petition", "add"], "Error: Missing argument 'FILE'. See: undersigned petition add --help"),
        (["check", "--jason"], f"Error: No such option: --jason (Possible options: --json) {ON_CHECK}"),
        (["init", "a", "b"], "Error: Got unexpected extra argument(s) (b) See: undersigned init --help"),
        (["--config"], "Error: Option '--config' requires an argument. See: undersigned --help"),
    ],
)
def test_wrong_use_is_one_line_with_where_to_read_on(call, arguments, line):
    assert call(*arguments) == (2, "", line + "\n")


def test_options_for_any_command_may_stand_anywhere(call):
    for arguments in (
        ("--config", "other.toml", "totals"),
        ("totals", "--config", "other.toml"),
        ("totals", "--config=other.toml"),
    ):
        code, _, err = call(*arguments)
        assert code == 1
        assert (
            err == "Error: other.toml: there is no such config file. Make one: undersigned init (or setup)\n"
        )


def test_after_two_hyphens_everything_is_an_argument(call):
    code, _, err = call("totals", "--", "--config")
    assert code == 1
    assert "There is no config.toml in this folder" in err


def failing(error):
    def build():
        def app(*_, **__):
            raise error

        return app

    return build


def test_a_fault_of_the_program_is_one_line_that_quotes_nothing(call, monkeypatch):
    monkeypatch.setattr(commands, "build", failing(RuntimeError("María, 12345:secret")))
    code, out, err = call("totals")
    assert (code, out) == (1, "")
    assert err == (
        "Error: Something went wrong inside Undersigned (RuntimeError). The same command with --debug says where.\n"
    )


@pytest.mark.parametrize("error", [RuntimeError("boom"), UndersignedError("The key is gone.")])
def test_debug_shows_where_an_error_comes_from(call, monkeypatch, error):
    monkeypatch.setattr(commands, "build", failing(error))
    code, _, err = call("totals", "--debug")
    assert code == 1
    assert err.startswith("Traceback ")
    assert err.splitlines()[-1].startswith("Error: ")


def test_ctrl_c_says_nothing(call, monkeypatch):
    monkeypatch.setattr(commands, "build", failing(KeyboardInterrupt()))
    assert call("totals") == (130, "", "")


def test_several_problems_are_a_line_each(call, monkeypatch):
    monkeypatch.setattr(commands, "build", failing(UndersignedError("one\ntwo")))
    assert call("totals") == (1, "", "Error: one\nError: two\n")


def test_findings_are_a_line_each_with_sign_and_remedy(capsys):
    sound = terminal.say_findings([Finding(Level.OK, "fine"), Finding(Level.WARNING, "look", "do this")])
    assert sound is True
    assert capsys.readouterr().out == "✓ fine\n! look\n  → do this\n"
    assert terminal.say_findings([Finding(Level.ERROR, "broken")]) is False


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_signs_are_coloured_only_where_colour_is_wanted(monkeypatch, variable, value):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("typer.echo", (printed := []).append)
    terminal.say_findings([Finding(Level.OK, "fine")])
    monkeypatch.setenv(variable, value)
    terminal.say_findings([Finding(Level.OK, "fine")])
    assert printed == ["\x1b[32m\x1b[1m✓\x1b[0m fine", "✓ fine"]


def test_a_question_on_a_terminal_is_asked_and_no_means_no(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "nobody_to_ask", lambda: False)
    answers = iter([True, False])
    monkeypatch.setattr("typer.confirm", lambda question: next(answers))
    terminal.agreed("Deliver?", yes=False)
    with pytest.raises(Exception) as ended:  # noqa: PT011 - Typer's own Exit is no ValueError
        terminal.agreed("Deliver?", yes=False)
    assert ended.value.exit_code == 1
    assert "Nothing was changed." in capsys.readouterr().out


def test_a_table_is_cut_at_the_edge_of_a_terminal_and_whole_in_a_pipe(monkeypatch):
    rows = [("library", "x" * 60), ("図書館", "y")]
    whole = list(terminal.table(("PETITION", "TITLE"), rows))
    assert whole[1].endswith("x" * 60)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    narrow = list(terminal.table(("PETITION", "TITLE"), rows))
    assert all(len(line) <= 40 for line in narrow)
    assert narrow[1].endswith("x…")
    assert narrow[2] == "図書館    y"


def test_the_package_is_a_program_too():
    program = [sys.executable, "-m", "bot", "--help"]
    assert subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout == OVERVIEW

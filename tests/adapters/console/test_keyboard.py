"""A person at a real (pseudo) terminal: prompt, Tab, Ctrl-C, Ctrl-D, and what is left of the terminal after."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="Windows has no pseudo terminals of this kind")
termios = pytest.importorskip("termios")

ROOT = Path(__file__).parents[3]
CHAT = """
import asyncio
from adapters.console import Console
from tests.adapters.console.fakes import FakeCore, page
slow = [page("working"), lambda answer: asyncio.sleep(0.3), page("finished")]
core = FakeCore({"/sign": [page("The card", "Sign")], "slow": slow})
asyncio.run(Console(core).run())
print("ended", core.said)
"""


class Terminal:
    def __init__(self, master, process):
        self.master, self.process, self.seen = master, process, ""

    def wait_for(self, wanted, seconds=20):
        """Everything printed up to `wanted`."""
        end = time.monotonic() + seconds
        os.set_blocking(self.master, False)
        while wanted not in self.seen:
            assert time.monotonic() < end, f"no {wanted!r} in {self.seen!r}"
            try:
                data = os.read(self.master, 65536)
            except BlockingIOError:
                time.sleep(0.01)  # not a wait for an effect: the loop ends as soon as it is seen
                continue
            except OSError:
                data = b""
            assert data, f"ended without {wanted!r}: {self.seen!r}"
            self.seen += data.decode()
        before, _, self.seen = self.seen.partition(wanted)
        return before

    def type(self, keys):
        os.write(self.master, keys.encode())


@contextmanager
def terminal(**environment):
    master, slave = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "60", "PYTHONPATH": str(ROOT), **environment}
    environ.pop("NO_COLOR", None)
    arguments = [sys.executable, "-W", "error", "-X", "dev", "-c", CHAT]
    process = subprocess.Popen(
        arguments, stdin=slave, stdout=slave, stderr=slave, env=environ, cwd=ROOT, start_new_session=True
    )
    try:
        yield Terminal(master, process), slave
    finally:
        process.kill()
        process.wait()
        os.close(master)
        os.close(slave)


def test_a_person_types_presses_and_leaves():
    with terminal() as (screen, _):
        assert "This terminal is a chat" in screen.wait_for("Ana> ")
        screen.type("/sign\r")
        shown = screen.wait_for("Ana> ")
        assert "The card" in shown
        assert "\x1b[" in shown
        screen.type("1\r")
        screen.wait_for("heard press sign")
        screen.wait_for("Ana> ")
        screen.type("/quit\r")
        assert "Goodbye." in screen.wait_for("ended ['/sign', 'press sign']")
        assert screen.process.wait(10) == 0


@pytest.mark.parametrize("key", ["\x04", "\x03"], ids=["Ctrl-D", "Ctrl-C"])
def test_ctrl_d_and_ctrl_c_end_politely_and_leave_the_terminal_as_it_was(key):
    with terminal() as (screen, slave):
        before = termios.tcgetattr(slave)
        screen.wait_for("Ana> ")
        if key == "\x03":
            screen.process.send_signal(signal.SIGINT)  # what the terminal does for its foreground process
        else:
            screen.type(key)
        assert "Goodbye." in screen.wait_for("ended []")
        assert screen.process.wait(10) == 0
        assert "Traceback" not in screen.seen
        assert termios.tcgetattr(slave) == before


def test_ctrl_c_waits_for_the_answer_that_is_under_way():
    with terminal() as (screen, _):
        screen.wait_for("Ana> ")
        screen.type("slow\r")
        screen.wait_for("working")
        screen.process.send_signal(signal.SIGINT)
        screen.wait_for("finished")
        assert "Goodbye." in screen.wait_for("ended ['slow']")
        assert screen.process.wait(10) == 0


def test_tab_completes_a_command():
    pytest.importorskip("readline")
    with terminal() as (screen, _):
        screen.wait_for("Ana> ")
        screen.type("/lang\t")
        screen.wait_for("/language ")
        screen.type("es\r")
        screen.wait_for("Ana> ")


def test_a_dumb_terminal_gets_no_control_sequence():
    with terminal(TERM="dumb") as (screen, _):
        screen.wait_for("Ana> ")
        screen.type("/sign\r")
        shown = screen.wait_for("[1] Sign")
        assert not re.search("\x1b", shown)

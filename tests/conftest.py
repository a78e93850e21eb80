"""What holds for every test: no network but this machine's own, and property tests that CI can repeat."""

import ipaddress
import os
import signal
import sys

from hypothesis import HealthCheck, settings

# CI draws the same examples every time, and fewer; people draw new ones. Neither fails for a slow machine.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", settings.get_profile("search"), max_examples=40, derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "search")


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

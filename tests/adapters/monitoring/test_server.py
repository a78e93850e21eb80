"""Those who watch over the process: what they are told, over a socket, and what they never are."""

import logging
import socket
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters import monitoring
from bot.core import Core
from bot.errors import ConfigError, StorageError
from bot.house import House
from bot.log import LOG
from bot.metrics import Metrics
from bot.model.account import Place, PlaceKind
from bot.model.community import Kind, Telling, Wishes
from bot.vitals import Vitals
from storage import SqlMaintenance, open_storage
from tests.storage.world import MINUTE, Clock, opened_petition, request, signed


class Silent:
    """A sender through which nothing has to go."""

    per_second = 1.0
    repeatable = True


@pytest.fixture
def listen():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def watched(tmp_path, clock):
    """A storage whose intake is watched."""
    url, key, metrics = f"sqlite:///{tmp_path / 'u.db'}", tmp_path / "u.key", Metrics()
    office = SqlMaintenance(url, key, clock)
    office.create_keys()
    office.migrate()
    async with open_storage(url, key, clock, metrics) as ports:
        core = Core(ports, House(), clock)
        yield ports, metrics, Vitals(core, ports, ["telegram"], clock)
        await core.close()


@asynccontextmanager
async def asked(listen, path):
    async with aiohttp.ClientSession() as session, session.get(f"http://{listen}{path}") as answer:
        yield answer.status, await answer.text()


@pytest.fixture
def ask(watched, listen):
    """What is answered at a path: status and text."""
    _, metrics, vitals = watched

    async def get(path):
        async with monitoring.serving(listen, metrics, vitals), asked(listen, path) as found:
            return found

    return get


def value(text, name):
    """The value of one line of metrics."""
    found = [line.rpartition(" ")[2] for line in text.splitlines() if line.rpartition(" ")[0] == name]
    assert found, f"no {name} in {text}"
    return float(found[0])


async def test_signatures_are_counted_by_what_came_of_them(watched, ask):
    ports, _, _ = watched
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    await signed(ports, petition, "ben")
    await ports.signatures.sign(request(petition, "ben"))
    status, text = await ask("/metrics")
    assert status == 200
    assert value(text, 'undersigned_signatures_total{result="signed"}') == 2
    assert value(text, 'undersigned_signatures_total{result="already_signed"}') == 1
    assert value(text, "undersigned_intake_batch_size_sum") == 3
    assert value(text, "undersigned_intake_wait_seconds_count") == 3
    assert value(text, "undersigned_intake_waiting") == 0
    assert value(text, "undersigned_database_up") == 1


async def test_what_is_on_its_way_and_for_how_long(watched, ask, clock):
    ports, _, _ = watched
    petition = await opened_petition(ports)
    await ports.follows.follow(
        Place("telegram", "-100123", PlaceKind.GROUP, "Friends"), petition.id, "en", Wishes()
    )
    await ports.outbox.announce(Telling(petition.id, Kind.MILESTONE, threshold=10, total=10))
    while await ports.outbox.spread(lambda _, at: at):
        pass
    clock.move(3 * MINUTE)
    _, text = await ask("/metrics")
    assert value(text, 'undersigned_deliveries{platform="telegram",state="due"}') >= 1
    assert value(text, 'undersigned_delivery_age_seconds{platform="telegram"}') == 180
    assert value(text, 'undersigned_board_lag_seconds{platform="telegram"}') == 0
    for secret in ("Friends", "100123", "park", petition.key):
        assert secret not in text


async def test_a_process_is_ready_when_its_platforms_are_served_and_its_database_answers(watched, ask):
    _, _, vitals = watched
    assert await ask("/healthz") == (200, "ok\n")
    assert await ask("/readyz") == (503, "telegram: not connected\n")
    async with vitals.core.outbox.attached("telegram", Silent()):
        assert await ask("/readyz") == (200, "ready\n")
        _, text = await ask("/metrics")
        assert value(text, 'undersigned_platform_up{platform="telegram"}') == 1
    assert await ask("/readyz") == (503, "telegram: not connected\n")


async def test_without_its_database_it_lives_is_not_ready_and_says_no_more(watched, ask, monkeypatch):
    ports, _, _ = watched

    async def lost():
        raise StorageError("The database x at db.example.org can't be reached.")

    monkeypatch.setattr(ports.petitions, "all", lost)
    assert (await ask("/healthz"))[0] == 200
    assert await ask("/readyz") == (503, "database: does not answer\ntelegram: not connected\n")
    status, text = await ask("/metrics")
    assert (status, value(text, "undersigned_database_up")) == (200, 0)
    assert "undersigned_deliveries{" not in text


async def test_what_is_logged_as_wrong_is_counted_by_platform_and_not_repeated(watched, ask):
    _, metrics, _ = watched
    with metrics.counting_problems():
        logging.getLogger("storage").warning("Zaphod could not be stored")
        LOG.error("platform off", platform="telegram")
        LOG.info("serving", platform="telegram")
    logging.getLogger("storage").warning("after the end")
    _, text = await ask("/metrics")
    assert value(text, 'undersigned_problems_total{level="warning",platform=""}') == 1
    assert value(text, 'undersigned_problems_total{level="error",platform="telegram"}') == 1
    assert "Zaphod" not in text


async def test_a_place_that_is_taken_is_told_in_one_line(watched, listen):
    _, metrics, vitals = watched
    async with monitoring.serving(listen, metrics, vitals):
        with pytest.raises(ConfigError, match=r"^metrics\.listen: 127\.0\.0\.1:\d+ can't be listened at \("):
            async with monitoring.serving(listen, metrics, vitals):
                pass

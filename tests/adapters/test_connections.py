"""Requests over kept connections: whole, encrypted where they should be, and told as they ended."""

import asyncio
import socket

import pytest

from adapters import connections as module
from adapters.connections import Connections, NotSentError, Response
from tests.adapters.scripted import Scripted, certificate, until

EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture
async def to():
    opened = []

    def connected(server, **options):
        opened.append(Connections(server.url, {"User-Agent": "us"}, **options))
        return opened[-1]

    yield connected
    for each in opened:
        each.close()


async def test_a_request_is_what_the_server_reads_and_its_answer_is_what_we_read(to):
    told = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nVia: 1.1 x\r\n\r\n{"id":1}'
    async with Scripted([told], [EMPTY], [EMPTY]) as server:
        ours = to(server)
        answer = await ours.request("POST", "interactions/1/t/callback?a=b", b'{"type":9}', {"A": "b"})
        assert answer == Response(200, {"content-length": "8", "via": "1.1 x"}, b'{"id":1}')
        assert await ours.request("DELETE", "webhooks/1") == Response(204, {}, b"")
        await ours.request("GET", "gateway")
    host, always = server.url.split("/")[2].encode(), b"\r\nUser-Agent: us\r\nAccept-Encoding: identity\r\n"
    assert server.asked == [
        b"POST /api/interactions/1/t/callback?a=b HTTP/1.1\r\nHost: " + host + always + b"A: b\r\n"
        b'Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"type":9}',
        b"DELETE /api/webhooks/1 HTTP/1.1\r\nHost: " + host + always + b"Content-Length: 0\r\n\r\n",
        b"GET /api/gateway HTTP/1.1\r\nHost: " + host + always + b"\r\n",
    ]
    assert server.connections == 1


@pytest.mark.parametrize(
    "parts",
    [
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chu", b"nked\r\n\r\n2\r\nab\r\n", b"1\r\nc\r\n0\r\n\r\n"],
        [b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc", None],
        [b"HTTP/1.0 200 OK\r\n\r\na", b"bc", None],
        [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", None],
    ],
)
async def test_an_answer_may_come_in_pieces_with_a_hint_before_or_be_the_last(to, parts):
    async with Scripted(parts, [EMPTY]) as server:
        ours = to(server)
        answer = await ours.request("GET", "x")
        assert (answer.status, answer.body) == (200, b"abc")
        assert "link" not in answer.headers
        assert (await ours.request("GET", "x")).status == 204


async def test_as_many_requests_go_at_a_time_as_there_are_and_their_connections_are_used_again(to):
    async with Scripted(*[[EMPTY]] * 20) as server:
        ours = to(server)
        for _ in range(4):
            await asyncio.gather(*(ours.request("GET", "x") for _ in range(5)))
    assert server.connections <= 5


async def test_a_kept_connection_that_the_server_has_closed_is_not_used_again(to):
    async with Scripted([EMPTY, None], [EMPTY]) as server:
        ours = to(server)
        await ours.request("GET", "x")
        await until(lambda: not ours._idle[0][1].reusable)
        assert (await ours.request("GET", "x")).status == 204
    assert server.connections == 2


async def test_what_is_not_used_for_a_while_is_closed(to, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 0.01)
    async with Scripted([EMPTY], [EMPTY]) as server:
        ours = to(server)
        await ours.request("GET", "x")
        await until(lambda: not ours._idle)
        await ours.request("GET", "x")
    assert server.connections == 2


@pytest.mark.parametrize(
    "parts", [[None], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", None], [b"nonsense\r\n\r\n"]]
)
async def test_an_answer_that_does_not_come_whole_is_no_answer(to, parts):
    async with Scripted(parts) as server:
        with pytest.raises(ConnectionError) as broken:
            await to(server).request("POST", "x", b"{}")
    assert not isinstance(broken.value, NotSentError)


@pytest.mark.parametrize(
    "more", [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", b"HTTP/1.1 200 OK\r\nContent-"]
)
async def test_an_answer_that_was_not_asked_for_is_nobodys_though_it_be_half_a_one(to, more):
    async with Scripted([EMPTY + more], [EMPTY]) as server:
        ours = to(server)
        assert (await ours.request("GET", "x")).status == 204
        assert (await ours.request("GET", "x")).status == 204
    assert server.connections == 2


@pytest.mark.parametrize("in_pieces", [False, True])
async def test_nobody_waits_for_ever(to, in_pieces):
    async with Scripted([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]) as server:
        with pytest.raises(TimeoutError):
            await to(server).request("GET", "x", within=0.02, in_pieces=in_pieces)


@pytest.mark.parametrize("in_pieces", [False, True])
async def test_what_comes_in_pieces_may_take_longer_than_one_of_them(to, in_pieces):
    pieces = [b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", *[0.1, b"x"] * 6]
    async with Scripted(pieces) as server:
        request = to(server).request("GET", "x", within=0.35, in_pieces=in_pieces)
        if in_pieces:
            assert (await request).body == b"xxxxxx"
        else:
            with pytest.raises(TimeoutError):
                await request


async def test_a_connection_takes_as_long_as_it_may(to, monkeypatch):
    async def stuck(self):
        await asyncio.Event().wait()

    monkeypatch.setattr(Connections, "_connect", stuck)
    async with Scripted() as server:
        with pytest.raises(NotSentError, match="TimeoutError"):
            async with asyncio.timeout(2):
                await to(server, connecting=0.01).request("GET", "x")


async def kept_but_broken(ours, server):
    """What is sent on the connection that is kept arrives there, and breaks it."""
    await ours.request("GET", "x")
    server.answers.insert(0, [None])


async def test_what_only_asks_is_asked_anew_when_a_kept_connection_breaks(to):
    async with Scripted([EMPTY], [EMPTY]) as server:
        ours = to(server)
        await kept_but_broken(ours, server)
        assert (await ours.request("GET", "x")).status == 204
    assert (server.connections, len(server.asked)) == (2, 3)


async def test_what_may_have_done_something_is_not_said_twice(to):
    async with Scripted([EMPTY], [EMPTY]) as server:
        ours = to(server)
        await kept_but_broken(ours, server)
        with pytest.raises(ConnectionError) as broken:
            await ours.request("POST", "x", b"{}")
    assert not isinstance(broken.value, NotSentError)
    assert len(server.asked) == 2


async def test_closing_breaks_off_what_is_under_way(to):
    async with Scripted([]) as server:
        ours = to(server)
        asking = asyncio.create_task(ours.request("GET", "x"))
        await until(lambda: server.asked)
        ours.close()
        with pytest.raises(ConnectionError, match="broke"):
            await asking
        await until(lambda: server.ended)


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        ("http://example.org:8081/a b/", b"example.org:8081", b"/a%20b/x"),
        ("http://b\u00fccher.example", b"xn--bcher-kva.example", b"/x"),
        ("http://ana:secret@[::1]:80/api", b"[::1]:80", b"/api/x"),
    ],
)
async def test_an_address_is_written_as_servers_read_it(to, monkeypatch, address, host, path):
    looking(monkeypatch, ["127.0.0.1"])
    async with Scripted([EMPTY]) as server:
        port, server.url = server.url.split(":")[2].partition("/")[0], address
        ours = to(server)
        ours._url = ours._url._replace(netloc=f"{ours._url.hostname}:{port}".replace("::1", "[::1]"))
        await ours.request("GET", "x")
    [asked] = server.asked
    assert asked.startswith(b"GET " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\n")


async def test_whoever_goes_leaves_no_answer_for_the_next(to):
    async with Scripted([], [EMPTY]) as server:
        ours = to(server)
        left = asyncio.create_task(ours.request("GET", "x"))
        await until(lambda: server.asked)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        assert (await ours.request("GET", "x")).status == 204
        await until(lambda: server.ended)
    assert server.connections == 2


async def test_where_nobody_listens_nothing_is_sent(to):
    async with Scripted() as server:
        pass
    with pytest.raises(NotSentError):
        await to(server).request("GET", "x")


@pytest.mark.parametrize("path", ["a b", "a\r\nEvil: yes", "ä", "a\x00"])
async def test_nothing_but_a_path_is_a_path(to, path):
    async with Scripted() as server:
        with pytest.raises(NotSentError, match="character"):
            await to(server).request("GET", path)
    assert not server.asked


async def test_a_connection_that_broke_as_soon_as_it_stood_was_never_written_to(to, monkeypatch):
    """Nobody waits for an answer there, and whoever posts knows that nothing has left."""
    connect = Connections._connect

    async def broken(self):
        connection = await connect(self)
        connection._transport.abort()
        await until(lambda: not connection.reusable)
        return connection

    monkeypatch.setattr(Connections, "_connect", broken)
    async with Scripted([EMPTY]) as server:
        with pytest.raises(NotSentError):
            await to(server).request("POST", "x", b"{}")
    assert not server.asked


def looking(monkeypatch, answers):
    """The names that are looked up from here on, each answered by what comes next."""
    asked, real = [], asyncio.get_running_loop().getaddrinfo

    async def getaddrinfo(host, port, **options):
        asked.append(host)
        await asyncio.sleep(0)
        if isinstance(answer := answers.pop(0), Exception):
            raise answer
        return await real(answer, port, **options)

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return asked


async def test_at_a_rush_the_address_is_looked_up_once_and_anew_after_a_while(to, monkeypatch):
    names = looking(monkeypatch, ["127.0.0.1"] * 2)
    async with Scripted(*[[EMPTY]] * 21) as server:
        ours = to(server)
        await asyncio.gather(*(ours.request("GET", "x") for _ in range(20)))
        assert (len(names), server.connections) == (1, 20)
        monkeypatch.setattr(module, "FOUND", 0.0)
        ours.close()
        await ours.request("GET", "x")
    assert len(names) == 2


async def test_a_name_that_is_not_found_is_looked_for_again(to, monkeypatch):
    names = looking(monkeypatch, [socket.gaierror(-3, "try again"), "127.0.0.1"])
    async with Scripted([EMPTY]) as server:
        ours = to(server)
        tried = await asyncio.gather(*(ours.request("GET", "x") for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in tried] == [NotSentError] * 3
        assert (await ours.request("GET", "x")).status == 204
    assert len(names) == 2


async def test_whoever_gives_up_stops_no_lookup_of_others(to, monkeypatch):
    looking(monkeypatch, ["127.0.0.1"])
    async with Scripted([EMPTY]) as server:
        ours = to(server)
        one, other = (asyncio.create_task(ours.request("GET", "x")) for _ in range(2))
        await until(lambda: ours._lookup)
        one.cancel()
        assert (await other).status == 204
        assert one.cancelled()


async def test_an_encrypted_address_is_talked_to_when_it_proves_who_it_is(to, tmp_path):
    serving, trusting = certificate(tmp_path, "127.0.0.1")
    async with Scripted([EMPTY], tls=serving) as server:
        assert (await to(server, tls=trusting).request("POST", "x", b"{}")).status == 204


@pytest.mark.parametrize("trusted", [False, True])
async def test_what_does_not_prove_who_it_is_gets_nothing(to, tmp_path, trusted):
    """A stranger, and one whom we trust to be somebody else."""
    serving, trusting = certificate(tmp_path, "127.0.0.2" if trusted else "127.0.0.1")
    async with Scripted(tls=serving) as server:
        with pytest.raises(NotSentError):
            await to(server, tls=trusting if trusted else None).request("POST", "x", b"secret")
    assert not server.asked

"""What a stolen file gives away: nobody's name, comment, platform id or place."""

import logging
import tempfile

import pyrage
import pytest
from msgspec.structs import replace

from bot.export.request import Audience, Format, Request
from bot.export.writing import Job, write
from bot.model.account import Place, PlaceKind
from bot.model.petition import Ask, Reach
from bot.model.signature import Identity, NotTaken
from bot.ports import Draft, Post
from bot.private_files import passing_file
from tests.storage.world import DAY, NOON, PARK, member, opened_petition, request, signed

SECRETS = [
    "Zaphodina",
    "Beeblebroxovna",
    "Ваня",
    "mice-are-white",
    "9000zaphod",
    "-100424242",
    "Milliways",
    "55512",
]
ASKING = replace(PARK, ask=Ask("Which state?", ("Ohio", "Magrathea")))


async def live_a_little(ports, home):
    """Use everything that takes a name, an account or a place."""
    petition = await opened_petition(ports, ASKING)
    place = await ports.communities.ensure(Place("telegram", "-100424242", PlaceKind.GROUP, "Milliways"))
    await ports.communities.posted(place, petition.id, Post("55512", NOON))
    identity = Identity("Zaphodina Beeblebroxovna", "mice-are-white Ваня")
    for who in ("zaphod", "zaphod2"):
        mine = await signed(
            ports, petition, who, identity=identity, reach=Reach.EVERYONE, community=place, answer="Magrathea"
        )
    await ports.signatures.withdraw(mine.form)
    await ports.drafts.save(member("zaphod"), Draft("f", "t", 1, {"name": "Zaphodina"}))
    await ports.notices.ask(member("zaphod"), petition.id, "en")
    await ports.removals.plan(member("zaphod"), "9000zaphod:55512", DAY)
    await home.maintenance.add_claim("CODE", NOON + DAY)
    await ports.organisers.claim("CODE", member("zaphod"))


def spilled(*contents: bytes) -> set[str]:
    return {secret for secret in SECRETS for content in contents if secret.encode() in content}


async def test_database_log_and_backup_name_nobody(sqlite_home, tmp_path):
    async with sqlite_home.ports() as ports:
        await live_a_little(ports, sqlite_home)
        log = sqlite_home.path.with_name(sqlite_home.path.name + "-wal")
        assert log.stat().st_size > 0
        live = [log.read_bytes(), sqlite_home.path.read_bytes()]
        sqlite_home.maintenance.backup(tmp_path / "backup")
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]

    assert len(files) >= 4  # database, key, erasures, backup
    assert spilled(*live, *files) == set()
    assert b"Keep the park." in b"".join(live)  # what is public can be read, so the search can find


async def test_the_log_of_the_program_names_nobody(sqlite_home, caplog):
    caplog.set_level(logging.DEBUG)
    async with sqlite_home.ports() as ports:
        await live_a_little(ports, sqlite_home)
        petition = (await ports.petitions.all())[0]
        for bad in ({"form": "x" * 65}, {"identity": Identity("Zaphodina\ud800")}):
            asked = request(petition, "zaphod3", **({"identity": Identity("Zaphodina")} | bad))
            assert await ports.signatures.sign(asked) == NotTaken(busy=False)
    records = [record for record in caplog.records if record.name != "aiosqlite"]

    assert any("IntegrityError" in record.getMessage() for record in records)
    assert spilled(caplog.text.encode()) == set()


@pytest.mark.parametrize("sealed", [True, False], ids=["encrypted", "in clear"])
@pytest.mark.parametrize("form", Format)
async def test_an_export_leaves_no_name_anywhere_but_in_itself(
    sqlite_home, tmp_path, monkeypatch, form, sealed
):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    keys = (pyrage.x25519.Identity.generate().to_public(),) if sealed else ()
    readers = Audience.ADDRESSEE if form is Format.PDF else Audience.ORGANISERS
    meanwhile = set()

    def look(_=0):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        meanwhile.update(spilled(*(path.read_bytes() for path in files)))

    async with sqlite_home.ports() as ports:
        await live_a_little(ports, sqlite_home)
        (petition,) = await ports.petitions.all()
        job = Job(Request(form, readers), f"list.{form}", NOON, keys)
        with passing_file() as (file, path):
            made = await ports.roster.read(petition.id, lambda on: write(on, job, file, look))
            file.flush()
            look()
            content = path.read_bytes()
    look()

    assert made.rows == 1
    assert meanwhile == set()
    assert spilled(made.text().encode()) == set()
    assert not list(temporary.iterdir())
    readable = form in {Format.CSV, Format.JSONL} and not sealed  # the others pack what they hold
    assert bool(spilled(content)) is readable


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
async def test_every_file_is_its_owners_only(sqlite_home, suffix):
    async with sqlite_home.ports() as ports:
        await opened_petition(ports)
        file = sqlite_home.path.with_name(sqlite_home.path.name + suffix)
        assert file.stat().st_mode & 0o777 == 0o600


async def test_receipts_and_requests_show_nothing_in_a_repr(sqlite_home):
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
        asked = request(petition, "zaphod", identity=Identity("Zaphodina"))
        result = await ports.signatures.sign(asked)
    for shown in map(repr, (asked, result, ports, petition.content)):
        assert spilled(shown.encode()) == set()
        assert result.signature.code not in shown
        assert asked.form not in shown

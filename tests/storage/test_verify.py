"""Verifying finds planted drift and mends what may be mended; checking says what is there."""

import os
import re
import sqlite3
from contextlib import closing

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, insert, select, update

from bot.errors import KeyMismatchError
from bot.model.petition import Act, Ask
from bot.model.signature import Change, Dimension
from bot.ports import Draft, Level
from storage.tables import counter, draft, milestone, revision_text, signature, text_version, totals
from tests.storage.world import NOON, PARK, Home, change, member, opened_petition, signed


@pytest.fixture
async def busy(ports):
    """A petition with a bit of everything."""
    content = replace(PARK, ask=Ask("Which state?", ("Ohio", "Maine")), milestones=(2, 4))
    park = await opened_petition(ports, content)
    mine = [await signed(ports, park, f"m{n}", community=n % 2 + 1, answer="Ohio") for n in range(6)]
    await ports.signatures.withdraw(mine[0].form)
    await change(ports, mine[1].form, Change.STRIKE)
    await ports.drafts.save(member(), Draft("open", "t", 0, {}))
    await ports.petitions.add(replace(PARK, slug="empty"))
    return park


async def said(home, **how):
    return [finding for finding in await home.maintenance.verify(**how) if finding.level is not Level.OK]


async def test_all_is_well(home, busy):
    findings = await home.maintenance.verify()

    assert {finding.level for finding in findings} == {Level.OK}
    assert findings[0].text.startswith("park: 4 counted, 0 held, 1 withdrawn, 1 struck;")


DRIFT = {
    "totals": (update(totals).where(totals.c.counted == 4).values(counted=3, held=1), "the totals say"),
    "counter too high": (
        update(counter).where(counter.c.value == "Ohio").values(count=9),
        "answer Ohio has 9 for 4",
    ),
    "counter missing": (delete(counter).where(counter.c.dimension == "reach"), "reach addressee has 0 for 4"),
    "counter too many": (
        insert(counter).values(petition=1, dimension="answer", value="Utah", count=2),
        "answer Utah has 2 for 0",
    ),
    "last number": (update(totals).where(totals.c.counted == 4).values(last_number=4), "#6 is given"),
}


@pytest.mark.parametrize("drift", DRIFT)
async def test_drift_is_found_and_mended(home, busy, ports, drift):
    planted, expected = DRIFT[drift]
    before = await ports.tally.totals(busy.id)
    await home.run(planted)

    (found, *_) = await said(home)
    assert (found.level, expected in found.text) == (Level.ERROR, True), found.text
    assert "--repair" in found.remedy
    assert await said(home) != []  # nothing is mended without a word

    mended = await said(home, repair=True)
    assert {finding.level for finding in mended} == {Level.WARNING}
    assert "Mended" in mended[0].text
    assert await said(home) == []
    assert await ports.tally.totals(busy.id) == before
    assert await ports.tally.breakdown(busy.id, Dimension.ANSWER) == {"Ohio": 4}
    assert (await signed(ports, busy, "next")).number == 7


FOUND = {
    "a number gone": (delete(signature).where(signature.c.number == 3), "numbers run to #6, but 5"),
    "a milestone never reached": (
        insert(milestone).values(petition=1, threshold=50, total=50, at=NOON),
        "a milestone of 50",
    ),
    "a text altered": (
        update(text_version).where(text_version.c.language == "es").values(letter="x"),
        "was altered",
    ),
    "a text of another petition": (update(signature).values(text_version=4), "another petition's text"),
    "no text": (
        delete(revision_text).where(revision_text.c.petition == 2),
        "empty: the revision in force has no",
    ),
    "a context altered": (
        update(signature).where(signature.c.number == 6).values(context=b"\0\1x"),
        "1 signatures do",
    ),
}


@pytest.mark.parametrize("damage", FOUND)
async def test_damage_is_found_and_left_for_people_to_decide(home, busy, damage):
    planted, expected = FOUND[damage]
    await home.run(planted)

    findings = await said(home)
    assert any(expected in finding.text for finding in findings), findings
    after = await said(home, repair=True)
    assert any(expected in finding.text for finding in after), after


# --- what is encrypted ---


LOST = {
    "no name": ({"identity": None}, "nobody asked to erase (the name, or when and where): 1 signature (#5)."),
    "an empty name": (
        {"identity": b""},
        "nobody asked to erase (the name, or when and where): 1 signature (#5).",
    ),
    "no context": (
        {"context": None},
        "nobody asked to erase (the name, or when and where): 1 signature (#5).",
    ),
    "an empty context": (
        {"context": b""},
        "nobody asked to erase (the name, or when and where): 1 signature (#5).",
    ),
    "a name cut off": ({"identity": b"\0\1x"}, "names that do not decrypt, altered or moved"),
    "nothing left": (
        dict.fromkeys(("identity", "context", "account", "code")),
        "does not say that anybody asked",
    ),
}


@pytest.mark.parametrize("loss", LOST)
async def test_a_name_that_is_lost_is_found_by_its_number(home, busy, loss):
    values, expected = LOST[loss]
    await home.run(update(signature).where(signature.c.number == 5).values(values))
    findings = [finding for finding in await said(home) if "(#5)" in finding.text]
    assert [(finding.level, expected in finding.text) for finding in findings] == [(Level.ERROR, True)]
    assert "Restore a backup" in findings[0].remedy


async def test_two_names_that_changed_places_are_found(home, busy):
    one, other = [
        (await home.run(select(signature.c.identity).where(signature.c.number == number)))[0][0]
        for number in (3, 5)
    ]
    await home.run(update(signature).where(signature.c.number == 3).values(identity=other))
    await home.run(update(signature).where(signature.c.number == 5).values(identity=one))
    (found,) = await said(home)
    assert "moved from another signature: 2 signatures (#" in found.text
    assert {"#3", "#5"} == set(re.findall(r"#\d", found.text))


async def test_of_many_names_that_are_lost_some_are_told_and_the_others_counted(
    home, ports, busy, monkeypatch
):
    monkeypatch.setattr("storage.lost.CHUNK", 3)
    for name in range(8):
        await signed(ports, busy, f"n{name}")
    await home.run(update(signature).where(signature.c.identity.is_not(None)).values(identity=b"\0\1x"))
    (found,) = await said(home)
    assert re.search(r"13 signatures \((#\d+, ){9}#\d+ and 3 more\)", found.text), found.text


async def test_names_are_gone_rightly_that_were_forgotten_after_the_delivery(home, ports, busy):
    for act in (Act.CLOSE, Act.DELIVER):
        await ports.petitions.act("park", act)
    await ports.rights.forget(member("m4"))
    await ports.rights.forget(member("m1"))  # who was struck
    await ports.rights.forget(member("m0"))  # who had withdrawn
    assert await said(home) == []
    erasures = home.key_file.with_name(f"{home.key_file.name}.erased")
    erasures.write_text("")
    (found,) = await said(home)
    assert found.level is Level.WARNING
    assert "anybody asked: 2 signatures (#" in found.text
    assert str(erasures) in found.remedy


async def test_names_are_gone_rightly_of_a_petition_that_was_anonymised(home, ports, busy):
    await ports.petitions.act("park", Act.CLOSE)
    await ports.retention.anonymise(busy.id)
    home.key_file.with_name(f"{home.key_file.name}.erased").write_text("")
    assert await said(home) == []


async def test_whatever_else_is_encrypted_and_does_not_open_is_found(home, busy):
    await home.run(update(draft).values(answers=b"\0\1x"))
    (found,) = await said(home)
    assert (found.level, found.text) == (Level.ERROR, "draft.answers: 1 stored here do not decrypt.")


async def test_verifying_tells_how_far_it_is(home, busy, monkeypatch):
    monkeypatch.setattr("storage.recount.CHUNK", 2)
    monkeypatch.setattr("storage.lost.CHUNK", 2)
    told = []
    await home.maintenance.verify(progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 12) for done in (2, 4, 6, 8, 10, 12)]


async def test_what_refers_to_nothing_is_found(sqlite_home):
    async with sqlite_home.ports() as ports:
        park = await opened_petition(ports)
        await signed(ports, park, "ana")
        await signed(ports, park, "ben")
    with closing(sqlite3.connect(sqlite_home.path)) as connection:  # which asks it to look at no reference
        connection.execute("UPDATE signature SET text_version = 77")
        connection.commit()
    found = [each for each in await sqlite_home.maintenance.verify() if each.level is not Level.OK]
    assert any("References: 2 rows refer to what is not there, in signature." in each.text for each in found)


async def test_many_differences_are_summed_up(home, busy):
    await home.run(delete(counter))
    (found,) = await said(home)
    assert found.text.endswith("more.")
    assert found.text.count("has 0 for") == 5


async def test_a_spent_form_that_is_kept_is_mentioned(home, busy, ports):
    (form,) = (await home.run(signature.select().where(signature.c.number == 5)))[0][:1]
    await home.run(update(draft).values(form=form))
    assert any(found.level is Level.WARNING and "1 are spent" in found.text for found in await said(home))


async def test_verifying_needs_the_right_key(home, busy):
    home.key_file.unlink()
    home.maintenance.create_keys()
    with pytest.raises(KeyMismatchError):
        await home.maintenance.verify()


def levels(findings):
    return [finding.level for finding in findings]


async def test_check_is_content_with_a_fresh_database(home):
    findings = home.maintenance.examine()

    assert set(levels(findings)) == {Level.OK}
    assert any("encrypted under this key file" in finding.text for finding in findings)


def test_check_warns_of_files_that_others_can_read(sqlite_home):
    sqlite_home.key_file.chmod(0o644)
    sqlite_home.path.chmod(0o640)

    warned = [finding for finding in sqlite_home.maintenance.examine() if finding.level is Level.WARNING]
    assert [finding.remedy for finding in warned] == [
        f"chmod 600 {sqlite_home.key_file}",
        f"chmod 600 {sqlite_home.path}",
    ]


def test_check_warns_of_a_key_beside_the_database(sqlite_home):
    moved = sqlite_home.key_file.rename(sqlite_home.path.with_name("undersigned.key"))
    findings = Home(sqlite_home.url, moved).maintenance.examine()
    assert any("share the folder" in each.text and each.level is Level.WARNING for each in findings)


def test_check_says_what_is_not_there(tmp_path):
    findings = Home(f"sqlite:///{tmp_path / 'db'}", tmp_path / "key").maintenance.examine()
    assert Level.OK not in levels(findings)
    assert "The key file" in findings[0].text
    assert "undersigned migrate" in findings[-1].text
    assert not list(tmp_path.iterdir())


def test_check_finds_damage(sqlite_home):
    with sqlite_home.path.open("r+b") as file:
        file.seek(9 * 4096)
        file.write(os.urandom(4096))
    findings = sqlite_home.maintenance.examine()
    assert any("is damaged" in finding.text and finding.level is Level.ERROR for finding in findings)


def test_check_finds_another_key_a_bad_address_and_an_old_schema(sqlite_home, monkeypatch):
    sqlite_home.key_file.unlink()
    sqlite_home.maintenance.create_keys()
    assert "was not encrypted" in sqlite_home.maintenance.examine()[-1].text
    bad = Home("mysql://h/d", sqlite_home.key_file).maintenance.examine()
    assert (bad[-1].level, "storage.url" in bad[-1].text) == (Level.ERROR, True)
    monkeypatch.setattr("storage.schema.newest", lambda: "9999")
    assert any("older version" in finding.text for finding in sqlite_home.maintenance.examine())

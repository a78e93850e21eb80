"""Keys and vault: what they give away (nothing), and what they refuse."""

import hmac
import json
import string
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError, KeyMismatchError, StorageError
from bot.model.account import Account, Place, PlaceKind
from bot.model.signature import Context, Identity
from storage import keys
from storage.erasures import Erasure, Erasures
from storage.keys import ALPHABET, Keys, normal_code
from storage.mac import mac
from storage.vault import BLOCK, Vault

ANA = Account("telegram", "900042")
PEPPER, ONE, TWO = bytes(range(32)), bytes(32), b"\x01" * 32


@pytest.fixture
def secrets():
    return Keys(PEPPER, {1: ONE}, 1)


@pytest.fixture
def vault(secrets):
    return Vault(secrets)


def test_an_account_can_not_be_followed_from_petition_to_petition(secrets):
    hashes = {
        secrets.account("aaaaaaaa", ANA),
        secrets.account("bbbbbbbb", ANA),
        secrets.form_owner(ANA),
        secrets.organiser(ANA),
        secrets.notice("aaaaaaaa", ANA),
        secrets.place(Place(ANA.platform, ANA.user_id, PlaceKind.GROUP)),
        secrets.code_index(str(ANA)),
        secrets.claim(str(ANA)),
    }
    assert len(hashes) == 8
    assert {len(each) for each in hashes} == {16}
    assert secrets.account("aaaaaaaa", ANA) in hashes


def test_another_pepper_gives_other_hashes(secrets):
    other = Keys(ONE, {1: ONE}, 1)
    assert other.account("aaaaaaaa", ANA) != secrets.account("aaaaaaaa", ANA)
    assert other.code("aaaaaaaa", "form") != secrets.code("aaaaaaaa", "form")


def test_a_data_key_that_is_added_changes_no_hash(secrets):
    rotated = Keys(PEPPER, {1: ONE, 2: TWO}, 2)
    assert rotated.account("aaaaaaaa", ANA) == secrets.account("aaaaaaaa", ANA)
    assert rotated.code("aaaaaaaa", "form") == secrets.code("aaaaaaaa", "form")


@given(st.text(string.ascii_lowercase, min_size=1, max_size=20))
def test_a_code_has_thirteen_characters_that_nobody_misreads(form):
    code = Keys(PEPPER, {1: ONE}, 1).code("aaaaaaaa", form)
    assert len(code) == 13
    assert set(code) <= set(ALPHABET)
    assert normal_code(code) == code
    spelled = "-".join(code.lower()).replace("0", "O").replace("1", "i")
    assert normal_code(spelled) == code


def test_codes_use_the_whole_alphabet_in_every_place(secrets):
    codes = [secrets.code("aaaaaaaa", str(number)) for number in range(600)]
    assert all(set(column) == set(ALPHABET) for column in zip(*codes, strict=True))


def test_nothing_secret_is_in_a_repr(secrets, vault):
    for each in (secrets, vault):
        assert repr(each).endswith("(…)")
        assert PEPPER.hex() not in repr(each)


@given(st.text(), st.text())
def test_what_is_sealed_opens_as_it_was(name, comment):
    vault = Vault(Keys(PEPPER, {1: ONE}, 1))
    identity = Identity(name, comment)
    assert vault.open_identity("form", vault.seal_identity("form", identity)) == identity


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.text(),
    st.none() | st.integers(1, 2**62),
    st.none() | st.text(),
)
def test_a_context_opens_as_it_was(at, language, community, answer):
    vault = Vault(Keys(PEPPER, {1: ONE}, 1))
    context = Context(at, language, community, answer)
    assert vault.open_context("form", vault.seal_context("form", context)) == context


def test_the_length_says_nothing_of_the_name(vault):
    short, long = (vault.seal_identity("form", Identity(name)) for name in ("Bo", "Maximiliana von und zu"))
    assert len(short) == len(long)
    assert (len(short) - 2 - 12 - 16) % BLOCK == 0


def test_the_same_name_is_never_sealed_the_same(vault):
    assert vault.seal_identity("form", Identity("Bo")) != vault.seal_identity("form", Identity("Bo"))


def test_a_value_moved_to_another_row_or_field_does_not_open(vault):
    sealed = vault.seal("a.b", "row", "x")
    assert vault.open("a.b", "row", sealed) == "x"
    for field, row in (("a.b", "other"), ("a.c", "row")):
        with pytest.raises(StorageError, match="altered"):
            vault.open(field, row, sealed)


@pytest.mark.parametrize("at", [2, 20, -1])
def test_an_altered_value_does_not_open(vault, at):
    sealed = bytearray(vault.seal_identity("form", Identity("Bo")))
    sealed[at] ^= 1
    with pytest.raises(StorageError, match="altered"):
        vault.open_identity("form", bytes(sealed))


def test_a_stump_does_not_open(vault):
    with pytest.raises(StorageError):
        vault.open_identity("form", b"\x00\x01abc")


def test_a_value_under_a_key_that_is_gone_says_so(vault):
    sealed = Vault(Keys(PEPPER, {1: ONE, 2: TWO}, 2)).seal_identity("form", Identity("Bo"))
    with pytest.raises(KeyMismatchError, match="does not hold"):
        vault.open_identity("form", sealed)


def test_old_values_open_after_a_rotation(vault):
    sealed = vault.seal_identity("form", Identity("Bo"))
    assert Vault(Keys(PEPPER, {1: ONE, 2: TWO}, 2)).open_identity("form", sealed) == Identity("Bo")


def test_a_key_file_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "undersigned.key"
    assert keys.create(path)
    written = path.read_bytes()
    assert not keys.create(path)

    assert path.read_bytes() == written
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load(path).checks() == keys.load(path).checks()


def test_a_missing_key_file_says_why_it_cannot_be_made_again(tmp_path):
    with pytest.raises(ConfigError, match=r"undersigned.key is not there.*can't be made again") as caught:
        keys.load(tmp_path / "undersigned.key")
    assert "\n" not in str(caught.value)


GOOD = {"format": 1, "pepper": "A" * 43 + "=", "keys": {"1": "A" * 43 + "="}, "current": 1}


def test_the_good_one_is_good(tmp_path):
    (tmp_path / "k").write_text(json.dumps(GOOD))
    assert keys.load(tmp_path / "k").key_ids == (1,)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "no json",
        json.dumps(GOOD | {"format": 2}),
        json.dumps(GOOD | {"pepper": "AAAA"}),
        json.dumps(GOOD | {"pepper": "!"}),
        json.dumps(GOOD | {"current": 2}),
        json.dumps(GOOD | {"keys": None}),
        json.dumps({"format": 1}),
        "\ud800",
    ],
)
def test_a_damaged_key_file_is_one_clear_line(tmp_path, content):
    path = tmp_path / "k"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError, match="damaged or not a key file"):
        keys.load(path)


def test_a_key_file_that_cannot_be_read_or_written_is_one_clear_line(tmp_path):
    with pytest.raises(ConfigError, match="can't be read"):
        keys.load(tmp_path)
    with pytest.raises(ConfigError, match="can't be written"):
        keys.create(tmp_path / "nowhere" / "k")


def test_erasures_name_no_signature_and_the_strongest_counts(tmp_path, secrets):
    erasures = Erasures(tmp_path / "k", secrets)
    assert erasures.load() == {}
    erasures.record(Erasure.FORGOTTEN, "form1")
    erasures.record(Erasure.WITHDRAWN, "form1")
    erasures.record(Erasure.WITHDRAWN, "form2")

    assert erasures.load() == {
        secrets.erasure("form1"): Erasure.FORGOTTEN,
        secrets.erasure("form2"): Erasure.WITHDRAWN,
    }
    assert "form" not in erasures.path.read_text()
    assert erasures.path == tmp_path / "k.erased"
    assert erasures.path.stat().st_mode & 0o777 == 0o600


def test_an_erasure_of_a_kind_from_the_future_counts_as_the_strongest(tmp_path, secrets):
    erasures = Erasures(tmp_path / "k", secrets)
    erasures.path.write_text("z 00ff\n")
    assert erasures.load() == {"00ff": Erasure.FORGOTTEN}


def test_a_list_of_erasures_that_cannot_be_used_is_one_clear_line(tmp_path, secrets):
    erasures = Erasures(tmp_path / "nowhere" / "k", secrets)
    with pytest.raises(StorageError, match="can't be written"):
        erasures.record(Erasure.WITHDRAWN, "form")
    erasures = Erasures(tmp_path / "k", secrets)
    erasures.path.mkdir()
    with pytest.raises(StorageError, match="can't be read"):
        erasures.load()


@given(st.binary(max_size=64), st.lists(st.binary(max_size=200)))
def test_hashes_are_the_hmacs_of_the_standard_library(key, messages):
    under = mac(key)
    assert under(messages) == under(messages) == [hmac.digest(key, each, "sha256") for each in messages]


def test_a_key_too_long_for_one_block_is_refused():
    with pytest.raises(ValueError, match="hashed first"):
        mac(b"k" * 65)

"""The configuration as an operator meets it: a file, the environment, and what is said about mistakes."""

import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config
from bot.errors import ConfigError
from bot.model.account import Account
from bot.operations.config_file import KEYS, rendered
from bot.settings import known_keys

ROOT = Path(__file__).parent.parent.parent
A_WEB_ADDRESS = "must be a web address, such as https://example.org"
A_TOKEN = "must be a token as the platform shows it: one word, without spaces"
PLANTED = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in list(os.environ):
        if name.upper().startswith(config.ENV_PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config.toml"


def load(file, text):
    file.write_text(text, "utf-8")
    return config.load(config.find_file(file))


def problems(file, text):
    with pytest.raises(ConfigError) as caught:
        load(file, text)
    return str(caught.value).splitlines()


# --- what is there ---


def test_an_empty_file_is_a_whole_configuration(file):
    settings = load(file, "")
    assert settings.storage.file == file.parent / "data" / "undersigned.db"
    assert settings.security.key_file == file.parent / "undersigned.key"
    assert not settings.discord.on
    assert not settings.telegram.on
    assert settings.house.admins == frozenset()


def test_the_file_that_init_writes_says_what_holds_without_it(file):
    assert load(file, rendered()) == load(file, "")


def test_the_example_shows_every_key_with_a_comment_and_loads(file):
    example = (ROOT / "config.example.toml").read_text("utf-8")
    assert load(file, example).retention.days_after_delivery == 30
    assert tuple(key.name for key in KEYS) == known_keys()
    for key in known_keys():
        section, _, name = key.rpartition(".")
        part = example.partition(f"[{section}]")[2] if section else example
        assert re.search(rf"^# .+\n{name} = ", part, re.MULTILINE), key


def test_the_example_is_what_the_command_line_writes():
    days = {"retention.days_after_delivery": 30, "retention.days_after_close": 90}
    assert (ROOT / "config.example.toml").read_text("utf-8") == rendered(days | {"retention.backup_days": 30})


def test_files_are_looked_up_from_the_folder_of_the_config_file(file, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    settings = load(file, '[storage]\nurl = "sqlite:///some/where.db"\n[security]\nkey_file = "keys/k"')
    assert settings.storage.file == tmp_path / "some" / "where.db"
    assert settings.security.key_file == tmp_path / "keys" / "k"


def test_what_the_organisers_wrote_reaches_the_core(file):
    house = load(
        file,
        'admins = ["discord:12", "telegram:34"]\ncontact = "us@example.org"\nprivacy = "We tell nobody."\n'
        "[retention]\ndays_after_delivery = 30\n",
    ).house
    assert house.admins == {Account("discord", "12"), Account("telegram", "34")}
    assert (house.contact, house.privacy) == ("us@example.org", "We tell nobody.")
    assert (house.days_after_delivery, house.days_after_close) == (30, None)


def test_a_database_server_is_reached_by_its_driver(file):
    settings = load(file, '[storage]\nurl = "postgresql://me:pass@db/undersigned"')
    assert settings.storage.url == "postgresql+asyncpg://me:pass@db/undersigned"
    assert settings.storage.file is None


def test_a_process_serves_the_shards_that_it_is_told(file, monkeypatch):
    assert load(file, "").discord.shard_ids == ()
    monkeypatch.setenv("UNDERSIGNED_DISCORD__SHARD_IDS", "[3, 2]")
    discord = load(file, "[discord]\nshard_count = 4\n").discord
    assert (discord.shard_ids, discord.shard_count) == ((2, 3), 4)


def test_moderators_roles_are_ids_as_numbers_or_text(file, monkeypatch):
    assert load(file, "").discord.moderator_roles == ()
    assert load(file, '[discord]\nmoderator_roles = [12, "34"]\n').discord.moderator_roles == (12, 34)
    assert "moderator_roles" in problems(file, '[discord]\nmoderator_roles = ["@mods"]')[0]
    monkeypatch.setenv("UNDERSIGNED_DISCORD__MODERATOR_ROLES", "[56]")
    assert load(file, "").discord.moderator_roles == (56,)


@pytest.mark.parametrize(
    ("shards", "said"),
    [
        ("shard_ids = [0]", "shard_ids: needs discord.shard_count: of how many shards in all these are"),
        ("shard_ids = [2]\nshard_count = 2", "shard_ids: must name shards from 0 to 1, of the 2 in"),
        ("shard_ids = [-1]\nshard_count = 2", "must not be negative"),
    ],
)
def test_shards_that_there_are_not_are_told(file, shards, said):
    assert said in problems(file, f"[discord]\n{shards}")[0]


def test_a_file_from_windows_is_read(file):
    file.write_bytes("\ufeffcontact = 'Ñandú'\r\n".encode())
    assert config.load(file).contact == "Ñandú"


# --- the environment ---


def test_the_environment_wins_over_the_file(file, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_TELEGRAM__TOKEN", "2:from-environment")
    monkeypatch.setenv("UNDERSIGNED_CONTACT", "here")
    monkeypatch.setenv("UNDERSIGNED_ADMINS", '["telegram:5"]')
    monkeypatch.setenv("UNDERSIGNED_RETENTION__DAYS_AFTER_CLOSE", "7")
    settings = load(
        file, 'admins = ["discord:1"]\n[telegram]\ntoken = "1:from-file"\napi_url = "http://localhost:81"'
    )
    assert settings.telegram.token == "2:from-environment"
    assert settings.telegram.api_url == "http://localhost:81"
    assert settings.admins == {Account("telegram", "5")}
    assert settings.contact == "here"
    assert settings.retention.days_after_close == 7


def test_an_empty_token_in_the_environment_turns_a_platform_off(file, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_DISCORD__TOKEN", "")
    assert not load(file, '[discord]\ntoken = "a.b.c"').discord.on


def test_other_variables_that_begin_alike_are_none_of_our_business(file, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_SHARED", "/somewhere")
    load(file, "")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            "UNDERSIGNED_DISCORD__TOKN",
            "x",
            "UNDERSIGNED_DISCORD__TOKN: there is no such key; did you mean discord.token?",
        ),
        (
            "UNDERSIGNED_DISCROD__TOKEN",
            "x",
            "UNDERSIGNED_DISCROD__TOKEN: there is no such key; did you mean discord?",
        ),
        (
            "UNDERSIGNED_ADMINS",
            "telegram:1",
            'UNDERSIGNED_ADMINS: must be a list, such as ["discord:123", "telegram:456"]',
        ),
        (
            "UNDERSIGNED_RETENTION__DAYS_AFTER_CLOSE",
            "soon",
            "UNDERSIGNED_RETENTION__DAYS_AFTER_CLOSE: must be a whole number",
        ),
        (
            "undersigned_telegram__webhook_listen",
            "8080",
            "undersigned_telegram__webhook_listen: must be HOST:PORT, such as 127.0.0.1:8080",
        ),
    ],
)
def test_a_mistake_in_the_environment_is_told_by_the_name_of_the_variable(
    file, monkeypatch, variable, value, said
):
    monkeypatch.setenv(variable, value)
    assert problems(file, "") == [said]


def test_a_whole_section_in_one_variable_is_answered_with_how_it_is_written(file, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_TELEGRAM", PLANTED)
    (line,) = problems(file, "")
    assert "UNDERSIGNED_SECTION__KEY" in line
    assert PLANTED not in line


# --- mistakes in the file ---


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[discord]\ntokne = "x"', "discord.tokne: there is no such key; did you mean discord.token?"),
        ('token = "x"', "token: there is no such key; did you mean discord.token?"),
        ("[discrod]", "discrod: there is no such key; did you mean discord?"),
        ("nonsense = 1", "nonsense: there is no such key"),
        ("_env_file = 'x'", "_env_file: there is no such key"),
        ("contact = true", "contact: must be text in quotes"),
        ("contact = 'a\\\\nb'\nprivacy = \"a\\u202eb\"", "privacy: must be one line of plain text"),
        (f"contact = '{'x' * 300}'", "contact: is too long"),
        ("discord = 'x'", "discord: must be a section with keys of its own"),
        ("admins = 'discord:1'", 'admins: must be a list, such as ["discord:123", "telegram:456"]'),
        ("[retention]\ndays_after_close = 1.5", "retention.days_after_close: must be a whole number"),
        ("[retention]\ndays_after_close = -1", "retention.days_after_close: must not be negative"),
        ("[retention]\ndays_after_close = 99999", "retention.days_after_close: is too large a number"),
        ("[retention]\ndays_after_close = true", "retention.days_after_close: must be a whole number"),
        ("[communities]\njoin = 'never'", 'communities.join: must be "open" or "ask"'),
        (
            "[discord]\nmoderator_roles = 5",
            "discord.moderator_roles: must be a list, such as [123456789012345678]",
        ),
        (
            "[holding]\nnames = ['A', '', 7, '']",
            "holding.names: entry 2, 4: must not be empty; entry 3: must be text in quotes",
        ),
        (
            "[security]\nkey_file = '~nobody-here/k'",
            "security.key_file: must not begin with a ~ that stands for nobody",
        ),
        ("[security]\nkey_file = 3", "security.key_file: must be a file name in quotes"),
        ("[security]\nkey_file = ''", "security.key_file: must name a file"),
        ("[discord]\napi_url = 'discord.com'", f"discord.api_url: {A_WEB_ADDRESS}"),
        ("[telegram]\napi_url = 'http://h:99999'", f"telegram.api_url: {A_WEB_ADDRESS}"),
        ("[telegram]\nwebhook_url = 'ftp://h'", f"telegram.webhook_url: {A_WEB_ADDRESS}"),
        (
            "[telegram]\nwebhook_listen = 'h:70000'",
            "telegram.webhook_listen: must be HOST:PORT, such as 127.0.0.1:8080",
        ),
        ("[discord]\ntoken = 'two words'", f"discord.token: {A_TOKEN}"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_file_and_key(file, text, said):
    assert problems(file, text) == [f"{file}: {said}"]


@pytest.mark.parametrize(
    "url", ["undersigned.db", "sqlite://x.db", "sqlite:///:memory:", "mysql://u:pw@h/d", "sqlite:///a?b=c"]
)
def test_a_database_that_is_none_is_refused_without_quoting_it(file, url):
    (line,) = problems(file, f'[storage]\nurl = "{url}"')
    assert line.startswith(f"{file}: storage.url: must be sqlite:///FILE")
    assert url not in line.replace("sqlite:///FILE", "").replace("sqlite:///data/undersigned.db", "")


@pytest.mark.parametrize(
    "entry", ["telegram", "telegram:", ":5", "telegram:me", "signal:5", "discord:-1", "", "@ana"]
)
def test_an_admin_who_is_none_is_told_by_number_and_with_how_it_is_written(file, entry):
    (line,) = problems(file, f'admins = ["discord:1", "{entry}"]')
    assert line.startswith(
        f"{file}: admins: entry 2: write an account as platform:number, such as discord:123"
    )


def test_all_mistakes_are_told_at_once(file, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_CONTACT", "x" * 300)
    lines = problems(file, 'foo = 1\nadmins = ["x"]\n[telegram]\napi_url = 5\ntoken = 7')
    assert len(lines) == 5
    assert all(line.startswith((str(file), "UNDERSIGNED_CONTACT")) for line in lines)


def test_broken_toml_is_told_with_its_line(file):
    (line,) = problems(file, 'contact = "us"\nprivacy = = "x"\n')
    assert line.startswith(f"{file}: not valid TOML: ")
    assert "line 2" in line


def test_a_file_that_is_no_text_is_told_in_one_line(file):
    file.write_bytes(b"\xff\xfe\x00c")
    with pytest.raises(ConfigError, match="not a text file in UTF-8"):
        config.load(file)


def test_a_file_that_can_not_be_read_is_told_in_one_line(tmp_path):
    with pytest.raises(ConfigError, match="can't be read: Is a directory"):
        config.load(tmp_path)


# --- which file ---


def test_without_a_file_the_operator_is_told_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"There is no config\.toml in this folder\. Make one with"):
        config.find_file(None)


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match=r"other\.toml: there is no such config file"):
        config.find_file(tmp_path / "other.toml")


def test_the_environment_alone_is_enough_if_it_says_where_database_and_key_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNDERSIGNED_STORAGE__URL", "sqlite:///d/x.db")
    monkeypatch.setenv("UNDERSIGNED_SECURITY__KEY_FILE", "x.key")
    settings = config.load(config.find_file(None))
    assert settings.storage.file == tmp_path / "d" / "x.db"


# --- secrets ---


def test_no_secret_shows_in_what_is_printed_of_the_settings(file):
    settings = load(
        file,
        f'[discord]\ntoken = "{PLANTED}"\n[telegram]\ntoken = "7:{PLANTED}"\n'
        '[storage]\nurl = "postgresql://me:db-pass@h/d"',
    )
    for shown in (repr(settings), str(settings), f"{settings.discord}", f"{settings.storage}"):
        assert PLANTED not in shown
        assert "db-pass" not in shown
    assert set(settings.secrets) == {PLANTED, f"7:{PLANTED}", "db-pass"}


scalars = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.just([PLANTED]), st.just({PLANTED: PLANTED})
)
keys = st.sampled_from([key for key in known_keys() if "." in key])


@given(key=keys, value=scalars)
def test_whatever_stands_where_a_secret_may_stand_is_never_quoted(key, value):
    section, _, name = key.partition(".")
    said = refusal({section: {name: value}})
    assert PLANTED not in said.replace(f"{key}.{PLANTED}", "")
    assert all(line.startswith("the environment: ") for line in said.splitlines())


@given(st.text())
def test_any_toml_makes_a_configuration_or_is_answered_line_by_line(text):
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    refusal(document)


def refusal(document):
    try:
        settings = config.checked(document)
    except ConfigError as error:
        return str(error)
    assert PLANTED not in repr(settings)
    return ""

"""What `undersigned run` loads before it serves: every library that it does not need is time that members wait."""

import pytest

from tests.loading import modules

SERVING = "bot.cli, bot.operations.serving, bot.app, bot.config, bot.core, bot.serving, storage.opening"
NOT_YET = {
    "alembic": "the schema is current",
    "babel": "nobody reads a date or a number above 999",
    "bot.export.writing": "nobody exports",
    "bot.forms.change": "nobody has signed",
    "bot.operations.commands": "it is not for the command line's other commands",
    "bot.petition_file.source": "nobody sends a petition",
    "bot.receiving": "the same",
    "bot.reviewing": "nobody reviews",
    "disarm": "no petition holds look-alikes",
    "prometheus_client": "nobody measures",
    "rich": "there may be no terminal",
    "sqlalchemy": "a database file can be asked without it",
    "tomllib": "there may be no file",
    "typer": "there is nothing to parse",
}


@pytest.fixture(scope="module")
def loaded():
    return modules(f"import {SERVING}")


@pytest.mark.parametrize("module", NOT_YET)
def test_a_service_starts_without_what_it_does_not_need_yet(loaded, module):
    assert "storage.opening" in loaded
    assert module not in loaded, f"and yet {NOT_YET[module]}"


@pytest.mark.parametrize("platform", ["discord", "telegram"])
def test_a_platform_that_is_off_costs_nothing(loaded, platform):
    assert platform not in loaded
    assert f"adapters.{platform}.adapter" not in loaded

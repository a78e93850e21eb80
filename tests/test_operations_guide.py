"""docs/operations.md says what is so: its unit starts, its configuration loads, its commands and metrics are there."""

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot import config
from bot.metrics import Metrics
from bot.operations.commands import build
from bot.settings import known_keys

GUIDE = (Path(__file__).parent.parent / "docs" / "operations.md").read_text("utf-8")
SYSTEMD = shutil.which("systemd-analyze")


def fenced(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def unit():
    return next(block for block in fenced("ini") if "[Unit]" in block)


def test_the_unit_says_what_a_service_needs(unit):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read_string(unit)
    service = read["Service"]
    assert service["ExecStart"].endswith("/bin/undersigned run")
    assert int(service["TimeoutStopSec"]) > 35  # platforms' and outbox' farewells
    assert service["UMask"] == "0077"
    assert service["WorkingDirectory"] == service["ReadWritePaths"]


@pytest.mark.skipif(SYSTEMD is None, reason="there is no systemd-analyze")
def test_systemd_finds_nothing_to_say_about_the_unit(unit, tmp_path):
    file = tmp_path / "undersigned.service"
    here = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.MULTILINE)
    file.write_text(here.replace("User=undersigned", "User=root"), "utf-8")
    done = subprocess.run([SYSTEMD, "verify", file], capture_output=True, text=True, check=False)
    about_ours = [line for line in done.stderr.splitlines() if file.name in line]
    assert about_ours == []


@pytest.mark.parametrize("block", fenced("toml"))
def test_its_configuration_loads(block):
    config.checked(tomllib.loads(block))


def test_its_variables_are_keys():
    names = set(re.findall(r"\bUNDERSIGNED_([A-Z]+(?:__[A-Z_]+)?)=", GUIDE))
    assert {name.lower().replace("__", ".") for name in names} <= set(known_keys())
    assert len(names) >= 6


def test_its_commands_are_there():
    app = build()
    words = {command.name or command.callback.__name__ for command in app.registered_commands}
    words |= {group.name for group in app.registered_groups}
    used = set(re.findall(r"(?:^|`)undersigned ([a-z-]+)", GUIDE, re.MULTILINE))
    assert used <= words
    assert "copy" in used


def test_its_metrics_are_told():
    told = {sample.name for family in Metrics()._registry.collect() for sample in family.samples}
    told |= {family.name for family in Metrics()._registry.collect()}
    named = set(re.findall(r"`((?:undersigned|process)_[a-z_]+?)(?:\{[a-z,]+\})?`", GUIDE))
    assert {name for name in named if name not in told and name.removesuffix("_total") not in told} == set()
    assert len(named) >= 10


def test_what_stands_in_front_is_written_with_care():
    [nginx] = fenced("nginx")
    assert nginx.count("{") == nginx.count("}")
    statements = [line.strip() for line in nginx.splitlines() if line.strip()]
    assert [line for line in statements if line[-1] not in "{};"] == []

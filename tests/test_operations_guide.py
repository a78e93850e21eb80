"""docs/operations.md says what is so: its unit starts, its configuration loads, its commands and metrics are there."""

import configparser
import re
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import config
from bot.metrics import Metrics
from bot.operations.commands import build
from bot.settings import known_keys

GUIDE = (Path(__file__).parent.parent / "docs" / "operations.md").read_text("utf-8")
TELEGRAM = (Path(__file__).parent.parent / "docs" / "telegram.md").read_text("utf-8")
SYSTEMD, NGINX, CADDY = map(shutil.which, ("systemd-analyze", "nginx", "caddy"))


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


@pytest.fixture
def certificate(tmp_path):
    """A certificate of our own, as the files of a key and of itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "petition.example.org")])
    day, now = timedelta(days=1), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "privkey.pem").write_bytes(private)
    (tmp_path / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    return tmp_path


@pytest.mark.skipif(NGINX is None, reason="there is no nginx")
def test_nginx_takes_what_stands_in_front(certificate):
    [servers] = fenced("nginx")
    [location] = re.findall(r"^```\n(location .*?)^```$", TELEGRAM, re.MULTILINE | re.DOTALL)
    servers += f"server {{ listen 8443; {location} }}"
    servers = servers.replace("/etc/letsencrypt/live/petition.example.org", str(certificate))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {certificate}/{kind};" for kind in kinds)
    whole = f"pid {certificate}/pid; events {{}} http {{ access_log off; {folders} {servers} }}"
    (certificate / "nginx.conf").write_text(whole, "utf-8")
    command = [NGINX, "-t", "-e", "stderr", "-c", certificate / "nginx.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr.replace('the "user" directive', "")


@pytest.mark.skipif(CADDY is None, reason="there is no Caddy")
@pytest.mark.parametrize("guide", [GUIDE, TELEGRAM], ids=["operations", "telegram"])
def test_caddy_takes_what_stands_in_front(guide, tmp_path):
    [site] = re.findall(r"^```\n(petition\.example\.org \{.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    (tmp_path / "Caddyfile").write_text(site, "utf-8")
    command = [CADDY, "validate", "--adapter", "caddyfile", "--config", tmp_path / "Caddyfile"]
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=home)
    assert done.returncode == 0, done.stderr

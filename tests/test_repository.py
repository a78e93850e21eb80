"""What the repository promises about itself."""

import ast
import re
import socket
import statistics
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
REGISTRY = re.compile(
    r"\b(pypi|pythonhosted|npmjs)\.(org|com|io)\b|https?://\S+/(simple|packages)/|--(extra-)?index-url"
)
MACHINE_PATH = re.compile(rf"(?<![\w.~-])({re.escape(str(ROOT))}|/(home|Users)/\w+|/root)/")


def committed_texts():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.decode().split("\0")):
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in data:
            yield name, data.decode()


def pinned(lock):
    lines = (ROOT / "requirements" / lock).read_text("utf-8").splitlines()
    pins = (Requirement(line.rstrip("\\")) for line in lines if re.match(r"[a-z]", line))
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins}


@pytest.mark.parametrize("unwanted", [REGISTRY, MACHINE_PATH], ids=["registry", "machine path"])
def test_no_committed_file_names_a_registry_or_a_path_of_one_machine(unwanted):
    found = [
        f"{name}:{number}: {line[:100]}"
        for name, text in committed_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if unwanted.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("lock", "extras"), [("run.txt", []), ("dev.txt", ["dev", "postgres", "speed"])])
def test_the_lock_holds_what_the_project_asks_for(lock, extras):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    wanted = [Requirement(line) for lines in asked for line in lines]
    pins = pinned(lock)
    unmet = [
        str(one)
        for one in wanted
        if (name := canonicalize_name(one.name)) not in pins or not one.specifier.contains(pins[name])
    ]
    assert not unmet, f"{lock} is older than pyproject.toml ('make lock' renews it): {unmet}"


def test_what_people_run_is_what_was_tested():
    run, dev = pinned("run.txt"), pinned("dev.txt")
    assert run.items() <= dev.items()


def test_the_newest_entry_of_the_changelog_is_this_version():
    newest = re.search(r"^## \[?(\d\S*?)\]?(\s|$)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest, "CHANGELOG.md has no '## VERSION' heading"
    assert newest[1] == metadata.version("undersigned")


def test_files_and_functions_keep_their_size():
    files = [path for package in ("bot", "adapters", "storage") for path in (ROOT / package).rglob("*.py")]
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in files}
    nodes = (node for text in texts.values() for node in ast.walk(ast.parse(text)))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [node.end_lineno - node.lineno + 1 for node in functions]
    assert [name for name, text in texts.items() if text.count("\n") >= 300] == []
    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=20)[-1] < 40


def test_tests_cannot_leave_this_machine():
    with pytest.raises(ConnectionRefusedError, match="loopback"):
        socket.create_connection(("undersigned.example", 443))
    with socket.socket() as knock, pytest.raises(ConnectionRefusedError, match="loopback"):
        knock.connect(("192.0.2.1", 443))

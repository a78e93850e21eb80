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


UNPICKLERS = {"pickle", "shelve", "marshal", "dill", "cloudpickle", "joblib"}
SHELLS = {"system", "popen", "getoutput", "getstatusoutput", "create_subprocess_shell"}


def smells(tree):
    """What could run what somebody else wrote: unpickling, a shell, text as code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] in UNPICKLERS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNPICKLERS:
            yield node.module
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of = getattr(getattr(node.func, "value", None), "id", "")
            if (called in SHELLS and of in {"os", "subprocess", "asyncio"}) or called in {"eval", "exec"}:
                yield called
            yield from ("shell" for word in node.keywords if word.arg == "shell")


@pytest.mark.parametrize(
    "code",
    ["import pickle", "from shelve import open", "os.system('x')", "run('x', shell=True)", "eval('1')"],
)
def test_what_could_run_foreign_code_is_found(code):
    assert list(smells(ast.parse(code)))


def test_nothing_unpickles_opens_a_shell_or_runs_text():
    packages = ("bot", "adapters", "storage", "tests", "benchmarks")
    files = [path for package in packages for path in (ROOT / package).rglob("*.py")]
    found = {path.name: list(smells(ast.parse(path.read_text("utf-8")))) for path in files}
    assert {name: smell for name, smell in found.items() if smell} == {}


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

"""What an adapter reads and shows is worked out without a network, and is short enough to be read at a sitting."""

import ast
from pathlib import Path

import pytest

ADAPTERS = Path(__file__).parents[2] / "adapters"
OF_THE_NETWORK = {"aiohttp", "asyncio", "socket", "urllib", "bot.log"}


def source(platform, module):
    return (ADAPTERS / platform / f"{module}.py").read_text("utf-8")


def imported(tree, platform):
    """The modules that are imported, those beside it by their last name, those of the core by their whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == f"adapters.{platform}":
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            beside = (node.module or "").removeprefix(f"adapters.{platform}.")
            yield beside if beside != node.module or beside.startswith("bot.") else beside.partition(".")[0]


def trees(platform):
    """`translate`, `render`, `modal`, and whatever they use of what is beside them."""
    beside = {path.stem for path in (ADAPTERS / platform).glob("*.py")}
    found, wanted = {}, sorted({"translate", "render", "modal"} & beside)
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = ast.parse(source(platform, name))
            wanted += beside.intersection(imported(found[name], platform))
    return found


@pytest.mark.parametrize("platform", ["console", "discord", "telegram"])
def test_translate_and_render_are_under_300_lines_together(platform):
    assert sum(source(platform, module).count("\n") for module in ("translate", "render")) < 300


@pytest.mark.parametrize("platform", ["discord", "telegram"])
def test_what_reads_and_shows_waits_for_nothing_and_knows_nothing_that_does(platform):
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    for name, tree in trees(platform).items():
        assert not any(isinstance(node, waiting) for node in ast.walk(tree)), name
        assert OF_THE_NETWORK.isdisjoint(imported(tree, platform)), name

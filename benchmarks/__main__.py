"""`python -m benchmarks [NAME …]`: measure, print, and write RESULTS.md. Without a name: everything there is.

Each benchmark runs in a process of its own, so that none finds the memory or the imports of another.
"""

import argparse
import ast
import importlib
import subprocess
import sys
from pathlib import Path

from benchmarks import report


def names() -> list[str]:
    """The modules beside this one that have `figures`."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if _measures(path))


def _measures(path: Path) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "figures" for node in tree.body)


def measure(name: str) -> bool:
    """Run one benchmark here; whether it reached every goal."""
    machine = report.machine()
    print(f"\n{name}: {machine}", flush=True)
    figures = []
    for figure in importlib.import_module(f"benchmarks.{name}").figures():
        figures.append(figure)
        print(report.row(figure), flush=True)
    report.save(name, machine, figures)
    return all(figure.met for figure in figures)


def main() -> int:
    """Exit code 1 if a goal was missed or a benchmark failed."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    wanted = parser.parse_args().names or names()
    unknown = set(wanted) - set(names())
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    if len(wanted) == 1:
        return not measure(wanted[0])
    codes = [
        subprocess.run([sys.executable, "-m", "benchmarks", name], check=False).returncode for name in wanted
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())

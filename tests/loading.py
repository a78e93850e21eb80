"""What a program has loaded when it ends: members wait for all that a start loads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def modules(program: str) -> frozenset[str]:
    """The modules that a process of its own has loaded after this program."""
    told = f"{program}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())

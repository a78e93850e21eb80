"""Handing somebody a file at a terminal: a copy in the folder they are in."""

import os
import shutil
from itertools import count
from pathlib import Path


def keep(source: Path, name: str, folder: Path) -> Path:
    """Copy `source` into `folder` for its owner's eyes only, under `name` or, where that is taken, `name-2`.

    Never over a file that is there. Raises OSError where it can't be written.
    """
    wanted = folder / (Path(name).name or "file")
    for number in count(1):
        target = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as copy, source.open("rb") as original:
            shutil.copyfileobj(original, copy)
        return target
    raise AssertionError("numbers don't end")  # pragma: no cover

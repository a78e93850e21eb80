"""Reads a catalogue of translations (gettext's .po).

Babel's reader keeps all that translators work with, and takes longer than all the rest of registering commands.
"""

import re
from collections.abc import Iterable, Mapping

Forms = tuple[str, ...]
"""What a message is translated into; of a plural each form, in the order of the language's rule."""

_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}


def read(lines: Iterable[str]) -> Mapping[str, Forms]:
    """The translations, by the message in the source language, and the head by "". Fuzzy ones are left out."""
    entries: list[dict[str, str]] = []
    fuzzy, part = False, ""
    for line in map(str.strip, lines):
        if line.startswith('"'):
            entries[-1][part] += line[1:-1]
        elif line.startswith("msg"):
            part, _, text = line.partition(" ")
            if part == "msgid":
                entries.append({"fuzzy": ""} if fuzzy else {})
                fuzzy = False
            entries[-1][part] = text.strip()[1:-1]
        elif line.startswith("#,"):
            fuzzy = "fuzzy" in line
        elif line.startswith("#~"):  # obsolete
            fuzzy = False
    return {_plain(entry["msgid"]): _forms(entry) for entry in entries if "fuzzy" not in entry}


def _forms(entry: Mapping[str, str]) -> Forms:
    return tuple(_plain(text) for part, text in entry.items() if part.startswith("msgstr"))


def _plain(written: str) -> str:
    return _ESCAPE.sub(lambda one: _MEANT.get(one[1], one[1]), written) if "\\" in written else written

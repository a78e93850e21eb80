"""Checks a call against the machine-readable description of the Bot API (telegram-bot-api.json)."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_LIMIT = re.compile(r"(\d+)-(\d+) (characters|bytes|identifiers|items)\b(?! after entit)", re.IGNORECASE)
_CONSTANT = re.compile(r"must be (\w+)$")
_WORDS = {"true": True, "false": False}


class Spec:
    """The methods and types of one version of the Bot API."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.version: str = description["version"]
        self._methods = {name.lower(): method for name, method in description["methods"].items()}
        self._types: dict[str, Any] = description["types"]

    @staticmethod
    @lru_cache
    def load(directory: Path) -> "Spec":
        """Read the description in `directory`; one reading serves a whole test run."""
        return Spec(json.loads((directory / "telegram-bot-api.json").read_text(encoding="utf-8")))

    @staticmethod
    def from_environment() -> "Spec | None":
        """The description that `UNDERSIGNED_API_SPECS` points at, or None where it is not set."""
        directory = os.environ.get("UNDERSIGNED_API_SPECS")
        return Spec.load(Path(directory)) if directory else None

    def knows(self, method: str) -> bool:
        return method.lower() in self._methods

    def check(self, method: str, params: Mapping[str, Any], uploads: Mapping[str, Any]) -> list[str]:
        """What is wrong with a call, in words; empty if nothing is."""
        if not self.knows(method):
            return [f"{method}: no such method"]
        fields = self._methods[method.lower()].get("fields", [])
        given = dict(params)
        for field in fields:
            name, value = field["name"], given.get(field["name"])
            if "InputFile" in field["types"] and name in uploads:
                given[name] = f"attach://{name}"
            elif isinstance(value, str) and "String" not in field["types"]:
                given[name] = _decoded(value, field["types"])
        return [f"{method}: {problem}" for problem in self._fields(fields, given, uploads)]

    def _fields(
        self, fields: list[Any], given: Mapping[str, Any], uploads: Mapping[str, Any]
    ) -> Iterator[str]:
        known = {field["name"] for field in fields}
        yield from (f"unknown field {name}" for name in given if name not in known)
        for field in fields:
            name = field["name"]
            if name in given:
                yield from self._field(field, given[name], uploads)
            elif field["required"]:
                yield f"{name} is missing"

    def _field(self, field: Any, value: Any, uploads: Mapping[str, Any]) -> Iterator[str]:
        problems = self._best([self._problems(kind, value, uploads) for kind in field["types"]])
        yield from (f"{field['name']}: {problem}" for problem in problems)
        constant = _CONSTANT.search(field["description"])
        if constant and value != constant[1]:
            yield f"{field['name']} must be {constant[1]}"
        limit = _LIMIT.search(field["description"])
        if limit and isinstance(value, str | list) and not _within(limit, value):
            yield f"{field['name']} is not {limit[0]} long"

    @staticmethod
    def _best(attempts: list[list[str]]) -> list[str]:
        """The verdict of the alternative that fits best: a wrong discriminator weighs most."""
        return min(attempts, key=lambda found: (any(" must be " in each for each in found), len(found)))

    def _problems(self, kind: str, value: Any, uploads: Mapping[str, Any]) -> list[str]:
        if kind.startswith("Array of "):
            return self._array(kind.removeprefix("Array of "), value, uploads)
        if kind in _SCALARS:
            return [] if _is(kind, value) else [f"{_shown(value)} is no {kind}"]
        if kind == "InputFile":
            attached = isinstance(value, str) and value.removeprefix("attach://") in uploads
            return [] if attached else [f"{_shown(value)} is no uploaded file"]
        if subtypes := self._types[kind].get("subtypes"):
            return self._best([self._problems(each, value, uploads) for each in subtypes])
        if not isinstance(value, dict):
            return [f"{_shown(value)} is no {kind}"]
        return list(self._fields(self._types[kind].get("fields", []), value, uploads))

    def _array(self, kind: str, value: Any, uploads: Mapping[str, Any]) -> list[str]:
        if not isinstance(value, list):
            return [f"{_shown(value)} is no array of {kind}"]
        return [
            f"[{place}] {problem}"
            for place, item in enumerate(value)
            for problem in self._problems(kind, item, uploads)
        ]


_SCALARS = {"Integer": int, "Float": (int, float), "Boolean": bool, "String": str}


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, _SCALARS[kind]) and (kind == "Boolean" or not isinstance(value, bool))


def _decoded(text: str, kinds: list[str]) -> Any:
    """A form carries everything as text: read it as what the parameter should be, or leave it."""
    if kinds == ["Boolean"]:
        return _WORDS.get(text.lower(), text)
    try:
        return json.loads(text)
    except ValueError:
        return text


def _within(limit: re.Match[str], value: str | list[Any]) -> bool:
    counted = value.encode() if isinstance(value, str) and limit[3].lower() == "bytes" else value
    return int(limit[1]) <= len(counted) <= int(limit[2])


def _shown(value: Any) -> str:
    return repr(value)[:60]

"""Request bodies checked against Discord's own OpenAPI description."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend

FILE = "discord-openapi.json"


def _by_type(validator: Any, branches: dict[int, Any], body: Any, _schema: Any) -> Iterator[ValidationError]:
    """A union that its `type` decides: one branch to check, one error to read."""
    kind = body.get("type") if isinstance(body, dict) else None
    if kind in branches:
        yield from validator.descend(body, branches[kind])
    else:
        yield ValidationError(f"type {kind!r} is none of {sorted(branches)}")


Validator = extend(Draft202012Validator, {"byType": _by_type})


class Schema:
    """The validators of every operation, by its `operationId`, each made when first needed."""

    def __init__(self, file: Path) -> None:
        description = json.loads(file.read_text(encoding="utf-8"))
        # The client sends ids as numbers here and there, and Discord takes them.
        description["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        _inline(description, description["components"]["schemas"])
        _discriminate(description, set())
        self._operations = {
            operation["operationId"]: operation
            for path in description["paths"].values()
            for operation in path.values()
            if isinstance(operation, dict) and "operationId" in operation
        }
        self._validators: dict[tuple[str, str], Any] = {}

    def faults(self, operation: str, body: Any) -> list[str]:
        """What is wrong with a JSON body (or a multipart form's `payload_json`), as readable lines."""
        described = self._operations[operation].get("requestBody")
        if described is None:
            return [] if body is None else ["takes no body"]
        if body is None:
            return ["has no body"] if described.get("required") else []
        return self._check(operation, "request", described, body)

    def answer_faults(self, operation: str, payload: Any) -> list[str]:
        """The same for what the server answers, if it succeeds."""
        described = self._operations[operation]["responses"].get("200", {})
        known = payload is not None and "content" in described
        return self._check(operation, "answer", described, json.loads(json.dumps(payload))) if known else []

    def _check(self, operation: str, side: str, described: dict[str, Any], data: Any) -> list[str]:
        if (operation, side) not in self._validators:
            schema = described["content"]["application/json"]["schema"]
            self._validators[operation, side] = Validator(schema)
        found = best_match(self._validators[operation, side].iter_errors(data))
        return [] if found is None else [f"{found.json_path}: {found.message[:300]}"]


@functools.cache
def schema_in(directory: str) -> Schema:
    """The description in this directory, read once in a process."""
    return Schema(Path(directory) / FILE)


def _inline(node: Any, schemas: dict[str, Any]) -> None:
    """Put every referred schema in place of its `$ref`: the same object, so that recursion stays finite."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        if isinstance(value, dict) and value.get("$ref", "").startswith("#/components/schemas/"):
            node[key] = schemas[value["$ref"].rpartition("/")[2]]
        else:
            _inline(value, schemas)


def _discriminate(node: Any, seen: set[int]) -> None:
    """Turn the unions of components, options and callbacks, told apart by a fixed `type`, into `byType`."""
    if id(node) in seen:
        return
    seen.add(id(node))
    for union in ("oneOf", "anyOf") if isinstance(node, dict) else ():
        branches = {kind: one for one in node.get(union, ()) for kind in _kinds(one)}
        if len(branches) > 1 and all(map(_kinds, node[union])):
            del node[union]
            node["byType"] = branches
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _discriminate(child, seen)


def _kinds(schema: Any) -> list[int]:
    properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
    return properties.get("type", {}).get("enum", []) if "type" in schema.get("required", ()) else []

"""What services offer over the bus, as schemas of which a snapshot is kept, and what of it may change in a new version.

While a version is rolled out, gateways of both versions ask services of both. A body that lacks a new field gets its
default from the service; one that carries it is refused by an old service, and nobody was promised it yet. A query is
sent with its defaults: a new filter must default to nothing, which an old service is not told. Of an answer readers
ignore what they do not know.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema as Contract

from local.compatibility import Schema, breaking_changes
from local.parts import offering
from shared.contracts.operations import Operation

FOLDER = Path("tests/contract/operations")
PARTS = ("body", "query", "view")
_KEPT = frozenset({"type", "format", "properties", "required", "items", "default", "additionalProperties"})
_NO_SPEC: Any = None  # would collect nested schemas, which are written out in place here

Offer = dict[str, Any]
"""Verb, path, and a schema for each of body, query and view that there is."""


def offers() -> dict[str, dict[str, Offer]]:
    """Everything that each service offers, by service and method."""
    found = {}
    for service in offering():
        found[service] = {operation.name: _offer(operation) for operation in _operations(service)}
    return found


def _operations(service: str) -> tuple[Operation, ...]:
    """What a service declares; a small one has all its contracts in one module."""
    contracts = importlib.import_module(f"shared.contracts.{service}")
    if hasattr(contracts, "__path__"):
        contracts = importlib.import_module(f"shared.contracts.{service}.operations")
    declared: tuple[Operation, ...] = contracts.OPERATIONS
    return declared


def _offer(operation: Operation) -> Offer:
    parts = {part: getattr(operation, part) for part in PARTS}
    schemas = {part: _schema_of(contract) for part, contract in parts.items() if contract}
    return {"verb": operation.verb, "path": operation.path, **schemas}


def _schema_of(contract: type[Contract]) -> Schema:
    converter: Any = OpenAPIConverter("3.1.0", schema_name_resolver=lambda _: None, spec=_NO_SPEC)
    kept: Schema = _only_shape(converter.schema2jsonschema(contract))
    return kept


def _only_shape(schema: Any) -> Any:
    """What of a schema is a shape: no words, no bounds."""
    if not isinstance(schema, dict):
        return schema
    shape = {name: value for name, value in schema.items() if name in _KEPT}
    for name in ("items", "additionalProperties"):
        if name in shape:
            shape[name] = _only_shape(shape[name])
    if "properties" in shape:
        shape["properties"] = {name: _only_shape(field) for name, field in sorted(shape["properties"].items())}
    return shape


def breaking_offers(old: dict[str, Offer], new: dict[str, Offer]) -> Iterator[str]:
    """Name everything over which a gateway or service of the other version would stumble."""
    for name, before in old.items():
        after = new.get(name)
        if after is None:
            yield f"{name} is gone"
            continue
        if (before["verb"], before["path"]) != (after["verb"], after["path"]):
            yield f"{name} moved"
        for part in PARTS:
            yield from (f"{name}: {part} {change}" for change in _changes(part, before.get(part), after.get(part)))


def _changes(part: str, old: Schema | None, new: Schema | None) -> Iterator[str]:
    if old is None or new is None:
        if (old is None) != (new is None) and part != "view":
            yield "appeared" if old is None else "was removed"
        return
    if part == "view":
        yield from breaking_changes(_as_read(old), _as_read(new))
        return
    yield from breaking_changes(_as_sent(old), _as_sent(new))
    if part == "query":
        for name in new.get("properties", {}).keys() - old.get("properties", {}).keys():
            if new["properties"][name].get("default") is not None:
                yield f"{name} was added with a default that an old service does not know"


def _as_sent(schema: Schema) -> Schema:
    """What may be left out may be added, for a service has to do without it; which default it has is no matter."""
    sent: Schema = _with_defaults(schema, also_required=False)
    return sent


def _as_read(schema: Schema) -> Schema:
    """Any field may be added to what is read."""
    read: Schema = _with_defaults(schema, also_required=True)
    return read


def _with_defaults(schema: Any, *, also_required: bool) -> Any:
    if not isinstance(schema, dict):
        return schema
    changed = dict(schema)
    needed = () if also_required else schema.get("required", ())
    if also_required:
        changed.pop("required", None)
    for name in ("items", "additionalProperties"):
        if name in changed:
            changed[name] = _with_defaults(changed[name], also_required=also_required)
    if "properties" in changed:
        changed["properties"] = {
            name: {**_with_defaults(field, also_required=also_required)} | ({} if name in needed else {"default": None})
            for name, field in changed["properties"].items()
        }
    return changed

"""What `python -m local.docs` writes about events: JSON Schemas, the page for people, the AsyncAPI document."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from apispec.ext.marshmallow.openapi import OpenAPIConverter

import shared.contracts
from shared.contracts.base import Event, events

REPO = Path(__file__).parents[1]
Schema = dict[str, Any]

ENVELOPE: Schema = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "sequence", "data"],
    "properties": {
        "specversion": {"const": "1.0", "description": "The version of CloudEvents."},
        "id": {"type": "string", "description": "Unique for ever: `<subject>:<sequence without zeros>`."},
        "source": {"type": "string", "format": "uri-reference", "description": "`/<owner>/<aggregate>`."},
        "type": {"type": "string", "description": "Name and version; also the routing key."},
        "subject": {"type": "string", "description": "The aggregate that the event is about."},
        "time": {"type": "string", "format": "date-time", "description": "When it happened, to the millisecond."},
        "datacontenttype": {"const": "application/json", "description": "The form of the data."},
        "sequence": {
            "type": "string",
            "pattern": "^[0-9]{10}$",
            "description": "The number of the event among those of its subject, from 1 without holes.",
        },
        "correlationid": {"type": "string", "description": "Finds all that the same request caused in the logs."},
        "traceparent": {"type": "string", "description": "The W3C span that caused the event."},
        "historyhash": {
            "type": "string",
            "description": "The hash of the entry in the aggregate's history: a witness outside of the database.",
        },
        "data": {"type": "object", "description": "The fields listed with the event."},
    },
}


_NO_SPEC: Any = None  # would collect nested schemas, which are written out in place here


def load_contracts() -> None:
    """Import every contract, so that all events are known."""
    for found in pkgutil.walk_packages(shared.contracts.__path__, "shared.contracts."):
        importlib.import_module(found.name)


def schema_of(event: type[Event]) -> Schema:
    """The payload as JSON Schema (2020-12)."""
    in_place: Any = OpenAPIConverter("3.1.0", schema_name_resolver=lambda _: None, spec=_NO_SPEC)
    schema: Schema = {"title": event.type(), "description": _meaning(event)} | in_place.schema2jsonschema(event.payload)
    schema.pop("additionalProperties", None)  # listeners ignore what they do not know
    for name in event.personal:
        schema["properties"][name]["x-personal"] = True
    return schema


@cache
def listeners() -> Mapping[str, Sequence[str]]:
    """Which services handle an event, by its name in the registry; asked in a process that may import nameko."""
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ASK_SERVICES], cwd=REPO, check=True, capture_output=True, text=True
    )
    heard: Mapping[str, Sequence[str]] = json.loads(answer.stdout)
    return heard


_ASK_SERVICES = """
import collections, importlib, inspect, json
from shared.messaging.topology import LISTENS_ATTRIBUTE, service_class, service_modules

heard = collections.defaultdict(list)
for module in service_modules():
    service = service_class(importlib.import_module(module))
    for _, method in inspect.getmembers(service, inspect.isfunction):
        for event in getattr(method, LISTENS_ATTRIBUTE, ()):
            heard[f"{event.owner}.{event.type()}"].append(service.name)
print(json.dumps(heard))
"""


def events_page() -> str:
    """`docs/events.md`."""
    attributes = (f"| `{name}` | {part['description']} |" for name, part in ENVELOPE["properties"].items())
    lines = [_HEAD.format(envelope="\n".join(attributes))]
    heard = listeners()
    for owner, owned in groupby(events(), key=lambda event: event.owner):
        lines.append(f"## {owner}\n")
        for exchange, group in groupby(sorted(owned, key=_place), key=lambda event: event.exchange()):
            lines.append(f"### Exchange `{exchange}`\n")
            for event in group:
                lines += _section(event, heard.get(f"{event.owner}.{event.type()}", []))
    return "\n".join(lines)


def _place(event: type[Event]) -> tuple[str, str]:
    return event.exchange(), event.type()


def _section(event: type[Event], heard_by: Sequence[str]) -> list[str]:
    schema = schema_of(event)
    audience = [f"`{service}`" for service in heard_by] + (["agency systems"] if event.public else [])
    lines = [f"#### `{event.type()}`\n", f"{_meaning(event)} For: {', '.join(audience) or 'nobody yet'}.\n"]
    lines += ["| field | type | |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        notes = ["required" if name in schema.get("required", []) else f"default `{_json(field.get('default'))}`"]
        notes += ["personal data"] if field.get("x-personal") else []
        lines.append(f"| `{name}` | {_type(field)} | {', '.join(notes)} |")
    return [*lines, ""]


def _meaning(event: type[Event]) -> str:
    return " ".join((inspect.getdoc(event) or "").split())


def _json(value: Any) -> str:
    return {None: "null", True: "true", False: "false"}.get(value, str(value))


def _type(field: Schema) -> str:
    kind = field.get("type", "any")
    names = kind if isinstance(kind, list) else [kind]
    return " or ".join(_type_name(name, field) for name in names)


def _type_name(name: str, field: Schema) -> str:
    if name == "array":
        return f"list of {_type(field['items'])}"
    return str(field.get("format", name)) if name == "string" else name


def asyncapi() -> Schema:
    """`docs/asyncapi.json`: the same for machines, https://www.asyncapi.com/docs/reference/specification/v3.0.0."""
    document: Schema = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Trục Chung events",
            "version": "1",
            "description": "Facts that the services announce, after CloudEvents 1.0 in structured JSON.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {},
        "operations": {},
        "components": {"messages": {}, "schemas": {"Envelope": ENVELOPE}},
    }
    for event in events():
        key = f"{event.exchange()}.{event.type()}"
        document["channels"][key] = _channel(event, key)
        document["operations"][f"{key}.announce"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{key}"},
            "summary": _meaning(event),
        }
        document["components"]["messages"][key] = _message(event, key)
        document["components"]["schemas"][key] = schema_of(event)
    return document


def _channel(event: type[Event], key: str) -> Schema:
    exchange = {"name": event.exchange(), "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": event.type(),
        "messages": {event.name: {"$ref": f"#/components/messages/{key}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _message(event: type[Event], key: str) -> Schema:
    fixed = {"type": {"const": event.type()}, "data": {"$ref": f"#/components/schemas/{key}"}}
    return {
        "name": event.type(),
        "summary": _meaning(event),
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"type": "object", "properties": fixed}]},
    }


_HEAD = """# Events

Generated by `make docs` from `shared/contracts`. What holds between sender and listener is in
[delivery-guarantees.md](delivery-guarantees.md), the same for machines in [asyncapi.json](asyncapi.json).

An event is a fact that happened to one aggregate. It travels as [CloudEvents 1.0](https://cloudevents.io) in
structured JSON (`application/cloudevents+json`) over the topic exchange `<owner>.<aggregate>`, with its type as the
routing key. A listener ignores fields and types that it does not know. A field is only ever added, with a default;
any other change is a new version of the event beside the old one, which a test enforces.

| attribute | meaning |
|---|---|
{envelope}
"""

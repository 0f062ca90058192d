"""The generated pages say what the code says, and the AsyncAPI document describes what really travels."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from local import docs
from local.event_pages import asyncapi, events_page, listeners, load_contracts, schema_of
from shared.contracts.base import Event, events
from shared.history import next_entry
from shared.messaging.envelope import receive, seal, unseal

load_contracts()
AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
SAMPLES: dict[str, Any] = {
    "date-time": "2026-11-20T08:30:00+07:00", "date": "2026-11-20", "string": "x", "integer": 1, "number": 1.5,
    "boolean": True, "null": None, "array": [], "object": {},
}  # fmt: skip


def sample(event: type[Event]) -> dict[str, Any]:
    """A payload with every field."""
    return {name: _value(field) for name, field in schema_of(event)["properties"].items()}


def _value(field: dict[str, Any]) -> Any:
    kind = field["type"][0] if isinstance(field["type"], list) else field["type"]
    if "enum" in field:
        return field["enum"][0]
    if kind == "object":
        return {name: _value(part) for name, part in field.get("properties", {}).items()}
    return SAMPLES[field.get("format", kind) if kind == "string" else kind]


def test_no_generated_page_is_out_of_date() -> None:
    assert docs.outdated() == [], "run `make docs`"


def test_an_out_of_date_or_missing_page_is_noticed(tmp_path: Path) -> None:
    assert Path("docs/events.md") in docs.outdated(tmp_path)
    for path, text in docs.pages().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert docs.outdated(tmp_path) == []
    (tmp_path / "docs/events.md").write_text("old", encoding="utf-8")
    assert docs.outdated(tmp_path) == [Path("docs/events.md")]


def test_the_page_names_every_event() -> None:
    page = events_page()
    assert all(f"`{event.type()}`" in page for event in events())


def test_listeners_are_those_that_the_services_declare() -> None:
    assert listeners()["one_stop_shop.application_finished.v1"] == ["document_routing", "one_stop_shop"]
    assert "one_stop_shop.procedure_published.v1" not in listeners()


@pytest.mark.parametrize("event", list(events()), ids=lambda event: event.type())
def test_what_is_sent_is_what_is_described_and_what_is_received(event: type[Event]) -> None:
    data = event.dump(**event.load(sample(event)))
    entry = next_entry(
        "0f" * 16, 6, "", type=event.type(), at=AT, data=data, actor={"sub": "a", "role": "specialist", "agency": "H13"}
    )
    sent = orjson.loads(seal(event.exchange(), "0f" * 16, entry))
    validator(asyncapi(), f"{event.exchange()}.{event.type()}").validate(sent)
    received = receive(unseal(event.exchange(), sent), event)
    assert received.data == event.load(data)
    assert (received.sequence, received.subject, received.time) == (7, "0f" * 16, AT)


@pytest.mark.parametrize(
    "change",
    [
        {"specversion": "0.3"},
        {"sequence": 7},
        {"type": "other.v1"},
        {"data": {}},
        {"time": "yesterday"},
        {"id": None},
    ],
)
def test_the_description_refuses_what_does_not_travel(change: dict[str, Any]) -> None:
    event = Event.registry["one_stop_shop.application_received.v1"]
    entry = next_entry(
        "0f" * 16, 0, "", type=event.type(), at=AT, data=sample(event), actor={"sub": "a", "role": "b", "agency": "c"}
    )
    described = validator(asyncapi(), f"{event.exchange()}.{event.type()}")
    sent = orjson.loads(seal(event.exchange(), "0f" * 16, entry))
    described.validate(sent)
    assert not described.is_valid(sent | change)


def validator(document: dict[str, Any], message: str) -> Any:
    payload = document["components"]["messages"][message]["payload"]
    return jsonschema_rs.Draft202012Validator(payload | {"components": document["components"]}, validate_formats=True)


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert isinstance(target, dict)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "$ref":
                yield part
            else:
                yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)

"""An event may grow a field with a default and nothing else; every other edit is shown to be refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields

from local import docs
from local.compatibility import breaking_changes
from local.docs import Incompatible, refuse_incompatible
from local.event_pages import load_contracts, schema_of
from shared.contracts.base import Event, Payload, events


class Place(Payload):
    """A nested value."""

    commune = fields.String(required=True)
    line = fields.String(load_default="")


KNOWN: dict[str, Any] = {
    "code": fields.String(required=True),
    "status": fields.Integer(required=True),
    "due_at": fields.AwareDateTime(format="iso", load_default=None, allow_none=True),
    "assignee": fields.String(load_default=None, allow_none=True),
    "place": fields.Nested(Place),
    "parts": fields.List(fields.String()),
}


def schema(**changed: Any) -> dict[str, Any]:
    """The schema of an event with those fields, where None takes a field away."""
    kept = {name: field for name, field in (KNOWN | changed).items() if field is not None}
    payload = Payload.from_dict(kept)
    return schema_of(type("Something", (), {"payload": payload, "personal": (), "type": lambda: "something.v1"}))  # type: ignore[arg-type]  # not registered as a real event


class LargerPlace(Place):
    """A nested value that grew as it may."""

    province = fields.String(load_default="")


class StrangePlace(Payload):
    """A nested value that lost a field."""

    commune = fields.String(required=True)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"note": fields.String(load_default="")},
        {"note": fields.Integer(load_default=None, allow_none=True)},
        {"place": fields.Nested(LargerPlace)},
        {"code": fields.String(required=True, metadata={"description": "The dossier code.", "examples": ["H13"]})},
    ],
)
def test_a_field_with_a_default_and_a_remark_may_be_added(changed: dict[str, Any]) -> None:
    assert list(breaking_changes(schema(), schema(**changed))) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"code": None}, ["code was removed"]),
        (
            {"code": None, "dossier": fields.String(required=True)},
            ["code was removed", "dossier was added without a default"],
        ),
        ({"status": fields.String(required=True)}, ["status: type changed from 'integer' to 'string'"]),
        ({"note": fields.String(required=True)}, ["note was added without a default"]),
        ({"note": fields.String()}, ["note was added without a default"]),
        ({"status": fields.Integer(load_default=0)}, ["status became optional"]),
        ({"due_at": fields.AwareDateTime(format="iso", required=True)}, ["due_at became required"]),
        (
            {"due_at": fields.Date(load_default=None, allow_none=True)},
            ["due_at: format changed from 'date-time' to 'date'"],
        ),
        (
            {"assignee": fields.String(load_default="")},
            ["assignee: default changed from None to ''", "assignee: type changed from ['string', 'null'] to 'string'"],
        ),
        ({"place": fields.Nested(StrangePlace)}, ["place.line was removed"]),
        ({"parts": fields.List(fields.Integer())}, ["parts[]: type changed from 'string' to 'integer'"]),
    ],
)
def test_every_other_change_is_named(changed: dict[str, Any], named: list[str]) -> None:
    found = list(breaking_changes(schema(), schema(**changed)))
    assert found[: len(named)] == named


def test_a_changed_default_is_named() -> None:
    old, new = (schema(note=fields.String(load_default=default)) for default in ("a", "b"))
    assert list(breaking_changes(old, new)) == ["note: default changed from 'a' to 'b'"]


def test_every_event_still_fits_its_snapshot() -> None:
    load_contracts()
    refuse_incompatible()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A copy of the snapshots as they should be."""
    load_contracts()
    for path, text in docs.snapshots():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_breaking_edit_of_any_event_is_refused_by_name(repo: Path) -> None:
    for path in (repo / docs.SNAPSHOTS).rglob("*.json"):
        richer = json.loads(path.read_text(encoding="utf-8"))
        richer["properties"]["forgotten"] = {"type": "string", "default": ""}
        path.write_text(json.dumps(richer), encoding="utf-8")
    with pytest.raises(Incompatible) as refused:
        refuse_incompatible(repo)
    named = str(refused.value).splitlines()[1:]
    assert sorted(named) == sorted(f"{event.type()}: forgotten was removed" for event in events())


def test_an_event_that_is_gone_is_refused_by_name(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = next(events())
    monkeypatch.delitem(Event.registry, f"{gone.owner}.{gone.type()}")
    with pytest.raises(Incompatible, match=f"{gone.type()} is gone"):
        refuse_incompatible(repo)

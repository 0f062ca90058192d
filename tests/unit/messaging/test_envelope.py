from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from shared.errors import Invalid
from shared.history import next_entry
from shared.messaging.envelope import seal, unseal

ENTRY = next_entry(
    "abc",
    6,
    "0" * 64,
    type="story_told.v1",
    at=datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
    data={"text": "Ngày xưa"},
    actor={"sub": "s", "role": "citizen", "agency": ""},
    correlation="c-1",
    traceparent="t-1",
)


def sealed(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(seal("teller.story", "abc", ENTRY))
    return {name: value for name, value in (body | changes).items() if value is not None}


def test_what_is_sealed_can_be_read() -> None:
    envelope = unseal("teller.story", sealed())
    assert (envelope.id, envelope.type, envelope.subject, envelope.sequence) == ("abc:7", "story_told.v1", "abc", 7)
    assert (envelope.correlation, envelope.traceparent) == ("c-1", "t-1")
    assert envelope.body["data"] == {"text": "Ngày xưa"}


def test_neither_actor_nor_reason_leave_the_owner() -> None:
    assert not {"actor", "reason", "command", "prev"} & sealed().keys()


def test_an_event_nobody_declared_is_none() -> None:
    assert unseal("teller.story", sealed(type="story_sung.v9")).event is None


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"specversion": "0.3"}, "specversion"),
        ({"source": "/somebody/else"}, "source"),
        ({"subject": None}, "subject"),
        ({"id": 7}, "id"),
        ({"data": "text"}, "data"),
        ({"sequence": "0"}, "sequence"),
        ({"sequence": "-1"}, "sequence"),
        ({"sequence": "seven"}, "sequence"),
    ],
)
def test_what_is_not_an_event_of_ours_is_refused_by_name(change: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        unseal("teller.story", sealed(**change))
    assert [field["path"] for field in refused.value.fields] == [wrong]


@pytest.mark.parametrize("body", [None, "text", [], 1])
def test_other_json_is_refused(body: object) -> None:
    with pytest.raises(Invalid, match="event_malformed"):
        unseal("teller.story", body)

"""Events on the wire: CloudEvents 1.0, structured JSON, made from entries of an aggregate's history.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md, with the documented extensions `sequence`
(zero-padded, so that it orders as text) and `traceparent`, and our own `correlationid` and `historyhash`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.contracts.base import Event, ReceivedEvent
from shared.errors import Invalid, field_error
from shared.history import Entry

EventClass = type[Event]

CONTENT_TYPE = "application/cloudevents+json"
_KNOWN = {
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "sequence",
    "data",
    "correlationid",
    "traceparent",
}


def seal(exchange: str, aggregate_id: str, entry: Entry) -> bytes:
    """The message that announces one entry of the aggregate's history."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": entry["id"],
            "source": source(exchange),
            "type": entry["type"],
            "subject": aggregate_id,
            "time": entry["at"],
            "datacontenttype": "application/json",
            "sequence": f"{entry['seq']:010d}",
            "correlationid": entry["correlation"],
            "traceparent": entry["traceparent"],
            "historyhash": entry["hash"],
            "data": entry["data"],
        }
    )


def source(exchange: str) -> str:
    """The CloudEvents source of all events of an exchange: `/one_stop_shop/application`."""
    return "/" + exchange.replace(".", "/", 1)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message that is at least an event of ours; its data is not checked yet."""

    exchange: str
    id: str
    type: str
    subject: str
    sequence: int
    body: dict[str, Any]

    @property
    def correlation(self) -> str:
        """The correlation id of the work that caused the event."""
        return str(self.body.get("correlationid") or "")

    @property
    def traceparent(self) -> str:
        """The span that caused the event."""
        return str(self.body.get("traceparent") or "")

    @property
    def event(self) -> EventClass | None:
        """The declared event, or None for one of a newer version of its owner."""
        owner = self.exchange.partition(".")[0]
        return Event.registry.get(f"{owner}.{self.type}")


def unseal(exchange: str, body: object) -> Envelope:
    """Read a decoded message that came from `exchange`.

    Raises:
        Invalid: it is no event of that exchange.
    """
    if not isinstance(body, Mapping):
        raise Invalid("event_malformed")
    wrong = [name for name in ("id", "type", "subject", "time", "sequence") if not isinstance(body.get(name), str)]
    wrong += [] if body.get("specversion") == "1.0" else ["specversion"]
    wrong += [] if body.get("source") == source(exchange) else ["source"]
    wrong += [] if isinstance(body.get("data"), dict) else ["data"]
    sequence = str(body.get("sequence"))
    if not wrong and not (sequence.isdecimal() and int(sequence) > 0):
        wrong.append("sequence")
    if wrong:
        raise Invalid("event_malformed", fields=[field_error(name, "malformed") for name in wrong])
    return Envelope(exchange, body["id"], body["type"], body["subject"], int(sequence), dict(body))


def receive(envelope: Envelope, event: EventClass) -> ReceivedEvent:
    """What a handler gets.

    Raises:
        Invalid: the payload breaks the contract of `event`.
    """
    body = envelope.body
    return ReceivedEvent(
        event=event,
        id=envelope.id,
        subject=envelope.subject,
        sequence=envelope.sequence,
        time=datetime.fromisoformat(body["time"]),
        data=event.load(body["data"]),
        correlation_id=envelope.correlation,
        traceparent=envelope.traceparent,
        extensions={name: str(value) for name, value in body.items() if name not in _KNOWN},
    )

"""What an event is: its name, version, owner and payload in one class, its envelope after CloudEvents 1.0.

From a class of events follow the exchange, the routing key, validation at both ends, the JSON Schema
snapshots, `docs/events.md` and the AsyncAPI document. A field may be added with a default; anything else is a
new version beside the old one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError

from shared.contracts.loading import load
from shared.errors import Invalid, field_error


class Request(Schema):
    """A request refuses fields that it does not know: a typing error must never be silently ignored."""

    class Meta:
        """Schema options."""

        unknown = RAISE


class View(Schema):
    """What a service answers; a reader ignores fields that a newer version adds."""

    class Meta:
        """Schema options."""

        unknown = EXCLUDE


class Payload(Schema):
    """The data of an event; a listener ignores fields that a newer version adds."""

    class Meta:
        """Schema options."""

        unknown = EXCLUDE


class Event:
    """A fact that `owner` announces about one aggregate. Subclasses set every class variable below.

    `public` marks an event that has no listener inside the platform yet and is offered to agency systems.
    `personal` names the payload fields that hold personal data.
    """

    owner: ClassVar[str]
    aggregate: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[int] = 1
    payload: ClassVar[type[Payload]]
    personal: ClassVar[tuple[str, ...]] = ()
    public: ClassVar[bool] = False

    registry: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" not in cls.__dict__:
            return
        key = f"{cls.owner}.{cls.type()}"
        if key in Event.registry:
            raise TypeError(f"event {key} is declared twice")
        Event.registry[key] = cls

    @classmethod
    def type(cls) -> str:
        """Name with version, which is also the routing key: `application_received.v1`."""
        return f"{cls.name}.v{cls.version}"

    @classmethod
    def exchange(cls) -> str:
        """The topic exchange that carries all events of this kind of aggregate."""
        return f"{cls.owner}.{cls.aggregate}"

    @classmethod
    def dump(cls, **data: Any) -> dict[str, Any]:
        """The payload in its JSON form, checked; a payload that breaks its own contract is a defect."""
        payload: dict[str, Any] = _schema(cls.payload).dump(data)
        try:
            load(cls.payload, payload)
        except ValidationError as error:
            raise ValueError(f"{cls.type()} breaks its own contract: {error.messages}") from error
        return payload

    @classmethod
    def load(cls, data: dict[str, Any]) -> dict[str, Any]:
        """The payload as typed values, or `Invalid` when the sender broke the contract."""
        try:
            return load(cls.payload, data)
        except ValidationError as error:
            wrong = [field_error(str(path), "malformed") for path in error.messages_dict]
            raise Invalid("event_malformed", fields=wrong, type=cls.type()) from error


@cache
def _schema(payload: type[Payload]) -> Payload:
    """One instance per payload: making a schema costs ten times as much as using it."""
    return payload()


_CONTRACTS = f"{__package__}."


def events(owner: str | None = None) -> Iterator[type[Event]]:
    """All events of the contracts, of one owner if given, in order of their names; a test's own are not among them."""
    for _, cls in sorted(Event.registry.items()):
        if cls.__module__.startswith(_CONTRACTS) and owner in (None, cls.owner):
            yield cls


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as a listener gets it; `sequence` counts the aggregate's events from 1 without holes."""

    event: type[Event]
    id: str
    subject: str
    sequence: int
    time: datetime
    data: dict[str, Any]
    correlation_id: str = ""
    traceparent: str = ""
    extensions: dict[str, str] = field(default_factory=dict)

"""Every event has an owner that exists and announces it, and somebody it is for."""

from collections.abc import Collection, Iterable, Mapping

import pytest
from marshmallow import fields

from local.event_pages import listeners, load_contracts
from shared.contracts.base import Event, Payload, events
from tests.architecture.sources import REPO, all_constants, modules

load_contracts()


def services() -> set[str]:
    """The services that exist."""
    return {path.parent.name for path in (REPO / "services").glob("*/__init__.py")}


def announced(owner: str) -> set[str]:
    """The texts in a service, among which are the names of the events that it announces."""
    return all_constants(modules(f"services/{owner}"))


def complaints(
    declared: Iterable[type[Event]],
    owners: Collection[str],
    heard: Mapping[str, Collection[str]],
    spoken: Mapping[str, Collection[str]],
) -> list[str]:
    """What is wrong with events."""
    found = []
    for event in declared:
        if event.owner not in owners:
            found.append(f"{event.type()}: there is no service {event.owner}")
        elif event.name not in spoken[event.owner]:
            found.append(f"{event.type()}: {event.owner} never announces it")
        if not event.public and not heard.get(event.__name__):
            found.append(f"{event.type()}: nobody listens and it is not public")
        if unknown := set(event.personal) - set(event.payload().fields):
            found.append(f"{event.type()}: personal fields that it has not: {sorted(unknown)}")
        if not event.__doc__:
            found.append(f"{event.type()}: says nothing about itself")
    declared_names = {event.__name__ for event in events()}
    found += [f"{', '.join(who)} listens to {name}, which nobody declares" for name, who in heard.items()
              if name not in declared_names]  # fmt: skip
    return found


def test_every_event_has_an_owner_and_somebody_it_is_for() -> None:
    owners = services()
    assert complaints(events(), owners, listeners(), {owner: announced(owner) for owner in owners}) == []


class Note(Payload):
    """A payload."""

    text = fields.String()


def made_up(**changes: object) -> type[Event]:
    """An event outside of the registry."""
    rules = {"__doc__": "Something happened.", "owner": "parking", "aggregate": "space", "payload": Note} | changes
    event = type("SpaceTaken", (Event,), rules)
    event.name = "space_taken"
    return event


@pytest.mark.parametrize(
    ("changes", "heard", "spoken", "named"),
    [
        ({}, {"SpaceTaken": ["routing"]}, {"space_taken"}, []),
        ({"public": True}, {}, {"space_taken"}, []),
        ({}, {}, {"space_taken"}, ["space_taken.v1: nobody listens and it is not public"]),
        ({"public": True}, {}, {"SpaceTaken"}, ["space_taken.v1: parking never announces it"]),
        ({"public": True, "owner": "gone"}, {}, {"space_taken"}, ["space_taken.v1: there is no service gone"]),
        (
            {"public": True, "personal": ("phone",)},
            {},
            {"space_taken"},
            ["space_taken.v1: personal fields that it has not: ['phone']"],
        ),
        ({"public": True, "__doc__": ""}, {}, {"space_taken"}, ["space_taken.v1: says nothing about itself"]),
    ],
)
def test_the_guard_names_what_is_wrong(
    changes: dict[str, object], heard: dict[str, list[str]], spoken: set[str], named: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    event = made_up(**changes)
    monkeypatch.setitem(Event.registry, "parking.space_taken.v1", event)
    assert complaints([event], ["parking"], heard, {"parking": spoken}) == named


def test_a_listener_of_what_nobody_declares_is_named() -> None:
    assert complaints([], [], {"Unheard": ["routing"]}, {}) == ["routing listens to Unheard, which nobody declares"]

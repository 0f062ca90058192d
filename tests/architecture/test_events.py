"""Every event has an owner that exists and announces it, and somebody it is for."""

import ast
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
    """The texts and names in a service, among which are the events that it announces, by name or by class."""
    sources = modules(f"services/{owner}")
    nodes = (node for source in sources for node in ast.walk(source.tree))
    return all_constants(sources) | {node.id for node in nodes if isinstance(node, ast.Name)}


def complaints(
    declared: Iterable[type[Event]],
    owners: Collection[str],
    heard: Mapping[str, Collection[str]],
    spoken: Mapping[str, set[str]],
) -> list[str]:
    """What is wrong with events."""
    found = []
    for event in declared:
        if event.owner not in owners:
            found.append(f"{event.type()}: there is no service {event.owner}")
        elif not {event.name, event.__name__} & spoken[event.owner]:
            found.append(f"{event.type()}: {event.owner} never announces it")
        if not event.public and not heard.get(f"{event.owner}.{event.type()}"):
            found.append(f"{event.type()}: nobody listens and it is not public")
        if unknown := set(event.personal) - set(event.payload().fields):
            found.append(f"{event.type()}: personal fields that it has not: {sorted(unknown)}")
        if not event.__doc__:
            found.append(f"{event.type()}: says nothing about itself")
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
        ({}, {"parking.space_taken.v1": ["routing"]}, {"space_taken"}, []),
        ({"public": True}, {}, {"space_taken"}, []),
        ({"public": True}, {}, {"SpaceTaken"}, []),
        ({}, {}, {"space_taken"}, ["space_taken.v1: nobody listens and it is not public"]),
        ({"public": True}, {}, {"OtherThing"}, ["space_taken.v1: parking never announces it"]),
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
    changes: dict[str, object], heard: dict[str, list[str]], spoken: set[str], named: list[str]
) -> None:
    event = made_up(**changes)
    assert complaints([event], ["parking"], heard, {"parking": spoken}) == named

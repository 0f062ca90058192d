"""Incidents that people open, acknowledge and reassess."""

from itertools import product
from typing import Any

import pytest

from services.conference_booking.domain.incidents import BY_ACTION, TRANSITIONS, State
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.conference_world import (
    APPROVER,
    CITIZEN,
    CLERK,
    NEIGHBOUR,
    OPERATOR,
    PROBE,
    STRANGER,
    TECHNICIAN,
    ConferenceWorld,
    person,
)
from tests.unit.conference_booking.incidents import BODIES, act, meeting_on, opened


class TestPeople:
    @pytest.mark.parametrize("who", [CLERK, TECHNICIAN, APPROVER, OPERATOR])
    def test_whom_it_concerns_opens_one(self, world: ConferenceWorld, who: Principal) -> None:
        incident = world.incidents.documents[opened(world, who, what="Mất hình, vẫn còn tiếng")]
        assert (incident["state"], incident["severity"], incident["origin"]) == ("open", 3, "person")

    @pytest.mark.parametrize("who", [NEIGHBOUR, STRANGER, CITIZEN, PROBE])
    def test_others_do_not(self, world: ConferenceWorld, who: Principal) -> None:
        with pytest.raises(Forbidden, match="role_not_allowed"):
            opened(world, who)

    def test_asked_twice_it_is_one(self, world: ConferenceWorld) -> None:
        assert opened(world, key_="k") == opened(world, key_="k")
        assert len(world.incidents.documents) == 1

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({"endpoint": None}, Invalid),
            ({"endpoint": None, "line": "primary", "symptom": "bridge"}, Invalid),
            ({"session": 1}, Invalid),
            ({"endpoint": "th-99"}, NotFound),
            ({"endpoint": "ct-01"}, NotFound),
            ({"meeting": "0" * 32}, NotFound),
            ({"network": "none"}, NotFound),
            ({"began_at": "2027-01-01T00:00:00Z"}, Conflict),
            ({"severity": 4}, Invalid),
        ],
    )
    def test_what_does_not_fit_is_refused(self, world: ConferenceWorld, body: Any, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            opened(world, **body)
        assert world.incidents.documents == {}

    def test_a_bridge_that_fails_is_of_the_worst(self, world: ConferenceWorld) -> None:
        assert world.incidents.documents[opened(world, endpoint=None, symptom="bridge")]["severity"] == 1

    @pytest.mark.parametrize("who", [CLERK, NEIGHBOUR, STRANGER])
    def test_only_those_who_run_the_network_act_on_it(self, world: ConferenceWorld, who: Principal) -> None:
        incident = opened(world)
        for action in BODIES:
            with pytest.raises((Forbidden, NotFound)):
                act(world, action, incident, who)
        assert world.events(incident) == ["incident_opened"]

    def test_it_is_seen_by_whom_it_concerns(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world)
        incident = opened(world, endpoint="th-06", meeting=meeting, session=1)
        for who in (CLERK, NEIGHBOUR, TECHNICIAN, APPROVER, OPERATOR):  # the convener, the endpoint's agency, the house
            assert world.ask("read_incident", who, incident=incident)["id"] == incident
            assert [one["id"] for one in world.ask("list_incidents", who, network="thanh-hoa")["items"]] == [incident]
        other = person("van-thu-khac", Role.CLERK, "H56.02")
        assert world.ask("list_incidents", other, network="thanh-hoa")["items"] == []
        for who in (other, STRANGER, CITIZEN):
            with pytest.raises(NotFound, match="incident_unknown"):
                world.ask("read_incident", who, incident=incident)

    def test_a_version_that_is_over_is_refused(self, world: ConferenceWorld) -> None:
        incident = opened(world)
        act(world, "acknowledge_incident", incident)
        with pytest.raises(Stale):
            act(world, "restore_incident", incident, _version=1)


@pytest.mark.parametrize(("state", "action"), list(product(State, BODIES)))
def test_the_table_says_what_goes(world: ConferenceWorld, state: State, action: str) -> None:
    ways: dict[State, tuple[str, ...]] = {
        State.OPEN: (),
        State.ACKNOWLEDGED: ("acknowledge_incident",),
        State.ON_STANDBY: ("switch_to_standby",),
        State.RESTORED: ("restore_incident",),
        State.CLOSED: ("restore_incident", "close_incident"),
    }
    incident = opened(world)
    act(world, "add_follow_up", incident)
    for before in ways[state]:
        act(world, before, incident)
    row = BY_ACTION[action]
    shown = world.ask("read_incident", TECHNICIAN, incident=incident)
    assert (shown["state"], action in shown["actions"]) == (state, state in row.sources)
    if state in row.sources:
        assert act(world, action, incident)["state"] == (row.to or state)
        assert world.events(incident)[-1] == row.event
    else:
        with pytest.raises(Conflict, match="incident_action_not_allowed"):
            act(world, action, incident)
    verified = world.ask("verify_incident_history", TECHNICIAN, incident=incident)
    assert verified["intact"]
    assert {row.action for row in TRANSITIONS} == set(BODIES)

"""Every row of the table, every status and every role: what is allowed happens, all else is refused and leaves no trace."""

import pytest

from services.one_stop_shop.domain.decisions import DECISIONS
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.domain.transitions import BY_ACTION, TRANSITIONS, To, allowed_actions
from services.one_stop_shop.usecases.commands import carry_out
from services.one_stop_shop.usecases.context import actor_of
from shared.contracts.base import Event
from shared.contracts.one_stop_shop.operations import COMMANDS
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, NotFound
from tests.support.world import (
    CITIZEN,
    ELSEWHERE,
    HEAD,
    OPERATOR,
    RECEPTION,
    SPECIALIST,
    STRANGER,
    SYSTEM,
    World,
)
from tests.unit.one_stop_shop.application.journeys import BODIES, JOURNEYS, act

PEOPLE = {
    "citizen": CITIZEN,
    "reception_officer": RECEPTION,
    "specialist": SPECIALIST,
    "head_of_unit": HEAD,
    "agency_system": SYSTEM,
}

EXPECTED = {
    "receive": {1: 2},
    "refuse": {1: 3},
    "request_supplement": {1: 5, 2: 5, 4: 5},
    "supply_supplement": {5: 4},
    "request_payment": {1: 6, 4: 6},
    "start_payment": {1: 1, 2: 2, 4: 4, 5: 5, 6: 6, 9: 9},
    "record_payment": {1: 1, 2: 2, 4: 4, 5: 5, 6: 4, 8: 8, 9: 9},
    "exempt_payment": {1: 1, 2: 2, 4: 4, 5: 5, 6: 4, 8: 8, 9: 9},
    "refund_payment": {10: 10},
    "hand_over": {2: 4},
    "complete_step": {4: 4},
    "claim": {1: 1, 2: 2, 4: 4, 9: 9},
    "release": {},
    "assign": {1: 1, 2: 2, 4: 4, 5: 5, 6: 6, 8: 8, 9: 9},
    "extend": {2: 2, 4: 4},
    "stop": {4: 8, 6: 8},
    "resume": {8: 4},
    "request_withdrawal": {1: 7, 2: 7, 4: 7, 5: 7, 6: 7},
    "decide_withdrawal": {},
    "finish": {2: 9, 4: 9},
    "recall_result": {9: 4},
    "send_by_post": {},
    "record_post_event": {},
    "return_result": {},
    "rate": {10: 10},
    "link": {1: 1, 2: 2, 4: 4, 5: 5, 6: 6, 8: 8, 9: 9},
    "record_synchronisation": {status: status for status in range(1, 11)},
}
"""Where each command leads from a plain application in each status, written down once more by hand after D 2.4."""


def _person_for(action: str) -> Principal:
    """Somebody whom the table names; the head of unit first, who is bound by no step."""
    roles = BY_ACTION[action].roles
    return next(PEOPLE[role] for role in ("head_of_unit", *roles) if role in roles)


def _act(world: World, action: str, application: str, principal: Principal) -> dict[str, object]:
    if action == "link":
        return act(world, action, application, principal, other=world.submit(), kind="related")
    return act(world, action, application, principal)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("action", list(EXPECTED))
def test_an_action_leads_where_the_law_says_or_is_refused_without_a_trace(action: str, status: Status) -> None:
    world = World()
    application = JOURNEYS[status](world)
    before = {**world[application]}
    wanted = EXPECTED[action].get(int(status))
    if wanted is None:
        with pytest.raises(Conflict):
            _act(world, action, application, _person_for(action))
        assert world[application] == before
    else:
        receipt = _act(world, action, application, _person_for(action))
        assert receipt["status"] == world[application]["status"] == wanted
        assert world[application]["version"] == before["version"] + 1
        assert world.events(application)[-1] == BY_ACTION[action].event


@pytest.mark.parametrize("role", list(PEOPLE))
@pytest.mark.parametrize("action", list(EXPECTED))
def test_only_the_roles_of_the_table_may_act(action: str, role: str) -> None:
    statuses = [Status(number) for number in EXPECTED[action]] or list(BY_ACTION[action].sources)
    world = World()
    application = JOURNEYS[statuses[0]](world)
    if role in BY_ACTION[action].roles:
        try:
            _act(world, action, application, PEOPLE[role])
        except Forbidden as error:
            assert error.code == "step_of_other_role", "the role may act, though not on this step"
        except Conflict:
            assert not EXPECTED[action], "only where a plain application does not suffice"
    else:
        before = {**world[application]}
        with pytest.raises(Forbidden) as refusal:
            _act(world, action, application, PEOPLE[role])
        assert refusal.value.code == "role_not_allowed"
        assert world[application] == before


@pytest.mark.parametrize("stranger", [STRANGER, ELSEWHERE, OPERATOR], ids=lambda person: person.subject)
@pytest.mark.parametrize("action", list(EXPECTED))
def test_whoever_has_nothing_to_do_with_it_does_not_learn_that_it_exists(action: str, stranger: Principal) -> None:
    world = World()
    application = JOURNEYS[Status.IN_PROCESS](world)
    body = {**BODIES.get(action, {}), **({"other": application, "kind": "part"} if action == "link" else {})}
    refusals = []
    for asked in (application, "0" * 32):
        request = {"application": asked, "_command": world.command(), **body}
        with pytest.raises(NotFound) as refusal:
            carry_out(world.context, action, request, stranger)
        refusals.append(refusal.value.to_dict())
    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("person", list(PEOPLE.values()), ids=lambda person: person.subject)
def test_what_is_shown_as_allowed_is_what_is_allowed(status: Status, person: Principal) -> None:
    shown_of = World()
    application = JOURNEYS[status](shown_of)
    shown = set(allowed_actions(shown_of[application], actor_of(person)))
    for action in EXPECTED:
        world = World()
        again = JOURNEYS[status](world)
        try:
            _act(world, action, again, person)
        except (Conflict, Forbidden):
            assert action not in shown
        else:
            assert action in shown


def test_the_table_is_whole() -> None:
    """Each row has its function, its operation, an announced event and known roles."""
    assert set(BY_ACTION) == set(DECISIONS) == set(EXPECTED)
    offered = {operation.name for operation in COMMANDS} | {"start_payment", "record_synchronisation"}
    assert {row.action if "_" in row.action else f"{row.action}_application" for row in TRANSITIONS} == offered
    for row in TRANSITIONS:
        assert f"one_stop_shop.{row.event}.v1" in Event.registry
        assert set(row.roles) <= {role.value for role in Role}
        assert row.to in (To.SAME, To.BEFORE) or row.to in Status


def test_there_is_no_way_out_of_an_end() -> None:
    ends = {Status.REFUSED, Status.RETURNED}
    for row in TRANSITIONS:
        if row.sources & ends:
            assert row.to is To.SAME, row.action

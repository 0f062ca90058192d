"""Every row, status and role: what is allowed happens, all else is refused and leaves no trace."""

import pytest

from services.one_stop_shop.domain.actors import OFFICERS
from services.one_stop_shop.domain.decisions import DECISIONS
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.domain.transitions import BY_ACTION, TRANSITIONS, To, Transition, allowed_actions
from services.one_stop_shop.usecases.commands import carry_out
from services.one_stop_shop.usecases.context import actor_of
from shared.contracts.base import Event
from shared.contracts.one_stop_shop.application_commands import COMMANDS
from shared.contracts.one_stop_shop.operations import OPERATIONS
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, NotFound
from tests.support.world import CITIZEN, ELSEWHERE, HEAD, OPERATOR, RECEPTION, SPECIALIST, STRANGER, SYSTEM, World
from tests.unit.one_stop_shop.application.journeys import BODIES, act, world_in

BODY_OF = {operation.name: operation.body for operation in OPERATIONS if operation.body}
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
    "correct": {1: 1, 2: 2, 4: 4, 5: 5},
    "request_supplement": {1: 5, 2: 5, 4: 5},
    "supply_supplement": {5: 4},
    "request_payment": {1: 6, 4: 6},
    "start_payment": {1: 1, 2: 2, 4: 4, 5: 5, 6: 6, 9: 9},
    "record_payment": {1: 1, 2: 2, 4: 4, 5: 5, 6: 4, 8: 8, 9: 9},
    "exempt_payment": {1: 1, 2: 2, 4: 4, 5: 5, 6: 4, 8: 8, 9: 9},
    "accept_exemption": {},
    "reject_exemption": {},
    "refund_payment": {10: 10},
    "hand_over": {2: 4},
    "complete_step": {4: 4},
    "request_opinion": {4: 4},
    "claim": {1: 1, 2: 2, 4: 4, 9: 9},
    "release": {},
    "assign": {1: 1, 2: 2, 4: 4, 5: 5, 6: 6, 8: 8, 9: 9},
    "extend": {2: 2, 4: 4},
    "stop": {4: 8, 6: 8},
    "resume": {8: 4},
    "request_withdrawal": {1: 7, 2: 7, 4: 7, 5: 7, 6: 7, 8: 7},
    "decide_withdrawal": {},
    "finish": {2: 9, 4: 9},
    "recall_result": {9: 4},
    "send_by_post": {},
    "record_post_event": {},
    "return_result": {},
    "rate": {10: 10},
    "link": {1: 1, 2: 2, 4: 4, 5: 5, 6: 6, 8: 8, 9: 9},
    "unlink": {},
    "record_synchronisation": {status: status for status in range(1, 11)},
}
"""Where each command leads from a plain application in each status, written down once more by hand after D 2.4."""


STEP_OF_OTHERS = {("complete_step", "reception_officer"), ("claim", "specialist"), ("claim", "head_of_unit")}
"""Roles that the table allows, but not on the step at which a plain application in process, or a new one, stands."""


def _person_for(action: str, status: int) -> Principal:
    """Somebody whom the table names; the head of unit first, who is bound by no step once it is handed over."""
    if action == "claim" and status in (Status.SUBMITTED, Status.RECEIVED):
        return RECEPTION
    roles = BY_ACTION[action].roles
    return next(PEOPLE[role] for role in ("head_of_unit", *roles) if role in roles)


def _act(world: World, action: str, application: str, principal: Principal) -> dict[str, object]:
    if action == "link":
        return act(world, action, application, principal, other=world.submit(), kind="related")
    return act(world, action, application, principal)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("action", list(EXPECTED))
def test_an_action_leads_where_the_law_says_or_is_refused_without_a_trace(action: str, status: Status) -> None:
    world, application = world_in(status)
    before = {**world[application]}
    wanted = EXPECTED[action].get(int(status))
    if wanted is None:
        with pytest.raises(Conflict):
            _act(world, action, application, _person_for(action, status))
        assert world[application] == before
    else:
        receipt = _act(world, action, application, _person_for(action, status))
        assert receipt["status"] == world[application]["status"] == wanted
        assert world[application]["version"] == before["version"] + 1
        assert world.events(application)[-1] == BY_ACTION[action].event


@pytest.mark.parametrize("role", list(PEOPLE))
@pytest.mark.parametrize("action", list(EXPECTED))
def test_only_the_roles_of_the_table_may_act(action: str, role: str) -> None:
    statuses = [Status(number) for number in EXPECTED[action]] or list(BY_ACTION[action].sources)
    world, application = world_in(statuses[0])
    before = {**world[application]}
    if role not in BY_ACTION[action].roles:
        with pytest.raises(Forbidden) as refusal:
            _act(world, action, application, PEOPLE[role])
        assert refusal.value.code == "role_not_allowed"
    elif not EXPECTED[action]:
        with pytest.raises(Conflict):
            _act(world, action, application, PEOPLE[role])
    elif (action, role) in STEP_OF_OTHERS:
        with pytest.raises(Forbidden) as refusal:
            _act(world, action, application, PEOPLE[role])
        assert refusal.value.code == "step_of_other_role"
    elif (action, role) == ("finish", "specialist"):
        with pytest.raises(Conflict, match="steps_open"):
            _act(world, action, application, PEOPLE[role])
    else:
        _act(world, action, application, PEOPLE[role])
        assert world[application]["history"][-1]["actor"] == {
            "sub": PEOPLE[role].subject,
            "role": role,
            "agency": PEOPLE[role].agency,
            **({"name": PEOPLE[role].name} if role in OFFICERS else {}),
        }
        return
    assert world[application] == before


@pytest.mark.parametrize("stranger", [STRANGER, ELSEWHERE, OPERATOR], ids=lambda person: person.subject)
@pytest.mark.parametrize("action", list(EXPECTED))
def test_whoever_has_nothing_to_do_with_it_does_not_learn_that_it_exists(action: str, stranger: Principal) -> None:
    world, application = world_in(Status.IN_PROCESS)
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
    base, application = world_in(status)
    shown = set(allowed_actions(base[application], actor_of(person)))
    for action in EXPECTED:
        world = base.branch()
        try:
            _act(world, action, application, person)
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
        body = BODY_OF[row.action if "_" in row.action else f"{row.action}_application"]
        assert row.reason == ("reason" in body().fields and body().fields["reason"].required)


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if EXPECTED[row.action]], ids=lambda row: row.action)
def test_a_row_says_where_it_leads_and_which_form_it_leaves(row: Transition) -> None:
    for status, reached in EXPECTED[row.action].items():
        world, application = world_in(Status(status))
        forms = {form["kind"] for form in world[application]["forms"]}
        _act(world, row.action, application, _person_for(row.action, status))
        if row.to is To.SAME:
            assert reached == status
        elif row.to in list(Status):
            assert reached == row.to
        gained = {form["kind"] for form in world[application]["forms"]} - forms
        assert gained <= {row.form}
        assert row.form is None or row.form in {form["kind"] for form in world[application]["forms"]}


def test_there_is_no_way_out_of_an_end() -> None:
    ends = {Status.REFUSED, Status.RETURNED}
    for row in TRANSITIONS:
        if row.sources & ends:
            assert row.to is To.SAME, row.action

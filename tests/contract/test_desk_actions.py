"""The desk offers whatever officers may do, by operations that exist, and nothing that is not theirs."""

from gateway.portal.actions import ACTIONS, BY_SYSTEMS_OR_APPLICANTS
from services.one_stop_shop.domain.actors import OFFICERS
from services.one_stop_shop.domain.transitions import TRANSITIONS
from shared.contracts.one_stop_shop.operations import OPERATIONS


def test_every_action_of_officers_is_on_the_desk() -> None:
    assert {row.action for row in TRANSITIONS} == ACTIONS.keys() | BY_SYSTEMS_OR_APPLICANTS
    assert not ACTIONS.keys() & BY_SYSTEMS_OR_APPLICANTS
    officers = {row.action for row in TRANSITIONS if set(row.roles) & set(OFFICERS)}
    assert officers - ACTIONS.keys() == {"link", "unlink"}
    assert ACTIONS.keys() - officers == set()


def test_every_action_is_an_operation_that_changes_what_was_seen() -> None:
    offered = {operation.name: operation for operation in OPERATIONS}
    for action in ACTIONS.values():
        operation = offered[action.operation]
        assert operation.if_match, action.operation
        assert operation.verb == "POST"

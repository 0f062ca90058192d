"""The desk offers whatever officers may do, by operations that exist, and nothing that is not theirs."""

from gateway.portal.case_actions import ACTIONS, BY_SYSTEMS_OR_APPLICANTS
from gateway.portal.document_actions import INCOMING, NOT_ON_PAGES, OUTGOING
from services.document_routing.domain import transitions
from services.one_stop_shop.domain.actors import OFFICERS
from services.one_stop_shop.domain.transitions import TRANSITIONS
from shared.contracts.document_routing.operations import OPERATIONS as DOCUMENT_OPERATIONS
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


def test_every_action_on_documents_is_on_their_pages() -> None:
    assert {row.action for row in transitions.OUTGOING} == OUTGOING.keys() | NOT_ON_PAGES
    assert {row.action for row in transitions.INCOMING} == INCOMING.keys() - {"reply"}


def test_every_action_on_documents_is_an_operation_of_theirs() -> None:
    offered = {operation.name: operation for operation in DOCUMENT_OPERATIONS}
    for action in (*OUTGOING.values(), *INCOMING.values()):
        operation = offered[action.operation]
        assert operation.verb == "POST"
        assert operation.if_match or operation.name == "create_document"

"""Whom the domain lets act can also reach the route: a role holds the scope of every action that is its own."""

from gateway.auth.scopes import scopes_by_role
from services.one_stop_shop.domain.transitions import TRANSITIONS
from shared.contracts.one_stop_shop.operations import OPERATIONS


def test_a_role_that_may_act_holds_the_scope_of_the_action() -> None:
    offered = {operation.name: operation for operation in OPERATIONS}
    shut_out = []
    for row in TRANSITIONS:
        operation = offered.get(row.action) or offered[f"{row.action}_application"]
        shut_out += [
            f"{role} may {row.action} but lacks {operation.scope}"
            for role in row.roles
            if operation.scope not in scopes_by_role()[role]
        ]
    assert len(TRANSITIONS) > 20
    assert shut_out == []

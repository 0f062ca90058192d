"""Whom the domain lets act can also reach the route: a role holds the scope of every action that is its own."""

from collections.abc import Sequence
from typing import Any

import pytest

from gateway.auth.scopes import scopes_by_role
from services.conference_booking.domain.actors import ROLES
from services.conference_booking.domain.transitions import TRANSITIONS as MEETING_TRANSITIONS
from services.document_routing.domain import transitions as documents
from services.email_provisioning.domain.mail.states import CHANGES
from services.one_stop_shop.domain.transitions import TRANSITIONS
from shared.contracts.conference_booking.operations import OPERATIONS as MEETING_OPERATIONS
from shared.contracts.document_routing.operations import OPERATIONS as DOCUMENT_OPERATIONS
from shared.contracts.email_provisioning.mail_operations import MAIL_OPERATIONS
from shared.contracts.one_stop_shop.operations import OPERATIONS


@pytest.mark.parametrize(
    ("table", "operations", "least"),
    [
        (TRANSITIONS, OPERATIONS, 20),
        ((*documents.OUTGOING, *documents.INCOMING), DOCUMENT_OPERATIONS, 12),
    ],
)
def test_a_role_that_may_act_holds_the_scope_of_the_action(
    table: Sequence[Any], operations: Sequence[Any], least: int
) -> None:
    offered = {operation.name: operation for operation in operations}
    shut_out = []
    for row in table:
        operation = offered.get(row.action) or offered[f"{row.action}_application"]
        shut_out += [
            f"{role} may {row.action} but lacks {operation.scope}"
            for role in row.roles
            if operation.scope not in scopes_by_role()[role]
        ]
    assert len(table) > least
    assert shut_out == []


def test_a_role_that_may_change_a_mailbox_holds_the_scope_of_the_change() -> None:
    """Beside roles of tokens there are those who answer for a mailbox or hold its link, and the platform itself."""
    offered = {operation.name: operation for operation in MAIL_OPERATIONS}
    rows = [(row, offered.get(row.action) or offered.get(f"{row.action}_mailbox")) for row in CHANGES]
    shut_out = [
        f"{role} may {row.action} but lacks {operation.scope}"
        for row, operation in rows
        if operation is not None
        for role in set(row.roles) & set(scopes_by_role())
        if operation.scope not in scopes_by_role()[role]
    ]
    assert shut_out == []
    by_itself = {"provision", "end_aliases", "refresh", "leave_unowned"}
    assert {row.action for row, operation in rows if operation is None} == by_itself


def test_a_role_that_can_play_a_part_in_a_meeting_holds_the_scope_of_what_the_part_may_do() -> None:
    """Beside parts that roles of tokens play there is the platform itself."""
    offered = {operation.name: operation for operation in MEETING_OPERATIONS}
    shut_out = [
        f"{role} may {row.action} as {part} but lacks {offered[row.action].scope}"
        for row in MEETING_TRANSITIONS
        if row.action in offered
        for part in row.parts
        for role in ROLES[part]
        if offered[row.action].scope not in scopes_by_role()[role]
    ]
    assert shut_out == []
    by_itself = {row.action for row in MEETING_TRANSITIONS} - offered.keys()
    assert by_itself == {"preempt", "expire", "finish_session", "finish"}

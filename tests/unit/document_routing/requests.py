"""Documents that are brought to a status, and what is asked of them then."""

from datetime import timedelta
from typing import Any

from tests.support.document_world import CLERK, THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST, DocumentWorld
from tests.unit.document_routing.test_incoming import ASSIGNMENT

WAY = ("01", "03", "04", "05", "06")


def at_status(status: str, **draft: Any) -> tuple[DocumentWorld, str, str]:
    """A world with one document that stands so at its receiver."""
    world = DocumentWorld()
    document = world.issued(**draft)
    arrival = world.arrival_of(document)
    acts: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ("register_arrival", THEIR_CLERK, {}),
        ("assign_arrival", THEIR_LEADER, ASSIGNMENT),
        ("work_on_arrival", THEIR_SPECIALIST, {}),
        ("complete_arrival", THEIR_SPECIALIST, {}),
    )
    for action, actor, body in acts[: WAY.index(status)]:
        world.now += timedelta(minutes=1)
        world.on_arrival(action, arrival, actor, **body)
    world.settle()
    assert world.delivery(document)["standing"] == status
    world.now += timedelta(minutes=1)
    return world, document, arrival


def ask(world: DocumentWorld, document: str, kind: str) -> None:
    """Make one of the three requests."""
    if kind == "recall":
        world.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
    elif kind == "update":
        world.on_document("update_document", document, CLERK, reason="Đính chính", subject="Bản đính chính")
    else:
        world.issued(replaces=document, subject="Bản thay thế")
    world.settle()
    world.now += timedelta(minutes=1)

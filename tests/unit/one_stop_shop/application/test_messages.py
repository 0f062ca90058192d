"""Messages to applicants: asked for at each step, only with their consent and an address, never in an event."""

from typing import Any

import pytest

from services.one_stop_shop.usecases.messages import FORM_WITH, read_message
from shared.contracts.base import events
from shared.contracts.messages import MAILER
from shared.contracts.one_stop_shop.events import OWNER as SHOP
from shared.contracts.principal import Principal
from shared.errors import Forbidden, NotFound
from tests.support.world import CITIZEN, OWNER, RECEPTION, World
from tests.unit.one_stop_shop.application.announcing import announce

SENDER = Principal(MAILER, "email_provisioning", frozenset())
PERSON = OWNER | {"email": "an@example.vn"}


def received(**changes: Any) -> tuple[World, str]:
    world = World()
    application = world.submit(**{"owner": PERSON, **changes})
    world.act("receive", application, RECEPTION)
    announce(world, application)
    announce(world, application)
    return world, application


def read(world: World, message: str, principal: Principal = SENDER) -> dict[str, Any]:
    return read_message(world.context, {"message": message}, principal)


def test_each_step_asks_for_one_message_and_its_event_says_nothing_of_the_person() -> None:
    world, application = received()
    kinds = [message["kind"] for message in world.messages.documents.values()]
    assert kinds[:2] == ["application_submitted", "application_received"]
    assert len(kinds) == len(set(kinds))
    for message in world.messages.documents.values():
        (entry,) = message["history"]
        assert entry["type"] == "message_requested.v1"
        assert entry["data"] == {"about": application, "kind": message["kind"]}


@pytest.mark.parametrize("changes", [{"notify_by_email": False}, {"owner": OWNER}])
def test_nothing_is_asked_for_without_consent_or_address(changes: dict[str, Any]) -> None:
    world, _ = received(**changes)
    assert world.notices.documents
    assert not world.messages.documents


def test_whoever_handed_it_in_is_written_to_before_the_owner() -> None:
    world, application = received(submitter=PERSON | {"email": "ho@example.vn"})
    assert read(world, f"{application}:1")["to"] == "ho@example.vn"


def test_only_the_sender_of_mail_reads_a_message_and_consent_is_asked_again() -> None:
    world, application = received()
    message = read(world, f"{application}:1")
    assert message["to"] == "an@example.vn"
    assert message["vi"]["subject"] == "Đã nộp hồ sơ"
    assert message["en"]["subject"] == "Application submitted"
    assert message["attachments"] == []
    assert message["page"] == f"/ho-so/{application}"
    for other in (CITIZEN, RECEPTION):
        with pytest.raises(Forbidden, match="message_only_for_mailer"):
            read(world, f"{application}:1", other)
    with pytest.raises(NotFound, match="message_not_here"):
        read(world, "nothing:1")
    world.applications.documents[application]["notify_by_email"] = False
    assert read(world, f"{application}:1")["to"] is None


def test_forms_go_with_events_that_exist() -> None:
    assert set(FORM_WITH) <= {event.name for event in events(SHOP) if event.aggregate == "application"}

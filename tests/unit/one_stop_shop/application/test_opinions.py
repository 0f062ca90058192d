"""Opinions of other agencies by official document, and the register number of a result."""

from datetime import date
from typing import Any

import pytest

from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.document_news import note_document, note_reply
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.document_routing.events import DocumentIssued, DocumentRegistered
from shared.errors import Invalid
from shared.history import verify
from tests.support.world import COMMUNE, HEAD, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import act, in_process, world_in

DEPARTMENT = "H13.17"


def issued(application: str, code: str, opinion: str = "") -> ReceivedEvent:
    """Document routing tells of a document that it issued for an application."""
    data = {"agency": COMMUNE, "status": "issued", "kind": "cong_van", "code": code, "number": 3, "symbol": "UBND-MC"}
    data |= {"issued_on": date(2026, 10, 6), "business": 0, "receivers": [DEPARTMENT], "digest": "0" * 64}
    return _heard(DocumentIssued, data | {"application": application, "opinion": opinion})


def registered(application: str, code: str, opinion: str) -> ReceivedEvent:
    """Document routing tells of an answer that was registered."""
    data = {"document": "d", "code": code, "sender": DEPARTMENT, "agency": COMMUNE, "status": "03", "row": "03"}
    return _heard(DocumentRegistered, data | {"arrival_number": 1, "application": application, "opinion": opinion})


def _heard(event: type[Event], data: dict[str, Any]) -> ReceivedEvent:
    loaded = event.load(event.dump(**data))
    return ReceivedEvent(event, "d:4", "d", 4, World().now, loaded)


def asked(world: World, application: str, **body: Any) -> str:
    """Ask the department and answer with the request's id."""
    act(world, "request_opinion", application, SPECIALIST, **body)
    return str(world[application]["opinions"][-1]["id"])


def in_the_works() -> tuple[World, str]:
    """An application at its appraisal, with a step to follow."""
    world = World()
    application = world.submit(
        procedure="1.001612", quantities={}, answers={"business_name": "Quán"}, components=PAPERS
    )
    act(world, "exempt_payment", application, HEAD)
    act(world, "receive", application, RECEPTION)
    act(world, "hand_over", application, RECEPTION)
    return world, application


PAPERS = [{"component": "giay_de_nghi", "originals": 1}]


def test_the_answer_completes_the_step_that_waited_for_it() -> None:
    world, application = in_the_works()
    opinion = asked(world, application)
    step = world[application]["step"]
    note_document(world.context, issued(application, "03/UBND-MC", opinion))
    assert world[application]["opinions"][0]["document_code"] == "03/UBND-MC"
    note_reply(world.context, registered(application, "09/SXD-QH", opinion))
    kept = world[application]
    assert (kept["opinions"][0]["state"], kept["opinions"][0]["reply_code"]) == ("received", "09/SXD-QH")
    assert kept["step"] not in (None, step)
    assert "09/SXD-QH" in next(one for one in kept["steps"] if one["key"] == step)["note"]
    assert world.events(application)[-3:] == ["opinion_requested", "opinion_sent", "opinion_received"]
    assert verify(application, kept["history"], version=kept["version"], head=kept["head"]) is None


def test_the_control_slip_names_who_had_the_application_while_it_waited() -> None:
    world, application = in_the_works()
    act(world, "claim", application, SPECIALIST)
    note_reply(world.context, registered(application, "09/SXD-QH", asked(world, application)))
    slip = next(form for form in world[application]["forms"] if form["form"] == 6)
    assert slip["data"]["hand_overs"][-1]["deliverer"] == SPECIALIST.name


def test_the_step_waits_for_the_last_of_several_answers() -> None:
    world, application = in_the_works()
    first, second = asked(world, application), asked(world, application, agency="H13.10")
    step = world[application]["step"]
    note_reply(world.context, registered(application, "09/SXD-QH", first))
    assert world[application]["step"] == step
    note_reply(world.context, registered(application, "11/SNNMT-MT", second))
    assert world[application]["step"] != step


def test_an_answer_that_comes_after_the_step_was_completed_is_only_noted() -> None:
    world, application = in_the_works()
    opinion = asked(world, application)
    act(world, "complete_step", application, SPECIALIST)
    step = world[application]["step"]
    note_reply(world.context, registered(application, "09/SXD-QH", opinion))
    assert world[application]["step"] == step
    assert world[application]["opinions"][0]["state"] == "received"


def test_news_that_comes_twice_or_of_nothing_known_changes_nothing() -> None:
    world, application = in_the_works()
    opinion = asked(world, application)
    for _ in range(2):
        note_document(world.context, issued(application, "03/UBND-MC", opinion))
        note_reply(world.context, registered(application, "09/SXD-QH", opinion))
    version = world[application]["version"]
    for news in (
        issued(application, "04/UBND-MC", f"{application}:9"),
        issued("0" * 32, "04/UBND-MC", opinion),
        issued("", "04/UBND-MC"),
        issued(application, "04/KQ-UBND"),  # no result yet, or it was recalled
    ):
        note_document(world.context, news)
    note_reply(world.context, registered(application, "09/SXD-QH", f"{application}:9"))
    assert world[application]["version"] == version


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"agency": "H99.99"}, ("agency", "agency_unknown")),
        ({"agency": COMMUNE}, ("agency", "own_opinion")),
        ({"agency": "H13.30"}, ("agency", "own_opinion")),  # the district that the ward took over from
        ({"due_on": "2026-10-04"}, ("due_on", "in_past")),
        ({"due_on": "2062-10-04"}, ("due_on", "too_far_ahead")),
    ],
)
def test_whom_one_cannot_ask(body: dict[str, Any], wrong: tuple[str, str]) -> None:
    world = World()
    application = in_process(world)
    with pytest.raises(Invalid) as refused:
        asked(world, application, **body)
    assert [(one["path"], one["code"]) for one in refused.value.fields] == [wrong]


def test_the_result_gets_its_register_number_once() -> None:
    world, application = world_in(Status.FINISHED)
    finished = world[application]["history"][-1]["data"]
    assert (finished["competent"], finished["signer"]) == (COMMUNE, "Phạm Thị Dung")
    for _ in range(2):
        note_document(world.context, issued(application, "05/KQ-UBND"))
    assert world[application]["result"]["register_number"] == "05/KQ-UBND"
    assert world.events(application).count("result_registered") == 1

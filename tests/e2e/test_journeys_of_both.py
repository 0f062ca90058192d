"""The one-stop shop and document routing together: an opinion by official document, a result with its number."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from local.demo.caller import Caller
from local.demo.documents import ASSIGNMENT, LETTER, REPLY, Correspondence
from local.demo.documents import PEOPLE as DOCUMENT_PEOPLE
from local.demo.papers import make_paper
from local.demo.people import PEOPLE
from tests.e2e.main_journey import RESULT, Journey
from tests.support.stack import Stack, secret_of


@pytest.fixture(scope="module")
def people(platform: Stack) -> Iterator[dict[str, Caller]]:
    with ExitStack() as stack:
        yield {
            part: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
            for part, login in {**PEOPLE, **DOCUMENT_PEOPLE}.items()
        }


@pytest.fixture(scope="module")
def journey(platform: Stack, people: dict[str, Caller]) -> Journey:
    """An application in process, at its appraisal."""
    journey = Journey(platform, people)
    journey.submit(answers={"business_name": "Quán Ba"})
    journey.do("reception", "exempt-payment", 1, ground="Nghị quyết 05/2024/NQ-HĐND")
    journey.do("reception", "receive", 2)
    journey.do("reception", "hand-over", 4, note="")
    journey.do("specialist", "claim", 4)
    return journey


def waited(journey: Journey, is_there: Any) -> dict[str, Any]:
    journey.application = journey.people["specialist"].wait_for(f"/applications/{journey.application['id']}", is_there)
    return journey.application


def test_an_opinion_goes_out_as_a_document_and_its_reply_advances_the_application(journey: Journey) -> None:
    letters = Correspondence(journey.people)
    asked_at = journey.do(
        "specialist", "request-opinion", 4, agency="000.00.17.H13", subject="Sự phù hợp với quy hoạch"
    )["step"]
    draft = letters.draft_for(journey.application["code"])
    assert draft["drafter_name"] == "Bộ phận Một cửa"
    letter = letters.write("ward", LETTER | {"subject": draft["subject"]}, make_paper("Lấy ý kiến"), draft)
    sent = waited(journey, lambda view: view["opinions"][0]["state"] == "sent")
    assert sent["opinions"][0]["document_code"] == letter["code"]
    assert sent["step"] == asked_at

    arrival = letters.incoming("department_clerk", letter["code"])
    arrival = letters.act("department_clerk", "arrivals", arrival, "register")
    letters.act("department_leader", "arrivals", arrival, "assign", **ASSIGNMENT)
    reply = letters.write("department", REPLY | {"responds_to": [arrival["id"]]}, make_paper("Trả lời"))
    back = letters.incoming("ward_clerk", reply["code"])
    assert waited(journey, lambda view: True)["opinions"][0]["state"] == "sent", "an answer counts once registered"
    letters.act("ward_clerk", "arrivals", back, "register")
    advanced = waited(journey, lambda view: view["opinions"][0]["state"] == "received")
    assert advanced["opinions"][0]["reply_code"] == reply["code"]
    assert advanced["step"] not in (None, asked_at)
    done = next(step for step in advanced["steps"] if step["key"] == asked_at)
    assert done["done_at"]


def test_a_finished_result_gets_its_number_in_the_register_of_its_agency(journey: Journey) -> None:
    paper = journey.people["head"].upload("giấy chứng nhận.pdf", "application/pdf", make_paper("Giấy chứng nhận"))
    signed = {"signed_at": datetime.now(UTC).isoformat(), "files": [paper]}
    journey.do("head", "finish", 9, result=RESULT | signed)
    number = journey.wait_for_register_number()
    assert number.endswith("/KQ-UBND")
    today = str(datetime.now(UTC).date())
    register = journey.people["ward_clerk"].wait_for(
        f"/registers/outgoing-documents?first_day={today[:4]}-01-01&last_day={today[:4]}-12-31&limit=200",
        lambda page: number in {row["code"] for row in page["items"]},
    )
    row = next(row for row in register["items"] if row["code"] == number)
    assert journey.application["code"] in row["kind_and_subject"]
    assert row["signer_name"] == RESULT["signer"]
    numbers = [row["number"] for row in register["items"]]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "one series, without a gap"

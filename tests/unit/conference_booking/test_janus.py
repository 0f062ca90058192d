"""What Janus answers, and what that means: no trouble where the room is as it should be, and words for the rest."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from services.conference_booking.adapters.janus import Janus
from services.conference_booking.domain.rooms import Plan, Present
from services.conference_booking.ports import BridgeTrouble

PLAN = Plan("abc-1", "481516234", "04712233", "Giao ban", 4)
Answer = dict[str, Any]


class Told:
    """A Janus that answers in turn what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Answer | httpx2.Response | Exception) -> None:
        self.answers, self.asked = list(answers), list[Answer]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(json.loads(request.content))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx2.Response) else httpx2.Response(200, json=answer)


def janus(told: Callable[[httpx2.Request], httpx2.Response]) -> Janus:
    return Janus("http://janus.example.vn/admin", "bi-mat", "khoa", 1.0, httpx2.MockTransport(told))


def said(**response: Any) -> Answer:
    return {"janus": "success", "transaction": "1", "response": response}


def refused(code: int) -> Answer:
    return said(videoroom="event", error_code=code, error="No")


def test_a_room_is_made_with_pin_places_and_a_secret_of_its_own() -> None:
    told = Told(said(videoroom="created"), said(videoroom="created"))
    assert janus(told).open(PLAN)
    janus(told).open(Plan("abc-2", *("481516234", "04712233", "Giao ban", 4)))
    first, second = told.asked
    assert (first["janus"], first["plugin"], first["admin_secret"]) == (
        "message_plugin",
        "janus.plugin.videoroom",
        "bi-mat",
    )
    request = first["request"]
    assert {name: request[name] for name in ("request", "room", "pin", "publishers", "permanent", "admin_key")} == {
        "request": "create",
        "room": 481516234,
        "pin": "04712233",
        "publishers": 4,
        "permanent": False,
        "admin_key": "khoa",
    }
    assert len(request["secret"]) == 64
    assert request["secret"] != second["request"]["secret"]


def test_a_room_that_is_there_is_made_as_it_should_be() -> None:
    told = Told(refused(427), said(videoroom="edited"))
    assert not janus(told).open(PLAN)
    request = told.asked[1]["request"]
    assert (request["request"], request["new_publishers"], request["new_pin"]) == ("edit", 4, "04712233")
    assert request["secret"] == told.asked[0]["request"]["secret"]


def test_a_room_of_somebody_else_is_not_taken() -> None:
    with pytest.raises(BridgeTrouble, match="No"):
        janus(Told(refused(427), refused(433))).open(PLAN)


def test_who_is_inside() -> None:
    rows = [{"id": 6571828004251605, "display": "Hạc Thành", "publisher": True}, {"id": 7, "publisher": False}]
    found = janus(Told(said(videoroom="participants", participants=rows))).look(PLAN)
    assert found == [Present("6571828004251605", "Hạc Thành", True), Present("7", "", False)]
    assert janus(Told(refused(426))).look(PLAN) is None


def test_what_is_gone_is_gone() -> None:
    told = Told(refused(426), refused(428), refused(426))
    janus(told).kick(PLAN, "7")
    janus(told).kick(PLAN, "7")
    janus(told).close(PLAN)
    assert [one["request"]["request"] for one in told.asked] == ["kick", "kick", "destroy"]
    assert told.asked[0]["request"]["id"] == 7


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx2.ConnectError("refused"), "cannot be reached: ConnectError"),
        (httpx2.ReadTimeout("late"), "not answer in time"),
        (httpx2.Response(502, text="Bad Gateway"), "HTTP 502"),
        (httpx2.Response(200, text="<html>"), "cannot be reached"),
        (httpx2.Response(200, json=[1]), "no Janus answers there: HTTP 200"),
        ({"janus": "error", "error": {"code": 403, "reason": "Unauthorized request"}}, r"Unauthorized request \(403\)"),
        ({"janus": "error", "error": {"code": 460, "reason": "No such plugin"}}, r"No such plugin \(460\)"),
        (refused(433), r"No \(433\)"),
    ],
)
@pytest.mark.parametrize("act", [Janus.open, Janus.look, Janus.close, lambda one, plan: one.kick(plan, "7")])
def test_trouble_is_named(answer: Any, words: str, act: Any) -> None:
    with pytest.raises(BridgeTrouble, match=words):
        act(janus(Told(answer)), PLAN)

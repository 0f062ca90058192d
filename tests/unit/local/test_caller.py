"""The demo's client: a fault that passes does not stop it, and nothing is done twice."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from gateway.http.sentences import sentences
from local.demo import caller as demo
from local.demo.caller import PASSING, TRIES, Caller, Refused

Answer = tuple[int, dict[str, Any]]
AWAY: Answer = (503, {"code": "database_unavailable", "detail": "Kho dữ liệu tạm gián đoạn."})
DONE: Answer = (200, {"id": "a", "access_token": "t"})


class Platform:
    """Answers in order, the last one ever after; keeps what it was asked, how long was waited and what was said."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[httpx.Request] = []
        self.waited: list[float] = []
        self.said: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return httpx.Response(status, json=body, headers={"Retry-After": "2"} if status == 503 else {})


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    there = Platform()
    monkeypatch.setattr(demo.httpx, "Client", partial(httpx.Client, transport=httpx.MockTransport(there)))
    monkeypatch.setattr(demo.time, "sleep", there.waited.append)
    return there


REQUESTS: dict[str, Callable[[Caller], object]] = {
    "a change": lambda caller: caller.post("/applications", {}),
    "a file": lambda caller: caller.upload("giấy.pdf", "application/pdf", b"%PDF"),
    "a question": lambda caller: caller.get("/applications"),
    "a download": lambda caller: caller.download("/files/f"),
}


@pytest.mark.parametrize("request_made", REQUESTS.values(), ids=REQUESTS)
def test_what_a_passing_fault_refused_is_sent_again_with_the_same_key(
    platform: Platform, request_made: Callable[[Caller], object]
) -> None:
    platform.answers = [AWAY, AWAY, DONE]
    request_made(Caller("http://h", say=platform.said.append))
    assert len({(asked.headers.get("Idempotency-Key"), asked.url, asked.content) for asked in platform.asked}) == 1
    assert platform.waited == [2, 2], "as long as the platform proposed"
    again = "Kho dữ liệu tạm gián đoạn. — gửi lại với cùng khóa, lần"
    assert platform.said == [f"{again} {tries}/{TRIES}" for tries in (2, 3)]


def test_signing_in_outlives_a_passing_fault(platform: Platform) -> None:
    platform.answers = [AWAY, DONE]
    caller = Caller("http://h", "citizen-an", "demo-an", say=platform.said.append)
    assert caller.http.headers["Authorization"] == "Bearer t"


def test_a_fault_that_stays_is_told_in_the_end(platform: Platform) -> None:
    platform.answers = [AWAY]
    with pytest.raises(Refused, match="Kho dữ liệu"):
        Caller("http://h", say=platform.said.append).post("/applications", {})
    assert len(platform.asked) == TRIES


def test_a_refusal_is_final(platform: Platform) -> None:
    platform.answers = [(409, {"code": "action_not_allowed"})]
    with pytest.raises(Refused):
        Caller("http://h", say=platform.said.append).post("/applications", {})
    assert len(platform.asked) == 1


def test_who_wants_to_see_faults_sees_the_first(platform: Platform) -> None:
    platform.answers = [AWAY, DONE]
    with pytest.raises(Refused):
        Caller("http://h").get("/applications")
    assert len(platform.asked) == 1


def test_faults_that_pass_are_those_whose_sentence_says_to_send_the_same_again() -> None:
    assert {code for code, said in sentences().items() if "same Idempotency-Key" in said["en"]} == PASSING

"""Outgoing messages over ports in memory: one however often asked for, tried for a day, put back by operators."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from services.email_provisioning.adapters.letters import LetterWriter
from services.email_provisioning.ports_mail import Courier, NotTaken
from services.email_provisioning.usecases.messages import (
    LASTING,
    find_messages,
    fire_message,
    message_row,
    request_message,
    resend_message,
)
from shared.contracts.base import ReceivedEvent
from shared.contracts.one_stop_shop.messages import MessageRequested
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from tests.support.directory import ADMIN, NOW, OPERATOR, DirectoryWorld

MESSAGE: dict[str, Any] = {
    "to": "an@example.vn",
    "vi": {"subject": "Hồ sơ đã được tiếp nhận", "text": "Hồ sơ H13.30.01-1 <b> đã được tiếp nhận.", "closing": "Chào"},
    "en": {"subject": "Application received", "text": "Application H13.30.01-1 <b> was accepted.", "closing": "Bye"},
    "attachments": [{"file": "ab" * 32, "name": "mau-01.pdf", "type": "application/pdf", "size": 5}],
    "page": "/ho-so/a1",
    "calendar": None,
}


class Post:
    """A courier that notes what it sent; `troubles` come first."""

    def __init__(self, *troubles: Exception, **changes: Any) -> None:
        self.troubles = list(troubles)
        self.sent: list[str] = []
        self.message = MESSAGE | changes
        self.courier = Courier(self.ask, self.send)

    def ask(self, service: str, message: str) -> dict[str, Any]:
        assert (service, message) == ("one_stop_shop", "a1:2")
        return self.message

    def send(self, identifier: str, message: Mapping[str, Any]) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(identifier)


def asked_for(world: DirectoryWorld) -> ReceivedEvent:
    data = {"about": "a1", "kind": "application_received"}
    return ReceivedEvent(MessageRequested, "a1:2:1", "a1:2", 1, world.now, data)


def kept(world: DirectoryWorld) -> dict[str, Any]:
    (message,) = world.mail.messages.stored.values()  # type: ignore[attr-defined]  # in memory
    return dict(message)


def events(world: DirectoryWorld) -> list[str]:
    return [entry["type"] for _, entry in world.mail.messages.announced]  # type: ignore[attr-defined]


@pytest.fixture
def world() -> DirectoryWorld:
    world = DirectoryWorld()
    request_message(world.context, asked_for(world))
    return world


def fire(world: DirectoryWorld, post: Post) -> dict[str, Any]:
    fire_message(world.context, post.courier, kept(world)["_id"])
    return kept(world)


def test_one_message_however_often_it_is_asked_for(world: DirectoryWorld) -> None:
    post = Post()
    sent = fire(world, post)
    request_message(world.context, asked_for(world))
    fire(world, post)
    assert post.sent == [sent["_id"]]
    assert (sent["state"], sent["recipient"], sent["attempts"]) == ("sent", "a***@example.vn", 1)
    assert sent["next_due_at"] is None
    assert events(world) == ["message_sent.v1"]


def test_a_request_from_a_replay_of_old_days_is_left() -> None:
    world = DirectoryWorld()
    event = asked_for(world)
    world.now += LASTING
    request_message(world.context, event)
    assert not world.mail.messages.stored  # type: ignore[attr-defined]


@pytest.mark.parametrize("trouble", [NotTaken("451 later", for_good=False), Unavailable("service_unavailable")])
def test_what_passes_is_tried_again_later_and_later_for_a_day(world: DirectoryWorld, trouble: Exception) -> None:
    post = Post(*[trouble] * 20)
    tries = 0
    while (message := fire(world, post))["state"] == "queued":
        assert message["last_error"]
        assert message["next_due_at"] > world.now
        world.now = message["next_due_at"]
        tries += 1
    assert (message["state"], message["next_due_at"]) == ("failed", None)
    assert 8 <= tries <= 12
    assert timedelta(hours=20) < world.now - NOW <= LASTING
    assert events(world) == ["message_failed.v1"]


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (Post(NotTaken("550 5.1.1 no such mailbox", for_good=True)), "550 5.1.1 no such mailbox"),
        (Post(to=None), "no mail"),
        (Post(NotFound("message_not_here")), "message_not_here"),
    ],
)
def test_what_is_refused_for_good_fails_at_once(world: DirectoryWorld, post: Post, words: str) -> None:
    message = fire(world, post)
    assert (message["state"], message["attempts"]) == ("failed", 1)
    assert words in message["last_error"]
    assert post.sent == []


def test_while_one_attempt_runs_nobody_makes_another_and_after_a_kill_it_is_made_again(world: DirectoryWorld) -> None:
    class Killed(BaseException):
        pass

    def die(identifier: str, message: Mapping[str, Any]) -> None:
        raise Killed

    key = kept(world)["_id"]
    with pytest.raises(Killed):
        fire_message(world.context, Courier(Post().ask, die), key)
    post = Post()
    assert fire(world, post)["state"] == "queued"
    assert post.sent == []
    world.now = kept(world)["next_due_at"]
    assert fire(world, post)["state"] == "sent"
    assert post.sent == [key], "the same id, so the same Message-ID"


def test_operators_list_and_resend_what_failed_and_nothing_else(world: DirectoryWorld) -> None:
    def resend(principal: Any = OPERATOR, key: str = "k", message: str = "") -> Any:
        request = {"message": message or kept(world)["_id"], "reason": "Máy chủ đã chạy lại"}
        return resend_message(world.context, {**request, "_command": {"key": key, "digest": "d"}}, principal)

    with pytest.raises(Conflict, match="message_not_failed"):
        resend()
    fire(world, Post(NotTaken("550 no", for_good=True)))
    (row,) = find_messages(world.context, {}, OPERATOR)["items"]
    assert row == message_row(kept(world))
    assert find_messages(world.context, {"state": "sent"}, OPERATOR)["items"] == []
    refused: list[Callable[[], Any]] = [lambda: resend(ADMIN), lambda: find_messages(world.context, {}, ADMIN)]
    for act in refused:
        with pytest.raises(Forbidden, match="role_not_allowed"):
            act()
    with pytest.raises(NotFound, match="message_not_here"):
        resend(message="0" * 32)
    with pytest.raises(Invalid):
        find_messages(world.context, {"state": "lost"}, OPERATOR)
    world.now += timedelta(days=3)
    again = resend()
    assert again["state"] == "queued"
    assert resend() == again, "the same command again changes nothing"
    post = Post()
    assert fire(world, post)["state"] == "sent"
    assert len(post.sent) == 1
    assert events(world) == ["message_failed.v1", "message_resent.v1", "message_sent.v1"]


class TestLetters:
    def write(self, most: int = 100, **changes: Any) -> str:
        def read(file: str, limit: int) -> bytes:
            return b"%PDF-"

        writer = LetterWriter(sender="khong@cantho.localhost", site="https://h/", most=most, read=read)
        return writer.write("0f8f", MESSAGE | changes, NOW).decode("ascii")

    def test_it_has_the_headers_of_an_automatic_mail_and_the_same_id_each_time(self) -> None:
        mail = self.write()
        assert "Message-ID: <0f8f@cantho.localhost>\r\n" in mail
        assert "Auto-Submitted: auto-generated\r\n" in mail
        assert "Date: " in mail
        assert mail.count("filename=") == 1

    def test_html_is_escaped(self) -> None:
        mail = self.write()
        html = mail.partition("text/html")[2].replace("=\r\n", "")
        assert "&lt;b&gt;" in html
        assert "<b>" not in html

    def test_too_large_attachments_are_left_out_and_the_mail_says_so(self) -> None:
        mail = self.write(most=4)
        assert "filename=" not in mail
        assert "The file mau-01.pdf is too large" in mail.replace("=\r\n", "")

    @pytest.mark.parametrize("to", ["an@example.vn\r\nBcc: all@example.vn", "nobody", ""])
    def test_no_address_smuggles_a_header_in(self, to: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            self.write(to=to)

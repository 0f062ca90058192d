"""Outgoing messages over a real database and a real connection to a mail server that takes, refuses, or is away."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pymongo import MongoClient

from services.email_provisioning.adapters.letters import LetterWriter
from services.email_provisioning.adapters.submission import Submission
from services.email_provisioning.domain.mail.failed_letters import WITHOUT_SERVER
from services.email_provisioning.ports_mail import Courier
from services.email_provisioning.usecases.messages import find_messages, fire_message, request_message
from shared.contracts.email_provisioning.message_operations import MESSAGE_STATES
from shared.settings import load
from tests.support.directory import OPERATOR, DirectoryWorld, mongo_world
from tests.support.mail_sink import MailSink, mail_sink
from tests.unit.email_provisioning.mail.test_messages import MESSAGE, asked_for

Refuse = Callable[[MailSink], None]


@pytest.fixture
def world(client: MongoClient[dict[str, Any]], mongo_prefix: str) -> DirectoryWorld:
    name = f"{mongo_prefix}messages"
    client.drop_database(name)
    world = mongo_world(client[name])
    for _ in range(3):
        request_message(world.context, asked_for(world))
    return world


def kept(world: DirectoryWorld) -> dict[str, Any]:
    newest = world.mail.messages.newest
    (message,) = (row for state in MESSAGE_STATES for row in newest(state, after=None, limit=9)[0])
    return dict(message)


def send(world: DirectoryWorld, port: int | None) -> dict[str, Any]:
    """Make one attempt, at the moment when it is due."""
    environ = {"AMQP_URI": "-", "MONGO_URI": "-", "SMTP_TLS": "none", "SMTP_SENDER": "khong@cantho.localhost"}
    settings = load(environ | ({"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port)} if port else {}))
    writer = LetterWriter(sender=settings.smtp_sender, site="https://h", most=100, read=lambda file, most: b"%PDF-")
    courier = Courier(lambda service, message: MESSAGE, Submission(settings, writer.write).send)
    message = kept(world)
    world.now = max(world.now, message["next_due_at"] or world.now)
    fire_message(world.context, courier, message["_id"])
    return kept(world)


def test_it_arrives_once_in_both_languages_with_its_attachment(world: DirectoryWorld) -> None:
    with mail_sink() as sink:
        assert send(world, sink.port)["state"] == "sent"
        assert send(world, sink.port)["state"] == "sent"
    (mail,) = sink.taken
    assert sink.recipients == ["an@example.vn"]
    assert mail["Subject"] == "Hồ sơ đã được tiếp nhận · Application received"
    assert mail["Message-ID"] == f"<{kept(world)['_id']}@cantho.localhost>"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content()
    assert text.index(MESSAGE["vi"]["text"]) < text.index(MESSAGE["en"]["text"])
    assert "&lt;b&gt;" in html.get_content()
    assert text.rstrip().endswith("https://h/ho-so/a1")
    assert '<a href="https://h/ho-so/a1">' in html.get_content()
    (form,) = mail.iter_attachments()
    assert (form.get_filename(), form.get_content()) == ("mau-01.pdf", b"%PDF-")


def test_a_server_that_was_down_gets_it_when_it_is_up(world: DirectoryWorld) -> None:
    with mail_sink() as sink:
        port = sink.port
    waiting = send(world, port)
    assert (waiting["state"], waiting["attempts"]) == ("queued", 1)
    assert "refused" in waiting["last_error"].lower()
    with mail_sink(port) as sink:
        assert send(world, port)["state"] == "sent"
    assert len(sink.taken) == 1


def later(sink: MailSink) -> None:
    sink.refusals.append("451 4.3.0 later")


def later_after_data(sink: MailSink) -> None:
    sink.after_data.append("452 4.2.2 full")


def never(sink: MailSink) -> None:
    sink.refusals.append("550 5.1.1 no such mailbox")


def never_after_data(sink: MailSink) -> None:
    sink.after_data.append("554 5.7.1 not this")


@pytest.mark.parametrize(
    ("refuse", "state"),
    [(later, "queued"), (later_after_data, "queued"), (never, "failed"), (never_after_data, "failed")],
)
def test_4xx_is_tried_again_and_5xx_fails(
    world: DirectoryWorld, refuse: Callable[[MailSink], None], state: str
) -> None:
    with mail_sink() as sink:
        refuse(sink)
        message = send(world, sink.port)
        assert message["state"] == state
        assert message["last_error"][:3] in ("451", "452", "550", "554")
        assert sink.taken == []
        assert send(world, sink.port)["state"] == ("sent" if state == "queued" else "failed")


def test_without_a_server_it_is_kept_as_failed_and_says_so(world: DirectoryWorld) -> None:
    assert send(world, None)["last_error"] == WITHOUT_SERVER
    (row,) = find_messages(world.context, {"state": "failed"}, OPERATOR)["items"]
    assert row["recipient"] == "a***@example.vn"


def test_killed_between_sending_and_marking_it_comes_twice_with_the_same_message_id(
    world: DirectoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> bool:
        raise KeyboardInterrupt

    with mail_sink() as sink:
        with monkeypatch.context() as patched:
            patched.setattr(world.mail.messages, "save", killed)
            with pytest.raises(KeyboardInterrupt):
                send(world, sink.port)
        assert send(world, sink.port)["state"] == "sent"
        assert send(world, sink.port)["state"] == "sent"
    first, second = sink.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_pages_go_from_the_newest_to_the_oldest(world: DirectoryWorld) -> None:
    messages, old = world.mail.messages, kept(world)
    for number in range(4):
        at = old["requested_at"] + timedelta(seconds=number // 2)
        messages.request({**old, "_id": f"m{number}", "requested_at": at})
    seen, after = [], None
    page = partial(messages.newest, "queued", limit=2)
    while True:
        rows, after = page(after=after)
        seen += [row["_id"] for row in rows]
        if after is None:
            break
    assert seen[:2] == ["m3", "m2"]
    assert len(seen) == len(set(seen)) == 5


def test_what_did_not_arrive_is_found_by_its_index_however_much_was_sent(
    world: DirectoryWorld, client: MongoClient[dict[str, Any]], mongo_prefix: str
) -> None:
    messages, old = world.mail.messages, kept(world)
    states = ("failed", "returned", *("sent",) * 98)
    for number in range(200):
        at = old["requested_at"] - timedelta(hours=number)
        messages.request({**old, "_id": f"m{number}", "state": states[number % 100], "requested_at": at})
    since = old["requested_at"] - timedelta(hours=72)
    store = client[f"{mongo_prefix}messages"]
    store.command("profile", 2)
    try:
        assert [row["requested_at"] >= since for row in messages.undelivered(since, 10)] == [True, True]
    finally:
        store.command("profile", 0)
    (noted,) = store["system.profile"].find({"op": "query", "ns": f"{store.name}.messages"})
    assert noted["docsExamined"] == 2

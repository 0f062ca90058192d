"""Notices as messages to applicants who agreed to it: asked for by an event, read by the sender when it sends them."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.one_stop_shop.domain.actors import CLOCKWORK, SYSTEM
from services.one_stop_shop.domain.application import Application
from services.one_stop_shop.ports import Document
from services.one_stop_shop.usecases.context import Context
from services.one_stop_shop.usecases.queries_files import printed_form
from shared.commands import first_document, new_aggregate, write_entry
from shared.contracts.messages import MAILER, ReadMessage
from shared.contracts.one_stop_shop.messages import MessageRequested
from shared.contracts.principal import Principal
from shared.errors import Forbidden, NotFound
from shared.requests import read_request

FORM_WITH = {
    "application_received": 1,
    "supplement_requested": 2,
    "application_refused": 3,
    "deadline_extended": 4,
}
"""The form that goes with a message, by what happened."""

CLOSING = {
    "vi": "Bạn nhận thư vì đã chọn nhận thông báo khi nộp hồ sơ; vui lòng không trả lời.",
    "en": "You get it because you chose to be told when you applied; please do not reply.",
}


def request_messages(context: Context, notices: Iterable[Document], applications: Mapping[str, Application]) -> None:
    """Ask for notices to be sent, in the transaction in which they are kept, where somebody wants that."""
    wanted = (notice for notice in notices if recipient_of(applications[notice["application"]]) is not None)
    context.messages.add(*(_request(context, notice) for notice in wanted))


def read_message(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """A message as it is to be sent now: to whom, in which words, with which files.

    Raises:
        Forbidden: `message_only_for_mailer`.
    """
    if principal.subject != MAILER:
        raise Forbidden("message_only_for_mailer")
    message = context.messages.find(read_request(ReadMessage, request)["message"])
    if message is None:
        raise NotFound("message_not_here")
    application = context.applications.find_all([message["application"]])[message["application"]]
    to = recipient_of(application)
    attachments = [_form(context, application, message["kind"])] if to else []
    words = {language: {**said, "closing": CLOSING[language]} for language, said in message["words"].items()}
    page = f"/ho-so/{application['_id']}"
    return {"to": to, **words, "page": page, "attachments": [file for file in attachments if file]}


def recipient_of(application: Application) -> str | None:
    """Whoever handed the application in, or its owner; nobody without an address or against their wish."""
    if not application.get("notify_by_email"):
        return None
    people = (application.get("submitter"), application.get("owner"))
    return next((person["email"] for person in people if person and person.get("email")), None)


def _form(context: Context, application: Application, kind: str) -> dict[str, Any] | None:
    forms = [form for form in application["forms"] if form["form"] == FORM_WITH.get(kind)]
    return printed_form(context, application, forms[-1]) if forms else None


def _request(context: Context, notice: Document) -> Document:
    before = new_aggregate(notice["_id"])
    kind = notice["type"].partition(".")[0]
    facts = {
        "application": notice["application"],
        "kind": kind,
        "words": {
            "vi": {"subject": notice["title"], "text": notice["text"]},
            "en": {"subject": notice["title_en"], "text": notice["text_en"]},
        },
    }
    entry = write_entry(
        before,
        MessageRequested,
        MessageRequested.dump(about=notice["application"], kind=kind),
        at=context.now(),
        actor={**CLOCKWORK.sign((SYSTEM,))},
        answered={},
        after={**before, **facts},
    )
    return first_document(before, facts, entry)

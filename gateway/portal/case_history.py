"""What officers read of an application beyond its public timeline: steps, their outcomes and remarks, who was asked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.portal.calls import look_all
from gateway.portal.language import day, said
from gateway.portal.language import gettext as _
from gateway.portal.plain_words import moments_of

OUTCOMES = {"early": said("Trước hạn"), "on_time": said("Đúng hạn"), "late": said("Quá hạn")}

Row = Mapping[str, Any]
Detail = tuple[str, str]
"""A label in the reader's language, and what officers or the procedure say in Vietnamese."""


def present_step(application: Row) -> Row | None:
    """The step that is being worked on."""
    return _step(application, application["step"])


def case_moments(application: Row, history: Sequence[Row], agencies: Mapping[str, str]) -> list[dict[str, Any]]:
    """The timeline for officers, the latest first: each moment with what only they read of it."""
    told = moments_of(history, officer=True)
    return [
        {**moment, "details": list(_details(application, entry, agencies))}
        for moment, entry in zip(told, reversed(history), strict=True)
    ]


def agencies_asked(application: Row) -> dict[str, str]:
    """The names of the agencies whose opinion was asked, also of those that have closed since."""
    asked = {one["agency"] for one in application["opinions"]}
    found = look_all("list_agencies") if asked else []
    names = {one["code"]: one["name"] for one in found}
    return {code: names.get(code, code) for code in asked}


def _details(application: Row, entry: Row, agencies: Mapping[str, str]) -> Iterator[Detail]:
    kind, data = entry["type"], entry["data"]
    if kind == "step_completed.v1":
        yield from _completed(_step(application, data.get("step")), data.get("outcome"), entry["reason"])
    elif kind.startswith("opinion_"):
        yield from _opinion(application, data, agencies, asked=kind == "opinion_requested.v1")
    follows = _step(application, data.get("step" if kind == "application_handed_over.v1" else "next_step"))
    if follows:
        yield _("Bước tiếp theo"), follows["name"]


def _completed(step: Row | None, outcome: str | None, reason: str) -> Iterator[Detail]:
    if step is None:
        return
    yield _("Bước đã xong"), step["name"]
    if step["note"] and step["note"] != reason:
        yield _("Kết quả của bước này"), step["note"]
    if outcome in OUTCOMES:
        yield _("Thời hạn của bước"), _(OUTCOMES[outcome])


def _opinion(application: Row, data: Row, agencies: Mapping[str, str], *, asked: bool) -> Iterator[Detail]:
    opinion = next((one for one in application["opinions"] if one["id"] == data.get("opinion")), None)
    if opinion is None:
        return
    yield _("Cơ quan được hỏi"), agencies[opinion["agency"]]
    if asked:
        yield _("Hỏi về"), opinion["subject"]
        if opinion["due_on"]:
            yield _("Cần trả lời trước ngày"), day(opinion["due_on"])
    elif data.get("document_code"):
        yield _("Văn bản"), data["document_code"]


def _step(application: Row, key: str | None) -> Row | None:
    return next((one for one in application["steps"] if key and one["key"] == key), None)

"""The pages of an application: one thing each, in an order that follows from the procedure's own rules.

A step is done when its part of the draft is there.
"""

from collections.abc import Iterator
from dataclasses import replace

from gateway.portal.applicant_steps import applicant_steps
from gateway.portal.catalogue import reception_places
from gateway.portal.delivery_steps import delivery_steps
from gateway.portal.draft import COUNTER, POST, Content, Work
from gateway.portal.forms import Field
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from gateway.portal.question_steps import count_steps, paper_steps, question_steps
from gateway.portal.step import Step


def steps_of(work: Work) -> list[Step]:
    """All pages in their order."""
    steps = [
        *_beginning(work),
        *applicant_steps(work),
        *question_steps(work),
        *count_steps(work),
        *paper_steps(work),
        *delivery_steps(work),
    ]
    return [_for_officer(step) for step in steps] if work.by_officer else steps


def _for_officer(step: Step) -> Step:
    """The page without what a browser fills in of its user, who is not who applies."""
    return replace(step, fields=tuple(replace(field, autocomplete="off") for field in step.fields))


def next_undone(steps: list[Step]) -> Step | None:
    """The first page that still wants an answer."""
    return next((step for step in steps if not step.done), None)


def step_for(steps: list[Step], path: str) -> Step | None:
    """The page on which to mend what a refusal names."""
    return next((step for step in steps for start in step.paths if path == start or path.startswith(f"{start}.")), None)


def _beginning(work: Work) -> Iterator[Step]:
    content = work.content
    yield _channel_step(content) if work.by_officer else _place_step(content)
    cases = work.definition.get("cases", ())
    if len(cases) > 1:
        choices = tuple((case["key"], words(case["name"])) for case in cases)
        question = _("Hồ sơ thuộc trường hợp nào?") if work.by_officer else _("Trường hợp của bạn là gì?")
        yield Step(
            "truong-hop",
            question,
            (Field("case", question, "choice", choices=choices),),
            {"case": content.get("case")},
            lambda content, values: content.update(case=values["case"]),
            bool(content.get("case")),
            ("case",),
        )


def _place_step(content: Content) -> Step:
    return Step(
        "noi-nop",
        _("Bạn nộp hồ sơ ở đâu?"),
        (place_field(content["procedure"]),),
        {"agency": content.get("agency")},
        lambda content, values: content.update(agency=values["agency"]),
        bool(content.get("agency")),
        ("agency",),
    )


def _channel_step(content: Content) -> Step:
    asked = channel_field()
    return Step(
        "kenh",
        asked.label,
        (asked,),
        {"channel": content["channel"]},
        lambda content, values: content.update(channel=int(values["channel"])),
        True,
        ("channel", "agency"),
    )


def channel_field() -> Field:
    """How an application came into an officer's hands."""
    ways = ((str(COUNTER), _("Tại quầy")), (str(POST), _("Qua bưu chính")))
    return Field("channel", _("Hồ sơ đến bằng cách nào?"), "choice", choices=ways)


def place_field(procedure: str) -> Field:
    """Where one may hand in this procedure."""
    hint = _("Chọn Ủy ban nhân dân hoặc cơ quan nơi bạn cư trú")
    return Field("agency", _("Bạn nộp hồ sơ ở đâu?"), "select", hint, tuple(reception_places(procedure)))

"""The pages of an application: one thing each, in an order that follows from the procedure's own rules.

A step is done when its part of the draft is there.
"""

from collections.abc import Iterator

from gateway.portal.applicant_steps import applicant_steps
from gateway.portal.catalogue import reception_places
from gateway.portal.delivery_steps import delivery_steps
from gateway.portal.draft import Work
from gateway.portal.forms import Field
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from gateway.portal.question_steps import count_steps, paper_steps, question_steps
from gateway.portal.step import Step


def steps_of(work: Work) -> list[Step]:
    """All pages in their order."""
    return [
        *_beginning(work),
        *applicant_steps(work),
        *question_steps(work),
        *count_steps(work),
        *paper_steps(work),
        *delivery_steps(work),
    ]


def next_undone(steps: list[Step]) -> Step | None:
    """The first page that still wants an answer."""
    return next((step for step in steps if not step.done), None)


def step_for(steps: list[Step], path: str) -> Step | None:
    """The page on which to mend what a refusal names."""
    return next((step for step in steps for start in step.paths if path == start or path.startswith(f"{start}.")), None)


def _beginning(work: Work) -> Iterator[Step]:
    content = work.content
    yield Step(
        "noi-nop",
        _("Bạn nộp hồ sơ ở đâu?"),
        (place_field(content["procedure"]),),
        {"agency": content.get("agency")},
        lambda content, values: content.update(agency=values["agency"]),
        bool(content.get("agency")),
        ("agency",),
    )
    cases = work.definition.get("cases", ())
    if len(cases) > 1:
        choices = tuple((case["key"], words(case["name"])) for case in cases)
        yield Step(
            "truong-hop",
            _("Trường hợp của bạn là gì?"),
            (Field("case", _("Trường hợp của bạn là gì?"), "choice", choices=choices),),
            {"case": content.get("case")},
            lambda content, values: content.update(case=values["case"]),
            bool(content.get("case")),
            ("case",),
        )


def place_field(procedure: str) -> Field:
    """Where one may hand in this procedure."""
    hint = _("Chọn Ủy ban nhân dân hoặc cơ quan nơi bạn cư trú")
    return Field("agency", _("Bạn nộp hồ sơ ở đâu?"), "select", hint, tuple(reception_places(procedure)))

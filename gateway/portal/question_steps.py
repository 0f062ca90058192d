"""The pages that a procedure asks for by its own rules: questions, how many copies, papers."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from marshmallow import ValidationError

from gateway.portal.draft import Content, Work
from gateway.portal.forms import Field, Kind, Values, yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from gateway.portal.step import PAPER, QUESTION, Step
from shared.contracts.faults import field_errors
from shared.contracts.one_stop_shop.application_requests import Answers
from shared.errors import FieldError, field_error
from shared.words import is_name
from shared.working_time import VIETNAM

_COUNTED = ("copies", "pages")


def question_steps(work: Work) -> Iterator[Step]:
    """Questions that are to be answered, as far as the answers before them ask for more."""
    answers = work.content.get("answers") or {}
    for question in work.preview["questions"]:
        key = question["key"]
        yield Step(
            f"{QUESTION}{key}",
            words(question["name"]),
            (_question_field(question),),
            {"answer": answers.get(key)},
            _put_answer(key),
            key in answers,
            (f"answers.{key}",),
            partial(_check_answer, question),
        )


def _check_answer(question: Mapping[str, Any], values: Values) -> list[FieldError]:
    """What the contract refuses is said here, beside the box, and not by the service once it is stored."""
    try:
        Answers().deserialize({question["key"]: values["answer"]})
    except ValidationError as error:
        return [{**fault, "path": "answer"} for fault in field_errors(error.messages)]
    if question["kind"] == "name" and values["answer"] and not is_name(values["answer"]):
        return [field_error("answer", "name_in_letters")]
    return _check_day(question, values)


def _check_day(question: Mapping[str, Any], values: Values) -> list[FieldError]:
    """What has happened has its day, one of the case chosen; as RFC 3339 writes days they compare as texts."""
    day, in_time, late = values["answer"], question.get("in_time"), question.get("late")
    if question.get("not_after_today") and day and day > datetime.now(VIETNAM).date().isoformat():
        return [field_error("answer", "day_in_future")]
    if in_time and day and day < in_time["earliest"]:
        other = field_error("case", "case_for_the_late", case=in_time["otherwise"])
        return [field_error("answer", "day_too_long_ago", days=in_time["days"]), other]
    if late and day and day >= late["earliest"]:
        other = field_error("case", "case_for_the_timely", case=late["otherwise"], fee=late["fee"])
        return [field_error("answer", "day_in_time", days=late["days"]), other]
    return []


def _question_field(question: Mapping[str, Any]) -> Field:
    kind = field_kind(question)
    required = question.get("required", True)
    choices = tuple((choice["value"], words(choice["name"])) for choice in question.get("choices", ()))
    if kind == "yes_no":
        choices = yes_or_no()
    return Field("answer", words(question["name"]), kind, choices=choices, required=required, limit=500)


def field_kind(question: Mapping[str, Any]) -> Kind:
    """The field in which a question is answered."""
    kind: Kind = "text" if question["kind"] == "name" else question["kind"]
    return kind


def _put_answer(key: str) -> Callable[[Content, Values], None]:
    def put(content: Content, values: Values) -> None:
        content.setdefault("answers", {})[key] = values["answer"]

    return put


def count_steps(work: Work) -> Iterator[Step]:
    """How many copies and pages, where the fee goes by them."""
    cases = {case["key"]: case for case in work.definition.get("cases", ())}
    fees = cases.get(work.content.get("case") or "", {}).get("fees", work.definition["fees"])
    counted = {fee.get("per", "application") for fee in fees} & {"copy", "page"}
    if not counted:
        return
    known = work.content.get("quantities") or {}
    fields = [Field("copies", _("Bạn cần bao nhiêu bản?"), "number")]
    if "page" in counted:
        fields.append(Field("pages", _("Mỗi bản có bao nhiêu trang?"), "number"))
    yield Step(
        "so-luong",
        _("Số lượng"),
        tuple(fields),
        known,
        lambda content, values: content.update(quantities=values),
        all(one.name in known for one in fields),
        tuple(f"quantities.{name}" for name in _COUNTED),
        lambda values: [field_error(name, "too_small", min=1) for name, value in values.items() if value < 1],
    )


def paper_steps(work: Work) -> Iterator[Step]:
    """Papers that are to be handed in as files."""
    supplied = {one["component"]: one for one in work.content.get("components") or ()}
    names = {one["key"]: words(one["name"]) for one in work.definition["components"]}
    for paper in work.preview["components"]:
        key = paper["component"]
        if paper["source"] == "paper":
            file = Field("tep", names[key], "file", _("Ảnh chụp rõ nét hoặc tệp PDF"), required=paper["required"])
            yield Step(
                f"{PAPER}{key}",
                names[key],
                (file,),
                supplied.get(key, {}),
                lambda _content, _values: None,
                key in supplied or not paper["required"],
                (f"components.{key}",),
            )

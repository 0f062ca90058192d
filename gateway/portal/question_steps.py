"""The pages that a procedure asks for by its own rules: questions, how many copies, papers."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from marshmallow import ValidationError

from gateway.portal.draft import POST, Content, Work, put_paper
from gateway.portal.forms import Field, Kind, Values, yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from gateway.portal.papers_in_words import COUNTS, counted
from gateway.portal.step import PAPER, QUESTION, Check, Step, by_contract
from gateway.portal.uploads import BOX
from shared.contracts.faults import field_errors
from shared.contracts.one_stop_shop.application_requests import Answers
from shared.contracts.one_stop_shop.values import SuppliedComponent
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
    question = _("Cần bao nhiêu bản?") if work.by_officer else _("Bạn cần bao nhiêu bản?")
    fields = [Field("copies", question, "number")]
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
    """Papers that are to be handed in: as files, to an officer as they are."""
    supplied = {one["component"]: one for one in work.content.get("components") or ()}
    names = {one["key"]: words(one["name"]) for one in work.definition["components"]}
    for paper in work.preview["components"]:
        key = paper["component"]
        if paper["source"] == "paper" or (work.by_officer and paper["source"] == "form"):
            needed = _needed(work, paper)
            yield Step(
                f"{PAPER}{key}",
                names[key],
                _paper_fields(work, paper, names[key]),
                supplied.get(key, {}),
                partial(_put_supplied, key),
                key in supplied or not needed,
                (f"components.{key}",),
                _check_counted(needed=needed) if work.by_officer else _check_file(needed=needed),
            )


def _needed(work: Work, paper: Mapping[str, Any]) -> bool:
    """Whether nobody goes on without: what comes by post may lack papers, and a form is filled in from what is told."""
    comes_later = work.by_officer and (work.content["channel"] == POST or paper["source"] == "form")
    return bool(paper["required"]) and not comes_later


def _paper_fields(work: Work, paper: Mapping[str, Any], name: str) -> tuple[Field, ...]:
    if not work.by_officer:
        return (Field(BOX, name, "file", _("Ảnh chụp rõ nét hoặc tệp PDF"), required=paper["required"]),)
    asked = counted(paper)
    scan = _("Bản quét; chưa quét thì để trống và ghi số bản giấy đã nhận.")
    hint = _("Thủ tục yêu cầu: %(papers)s.", papers=asked) if asked else ""
    labels = (_("Số bản chính"), _("Số bản sao chứng thực"), _("Số bản chụp"))
    return (
        Field(BOX, name, "file", f"{scan} {hint}".strip(), required=False),
        *(Field(count, label, "number", required=False) for count, label in zip(COUNTS, labels, strict=True)),
    )


def _put_supplied(component: str, content: Content, values: Values) -> None:
    put_paper(content, component, {name: value or 0 if name in COUNTS else value for name, value in values.items()})


def _check_file(*, needed: bool) -> Check:
    return lambda values: [field_error(BOX, "file_needed")] if needed and not values["file"] else []


def _check_counted(*, needed: bool) -> Check:
    """Papers that were scanned, counted, or both."""
    counts = by_contract(SuppliedComponent, *COUNTS)
    return lambda values: (
        counts(values) or ([field_error(BOX, "component_empty")] if needed and not any(values.values()) else [])
    )

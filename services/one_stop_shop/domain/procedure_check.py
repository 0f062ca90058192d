"""What a procedure's definition must mean, beyond its shape: names that exist, times that add up, dates in order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from services.one_stop_shop.domain.codes import result_code
from services.one_stop_shop.domain.rules import AnswerKind, Vocabulary, check_rule
from services.one_stop_shop.domain.situation import common_vocabulary
from shared.errors import FieldError, Invalid, field_error
from shared.working_time import Duration

Plain = Mapping[str, Any]


def check(plain: Plain) -> list[FieldError]:
    """Everything that is wrong, each by its path; nothing when the definition can be used."""
    words = vocabulary(plain)
    return [
        *_check_codes(plain),
        *(() if plain.get("withdrawn") else _check_period(plain, "effective_from", "effective_to", "")),
        *_check_duration(plain["reception_time"], "reception_time"),
        *_check_duration(plain["supplement_within"], "supplement_within"),
        *_check_keys(plain),
        *_check_questions(plain.get("questions", []), words),
        *_check_rules("components", plain["components"], words),
        *_check_times(plain, ""),
        *_check_fees(plain["fees"], "fees", words),
        *(error for n, case in enumerate(plain.get("cases", [])) for error in _check_case(plain, case, n, words)),
    ]


def vocabulary(plain: Plain) -> dict[str, Vocabulary]:
    """What the rules of this definition may speak of."""
    cases = frozenset(case["key"] for case in plain.get("cases", [])) or frozenset({"standard"})
    asked = {
        question["key"]: Vocabulary(
            AnswerKind(question["kind"]), frozenset(choice["value"] for choice in question.get("choices", []))
        )
        for question in plain.get("questions", [])
    }
    return {**asked, **common_vocabulary(cases)}


def _check_codes(plain: Plain) -> Iterator[FieldError]:
    for n, child in enumerate(plain.get("children", [])):
        if child == plain["code"]:
            yield field_error(f"children.{n}", "own_child")
    for n, part in enumerate(plain.get("parts", [])):
        if part["procedure"] not in plain.get("children", []):
            yield field_error(f"parts.{n}.procedure", "no_child", key=part["procedure"])
    yield from _check_unique((part["procedure"] for part in plain.get("parts", [])), "parts", "procedure")
    for n, result in enumerate(plain["results"]):
        if "code" in result:
            yield from _check_text(result_code, result["code"], f"results.{n}.code")


def _check_keys(plain: Plain) -> Iterator[FieldError]:
    for name in ("questions", "components", "cases", "steps", "fees", "results"):
        yield from _check_unique((row["key"] for row in plain.get(name, [])), name, "key")
    for n, question in enumerate(plain.get("questions", [])):
        if question["key"] in common_vocabulary(frozenset()):
            yield field_error(f"questions.{n}.key", "reserved", key=question["key"])


def _check_unique(keys: Iterable[str], path: str, name: str) -> Iterator[FieldError]:
    seen: set[str] = set()
    for n, key in enumerate(keys):
        if key in seen:
            yield field_error(f"{path}.{n}.{name}", "duplicate", key=key)
        seen.add(key)


def _check_questions(questions: list[Plain], words: Mapping[str, Vocabulary]) -> Iterator[FieldError]:
    yield from _check_rules("questions", questions, words)
    for n, question in enumerate(questions):
        choices = question.get("choices", [])
        if (question["kind"] == AnswerKind.CHOICE) is not bool(choices):
            yield field_error(f"questions.{n}.choices", "choices_do_not_fit_kind", kind=question["kind"])
        if question.get("not_after_today") and question["kind"] != AnswerKind.DATE:
            yield field_error(f"questions.{n}.not_after_today", "only_for_days")
        yield from _check_unique((choice["value"] for choice in choices), f"questions.{n}.choices", "value")


def _check_rules(name: str, rows: list[Plain], words: Mapping[str, Vocabulary]) -> Iterator[FieldError]:
    for n, row in enumerate(rows):
        if "when" in row:
            yield from check_rule(row["when"], words, f"{name}.{n}.when")


def _check_case(plain: Plain, case: Plain, n: int, words: Mapping[str, Vocabulary]) -> Iterator[FieldError]:
    """What a case says itself; a time of its own must fit the steps, its own or the procedure's."""
    if "processing_time" in case or "steps" in case:
        yield from _check_times({**plain, **case}, f"cases.{n}.")
    yield from _check_unique((step["key"] for step in case.get("steps", [])), f"cases.{n}.steps", "key")
    yield from _check_unique((fee["key"] for fee in case.get("fees", [])), f"cases.{n}.fees", "key")
    yield from _check_fees(case.get("fees", []), f"cases.{n}.fees", words)
    if "in_time" in case:
        yield from _check_in_time(case, f"cases.{n}.in_time", words)


def _check_in_time(case: Plain, path: str, words: Mapping[str, Vocabulary]) -> Iterator[FieldError]:
    """By a day that is asked for, and with another case for who is too late."""
    question, other = case["in_time"]["question"], case["in_time"]["otherwise"]
    if question not in words:
        yield field_error(f"{path}.question", "unknown_field", field=question)
    elif words[question].kind is not AnswerKind.DATE:
        yield field_error(f"{path}.question", "only_for_days")
    known = sorted(words["case"].choices - {case["key"]})
    if other not in known:
        yield field_error(f"{path}.otherwise", "case_unknown", case=other, known=known)


def _check_times(plain: Plain, path: str) -> list[FieldError]:
    """The steps together take exactly the time that the law gives, counted in the same manner."""
    wrong = [
        error
        for n, step in enumerate(plain["steps"])
        for error in _check_duration(step["time"], f"{path}steps.{n}.time")
    ]
    if plain["processing_time"] != "none":
        wrong += _check_duration(plain["processing_time"], f"{path}processing_time")
    if wrong or plain["processing_time"] == "none" or _adds_up(plain):
        return wrong
    times = " + ".join(step["time"] for step in plain["steps"])
    return [field_error(f"{path}steps", "times_do_not_add_up", steps=times, statutory=plain["processing_time"])]


def _adds_up(plain: Plain) -> bool:
    statutory = Duration.parse(plain["processing_time"])
    steps = [Duration.parse(step["time"]) for step in plain["steps"]]
    if statutory.working_time is None:
        same_unit = all(step.unit is statutory.unit for step in steps)
        return same_unit and sum(step.amount for step in steps) == statutory.amount
    lengths = [step.working_time for step in steps if step.working_time is not None]
    return len(lengths) == len(steps) and sum(lengths, timedelta()) == statutory.working_time


def _check_fees(fees: list[Plain], path: str, words: Mapping[str, Vocabulary]) -> Iterator[FieldError]:
    for n, fee in enumerate(fees):
        yield from _check_fee(fee, f"{path}.{n}", words)


def _check_fee(fee: Plain, path: str, words: Mapping[str, Vocabulary]) -> Iterator[FieldError]:
    yield from _check_rules(f"{path}.amounts", fee["amounts"], words)
    for n, amount in enumerate(fee["amounts"]):
        line = f"{path}.amounts.{n}"
        yield from _check_period(amount, "valid_from", "valid_to", f"{line}.")
        if fee.get("per") != "page" and ("then" in amount or "at_most" in amount):
            yield field_error(line, "only_per_page")
        if amount["amount"] == 0 and "when" in amount and "ground" not in amount:
            yield field_error(f"{line}.ground", "ground_missing")
    if {"when", "ground", "valid_from", "valid_to"} & set(fee["amounts"][-1]):
        yield field_error(f"{path}.amounts.{len(fee['amounts']) - 1}", "last_amount_conditional")


def _check_period(plain: Plain, first: str, last: str, path: str) -> Iterator[FieldError]:
    days = {}
    for name in (first, last):
        try:
            days[name] = date.fromisoformat(plain[name]) if plain.get(name) else None
        except ValueError:
            yield field_error(f"{path}{name}", "day_malformed", text=plain[name])
    begins, ends = days.get(first), days.get(last)
    if begins and ends and ends < begins:
        yield field_error(f"{path}{last}", "period_reversed")


def _check_duration(plain: str, path: str) -> Iterator[FieldError]:
    return _check_text(Duration.parse, plain, path)


def _check_text(read: Callable[[str], Any], plain: str, path: str) -> Iterator[FieldError]:
    try:
        read(plain)
    except Invalid as error:
        yield field_error(path, error.code, **error.params)

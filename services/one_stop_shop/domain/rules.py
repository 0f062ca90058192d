"""Rules that a procedure's data file states: when a component is asked, a question put, an amount due.

A rule is data that people read: `{field: authorised, equals: true}`, combined with `all`, `any` and `not`.
It speaks about the procedure's own questions and about the facts that every application has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shared.errors import FieldError, field_error
from shared.words import is_name

Rule = Mapping[str, Any]
_TESTS = ("equals", "in", "at_least", "present")


class AnswerKind(StrEnum):
    """What an answer is made of."""

    TEXT = "text"
    NAME = "name"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A name that a rule may use: the kind of its value and, for a choice, the values it can have."""

    kind: AnswerKind
    choices: frozenset[str] = frozenset()

    def problem(self, value: Any) -> str | None:
        """Why `value` cannot be a value of this kind: `wrong_type`, `unknown_choice`, `name_in_letters` or nothing."""
        if not _IS[self.kind](value):
            return "wrong_type"
        if self.kind is AnswerKind.NAME and not is_name(value):
            return "name_in_letters"
        return "unknown_choice" if self.kind is AnswerKind.CHOICE and value not in self.choices else None


_LARGEST = 10**15
"""Beyond it computers no longer tell neighbouring numbers apart."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _is_date(value: Any) -> bool:
    """Only as RFC 3339 writes days: the short forms and weeks of ISO 8601 are read wrongly by people."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_yes_no(value: Any) -> bool:
    return isinstance(value, bool)


_IS = {
    AnswerKind.TEXT: _is_text,
    AnswerKind.NAME: _is_text,
    AnswerKind.CHOICE: _is_text,
    AnswerKind.NUMBER: _is_number,
    AnswerKind.DATE: _is_date,
    AnswerKind.YES_NO: _is_yes_no,
}


def holds(rule: Rule | None, facts: Mapping[str, Any]) -> bool:
    """Whether the rule is true of these facts; no rule always is, and what is not answered equals nothing."""
    if rule is None:
        return True
    if "all" in rule:
        return all(holds(part, facts) for part in rule["all"])
    if "any" in rule:
        return any(holds(part, facts) for part in rule["any"])
    if "not" in rule:
        return not holds(rule["not"], facts)
    return _test(rule, facts.get(rule["field"]))


def fields_of(rule: Rule | None) -> set[str]:
    """The names that a rule speaks of."""
    if rule is None:
        return set()
    parts = [*rule.get("all", ()), *rule.get("any", ()), *([rule["not"]] if "not" in rule else [])]
    return {rule["field"]} if "field" in rule else {name for part in parts for name in fields_of(part)}


def _test(rule: Rule, value: Any) -> bool:
    if "present" in rule:
        return (value not in (None, "")) is rule["present"]
    if value is None:
        return False
    if "equals" in rule:
        return bool(value == rule["equals"])
    if "in" in rule:
        return value in rule["in"]
    comparable = _is_number(value) if _is_number(rule["at_least"]) else _is_date(value)
    return comparable and value >= rule["at_least"]


def check_rule(rule: Any, vocabulary: Mapping[str, Vocabulary], path: str) -> list[FieldError]:
    """Everything that is wrong with a rule, each by its path: unknown names, impossible values, broken shape."""
    if not isinstance(rule, Mapping) or not rule:
        return [field_error(path, "rule_malformed")]
    for combination in ("all", "any"):
        if combination in rule:
            return _check_parts(rule, combination, vocabulary, path)
    if "not" in rule:
        extra = [] if len(rule) == 1 else [field_error(path, "rule_malformed")]
        return extra + check_rule(rule["not"], vocabulary, f"{path}.not")
    return _check_test(rule, vocabulary, path)


def _check_parts(rule: Rule, name: str, vocabulary: Mapping[str, Vocabulary], path: str) -> list[FieldError]:
    parts = rule[name]
    if len(rule) != 1 or not isinstance(parts, list) or not parts:
        return [field_error(f"{path}.{name}", "rule_malformed")]
    return [error for n, part in enumerate(parts) for error in check_rule(part, vocabulary, f"{path}.{name}.{n}")]


def _check_test(rule: Rule, vocabulary: Mapping[str, Vocabulary], path: str) -> list[FieldError]:
    tests = [name for name in _TESTS if name in rule]
    if set(rule) != {"field", *tests} or len(tests) != 1 or not isinstance(rule["field"], str):
        return [field_error(path, "rule_malformed")]
    name, test = rule["field"], tests[0]
    if name not in vocabulary:
        return [field_error(f"{path}.field", "unknown_field", field=name)]
    value, known = rule[test], vocabulary[name]
    if test == "present":
        return [] if isinstance(value, bool) else [field_error(f"{path}.present", "wrong_type", field=name)]
    if test == "at_least" and known.kind not in (AnswerKind.NUMBER, AnswerKind.DATE):
        return [field_error(f"{path}.at_least", "not_ordered", field=name)]
    if test == "in" and not (isinstance(value, list) and value):
        return [field_error(f"{path}.in", "rule_malformed")]
    problems = {problem for item in (value if test == "in" else [value]) if (problem := known.problem(item))}
    return [field_error(f"{path}.{test}", problem, field=name) for problem in sorted(problems)]

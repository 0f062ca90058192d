from typing import Any

import pytest

from services.one_stop_shop.domain.rules import AnswerKind, Vocabulary, check_rule, holds

WORDS = {
    "name": Vocabulary(AnswerKind.TEXT),
    "storeys": Vocabulary(AnswerKind.NUMBER),
    "since": Vocabulary(AnswerKind.DATE),
    "heritage": Vocabulary(AnswerKind.YES_NO),
    "proof": Vocabulary(AnswerKind.CHOICE, frozenset({"dna", "paper"})),
}


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        (None, {}, True),
        ({"field": "proof", "equals": "dna"}, {"proof": "dna"}, True),
        ({"field": "proof", "equals": "dna"}, {"proof": "paper"}, False),
        ({"field": "proof", "equals": "dna"}, {}, False),
        ({"field": "proof", "in": ["dna", "paper"]}, {"proof": "paper"}, True),
        ({"field": "proof", "in": ["dna"]}, {"proof": None}, False),
        ({"field": "storeys", "at_least": 7}, {"storeys": 7}, True),
        ({"field": "storeys", "at_least": 7}, {"storeys": 6.5}, False),
        ({"field": "storeys", "at_least": 7}, {"storeys": "bảy"}, False),
        ({"field": "storeys", "at_least": 7}, {"storeys": ["7"]}, False),
        ({"field": "since", "at_least": "2026-01-01"}, {"since": "2026-02-01"}, True),
        ({"field": "since", "at_least": "2026-01-01"}, {"since": "2025-12-31"}, False),
        ({"field": "since", "at_least": "2026-01-01"}, {"since": "zzz"}, False),
        ({"field": "name", "present": True}, {"name": "An"}, True),
        ({"field": "name", "present": True}, {"name": ""}, False),
        ({"field": "name", "present": False}, {}, True),
        (
            {"all": [{"field": "heritage", "equals": True}, {"field": "storeys", "at_least": 2}]},
            {"heritage": True, "storeys": 1},
            False,
        ),
        (
            {"any": [{"field": "heritage", "equals": True}, {"field": "storeys", "at_least": 2}]},
            {"heritage": True, "storeys": 1},
            True,
        ),
        ({"not": {"field": "heritage", "equals": True}}, {}, True),
    ],
)
def test_a_rule_holds_of_the_facts(rule: Any, facts: dict[str, Any], expected: bool) -> None:
    assert check_rule(rule or {"field": "name", "present": True}, WORDS, "when") == []
    assert holds(rule, facts) is expected


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        ({}, "when", "rule_malformed"),
        ("authorised", "when", "rule_malformed"),
        ({"field": "name"}, "when", "rule_malformed"),
        ({"equals": "x"}, "when", "rule_malformed"),
        ({"field": "name", "equals": "x", "present": True}, "when", "rule_malformed"),
        ({"field": "name", "equal": "x"}, "when", "rule_malformed"),
        ({"field": ["name"], "equals": "x"}, "when", "rule_malformed"),
        ({"field": "nmae", "equals": "x"}, "when.field", "unknown_field"),
        ({"field": "heritage", "equals": "true"}, "when.equals", "wrong_type"),
        ({"field": "storeys", "at_least": "7"}, "when.at_least", "wrong_type"),
        ({"field": "storeys", "equals": True}, "when.equals", "wrong_type"),
        ({"field": "since", "equals": "01/01/2026"}, "when.equals", "wrong_type"),
        ({"field": "name", "at_least": 1}, "when.at_least", "not_ordered"),
        ({"field": "name", "present": "yes"}, "when.present", "wrong_type"),
        ({"field": "proof", "equals": "blood"}, "when.equals", "unknown_choice"),
        ({"field": "proof", "in": []}, "when.in", "rule_malformed"),
        ({"field": "proof", "in": "dna"}, "when.in", "rule_malformed"),
        ({"field": "proof", "in": ["dna", "blood"]}, "when.in", "unknown_choice"),
        ({"all": []}, "when.all", "rule_malformed"),
        ({"any": {"field": "name", "present": True}}, "when.any", "rule_malformed"),
        ({"all": [{"field": "x", "present": True}]}, "when.all.0.field", "unknown_field"),
        ({"any": [{"field": "name", "present": True}], "field": "name"}, "when.any", "rule_malformed"),
        ({"not": {"not": {"field": "x", "present": True}}}, "when.not.not.field", "unknown_field"),
        ({"not": {"field": "name", "present": True}, "x": 1}, "when", "rule_malformed"),
    ],
)
def test_a_wrong_rule_is_named_by_path_and_reason(rule: Any, path: str, code: str) -> None:
    assert [(error["path"], error["code"]) for error in check_rule(rule, WORDS, "when")] == [(path, code)]


def test_a_persons_name_is_more_than_a_text() -> None:
    name = Vocabulary(AnswerKind.NAME)
    assert [name.problem(value) for value in ("Nguyễn Minh Khôi", "12345", 12)] == [
        None,
        "name_in_letters",
        "wrong_type",
    ]

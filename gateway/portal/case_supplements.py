"""What was asked of an applicant to add, beside what stood there and what came back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.portal.follow import answer_in_words
from gateway.portal.language import vietnamese, words

Record = Mapping[str, Any]
_PAPERS, _ANSWERS = "replaced", "replaced_answers"


def supplements_of(application: Record, definition: Record) -> list[dict[str, Any]]:
    """Each time that more was asked, the last first, with a row for each paper and each answer."""
    asked = application["supplements"]
    questions = {one["key"]: one for one in definition.get("questions", ())}
    return [
        {
            **one,
            "papers": list(_papers(application, asked[number:])),
            "answers": list(_answers(application, asked[number:], questions)),
        }
        for number, one in reversed(list(enumerate(asked)))
    ]


def _papers(application: Record, since: Sequence[Record]) -> Iterator[dict[str, Any]]:
    """Records of components as they were and as they became; `since` are this supplement and the later ones."""
    asked, *later = ({record["component"]: record for record in one.get(_PAPERS, ())} for one in since)
    now = {record["component"]: record for record in application["components"]}
    wanted = {item["component"]: item for item in since[0]["items"]}
    for key in [*wanted, *(key for key in asked if key not in wanted)]:
        present = _first(key, *later, now)
        yield {
            "name": words(wanted[key]["name"]) if key in wanted else vietnamese(asked[key]["name"]),
            "asked": wanted[key]["requirement"] if key in wanted else "",
            "before": asked.get(key) if since[0]["supplied_at"] else present,
            "after": present if since[0]["supplied_at"] else None,
        }


def _answers(application: Record, since: Sequence[Record], questions: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same of answers, in words; one that was not asked for follows from another and is told where it changed."""
    asked, *later = (one.get(_ANSWERS, {}) for one in since)
    wanted = {one["question"]: one for one in since[0]["answers"]}
    for key in [*wanted, *(key for key in asked if key not in wanted)]:
        present = _first(key, *later, application["answers"])
        before = asked.get(key) if since[0]["supplied_at"] else present
        if key not in wanted and before == present:
            continue
        question = questions.get(key, {"kind": "text", "name": key})
        yield {
            "name": words(wanted[key]["name"] if key in wanted else question["name"]),
            "asked": wanted[key]["requirement"] if key in wanted else "",
            "before": _in_words(question, before),
            "after": _in_words(question, present) if since[0]["supplied_at"] else "",
            "same": bool(since[0]["supplied_at"]) and before == present,
        }


def _first(key: str, *places: Mapping[str, Any]) -> Any:
    """What the first of the places has under a key: what gave way next, or else what stands there now."""
    return next((place[key] for place in places if key in place), None)


def _in_words(question: Record, value: Any) -> str:
    return "" if value in (None, "") else answer_in_words(question, value)

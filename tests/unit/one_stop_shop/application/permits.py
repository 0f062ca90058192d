"""Applications for a permit whose answers change."""

from typing import Any

from tests.support.world import CITIZEN, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import act

MARITAL: dict[str, Any] = {
    "procedure": "1.004873",
    "answers": {"purpose": "marriage", "marital_history": "never"},
    "components": [{"component": "to_khai", "originals": 1}],
    "quantities": {},
}


def ask(world: World, application: str, *questions: str, items: Any = (), who: Any = SPECIALIST) -> None:
    answers = [{"question": question, "requirement": "Khai lại cho đúng"} for question in questions]
    act(world, "request_supplement", application, who, items=list(items), answers=answers)


def supply(world: World, application: str, *components: Any, **answers: Any) -> None:
    act(world, "supply_supplement", application, CITIZEN, components=list(components), answers=answers)


def faults(refusal: Any) -> set[tuple[str, str]]:
    return {(wrong["path"], wrong["code"]) for wrong in refusal.value.fields}

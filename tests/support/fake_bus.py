"""A bus that answers what a test told it to, and remembers what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.errors import Error

Script = Callable[[dict[str, Any]], Any]


@dataclass
class Asked:
    """One call as it would have crossed the bus."""

    service: str
    method: str
    request: dict[str, Any]
    principal: dict[str, Any] | None
    timeout: float
    correlation_id: str
    traceparent: str


@dataclass
class FakeBus:
    """Answers by method name: a value, an error to raise, or a function of the request."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def call(
        self,
        service: str,
        method: str,
        *,
        request: dict[str, Any],
        principal: dict[str, Any] | None,
        timeout: float,
        correlation_id: str,
        traceparent: str,
    ) -> Any:
        self.asked.append(Asked(service, method, request, principal, timeout, correlation_id, traceparent))
        answer = self.answers[method]
        if isinstance(answer, Error):
            raise answer
        return answer(request) if callable(answer) else answer

    @property
    def last(self) -> Asked:
        return self.asked[-1]

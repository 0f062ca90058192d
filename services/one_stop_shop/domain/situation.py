"""What is known of one application when the rules of its procedure are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from services.one_stop_shop.domain.rules import AnswerKind, Vocabulary


class Channel(IntEnum):
    """How an application arrived, by the National Portal's codes."""

    COUNTER = 1
    ONLINE = 2
    POST = 3


APPLICANT_CLASSES = ("citizen", "organisation", "household_business")


@dataclass(frozen=True, slots=True)
class Situation:
    """The answers to the procedure's questions and what is known without asking.

    `authorised` says that the submitter acts for the owner; `province` is the one in which it is handed in, whose
    council sets fees of its own.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    case: str | None = None
    channel: Channel = Channel.ONLINE
    applicant_class: str = "citizen"
    authorised: bool = False
    province: str = ""

    def facts(self) -> dict[str, Any]:
        """What rules may speak of; the facts win over an answer of the same name."""
        return {
            **self.answers,
            "case": self.case,
            "channel": self.channel.name.lower(),
            "applicant_class": self.applicant_class,
            "authorised": self.authorised,
            "province": self.province,
        }


def common_vocabulary(cases: frozenset[str]) -> dict[str, Vocabulary]:
    """The facts that rules of every procedure may use."""
    channels = frozenset(channel.name.lower() for channel in Channel)
    return {
        "case": Vocabulary(AnswerKind.CHOICE, cases),
        "channel": Vocabulary(AnswerKind.CHOICE, channels),
        "applicant_class": Vocabulary(AnswerKind.CHOICE, frozenset(APPLICANT_CLASSES)),
        "authorised": Vocabulary(AnswerKind.YES_NO),
        "province": Vocabulary(AnswerKind.TEXT),
    }

"""The ten statuses of an application on the National Portal, under the portal's own numbers (D 2.4)."""

from enum import IntEnum
from typing import Any


class Status(IntEnum):
    """Where an application stands; money, delivery and synchronisation are told apart from it."""

    SUBMITTED = 1
    RECEIVED = 2
    REFUSED = 3
    IN_PROCESS = 4
    SUPPLEMENT = 5
    PAYMENT = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


APPLICANTS_TURN = frozenset({Status.SUPPLEMENT, Status.PAYMENT, Status.FINISHED})
"""The applicant has to add something, pay, or collect the result, which is so if it is collected at the counter."""

REFUNDABLE = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED})
"""Nothing is being done for the fee, or all of it was; before that, a fee given back would be owed again."""

RUNNING = frozenset({Status.SUBMITTED, Status.RECEIVED, Status.IN_PROCESS})
"""The agency's clock runs: it is the agency's turn."""

BEFORE_RESULT = frozenset(set(Status) - {Status.REFUSED, Status.WITHDRAWN, Status.FINISHED, Status.RETURNED})
"""Somebody still has to do something before there is a result."""

CLOSED = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.RETURNED})
"""Nobody waits any more; for the withdrawn once it is decided."""

WAITING = frozenset(set(Status) - {Status.REFUSED, Status.RETURNED})
"""Somebody may still wait for something; of the withdrawn only until it is decided."""

_NAMES = {
    "vi": {
        Status.SUBMITTED: "Mới đăng ký",
        Status.RECEIVED: "Được tiếp nhận",
        Status.REFUSED: "Không được tiếp nhận",
        Status.IN_PROCESS: "Đang xử lý",
        Status.SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
        Status.PAYMENT: "Yêu cầu thực hiện nghĩa vụ tài chính",
        Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
        Status.STOPPED: "Dừng xử lý",
        Status.FINISHED: "Đã xử lý xong",
        Status.RETURNED: "Đã trả kết quả",
    },
    "en": {
        Status.SUBMITTED: "Submitted",
        Status.RECEIVED: "Received",
        Status.REFUSED: "Not received",
        Status.IN_PROCESS: "In process",
        Status.SUPPLEMENT: "Supplement requested",
        Status.PAYMENT: "Payment requested",
        Status.WITHDRAWN: "Withdrawal requested",
        Status.STOPPED: "Stopped",
        Status.FINISHED: "Finished",
        Status.RETURNED: "Result returned",
    },
}


def status_names(status: int) -> dict[str, str]:
    """The name in each language."""
    return {language: names[Status(status)] for language, names in _NAMES.items()}


def named(status: int) -> dict[str, Any]:
    """The status as every answer shows it: the number and both its names."""
    names = status_names(status)
    return {"status": int(status), "status_name": names["vi"], "status_name_en": names["en"]}


def status_name(status: int, language: str = "vi") -> str:
    """The portal's own wording, or the English one."""
    return _NAMES[language][Status(status)]

"""The legal clock of an application, as officers see it: a bar, and in words why it stands and until when."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.portal.language import clock as told_moment
from gateway.portal.language import gettext as _
from gateway.portal.language import said

Application = Mapping[str, Any]

_SUPPLEMENT, _PAYMENT, _WITHDRAWN, _STOPPED = 5, 6, 7, 8
_WHY = {
    _SUPPLEMENT: said("chờ người nộp bổ sung"),
    _PAYMENT: said("chờ người nộp nộp phí, lệ phí"),
    _WITHDRAWN: said("chờ trả lời yêu cầu rút hồ sơ"),
    _STOPPED: said("cơ quan tạm dừng giải quyết"),
}
_UNTIL = {
    _SUPPLEMENT: (
        said("Người nộp phải bổ sung trước %(moment)s."),
        said("Người nộp phải bổ sung trước %(moment)s; thời hạn này đã hết."),
    ),
    _PAYMENT: (
        said("Người nộp phải nộp tiền trước %(moment)s."),
        said("Người nộp phải nộp tiền trước %(moment)s; thời hạn này đã hết."),
    ),
}
"""Until when the applicant has to act, and the same once that is over."""


def clock_words(application: Application) -> list[str]:
    """Since when and why the clock stands, until when it waits, and what becomes of the due moment.

    Empty where nothing is waited for. Where the procedure lets its clock run on while it waits, that is said instead.
    """
    status = application["status"]
    since = _stands_since(application) if status in _WHY and not application["withdrawn"] else None
    return list(_told(application, status, since)) if since else []


def _told(application: Application, status: int, since: str) -> Iterator[str]:
    figures = {"moment": told_moment(since), "why": _(_WHY[status])}
    if _runs_on(application["clock"]):
        yield _("Từ %(moment)s %(why)s. Thủ tục này không dừng đồng hồ trong lúc chờ.", **figures)
    elif application["clock"]:
        yield _("Đồng hồ đang dừng từ %(moment)s: %(why)s.", **figures)
    else:
        yield _("Thời hạn tiếp nhận đang dừng từ %(moment)s: %(why)s.", **figures)
    if status in _UNTIL:
        waits, over = _UNTIL[status]
        yield _(over if _is_over(application) else waits, moment=told_moment(application["deadline_at"]))
    yield from _afterwards(application, status, since)


def _afterwards(application: Application, status: int, since: str) -> Iterator[str]:
    clock, due = application["clock"], application["due_at"]
    if not clock:
        yield _("Sau đó thời hạn tiếp nhận được tính tiếp phần còn lại.")
    elif due and not _runs_on(clock):
        if datetime.fromisoformat(since) > datetime.fromisoformat(due):
            yield _("Hẹn trả đã quá trước khi đồng hồ dừng nên không thay đổi.")
        elif clock["policy"] == "RESTART" and status == _SUPPLEMENT:
            yield _("Sau đó thời hạn được tính lại từ đầu, hẹn trả được tính lại theo.")
        else:
            yield _("Sau đó hẹn trả được tính lại: thời gian chờ không tính.")


def _stands_since(application: Application) -> str | None:
    if paused := _paused_from(application["clock"]):
        return paused
    match application["status"]:  # before reception there is no clock that could tell
        case 5:
            return str(application["supplements"][-1]["asked_at"])
        case 6:
            return str(application["payment"]["requested_at"])
        case 7:
            return str(application["withdrawal"]["requested_at"])
    return None


def _is_over(application: Application) -> bool:
    if application["status"] == _SUPPLEMENT:
        return bool(application["supplements"][-1]["expired_at"])
    return bool(application["payment"]["state"] == "expired")


def _paused_from(clock: Mapping[str, Any]) -> str | None:
    """Since when an interval lasts."""
    intervals = clock.get("intervals", ())
    return intervals[-1]["paused_from"] if intervals and intervals[-1]["paused_to"] is None else None


def _runs_on(clock: Mapping[str, Any]) -> bool:
    return clock.get("policy") == "NONE"


def clock_bar(application: Application, now: datetime) -> dict[str, Any] | None:
    """The clock as a bar of 100: what has passed, where it stood, where now is and where the result is due.

    A clock that stands is not late by what passes while it does.
    """
    clock = application["clock"]
    if not clock.get("started_at") or not application["due_at"]:
        return None
    start, due = datetime.fromisoformat(clock["started_at"]), datetime.fromisoformat(application["due_at"])
    stopped = _moment_or(clock.get("stopped_at"), now)
    reckoned = stopped if _runs_on(clock) else _moment_or(_paused_from(clock), stopped)
    whole = max((max(due, stopped) - start).total_seconds(), 1.0)

    def place(moment: datetime) -> float:
        return round(min(max((moment - start).total_seconds() / whole, 0.0), 1.0) * 100, 2)

    pauses = [
        (place(datetime.fromisoformat(one["paused_from"])), place(_moment_or(one["paused_to"], stopped)))
        for one in clock["intervals"]
        if not _runs_on(clock)
    ]
    return {
        "passed": place(stopped),
        "due": place(due),
        "pauses": [{"at": begin, "width": max(round(until - begin, 2), 0.5)} for begin, until in pauses],
        "late": reckoned > due,
        "start": clock["started_at"],
        "due_at": application["due_at"],
        "ended": bool(clock.get("stopped_at")),
        "stands": reckoned is not stopped,
    }


def _moment_or(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise

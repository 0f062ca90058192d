"""Who may be given an application: officers whose posts let them do its next step, and nobody else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.one_stop_shop.domain.actors import HEAD_OF_UNIT, OFFICERS
from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Error, Forbidden, Invalid, field_error
from shared.officers import Officer, unfit
from shared.words import words
from shared.working_time import VIETNAM

FREE: Changes = {"assignee": None, "assignee_name": None}


def same_office(directory: Directory, agency: str, day: date) -> frozenset[str]:
    """An agency and the one that has taken over from it by that day, where its officers' posts go on."""
    try:
        return frozenset((agency, directory.current(agency, day).code))
    except Error:
        return frozenset((agency,))


def cannot_have(application: Application, officer: Officer | None, occasion: Occasion) -> str:
    """Why the officer cannot have the application as it stands; empty when they can."""
    day = occasion.now.astimezone(VIETNAM).date()
    own = filter(None, (application["received_agency"], application["competent_agency"]))
    agencies = frozenset[str]().union(*(same_office(occasion.directory, agency, day) for agency in own))
    return unfit(officer, agencies, _roles(application), day)


def _roles(application: Application) -> tuple[str, ...]:
    """While it is processed the present step says whose work it is; the head may do all."""
    if application["status"] != Status.IN_PROCESS or not application["step"]:
        return OFFICERS
    step = next(step for step in application["steps"] if step["key"] == application["step"])
    return (step["role"], HEAD_OF_UNIT)


def given(application: Application, occasion: Occasion, request: Mapping[str, Any]) -> Changes:
    """The application in the hands of the `assignee` asked for, who is `officer` in the directory; or in nobody's.

    The name is the directory's. Whoever names another person means somebody else, and learns it.

    Raises:
        Invalid: naming why this officer cannot have it.
    """
    account, officer = request["assignee"], request.get("officer")
    if not account and request.get("assignee_name"):  # a name alone is nobody's account, and was meant for somebody
        raise Invalid("request_invalid", fields=[field_error("assignee", "required")])
    if not account:
        return FREE
    problem = cannot_have(application, officer, occasion)
    if problem or officer is None:
        raise Invalid("request_invalid", fields=[field_error("assignee", problem, officer=account)])
    named = words(request.get("assignee_name") or "")
    if named and named != words(officer.name):
        raise Invalid(
            "request_invalid", fields=[field_error("assignee_name", "officer_name_differs", name=officer.name)]
        )
    return {"assignee": account, "assignee_name": officer.name}


def taken(application: Application, occasion: Occasion, officer: Officer) -> Changes:
    """The application in the hands of the actor, who is `officer` in the directory.

    Raises:
        Forbidden: naming why they cannot have it.
    """
    problem = cannot_have(application, officer, occasion)
    if problem:
        raise Forbidden(problem, officer=occasion.actor.subject)
    return {"assignee": occasion.actor.subject, "assignee_name": officer.name}


def hand_on(
    application: Application, occasion: Occasion, account: str, officer: Officer, successor: Officer | None
) -> Decision | None:
    """What becomes of an application that `account` has: None when its officer may keep it.

    Else it goes to the same person under another account, or to the successor, or waits in the queue again.
    """
    if application["assignee"] != account:
        return None
    if officer.account == account and not cannot_have(application, officer, occasion):
        return None
    takers = [taker for taker in (officer, successor) if taker and taker.account not in (None, account)]
    taker = next((taker for taker in takers if not cannot_have(application, taker, occasion)), None)
    changes = {"assignee": taker.account, "assignee_name": taker.name} if taker else FREE
    reason = f"{application['assignee_name']} không còn giữ chức vụ phù hợp tại cơ quan"
    if taker is officer:
        reason = f"{officer.name} dùng tài khoản mới"
    reason += f"; {taker.name} tiếp tục xử lý" if taker else "; hồ sơ trở lại danh sách chờ nhận xử lý"
    return Decision("assignment_changed", {**changes}, {"assignee": changes["assignee"]}, reason)

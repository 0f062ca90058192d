"""The officer of a SCIM user: found or appointed, and changed as is wished."""

from collections.abc import Mapping
from typing import Any

from services.email_provisioning.domain.posts import day_before
from services.email_provisioning.domain.scim.posts import step_towards
from services.email_provisioning.domain.scim.wishes import UserWish
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases import officers as commands
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.loading import load_officer
from services.email_provisioning.usecases.scim.attempt import REASON, Attempt
from shared.agency_codes import agency_id
from shared.errors import Conflict, Invalid, field_error


def officer_of_user(attempt: Attempt, wish: UserWish) -> Document | None:
    """The officer for whom the user speaks, appointed if need be; None when that is not wished or not possible."""
    if attempt.kept.officer is not None:
        return _load(attempt, attempt.kept.officer)
    if wish.agency is None:
        return None
    known = _known(attempt.context, wish)
    if known is not None:
        return _claimed(attempt, known)
    return _claimed(attempt, _appoint(attempt, wish))


def change_officer(attempt: Attempt, officer: Document, wish: UserWish) -> bool:
    """Bring what the directory says of the officer to what is wished; whether they have another post now."""
    with attempt.step():
        changes = _differing(officer, wish)
        if changes:
            attempt.tell(commands.change_officer, officer=officer["_id"], reason=REASON, **changes)
    moved = False
    with attempt.step():
        moved = _move(attempt, officer["_id"], wish)
    return moved


def _load(attempt: Attempt, identifier: str) -> Document:
    """The officer, if whoever sent the wish may know of them."""
    return load_officer(attempt.context, identifier, attempt.actor).document


def _known(context: Context, wish: UserWish) -> str | None:
    """Somebody whom the directory has by this staff number or account."""
    if wish.number is not None:
        found = context.officers.by_number([wish.number]).get(wish.number)
        if found is not None:
            return str(found["_id"])
    if wish.account is not None:
        return context.officers.with_accounts([wish.account]).get(wish.account)
    return None


def _claimed(attempt: Attempt, identifier: str) -> Document:
    officer = _load(attempt, identifier)
    if not attempt.context.scim.resources.claim(attempt.kept.id, identifier):
        raise Conflict("scim_officer_spoken_for")
    return officer


def _appoint(attempt: Attempt, wish: UserWish) -> str:
    """A new officer; the same one whenever this is tried again."""
    if wish.name is None:
        raise Invalid("request_invalid", fields=[field_error("name", "required")])
    body: dict[str, Any] = {"name": wish.name, "number": wish.number, "account": wish.account, "phone": wish.phone}
    wanted = wish.post() | {"agency": _agency(attempt.context, wish)["code"]}
    post = _present(wanted | {"starts_on": wish.starts_on})
    attempt.own["post"] = wanted
    key = f"scim:{attempt.kept.id}"
    answered = attempt.tell(commands.appoint_officer, key=key, reason=REASON, post=post, **_present(body))
    return str(answered["id"])


def _agency(context: Context, wish: UserWish) -> Document:
    """The agency that is named, by either generation of identifiers."""
    code = agency_id(wish.agency or "")
    agency = context.agencies.known([code]).get(code)
    if agency is None:
        raise Invalid("request_invalid", fields=[field_error("post.agency", "agency_unknown", agency=code)])
    return agency


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _differing(officer: Document, wish: UserWish) -> dict[str, Any]:
    """What is wished otherwise; what is not wished at all stays."""
    wished = {"name": wish.name, "number": wish.number, "account": wish.account, "phone": wish.phone}
    return {name: value for name, value in wished.items() if value is not None and value != officer[name]}


def _move(attempt: Attempt, identifier: str, wish: UserWish) -> bool:
    if wish.agency is None:
        return False
    context = attempt.context
    wanted = wish.post() | {"agency": _agency(context, wish)["code"]}
    officer = _load(attempt, identifier)
    step = step_towards(
        officer["posts"], wanted, attempt.own.get("post"), starts_on=wish.starts_on, today=context.today()
    )
    if step is not None:
        post = _present(wanted) | {"starts_on": step.starts_on}
        attempt.tell(getattr(commands, step.action), officer=identifier, reason=REASON, post=post)
        if step.former is not None:
            number = _load(attempt, identifier)["posts"].index(step.former)
            last_day = day_before(step.starts_on)
            attempt.tell(commands.end_post, officer=identifier, reason=REASON, post=number, last_day=last_day)
    attempt.own["post"] = wanted
    return step is not None

"""One mailbox: requested, and changed by the rows of the table; every change is a new generation for its host."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.mail.states import Mailbox, State, check_allowed
from services.email_provisioning.domain.mail.surroundings import Surroundings

Changes = dict[str, Any]
Body = Mapping[str, Any]

MONTHS_UNTIL_REVOKED, MONTHS_OF_LEADERS = 6, 12
"""After retiring, resigning or moving away (Decision 652/QĐ-BTTTT): heads of division and below, and their leaders."""


def request_mailbox(
    identifier: str, *, kind: str, address: str, owner: str, agency: str, quota: int, today: date
) -> Changes:
    """A mailbox that waits for approval; `quota` is in MiB."""
    return {
        "_id": identifier,
        "kind": kind,
        "state": State.REQUESTED,
        "before": None,
        "address": address,
        "aliases": [],
        "owners": [{"officer": owner, "from": today.isoformat(), "until": None}],
        "agency": agency,
        "quota": quota,
        "suspension": None,
        "revoke_on": None,
        "revoked_on": None,
        "hold": "",
        "generation": 1,
        "secrets": 1,
    }


def decide(mailbox: Mailbox, action: str, body: Body, actor: Actor, around: Surroundings) -> Changes:
    """The fields that an action changes, with the next generation.

    Raises:
        Forbidden, Conflict: as `check_allowed` says.
    """
    row = check_allowed(mailbox, action, body, actor, around)
    changes = _DECISIONS.get(action, _nothing_more)(mailbox, body, around)
    if row.to is not None:
        changes = {"state": row.to, "before": mailbox["state"]} | changes
    return changes | {"generation": mailbox["generation"] + 1}


def revocation_day(left_on: date, *, leader: bool) -> date:
    """The day on which the mailbox of somebody who left is revoked, months after the last day."""
    months = left_on.month - 1 + (MONTHS_OF_LEADERS if leader else MONTHS_UNTIL_REVOKED)
    first = date(left_on.year + months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(left_on.day, last.day))


def _nothing_more(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {}


def _suspend(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    """Sessions, app passwords and tokens die with it; a scheduled day stays."""
    return {"suspension": body["suspension"], "secrets": mailbox["secrets"] + 1}


def _restore(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {"suspension": None, "revoke_on": None}


def _schedule(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    before = mailbox["before"] if mailbox["state"] == State.SCHEDULED else mailbox["state"]
    return {"revoke_on": body["revoke_on"].isoformat(), "before": before}


def _cancel(mailbox: Mailbox, _: Body, __: Surroundings) -> Changes:
    return {"state": mailbox["before"], "before": mailbox["state"], "revoke_on": None}


def _revoke(mailbox: Mailbox, _: Body, around: Surroundings) -> Changes:
    return {"revoked_on": around.today.isoformat(), "suspension": None, "secrets": mailbox["secrets"] + 1}


def _reinstate(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {"revoked_on": None, "revoke_on": None}


def _purge(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {"aliases": [], "quota": 0}


def _hold(_: Mailbox, body: Body, __: Surroundings) -> Changes:
    return {"hold": body["reason"]}


def _release(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {"hold": ""}


def _rename(mailbox: Mailbox, body: Body, around: Surroundings) -> Changes:
    """The old address leads here for a while; mail stays where it is, because its home is the identifier's."""
    until = (around.today + timedelta(days=around.alias_days)).isoformat()
    kept = [alias for alias in mailbox["aliases"] if alias["address"] != body["address"]]
    return {"address": body["address"], "aliases": [*kept, {"address": mailbox["address"], "until": until}]}


def _transfer(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    return {"agency": body["agency"], "quota": body.get("quota", mailbox["quota"])}


def _hand_over(mailbox: Mailbox, body: Body, around: Surroundings) -> Changes:
    """A unit's or post's mailbox goes to the next owner at once; who had it before stays on record."""
    today = around.today.isoformat()
    former = [{**owner, "until": owner["until"] or today} for owner in mailbox["owners"]]
    owners = [*former, {"officer": body["owner"], "from": today, "until": None}]
    return {"owners": owners, "secrets": mailbox["secrets"] + 1}


def _change_quota(_: Mailbox, body: Body, __: Surroundings) -> Changes:
    return {"quota": body["quota"]}


_DECISIONS: Mapping[str, Callable[[Mailbox, Body, Surroundings], Changes]] = {
    "suspend": _suspend,
    "restore": _restore,
    "schedule_revocation": _schedule,
    "cancel_revocation": _cancel,
    "revoke": _revoke,
    "reinstate": _reinstate,
    "purge": _purge,
    "hold": _hold,
    "release_hold": _release,
    "rename": _rename,
    "transfer": _transfer,
    "hand_over": _hand_over,
    "change_quota": _change_quota,
}

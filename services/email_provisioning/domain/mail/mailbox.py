"""One mailbox: requested, and changed by the rows of the table; every change is a new generation for its host."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.mail.guards import working
from services.email_provisioning.domain.mail.states import Mailbox, State, check_allowed
from services.email_provisioning.domain.mail.surroundings import Surroundings

Changes = dict[str, Any]
Body = Mapping[str, Any]

MONTHS_UNTIL_REVOKED, MONTHS_OF_LEADERS = 6, 12
"""After retiring, resigning or moving away (Decision 652/QĐ-BTTTT): heads of division and below, and their leaders."""


def request_mailbox(
    identifier: str,
    *,
    kind: str,
    address: str,
    owner: str,
    agency: str,
    quota: int,
    today: date,
    name: str = "",
    unit: str | None = None,
    members: Mapping[str, Any] | None = None,
    posters: Mapping[str, Any] | None = None,
) -> Changes:
    """A mailbox that waits for approval; `quota` is in MiB.

    A group has `members`, a question to the directory (`agency`, `below`, `unit`, `role`), and `posters`: who may
    write to it (`who`, and `addresses` beside them). `targets` is what the question was last answered with.
    `sends_as` are addresses of other mailboxes of its owner. `released` are addresses that were its own, each with
    the last day. `left` is the owner's last day, once what follows from leaving was done.
    """
    return {
        "_id": identifier,
        "kind": kind,
        "name": name,
        "unit": unit,
        "members": members,
        "posters": posters,
        "targets": [],
        "sends_as": [],
        "released": [],
        "left": None,
        "link": None,
        "password": "",
        "app_passwords": [],
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
    """The fields that an action changes, with the next generation unless no host would do anything about it.

    Raises:
        Forbidden, Conflict: as `check_allowed` says.
    """
    row = check_allowed(mailbox, action, body, actor, around)
    changes = _DECISIONS.get(action, _nothing_more)(mailbox, body, around)
    if row.to is not None:
        changes = {"state": row.to, "before": mailbox["state"]} | changes
    return changes if row.quiet else changes | {"generation": mailbox["generation"] + 1}


def revocation_day(left_on: date, *, leader: bool) -> date:
    """The day on which the mailbox of somebody who left is revoked, months after the last day."""
    months = left_on.month - 1 + (MONTHS_OF_LEADERS if leader else MONTHS_UNTIL_REVOKED)
    first = date(left_on.year + months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(left_on.day, last.day))


def _nothing_more(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {}


def _suspend(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    """Sessions, app passwords and links die with it; a scheduled day and the person's own password stay."""
    return {"suspension": body["suspension"]} | _void(mailbox)


def _void(mailbox: Mailbox) -> Changes:
    """Whoever is signed in has to sign in again, and with nothing that was made for one device."""
    return {"secrets": mailbox["secrets"] + 1, "app_passwords": [], "link": None}


def _restore(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {"suspension": None, "revoke_on": None}


def _schedule(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    before = mailbox["before"] if mailbox["state"] == State.SCHEDULED else mailbox["state"]
    left = {"left": body["left"]} if "left" in body else {}
    return {"revoke_on": body["revoke_on"].isoformat(), "before": before} | left


def _cancel(mailbox: Mailbox, _: Body, __: Surroundings) -> Changes:
    return {"state": mailbox["before"], "before": mailbox["state"], "revoke_on": None}


def _revoke(mailbox: Mailbox, _: Body, around: Surroundings) -> Changes:
    return {"revoked_on": around.today.isoformat(), "suspension": None, "password": ""} | _void(mailbox)


def _reinstate(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {"revoked_on": None, "revoke_on": None}


def _purge(mailbox: Mailbox, _: Body, __: Surroundings) -> Changes:
    """Its addresses have rested since it was revoked."""
    addresses = [mailbox["address"], *(alias["address"] for alias in mailbox["aliases"])]
    released = [{"address": address, "on": mailbox["revoked_on"]} for address in addresses]
    return {"aliases": [], "quota": 0, "targets": [], "released": _released(mailbox, released)}


def _hold(_: Mailbox, body: Body, __: Surroundings) -> Changes:
    return {"hold": body["reason"]}


def _release(_: Mailbox, __: Body, ___: Surroundings) -> Changes:
    return {"hold": ""}


def _rename(mailbox: Mailbox, body: Body, around: Surroundings) -> Changes:
    """The old address leads here for a while; mail stays where it is, because its home is the identifier's."""
    until = (around.today + timedelta(days=around.alias_days)).isoformat()
    kept = [alias for alias in mailbox["aliases"] if alias["address"] != body["address"]]
    return {
        "address": body["address"],
        "aliases": [*kept, {"address": mailbox["address"], "until": until}],
        "released": _released(mailbox, (), body["address"]),
    }


def _add_alias(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    """A further address with its last day; one that is there already gets another day."""
    kept = [alias for alias in mailbox["aliases"] if alias["address"] != body["address"]]
    aliases = [*kept, {"address": body["address"], "until": body["until"].isoformat()}]
    return {"aliases": aliases, "released": _released(mailbox, (), body["address"])}


def _remove_alias(mailbox: Mailbox, body: Body, around: Surroundings) -> Changes:
    kept = [alias for alias in mailbox["aliases"] if alias["address"] != body["address"]]
    gone = {"address": body["address"], "on": around.today.isoformat()}
    return {"aliases": kept, "released": _released(mailbox, [gone])}


def _end_aliases(mailbox: Mailbox, _: Body, around: Surroundings) -> Changes:
    """Those whose last day is over."""
    today = around.today.isoformat()
    over = [{"address": alias["address"], "on": alias["until"]} for alias in over_aliases(mailbox, today)]
    kept = [alias for alias in mailbox["aliases"] if alias["until"] >= today]
    return {"aliases": kept, "released": _released(mailbox, over)}


def over_aliases(mailbox: Mailbox, today: str) -> list[Mapping[str, Any]]:
    """The aliases whose last day is over."""
    return [alias for alias in mailbox["aliases"] if alias["until"] < today]


def _released(mailbox: Mailbox, more: Sequence[Mapping[str, str]], taken_back: str = "") -> list[Mapping[str, str]]:
    return [*(one for one in mailbox["released"] if one["address"] != taken_back), *more]


def _transfer(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    return {"agency": body["agency"], "quota": body.get("quota", mailbox["quota"])}


def _hand_over(mailbox: Mailbox, body: Body, around: Surroundings) -> Changes:
    """A unit's or post's mailbox goes to the next owner at once; who had it before stays on record."""
    owners = [*_former(mailbox, around), {"officer": body["owner"], "from": around.today.isoformat(), "until": None}]
    return {"owners": owners, "password": ""} | _void(mailbox)


def _leave_unowned(mailbox: Mailbox, _: Body, around: Surroundings) -> Changes:
    """Whoever had it is gone and nobody took over: it keeps mail, and opens for nobody until it is handed over."""
    owners = _former(mailbox, around)
    return {"owners": owners, "password": "", "suspension": mailbox["suspension"] or "receive"} | _void(mailbox)


def _former(mailbox: Mailbox, around: Surroundings) -> list[dict[str, Any]]:
    return [{**owner, "until": owner["until"] or around.today.isoformat()} for owner in mailbox["owners"]]


def _change_quota(_: Mailbox, body: Body, __: Surroundings) -> Changes:
    return {"quota": body["quota"]}


def _change_group(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    return {name: body.get(name) or mailbox[name] for name in ("members", "posters")}


def _refresh(_: Mailbox, body: Body, __: Surroundings) -> Changes:
    """What follows from other aggregates: the owner's name, a group's targets, whose addresses may be used."""
    return {name: body[name] for name in ("name", "targets", "sends_as") if name in body}


def _issue_link(_: Mailbox, body: Body, __: Surroundings) -> Changes:
    """A new link takes the place of the one before."""
    return {"link": body["link"]}


def _set_password(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    """Whoever had got in with another password is out; the link is kept as used, so that a repetition is known."""
    return _void(mailbox) | {"password": body["password"], "link": {**mailbox["link"], "used": True}}


def _make_app_password(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    return {"app_passwords": [*working(mailbox), {**body["made"], "secrets": mailbox["secrets"]}]}


def _revoke_app_password(mailbox: Mailbox, body: Body, _: Surroundings) -> Changes:
    return {"app_passwords": [known for known in working(mailbox) if known["id"] != body["app_password"]]}


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
    "leave_unowned": _leave_unowned,
    "change_quota": _change_quota,
    "add_alias": _add_alias,
    "remove_alias": _remove_alias,
    "end_aliases": _end_aliases,
    "change_group": _change_group,
    "refresh": _refresh,
    "issue_password_link": _issue_link,
    "set_password": _set_password,
    "make_app_password": _make_app_password,
    "revoke_app_password": _revoke_app_password,
}

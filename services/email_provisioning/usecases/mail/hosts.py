"""What mail hosts ask and report, and how far they have come."""

from collections.abc import Mapping
from typing import Any

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.desired import desired
from services.email_provisioning.domain.mail.guards import working
from services.email_provisioning.domain.mail.states import State
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.mail.changes import change
from services.email_provisioning.usecases.mail.loading import mail_scope
from shared.contracts.base import Request as Schema
from shared.contracts.email_provisioning.mail_host import (
    ListMailInstructions,
    ReadMailInstructions,
    ReportMailApplied,
    ReportMailDrift,
    ReportMailUsage,
    host_subject,
)
from shared.contracts.principal import Principal
from shared.errors import Conflict, Forbidden
from shared.requests import read_request

MOST_COUNTED = 100_000
"""A host that lags further behind than that is shown with this number."""

Request = dict[str, Any]


def read_mail_instructions(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """What the host should do with some mailboxes now; those that it need not know do not exist for it."""
    body = _from_host(context, ReadMailInstructions, request, principal)
    found = {one["_id"]: one for one in context.mail.mailboxes.several(body["mailboxes"])}
    items = []
    for identifier in dict.fromkeys(body["mailboxes"]):
        mailbox = found.get(identifier)
        known = mailbox is not None and body["host"] in mailbox["hosts"]
        items.append(instruction(context, mailbox) if mailbox and known else nothing(identifier))
    return {"items": items}


def list_mail_instructions(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """What the host has to know, and of which generation; purged ones only until it has destroyed their mail."""
    body = _from_host(context, ListMailInstructions, request, principal)
    host, limit = body["host"], body["limit"]
    found = context.mail.mailboxes.on_host(host, after=body["after"], limit=limit)
    items = [
        {"mailbox": mailbox["_id"], "generation": mailbox["generation"]}
        for mailbox in found
        if mailbox["state"] != State.PURGED or host in mailbox["waiting"]
    ]
    return {"items": items, "next": found[-1]["_id"] if len(found) == limit else None}


def report_mail_applied(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Note what the host did; an approved mailbox that its home host has becomes active."""
    body = _from_host(context, ReportMailApplied, request, principal)
    context.mail.hosts.note_applied(body["host"], body["reports"], context.now())
    applied: dict[str, int] = {}
    for report in body["reports"]:
        if not report["error"]:
            applied[report["mailbox"]] = max(report["generation"], applied.get(report["mailbox"], 0))
    context.mail.mailboxes.note_applied(body["host"], applied)
    for mailbox in context.mail.mailboxes.several(applied):
        if mailbox["state"] == State.APPROVED and mailbox["hosts"][:1] == [body["host"]]:
            _provision(context, mailbox, applied[mailbox["_id"]])
    return {}


def report_mail_usage(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Note how mailboxes are used."""
    body = _from_host(context, ReportMailUsage, request, principal)
    context.mail.use.note(body["host"], body["rows"], context.now())
    return {}


def report_mail_drift(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Note how the host differed from what it should be, when it compared last."""
    body = _from_host(context, ReportMailDrift, request, principal)
    drift = {name: value for name, value in body.items() if name != "host"}
    for name in ("missing", "surplus", "stale"):
        count = drift.pop(f"{name}_count")
        drift[f"{name}_count"] = len(drift[name]) if count is None else count
    context.mail.hosts.note_drift(body["host"], drift)
    return {}


def list_mail_hosts(context: Context, _: Request, principal: Principal) -> dict[str, Any]:
    """How far each host has come; whoever looks after mailboxes may know it."""
    mail_scope(actor_of(principal))
    known = context.mail.hosts.all()
    return {"hosts": [_host_view(context, host, known.get(host, {})) for host in context.mail.rules.all_hosts()]}


def instruction(context: Context, mailbox: Document) -> dict[str, Any]:
    """What hosts should do with a mailbox now, with what its owner signs in with."""
    wanted = desired(mailbox, context.today_as_date())
    exists = wanted.exists
    return {
        "mailbox": wanted.mailbox,
        "generation": wanted.generation,
        "kind": mailbox["kind"],
        "state": str(mailbox["state"]),
        "domain": mailbox["address"].partition("@")[2],
        "exists": exists,
        "login": wanted.login,
        "delivery": str(wanted.delivery),
        "addresses": list(wanted.addresses),
        "quota": wanted.quota,
        "secrets": wanted.secrets,
        "password": mailbox["password"] if exists else "",
        "app_passwords": [{"id": one["id"], "hash": one["hash"]} for one in working(mailbox)] if exists else [],
        "senders": [*wanted.addresses, *mailbox["sends_as"]] if wanted.login else [],
        "forwards": list(mailbox["targets"]) if exists else [],
        "posters": _posters(mailbox),
        "archive": mailbox["state"] == State.REVOKED,
        "purge": mailbox["state"] == State.PURGED,
    }


def nothing(identifier: str) -> dict[str, Any]:
    """The instruction about a mailbox that a host need not know."""
    return {
        "mailbox": identifier,
        "generation": 0,
        "kind": "",
        "state": "",
        "domain": "",
        "exists": False,
        "login": False,
        "delivery": "reject",
        "addresses": [],
        "quota": 0,
        "secrets": 0,
        "password": "",
        "app_passwords": [],
        "senders": [],
        "forwards": [],
        "posters": None,
        "archive": False,
        "purge": False,
    }


def _posters(mailbox: Document) -> list[str] | None:
    """Who may write to a group; None for anybody, and for every mailbox that is no group."""
    posters = mailbox["posters"]
    if posters is None or posters["who"] == "anybody":
        return None
    members = mailbox["targets"] if posters["who"] == "members" else []
    return sorted({*members, *posters["addresses"]})


def _provision(context: Context, mailbox: Document, generation: int) -> None:
    """An approved mailbox is there; whoever changed it at this moment tells the host anew."""
    if generation < mailbox["generation"]:
        return
    try:
        change(context, mailbox, "provision", {}, CLOCKWORK, reason=f"{mailbox['hosts'][0]}: {generation}")
    except Conflict:
        return


def _from_host(context: Context, schema: type[Schema], request: Request, principal: Principal) -> dict[str, Any]:
    """The body of a host's call, which must be about itself.

    Raises:
        Forbidden: `mail_host_only`.
    """
    body = read_request(schema, request)
    if principal.subject != host_subject(body["host"]) or body["host"] not in context.mail.rules.all_hosts():
        raise Forbidden("mail_host_only")
    context.mail.hosts.note_contact(body["host"], context.now())
    return body


def _host_view(context: Context, host: str, known: Mapping[str, Any]) -> dict[str, Any]:
    waiting, since = context.mail.mailboxes.lag(host, MOST_COUNTED)
    return {
        "host": host,
        "waiting": waiting,
        "waiting_since": since,
        "last_contact": known.get("last_contact"),
        "drift": known.get("drift"),
    }

"""Mailboxes as they are answered; never a secret or its hash."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.email_provisioning.domain.mail.guards import working

_ROW = (
    "kind",
    "state",
    "address",
    "name",
    "owner",
    "agency",
    "unit",
    "quota",
    "suspension",
    "revoke_on",
    "revoked_on",
    "version",
)
_WHOLE = ("aliases", "hold", "generation", "members", "posters", "sends_as")

Mailbox = Mapping[str, Any]


def receipt(mailbox: Mailbox) -> dict[str, Any]:
    """Where a mailbox stands now (`MailboxReceipt`)."""
    return {"id": mailbox["_id"]} | {name: str(mailbox[name]) for name in ("address", "state")} | _version(mailbox)


def _version(mailbox: Mailbox) -> dict[str, Any]:
    return {"version": mailbox["version"]}


def mailbox_row(mailbox: Mailbox) -> dict[str, Any]:
    """One row of a list."""
    return {"id": mailbox["_id"]} | {name: mailbox[name] for name in _ROW}


def mailbox_view(
    mailbox: Mailbox, applied: Sequence[Mailbox], usage: Mailbox | None, allowed: Sequence[str]
) -> dict[str, Any]:
    """One mailbox with what its hosts said of it, and what the caller may try."""
    return (
        mailbox_row(mailbox)
        | {name: mailbox[name] for name in _WHOLE}
        | {
            "owners": [
                {"officer": one["officer"], "since": one["from"], "until": one["until"]} for one in mailbox["owners"]
            ],
            "has_password": bool(mailbox["password"]),
            "app_passwords": len(working(mailbox)),
            "targets": len(mailbox["targets"]),
            "hosts": _on_hosts(mailbox, applied),
            "usage": usage_view(usage) if usage else None,
            "allowed": list(allowed),
        }
    )


def usage_view(usage: Mailbox) -> dict[str, Any]:
    """How full a mailbox is and when it was last used."""
    return {name: usage.get(name) for name in ("bytes", "messages", "last_login", "last_sent", "at")}


def _on_hosts(mailbox: Mailbox, applied: Sequence[Mailbox]) -> list[dict[str, Any]]:
    """How far each of its hosts is, the home first, then those that once had it; one that never told is at 0."""
    told = {str(row["host"]): row for row in applied}
    silent = {"generation": 0, "error": "", "at": None}
    return [
        {"host": host, "waiting": host in mailbox["waiting"]}
        | {name: told.get(host, silent)[name] for name in ("generation", "error", "at")}
        for host in dict.fromkeys((*mailbox["hosts"], *told))
    ]

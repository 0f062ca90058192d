"""What people sign in with: one-time links, passwords, app passwords; only hashes are kept, and only in the mailbox.

A link's token names its mailbox and holds 256 random bits, so it is found by the mailbox and kept as SHA-256. No
secret stands in the history, in an event, or in the answer that is kept for repetitions.
"""

import hashlib
import hmac
import unicodedata
import uuid
from datetime import datetime, timedelta
from typing import Any

from services.email_provisioning.domain.actors import LINK_HOLDER, Actor
from services.email_provisioning.domain.mail.guards import working
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.mail.changes import change
from services.email_provisioning.usecases.mail.commands import repeat
from services.email_provisioning.usecases.mail.loading import load_mailbox, load_used
from services.email_provisioning.usecases.mail.views import receipt
from shared.commands import ATTEMPTS, command_of
from shared.contracts.email_provisioning.mail_requests import (
    MakeAppPassword,
    PerhapsOnGround,
    RevokeAppPassword,
    SetPassword,
)
from shared.contracts.email_provisioning.mail_values import SHORTEST_PASSWORD
from shared.contracts.principal import Principal
from shared.errors import Conflict, Invalid, Stale, field_error
from shared.requests import read_request

SHORTEST_NAME = 4
"""Letters of a local part that a password must not hold; a shorter one stands in many words."""

Request = dict[str, Any]


def issue_password_link(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """A new link, good once and for some days; the one before no longer works. It is shown this once."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(PerhapsOnGround, request, path=("mailbox",))
    token = f"{request['mailbox']}.{context.mail.secrets.token()}"
    expires_at = context.now() + timedelta(hours=context.mail.rules.link_hours)
    link = {"hash": _digest(token), "expires_at": expires_at, "used": False}
    shown: list[str] = []

    def answer(mailbox: Any) -> dict[str, Any]:
        return receipt(mailbox) | {"token": None, "expires_at": expires_at.isoformat()}

    def attempt(mailbox: Document) -> dict[str, Any] | None:
        answered = change(
            context,
            mailbox,
            "issue_password_link",
            {"link": link},
            actor,
            reason=body["reason"],
            command=command,
            answer=answer,
        )
        shown[:] = [token] if answered is not None else []
        return answered

    answered = repeat(
        lambda: load_mailbox(context, request["mailbox"], actor, command["key"]), request, command, attempt
    )
    return answered | {"token": shown[0] if shown else None}


def set_password(context: Context, request: Request, __: Principal | None) -> dict[str, Any]:
    """Choose a password with the link. The link, not a key, makes it happen once: the same again changes nothing."""
    body = read_request(SetPassword, request)
    password, identifier = unicodedata.normalize("NFC", body["password"]), body["token"].partition(".")[0]
    for _ in range(ATTEMPTS):
        loaded = context.mail.mailboxes.find(identifier)
        mailbox = loaded.document if loaded else None
        if mailbox is None or not _opens(mailbox["link"], body["token"], context.now()):
            raise Conflict("password_link_useless")
        if mailbox["link"]["used"]:
            if context.mail.secrets.matches(password, mailbox["password"]):
                return {"address": mailbox["address"]}
            raise Conflict("password_link_useless")
        _refuse_weak(password, mailbox["address"])
        holder = Actor(mailbox["owner"] or "", frozenset({LINK_HOLDER}), mailbox["agency"])
        chosen = {"password": context.mail.secrets.hash_password(password)}
        if change(context, mailbox, "set_password", chosen, holder) is not None:
            return {"address": mailbox["address"]}
    raise Stale("version_stale")


def make_app_password(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """A password for one program, drawn by lot and shown this once."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(MakeAppPassword, request, path=("mailbox",))
    identifier = uuid.uuid5(uuid.NAMESPACE_OID, command["key"]).hex[:8]
    secret = f"{identifier}-{context.mail.secrets.app_password()}"  # mail hosts find the hash by what stands in front
    hashed = context.mail.secrets.hash_app_password(secret)
    made = {"id": identifier, "name": body["name"], "hash": hashed, "made_at": context.now()}
    shown: list[str] = []

    def answer(mailbox: Any) -> dict[str, Any]:
        return receipt(mailbox) | {"app_password": identifier, "secret": None}

    def attempt(mailbox: Document) -> dict[str, Any] | None:
        _, user = load_used(context, request["mailbox"], actor)
        answered = change(context, mailbox, "make_app_password", {"made": made}, user, command=command, answer=answer)
        shown[:] = [secret] if answered is not None else []
        return answered

    answered = repeat(
        lambda: load_used(context, request["mailbox"], actor, command["key"])[0], request, command, attempt
    )
    return answered | {"secret": shown[0] if shown else None}


def list_app_passwords(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Those that work, without what they are."""
    loaded, _ = load_used(context, request["mailbox"], actor_of(principal))
    found = working(loaded.document)
    return {"app_passwords": [{name: one[name] for name in ("id", "name", "made_at")} for one in found]}


def revoke_app_password(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """One that no longer works."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(RevokeAppPassword, request, path=("mailbox",))

    def attempt(mailbox: Document) -> dict[str, Any] | None:
        _, user = load_used(context, request["mailbox"], actor)
        return change(context, mailbox, "revoke_app_password", body, user, command=command)

    return repeat(lambda: load_used(context, request["mailbox"], actor, command["key"])[0], request, command, attempt)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _opens(link: Document | None, token: str, now: datetime) -> bool:
    """Whether this is the token of the link, and it is not too late; how long the look takes tells nothing."""
    return link is not None and hmac.compare_digest(link["hash"], _digest(token)) and now <= link["expires_at"]


def _refuse_weak(password: str, address: str) -> None:
    """Refuse a short password, and one that holds the address or the name in it: it is what is tried first."""
    if len(password) < SHORTEST_PASSWORD:
        wrong = field_error("password", "password_too_short", limit=SHORTEST_PASSWORD)
        raise Invalid("request_invalid", fields=[wrong])
    folded, local = password.casefold(), address.partition("@")[0]
    if address in folded or (len(local) >= SHORTEST_NAME and local in folded):
        raise Invalid("request_invalid", fields=[field_error("password", "password_tells_address")])
    if len(set(folded)) < SHORTEST_NAME:
        raise Invalid("request_invalid", fields=[field_error("password", "password_too_plain")])

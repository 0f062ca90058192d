"""Aggregates as a command or question finds them: by any identifier, seen or not there at all."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.email_provisioning.domain.access import check_sees_agency, check_sees_officer
from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from shared.agency_codes import agency_id, is_legacy_agency_id, parent_agency_id
from shared.commands import Loaded
from shared.errors import NotFound


def agency_key(context: Context, identifier: str) -> str:
    """Under which key an agency is stored, by an identifier of either generation."""
    code = agency_id(identifier)
    found = context.agencies.known([code]).get(code) if is_legacy_agency_id(code) else None
    return str(found["code"]) if found else code


def load_agency(context: Context, identifier: str, actor: Actor, command: str = "") -> Loaded:
    """The agency of an identifier of either generation, if the actor may know of it."""
    loaded = context.agencies.find(agency_key(context, identifier), command)
    check_sees_agency(actor, loaded.document if loaded else None)
    if loaded is None:
        raise NotFound("agency_not_here")
    return loaded


def load_officer(context: Context, identifier: str, actor: Actor, command: str = "") -> Loaded:
    """The officer, if the actor may know of them."""
    loaded = context.officers.find(identifier, command)
    check_sees_officer(actor, loaded.document if loaded else None)
    if loaded is None:
        raise NotFound("officer_not_here")
    return loaded


def agencies_named(context: Context, body: Mapping[str, Any]) -> dict[str, Document]:
    """Every agency that the body of a command on agencies speaks of, by the identifiers that it uses."""
    single = [body.get(name) for name in ("code", "parent", "province", "area")]
    several = [*(body.get("legacy_codes") or ()), *(body.get("successors") or ())]
    named = {agency_id(name) for name in [*single, *several] if name}
    if body.get("code") and not body.get("parent"):
        named |= {above for above in [parent_agency_id(body["code"])] if above}
    return context.agencies.known(named)


def agencies_of_posts(
    context: Context, posts: Iterable[Mapping[str, Any]], body: Mapping[str, Any] | None = None
) -> dict[str, Document]:
    """The agencies of some posts, and of the new one in the body of a command; each also under its current code."""
    named = {post["agency"] for post in posts}
    post = (body or {}).get("post")
    if isinstance(post, Mapping):
        named.add(post["agency"])
    known = context.agencies.known(named)
    return known | {agency["code"]: agency for agency in known.values()}

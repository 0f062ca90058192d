"""Drafts: kept as they come, judged only when they are handed in, and handed in once."""

from contextlib import suppress
from typing import Any
from uuid import uuid5

from services.one_stop_shop.ports import Document
from services.one_stop_shop.usecases.context import Context
from services.one_stop_shop.usecases.submit import NAMESPACE, take_in
from shared.commands import command_of
from shared.contracts.one_stop_shop.application_requests import SaveDraft, SubmitApplication
from shared.contracts.principal import Principal
from shared.errors import Conflict, Invalid, NotFound, Stale
from shared.requests import answer_page, page_of, read_request


def create_draft(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Begin a draft; the same command again answers with the same draft."""
    body, command, now = read_request(SaveDraft, request), command_of(request), context.now()
    _keep_files(context, body["content"], principal.subject)
    draft = context.drafts.add(
        {
            "_id": uuid5(NAMESPACE, f"draft:{command['key']}").hex,
            "owner": _owner(principal),
            "version": 1,
            "content": body["content"],
            "created_at": now,
            "saved_at": now,
            "digest": command["digest"],
            "expires_at": now + context.terms.keep_drafts,
            "submitted_as": None,
        }
    )
    if draft["digest"] != command["digest"]:
        raise Invalid("idempotency_key_reused")
    return _view(draft)


def get_draft(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """One's own draft."""
    return _view(_own(context, request["draft"], principal))


def list_drafts(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """One's own drafts, last saved first."""
    limit, after = page_of(request)
    drafts, following = context.drafts.page(_owner(principal), after=after, limit=limit)
    return answer_page([_view(draft) for draft in drafts], following)


def save_draft(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Put new content in the place of the old, if nobody else has; it is kept from now on anew."""
    body, now = read_request(SaveDraft, request, path=("draft",)), context.now()
    draft = _own(context, request["draft"], principal)
    _refuse_submitted(draft)
    _keep_files(context, body["content"], principal.subject)
    changes = {"content": body["content"], "saved_at": now, "expires_at": now + context.terms.keep_drafts}
    saved = context.drafts.save(draft["_id"], _owner(principal), request["_version"], changes)
    if saved is None:
        raise Stale("version_stale", version=draft["version"])
    return _view(saved)


def delete_draft(context: Context, request: dict[str, Any], principal: Principal) -> None:
    """Throw a draft away."""
    if not context.drafts.delete(request["draft"], _owner(principal)):
        raise NotFound("draft_unknown")


def submit_draft(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Hand the draft in: its application has the draft's own id, so a second one cannot come to be."""
    command, draft = command_of(request), _own(context, request["draft"], principal)
    if draft["version"] != request["_version"] and not draft["submitted_as"]:
        raise Stale("version_stale", version=draft["version"])
    content = read_request(SubmitApplication, {"channel": 2, **draft["content"]})
    try:
        receipt = take_in(context, uuid5(NAMESPACE, draft["_id"]).hex, content, principal, command)
    except Invalid as error:
        if error.code == "idempotency_key_reused":
            raise Conflict("draft_already_submitted") from error
        raise
    if not draft["submitted_as"]:
        context.drafts.save(draft["_id"], _owner(principal), draft["version"], {"submitted_as": receipt["id"]})
    return receipt


def _keep_files(context: Context, content: dict[str, Any], owner: str) -> None:
    """Files named in a draft must outlive the clearing away of uploads; which of them are sound is judged later."""
    components = content.get("components")
    for component in components if isinstance(components, list) else []:
        file = component.get("file") if isinstance(component, dict) else None
        if isinstance(file, str):
            with suppress(NotFound):
                context.files.claim(file, owner)


def _owner(principal: Principal) -> str:
    """Whose a draft is: what an officer takes down stays with their agency, wherever they go on to work."""
    return f"{principal.agency}:{principal.subject}" if principal.agency else principal.subject


def _own(context: Context, draft: str, principal: Principal) -> Document:
    found = context.drafts.find(draft, _owner(principal))
    if found is None:
        raise NotFound("draft_unknown")
    return found


def _refuse_submitted(draft: Document) -> None:
    if draft["submitted_as"]:
        raise Conflict("draft_already_submitted")


def _view(draft: Document) -> dict[str, Any]:
    names = ("content", "version", "created_at", "saved_at", "expires_at")
    return {"id": draft["_id"], **{name: draft[name] for name in names}, "application": draft["submitted_as"]}

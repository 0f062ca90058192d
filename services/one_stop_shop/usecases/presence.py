"""Officers at the same application: who else has it open, and what others did to it meanwhile."""

from datetime import timedelta
from typing import Any

from services.one_stop_shop.domain.access import works_for
from services.one_stop_shop.usecases.context import Context, actor_of
from services.one_stop_shop.usecases.queries_applications import officer_name, visible_application
from shared.contracts.one_stop_shop.requests import NotePresence
from shared.contracts.principal import Principal
from shared.errors import NotFound
from shared.requests import read_request

STAYS = timedelta(seconds=90)
"""How long somebody counts as being there after the page last said so; it says so every thirty seconds."""

MOST = 20
"""More changes than that since a page was opened are told by the history."""


def note_presence(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Note that an officer has the application open; the answer names the others, and what happened since `version`."""
    body = read_request(NotePresence, request, path=("application",))
    actor, now = actor_of(principal), context.now()
    document = visible_application(context, request["application"], actor)
    if not works_for(document, actor):
        raise NotFound("application_unknown")
    identifier = document["_id"]
    context.presence.note(identifier, actor.subject, actor.name, now=now, until=now + STAYS)
    seen = body["version"] or document["version"]
    happened = context.queries.history(identifier, after=seen, limit=MOST) if seen < document["version"] else []
    return {
        "others": context.presence.others(identifier, actor.subject, now),
        "changes": [
            {"type": one["type"], "at": one["at"], "role": one["actor"]["role"], "name": officer_name(context, one)}
            for one in happened
        ],
    }

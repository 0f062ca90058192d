"""Official documents about an application: the letters that ask for opinions, the entry of its result."""

from typing import Any

from gateway.auth.access import may
from gateway.http.call import current_call
from gateway.portal.calls import look
from gateway.portal.document_actions import in_words
from shared.errors import Unavailable

READ = "documents:read"
MOST = 50


def papers_of(application: str) -> list[dict[str, Any]] | None:
    """The documents of the reader's agency about an application; None while nobody can tell.

    Who does not work with documents gets none. The desk shows applications while document routing is away.
    """
    principal = current_call().principal
    if principal is None or not may(principal, READ):
        return []
    try:
        found = look("list_documents", {"application": application, "limit": MOST})["items"]
    except Unavailable:
        return None
    return [
        {**one, "kind_words": in_words(one, "kind_name"), "status_words": in_words(one, "status_name")} for one in found
    ]

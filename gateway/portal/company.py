"""Officers at the same application: who else has it open, and what others did to it while a page was open."""

from typing import Any

from gateway.portal.calls import do
from gateway.portal.event_words import event_words
from gateway.portal.language import gettext as _
from gateway.portal.plain_words import ROLES


def company_at(application: str, opened: int) -> dict[str, Any]:
    """What `company.html` shows; it asks for itself again, and to ask is to say that the page is open.

    `opened` is the version that the page shows.
    """
    case = f"/ban-lam-viec/{application}"
    found = do("note_presence", {"version": opened}, application=application)
    return {
        "case": case,
        "path": f"{case}?ban={opened}",
        "others": found["others"],
        "changes": [
            {
                "who": one["name"] or _(ROLES.get(one["role"], "Hệ thống")),
                "what": event_words(one["type"]),
                "at": one["at"],
            }
            for one in found["changes"]
        ],
    }

"""Calendars, and screens of rooms, behind secret addresses: who may open which, and how much one shows."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from services.conference_booking.domain.access import check_reads, sees_all
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from shared.errors import Forbidden, NotFound

BUSY, SCREEN = "busy", "screen"
_SAID = ("network", "endpoint", "agency", "detail")


def open_feed(body: Mapping[str, Any], endpoint: Document | None, token: str, occasion: Occasion) -> Decision:
    """A calendar of one endpoint, or of the actor's agency; or the screen of the endpoint's room.

    Raises:
        Forbidden: the actor is of no agency, or all of somebody else's endpoint is asked for.
    """
    actor = occasion.actor
    check_reads(actor)
    house = sees_all(actor, occasion.network)
    other = endpoint is not None and endpoint["agency"] != actor.agency and not house
    if not actor.agency or (other and body["detail"] != BUSY):
        raise Forbidden("other_agency", action="read_conferences")
    feed = {
        "network": body["network"],
        "endpoint": body["endpoint"],
        "agency": actor.agency,
        "detail": body["detail"],
        "house": house,
        "opened_by": actor.subject,
        "opened_at": occasion.now,
        "secret": digest(token),
        "open": True,
    }
    return Decision("feed_opened", feed)


def close_feed(feed: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The address leads nowhere from now on.

    Raises:
        NotFound: it is another agency's, or closed already.
    """
    own = feed["agency"] == occasion.actor.agency or sees_all(occasion.actor, occasion.network)
    if not own or not feed["open"]:
        raise NotFound("feed_unknown")
    return Decision("feed_closed", {"open": False}, reason=body["reason"])


def shows_all(feed: Document, endpoint: Document | None) -> bool:
    """Whether more than "busy" is shown; an endpoint may have gone to another agency since."""
    own = endpoint is None or feed["house"] or endpoint["agency"] == feed["agency"]
    return feed["detail"] != BUSY and bool(own)


def said_of_feed(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is announced of a calendar."""
    return {name: after[name] for name in _SAID} | dict(data)


def digest(token: str) -> str:
    """What is kept of a secret address."""
    return hashlib.sha256(token.encode()).hexdigest()


def leads_to(token: str, feed: Document | None) -> bool:
    """Whether this is the address of an open calendar."""
    return feed is not None and feed["open"] and hmac.compare_digest(feed["secret"], digest(token))

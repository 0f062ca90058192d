"""What each public host offers. Where officers have a host of their own, the citizens' one, which is on the Internet,
serves nothing that no citizen may use: no operations, no SCIM, no interface of agencies' systems.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import request

from shared.errors import NotFound


class Hosts:
    """Knows the citizens' host, if it is not everybody's."""

    def __init__(self, public_url: str, officers_url: str | None, for_citizens: Collection[str]) -> None:
        citizens = urlsplit(public_url).hostname
        apart = officers_url is not None and urlsplit(officers_url).hostname != citizens
        self._citizens = citizens if apart else None
        self._for_citizens = frozenset(for_citizens)

    def refuse_elsewhere(self, scope: str) -> None:
        """Do nothing if the request in hand came to a host that offers what this scope opens; nothing opens the rest.

        Raises:
            NotFound: it is not offered here, and does not exist as far as anybody learns.
        """
        if self._citizens is None or not scope or scope in self._for_citizens:
            return
        if _name(request.host) == self._citizens:
            raise NotFound("route_unknown")


def _name(host: str) -> str:
    """As names are compared: without port and the dot of the root, in small letters."""
    return host.partition(":")[0].rstrip(".").lower()

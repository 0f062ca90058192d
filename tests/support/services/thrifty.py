"""Counts the connections that kombu makes, each of which costs a tenth of a millisecond and a search for drivers."""

from typing import Any

import kombu

from shared.contracts.principal import Principal
from shared.messaging.rpc import rpc
from tests.support.services.echo import Nothing

_made = 0
_make = kombu.Connection.__init__


def _count(*args: Any, **kwargs: Any) -> None:
    global _made
    _made += 1
    _make(*args, **kwargs)


kombu.Connection.__init__ = _count


class Thrifty:
    """Tells the count."""

    name = "thrifty"
    nothing = Nothing()

    @rpc
    def connections_made(self, request: dict[str, Any], principal: Principal | None) -> int:
        """How many were made until now."""
        return _made

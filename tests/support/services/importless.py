"""Counts attempts to import a driver that kombu prefers where an address begins with `amqp://`."""

import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from shared.contracts.principal import Principal
from shared.messaging.extensions import rpc
from tests.support.services.echo import Nothing


class Counter(importlib.abc.MetaPathFinder):
    """Finds nothing and counts who asks."""

    wanted = 0

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Nothing."""
        self.wanted += name == "librabbitmq"
        return None


counter = Counter()
sys.meta_path.insert(0, counter)


class Importless:
    """Tells the count."""

    name = "importless"
    nothing = Nothing()

    @rpc
    def librabbitmq_wanted(self, request: dict[str, Any], principal: Principal | None) -> int:
        """How often it was wanted."""
        return counter.wanted

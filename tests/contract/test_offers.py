"""A service answers exactly what its contract offers; asked in a process that may import nameko."""

import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

import shared.contracts
from local.parts import offering
from shared.contracts.operations import Operation
from tests.architecture.sources import REPO

_ASK = """
import importlib, json, sys
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from shared.messaging.rpc import Rpc
from shared.messaging.topology import service_class

module = "ops.service" if sys.argv[1] == "watch" else f"services.{sys.argv[1]}.service"
service = service_class(importlib.import_module(module))
entrypoints = {name: getattr(value, ENTRYPOINT_EXTENSIONS_ATTR, ()) for name, value in vars(service).items()}
print(json.dumps([name for name, found in entrypoints.items() if any(isinstance(one, Rpc) for one in found)]))
"""


def offered(service: str) -> Iterator[Operation]:
    """The rows of all tables of operations in a service's contract."""
    prefix = f"{shared.contracts.__name__}.{service}"
    for found in pkgutil.walk_packages(shared.contracts.__path__, f"{shared.contracts.__name__}."):
        if found.name == prefix or found.name.startswith(f"{prefix}."):
            yield from getattr(importlib.import_module(found.name), "OPERATIONS", ())


@pytest.mark.parametrize("service", offering())
def test_every_operation_has_its_method_and_nothing_else_is_on_the_bus(service: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ASK, service], cwd=REPO, check=True, capture_output=True, text=True
    )
    assert sorted(json.loads(answer.stdout)) == sorted(operation.name for operation in offered(service))
    assert json.loads(answer.stdout)

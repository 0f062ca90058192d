"""A service answers exactly what its contract offers; asked in a process that may import nameko."""

import json
import subprocess
import sys

from shared.contracts.one_stop_shop.operations import OPERATIONS
from tests.architecture.sources import REPO

_ASK = """
import json
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from services.one_stop_shop.service import OneStopShop
from shared.messaging.extensions import Rpc

entrypoints = {name: getattr(value, ENTRYPOINT_EXTENSIONS_ATTR, ()) for name, value in vars(OneStopShop).items()}
print(json.dumps([name for name, found in entrypoints.items() if any(isinstance(one, Rpc) for one in found)]))
"""


def test_every_operation_has_its_method_and_nothing_else_is_on_the_bus() -> None:
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ASK], cwd=REPO, check=True, capture_output=True, text=True
    )
    assert sorted(json.loads(answer.stdout)) == sorted(operation.name for operation in OPERATIONS)

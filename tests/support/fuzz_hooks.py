"""Loaded by Schemathesis: well-formed requests about an application go to one on which they can be carried out.

What is malformed on purpose, such as a missing version, stays so. `FUZZ_PLATFORM` is the gateway's address,
`FUZZ_APPLICATION` the application that the settings put into every path, `FUZZ_SEEN` the file for what was answered.
"""

import os
import re
from typing import Any

import schemathesis

from shared.contracts.one_stop_shop.operations import OPERATIONS
from tests.support.ready_applications import ACTIONS, ReadyApplications

_READY = ReadyApplications(os.environ["FUZZ_PLATFORM"])
_EXAMPLES = {operation.name: dict(operation.example) for operation in OPERATIONS if operation.name in ACTIONS}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Name the application that is ready in its present version, and what only it knows in the example."""
    operation = _name(case)
    if operation not in ACTIONS or (case.path_parameters or {}).get("application") != os.environ["FUZZ_APPLICATION"]:
        return
    ready = _READY.present(operation)
    case.path_parameters["application"] = ready["id"]
    if re.fullmatch(r'"\d+"', str((case.headers or {}).get("If-Match", ""))):
        case.headers["If-Match"] = f'"{ready["version"]}"'
    if case.body == _EXAMPLES[operation]:
        case.body = _READY.body(operation)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Note the answer, and what it means for the application."""
    operation = _name(case)
    if operation not in ACTIONS:
        return
    with open(os.environ["FUZZ_SEEN"], "a", encoding="utf-8") as seen:
        seen.write(f"{operation} {response.status_code}\n")
    _READY.heed(operation, response.status_code)


def _name(case: Any) -> str:
    return str(case.operation.definition.raw.get("operationId", ""))

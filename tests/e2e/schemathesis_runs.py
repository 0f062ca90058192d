"""Runs of schemathesis, as whoever may call each operation."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx

from local.state import ROOT
from tests.support.ready_applications import ACTIONS, caller_of
from tests.support.stack import Stack

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CALLERS = {
    "applications:apply": "citizen-an",
    "files:write": "citizen-an",
    "applications:read": "reception-ninh-kieu",
    "applications:work": "reception-ninh-kieu",
    "payments:record": "reception-ninh-kieu",
    "applications:decide": "head-ninh-kieu",
    "reports:read": "head-ninh-kieu",
    "applications:synchronise": "portal-sync",
    "catalogue:write": "catalogue-can-tho",
    "documents:read": "clerk-ninh-kieu",
    "documents:register": "clerk-ninh-kieu",
    "documents:draft": "specialist-ninh-kieu",
    "documents:work": "specialist-ninh-kieu",
    "documents:sign": "head-ninh-kieu",
    "exchange:use": "system-xay-dung-thanh-hoa",
    "connections:write": "operator",
    "operations:read": "operator",
    "operations:write": "operator",
    "directory:read": "directory-can-tho",
    "directory:write": "directory-can-tho",
    "mail:read": "directory-can-tho",
    "mail:write": "directory-can-tho",
    "mail:use": "clerk-ninh-kieu",
    "scim:write": "directory-can-tho",
    "conferences:read": "technician-thanh-hoa",
    "conferences:request": "clerk-hac-thanh",
    "conferences:approve": "head-van-phong-thanh-hoa",
    "conferences:operate": "technician-thanh-hoa",
    "conferences:measure": "probe-th-05",
}
"""Who tries the operations of a scope; those without a scope are tried by nobody in particular."""

LEFT_OUT = "positive_data_acceptance"
REFUSALS = "[400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 414, 415, 416, 422, 428, 429, 431]"
SETTINGS = """
[parameters]
"path.application" = "{application}"
"path.code" = "{code}"
"path.year" = "2026"
"path.network" = "thanh-hoa"
"path.endpoint" = "th-05"
"path.technician" = "kt-hac-thanh"
"path.meeting" = "{meeting}"
"path.session" = "1"
"path.release" = "1"
"path.line" = "primary"
"path.day" = "2026-12-07"
"header.X-Request-Timeout" = "30"

[phases.coverage]
unexpected-methods = ["PATCH"]

[checks.negative_data_rejection]
expected-statuses = {refusals}

[checks.missing_required_header]
expected-statuses = {refusals}
"""
AS_CALLER = """
[[operations]]
include-operation-id-regex = "^({operations})$"
headers = {{ Authorization = "Bearer {token}" }}
"""


def caller(operation: str, scope: str) -> str | None:
    """Who tries an operation."""
    return caller_of(operation) if operation in ACTIONS else CALLERS.get(scope)


def operations_by_caller(document: dict[str, Any]) -> dict[str, list[str]]:
    """Which operations each caller tries; every operation is tried once."""
    shared_out = defaultdict(list)
    for item in document["paths"].values():
        for operation in item.values():
            if "operationId" in operation:
                name = operation["operationId"]
                scopes = [scope for need in operation["security"] for scope in need["oauth2"]]
                shared_out[caller(name, scopes[0] if scopes else "") or ""].append(name)
    return shared_out


def fuzz(stack: Stack, shared_out: dict[str, list[str]], settings: Path, hooks: dict[str, str]) -> str:
    """Run Schemathesis, each operation with the token of its caller, and answer what it said."""
    with settings.open("a") as file:
        for who, operations in shared_out.items():
            if who:
                file.write(AS_CALLER.format(operations="|".join(operations), token=stack.token(who)))
    command = [
        str(SCHEMATHESIS),
        "--config-file",
        str(settings),
        "run",
        f"{stack.base_url}/api/v1/openapi.json",
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "3",
        "--mode",
        "all",
        "--checks",
        "all",
        "--exclude-checks",
        LEFT_OUT,
        "--continue-on-failure",
        "--generation-deterministic",
        "--suppress-health-check",
        "all",
        "--request-timeout",
        "30",
        "--no-color",
    ]
    environment = {**os.environ, **hooks, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.support.fuzz_hooks"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=1700, check=False, cwd=settings.parent, env=environment
    )
    assert done.returncode == 0, f"{done.stdout[-60_000:]}{done.stderr[-2000:]}"
    return done.stdout


def answered(stack: Stack) -> dict[tuple[str, str], set[int]]:
    """Which statuses every resource has answered with, by the gateway's own figures."""
    page = httpx.get(f"{stack.platform.health['gateway']}/metrics").text
    found = defaultdict(set)
    for labels in re.findall(r"^trucchung_gateway_requests_total\{(.*?)\}", page, re.MULTILINE):
        named = dict(re.findall(r'(\w+)="(.*?)"', labels))
        if named["route"].startswith("/api/"):
            found[named["method"], named["route"]].add(int(named["status"]))
    return found

"""Brings the seed file and the sample officers in, as often as one likes; what was changed since stays."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from services.email_provisioning.domain.actors import SETUP
from services.email_provisioning.domain.tables import officer_body, order_of
from services.email_provisioning.usecases.agency_rows import UNCHANGED, bring_in
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.officer_rows import OfficerRow, Outcome, bring_in_all
from shared.errors import Error
from shared.history import Command, canonical

REASON = "Dữ liệu khởi tạo"
BATCH = 200


def seed_agencies(context: Context, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Register or change what the file says; one sentence for every agency that was not so already.

    A row that is as it was when it was last brought in changes nothing, whatever was changed over the API since.
    """
    known = context.agencies.seeds()
    told = []
    for row in sorted(rows, key=lambda row: order_of("agencies", dict(row), 0)):
        mark = hashlib.sha256(canonical(dict(row))).hexdigest()
        if known.get(row["code"], (0, ""))[1] == mark:
            continue
        command: Command = {"key": f"seed:{row['code']}:{mark}", "digest": mark, "answer": {}}
        outcome, code = bring_in(context, row, SETUP, command, reason=REASON, seed=mark)
        if outcome != UNCHANGED:
            told.append(f"{code} {row['name']['vi']}: {_WORDS[outcome]}")
    return told


def seed_officers(context: Context, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Appoint the sample officers; those whose staff numbers are known stay as they are."""
    known = context.officers.by_number(row["number"] for row in rows)
    new = [row for row in rows if row["number"] not in known]
    told = []
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        wanted = [OfficerRow(officer_body(row), _command(row), REASON, sample=True) for row in batch]
        for row, outcome in zip(batch, bring_in_all(context, wanted, SETUP), strict=True):
            told.append(_sentence(row, outcome))
    return told


def _command(row: Mapping[str, str]) -> Command:
    digest = hashlib.sha256(canonical(dict(row))).hexdigest()
    return {"key": f"seed:{row['number']}", "digest": digest, "answer": {}}


def _sentence(row: Mapping[str, str], outcome: Outcome) -> str:
    if isinstance(outcome, Error):
        raise outcome
    return f"{row['number']} {row['name']}: {_WORDS[outcome.outcome]}"


_WORDS = {"created": "mới", "changed": "thay đổi", UNCHANGED: "không đổi"}

"""Handing in: by a citizen online, by an officer for somebody at the counter or by post, by another system."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.one_stop_shop.domain.actors import AGENCY_SYSTEM, CITIZEN, RECEPTION_OFFICER, Actor
from services.one_stop_shop.domain.application import Decision, Occasion
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.reception import receive
from services.one_stop_shop.domain.registration import (
    agencies_for,
    check_content,
    check_may_hand_in,
    day_of,
    hand_in,
)
from services.one_stop_shop.domain.situation import Channel
from services.one_stop_shop.ports import AlreadyThere, Arrival, Document
from services.one_stop_shop.usecases.attachments import attach_files
from services.one_stop_shop.usecases.changes import begun, new_application
from services.one_stop_shop.usecases.context import Context, actor_of, occasion_for, signed
from services.one_stop_shop.usecases.receipts import receipt
from shared.commands import command_of, repeated_answer
from shared.contracts.one_stop_shop.application_requests import SubmitApplication
from shared.contracts.principal import Principal
from shared.errors import Conflict, Error, Invalid, NotFound, field_error
from shared.history import Command
from shared.observability import within_present_trace
from shared.requests import read_request
from shared.working_time import VIETNAM

NAMESPACE = UUID("5d0b3c86-3b7e-5c1c-9a38-0f5f8d1b6a52")
"""Application ids follow from idempotency keys: the same key can never make two applications."""


def submit_application(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Take an application in; at the counter it is received in the same moment."""
    content = read_request(SubmitApplication, request)
    command = command_of(request)
    return take_in(context, uuid5(NAMESPACE, command["key"]).hex, content, principal, command)


def take_in(
    context: Context, application: str, content: dict[str, Any], principal: Principal, command: Command
) -> dict[str, Any]:
    """Store an application under this id, unless the same command has already done so."""
    try:
        arrival = _prepare(context, application, content, actor_of(principal), command)
        return receipt(context.applications.add(arrival))
    except AlreadyThere as error:
        if error.field == "national_code":
            raise Conflict("national_code_taken", national_code=content["national_code"]) from error
        return _first_answer(context, application, command)
    except Error:
        # What was refused now may be the repetition of what was accepted before the rules changed.
        if context.applications.find(application, command["key"]) is None:
            raise
        return _first_answer(context, application, command)


def _first_answer(context: Context, application: str, command: Command) -> dict[str, Any]:
    loaded = context.applications.find(application, command["key"])
    if loaded is None:
        raise NotFound("application_unknown")
    return repeated_answer(loaded.repeated, command)


def _prepare(context: Context, application: str, content: dict[str, Any], actor: Actor, command: Command) -> Arrival:
    today = context.now().astimezone(VIETNAM).date()
    version = _version_for(context, content["procedure"], today)
    check_may_hand_in(content, actor, version)
    directory = context.offices.directory()
    agencies = agencies_for(content, actor, version, directory, today)
    occasion = occasion_for(context, actor, version, agencies.received)
    content = {**content, "province": directory.province_of(agencies.received)}
    check_content(content, directory, occasion)
    decision = hand_in(attach_files(context, content, actor.subject), agencies, occasion)
    return Arrival(
        application,
        agencies.received,
        day_of(occasion),
        within_present_trace(lambda code: _write(context, application, code, decision, occasion, command)),
        decision.changes.get("national_code"),
    )


def _version_for(context: Context, procedure: str, on: date) -> ProcedureVersion:
    try:
        return context.catalogue.in_force(procedure, on)
    except NotFound as error:
        wrong = field_error("procedure", error.code, **({"procedure": procedure} | error.params))
        raise Invalid(error.code, fields=[wrong], **error.params) from error


def _write(
    context: Context, application: str, code: str, handed_in: Decision, occasion: Occasion, command: Command
) -> Document:
    """The document with its first entry; what comes to the counter is received at once and never has status 1."""
    first = handed_in
    if handed_in.changes["channel"] == Channel.COUNTER:
        received = receive({**new_application(application, code), **handed_in.changes}, occasion, {"note": ""})
        first = replace(received, changes={**handed_in.changes, **received.changes})
    return begun(application, code, first, occasion, signed(context, occasion.actor, _MAY_HAND_IN), command)


_MAY_HAND_IN = (CITIZEN, RECEPTION_OFFICER, AGENCY_SYSTEM)

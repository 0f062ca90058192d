"""A mailbox is asked for: for whom, where, and under which address that nobody else has."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from services.email_provisioning.domain.access import check_open
from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.decisions import Decision
from services.email_provisioning.domain.mail.addresses import check_chosen, may_take
from services.email_provisioning.domain.mail.guards import GROUP, PERSONAL
from services.email_provisioning.domain.mail.mailbox import request_mailbox as new_mailbox
from services.email_provisioning.domain.mail.rules import MailDomain
from services.email_provisioning.domain.mail.states import LIVING, State
from services.email_provisioning.domain.posts import holds
from services.email_provisioning.domain.units import unit_of
from services.email_provisioning.ports import AlreadyThere, Document
from services.email_provisioning.usecases.changes import record
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.loading import load_officer
from services.email_provisioning.usecases.mail.changes import followed
from services.email_provisioning.usecases.mail.loading import load_mail_agency, mail_scope
from services.email_provisioning.usecases.mail.surroundings import free_addresses, given, personal_ones
from services.email_provisioning.usecases.mail.views import receipt
from shared.commands import command_of, first_document, new_aggregate, repeated_answer
from shared.contracts.email_provisioning.mail_requests import RequestMailbox
from shared.contracts.principal import Principal
from shared.errors import Conflict, Invalid, NotFound, field_error
from shared.history import Command
from shared.requests import read_request

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:truc-chung:mailboxes")

Body = Mapping[str, Any]


def request_mailbox(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Ask for a mailbox; the identifier follows from the key of the command, so that a repetition makes no second."""
    command = command_of(request)
    body = read_request(RequestMailbox, request)
    return ask_for(context, body, actor_of(principal), command)


def ask_for(context: Context, body: Body, actor: Actor, command: Command) -> dict[str, Any]:
    """Keep a new mailbox that waits for approval.

    Raises:
        Conflict: the person has one already, the agency has no domain, or the chosen address is somebody else's.
    """
    mail_scope(actor)
    identifier = uuid.uuid5(NAMESPACE, command["key"]).hex
    earlier = context.mail.mailboxes.find(identifier, command["key"])
    if earlier is not None:
        return repeated_answer(earlier.repeated, command)
    officer = _owner(context, body["owner"], actor)
    agency = _agency(context, body, officer, actor)
    domain = context.mail.rules.domain_for(agency["within"])
    if domain is None:
        raise Conflict("mail_domain_missing", agency=agency["code"])
    if body["kind"] == PERSONAL:
        _refuse_second(context, officer, agency, identifier)
    fields = _fields(context, body, officer, agency)
    for address in _addresses(context, identifier, body, fields["name"], agency, domain):
        new = new_mailbox(identifier, address=address, today=context.today_as_date(), **fields)
        document, answered = _first(context, new, actor, command, body["reason"])
        try:
            context.mail.mailboxes.add(document)
        except AlreadyThere as error:
            if error.field == "_id":
                return ask_for(context, body, actor, command)
            continue  # somebody was faster
        return answered
    raise Conflict("mailbox_address_taken", address=body["address"])


def _owner(context: Context, officer: str, actor: Actor) -> Document:
    """The officer who is to answer for it; operators, who see no officers, may name one all the same."""
    return serving_officer(context, officer, actor, "owner")


def serving_officer(context: Context, officer: str, actor: Actor, path: str) -> Document:
    """An officer who holds a post.

    Raises:
        Invalid: there is none, or they have left.
    """
    try:
        found = load_officer(context, officer, Actor("system", frozenset({"system"})))
    except NotFound as error:
        raise Invalid("request_invalid", fields=[field_error(path, error.code)]) from error
    scope = mail_scope(actor)
    if scope and not any(scope in place["within"] for place in found.document["places"]):
        raise Invalid("request_invalid", fields=[field_error(path, "officer_not_here")])
    if not found.document["serving"]:
        raise Invalid("request_invalid", fields=[field_error(path, "officer_left_already")])
    return found.document


def _agency(context: Context, body: Body, officer: Document, actor: Actor) -> Document:
    """The agency that was named, else the first at which the officer holds a post."""
    today = context.today()
    held = [post["agency"] for post in officer["posts"] if holds(post, today)]
    code = body["agency"] or (held[0] if held else officer["places"][0]["agency"])
    agency = load_mail_agency(context, code, actor)
    check_open(agency, today)
    if body["unit"] is not None:
        try:
            unit_of(agency, body["unit"])
        except NotFound as error:
            wrong = field_error("unit", error.code, unit=body["unit"])
            raise Invalid("request_invalid", fields=[wrong]) from error
    return agency


def _refuse_second(context: Context, officer: Document, agency: Document, identifier: str) -> None:
    if all(place["agency"] != agency["code"] for place in officer["places"]):
        raise Invalid("request_invalid", fields=[field_error("agency", "mailbox_without_post", agency=agency["code"])])
    living = [one for one in personal_ones(context, officer["_id"]) if State(one["state"]) in LIVING]
    if any(one["_id"] != identifier for one in living):
        raise Conflict("mailbox_not_the_only_one")


def _fields(context: Context, body: Body, officer: Document, agency: Document) -> dict[str, Any]:
    """Everything about the new mailbox but its address."""
    quota = 0 if body["kind"] == GROUP else body["quota"] or context.mail.rules.default_quota
    posters = body["posters"] or ({"who": "members", "addresses": []} if body["kind"] == GROUP else None)
    return {
        "kind": body["kind"],
        "owner": officer["_id"],
        "agency": agency["code"],
        "unit": body["unit"],
        "name": officer["name"] if body["kind"] == PERSONAL else " ".join(body["name"].split()),
        "quota": quota,
        "members": known_members(context, body["members"]),
        "posters": posters,
    }


def known_members(context: Context, members: Body | None) -> dict[str, Any] | None:
    """A group's question to the directory, with the present identifier of its agency."""
    if members is None:
        return None
    agency = context.agencies.known([members["agency"]]).get(members["agency"])
    if agency is None:
        wrong = field_error("members.agency", "agency_unknown", agency=members["agency"])
        raise Invalid("request_invalid", fields=[wrong])
    return {**members, "agency": agency["code"]}


def _addresses(
    context: Context, identifier: str, body: Body, name: str, agency: Document, domain: MailDomain
) -> Iterable[str]:
    """The address that was chosen, if it is free, or all that are free for the name."""
    chosen = body["address"]
    if chosen is None:
        return free_addresses(context, name, domain, agency)
    rules = context.mail.rules
    check_chosen(chosen, rules.domains_for(agency["within"]))
    if may_take(given(context, chosen), identifier, context.today_as_date(), rules.retention_days):
        return [chosen]
    return []


def _first(
    context: Context, new: dict[str, Any], actor: Actor, command: Command, reason: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    decision = Decision("mailbox_requested", new, reason)
    before = new_aggregate(new["_id"])
    derived = followed(context, None, new)
    changes, entry, answered = record(
        before, decision, derived, at=context.now(), actor=actor, answer=receipt, command=command
    )
    return first_document(before, changes, entry), answered

"""Subscriptions of agency systems, their health, and telling again."""

import base64
import secrets
from collections.abc import Callable
from typing import Any
from uuid import uuid5

from services.document_routing.domain import subscription as s
from services.document_routing.domain.actors import AGENCY_SYSTEM, OPERATOR
from services.document_routing.domain.aggregate import Aggregate, Decision
from services.document_routing.ports import Document
from services.document_routing.ports_exchange import UnsafeTarget
from services.document_routing.usecases.changes import record
from services.document_routing.usecases.commands import begin
from services.document_routing.usecases.context import Context, actor_of, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.exchange_kinds import SUBSCRIPTION, subscription_receipt
from services.document_routing.usecases.exchange_send import system_of
from shared.actors import Actor
from shared.commands import ATTEMPTS, command_of, repeated_answer
from shared.contracts.document_routing.exchange_requests import KINDS, Subscribe, SubscriptionChange
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, NotFound, Stale, field_error
from shared.requests import answer_page, page_of, read_request

Request = dict[str, Any]
SECRET_BYTES = 32


def create_subscription(context: Context, request: Request, principal: Principal) -> Request:
    """Tell the caller's system of packages at its address; the answer holds the secret of the signatures.

    Raises:
        Invalid: the address is not one that may be called.
    """
    actor, command = system_of(principal, "create_subscription"), command_of(request)
    body = read_request(Subscribe, request)
    try:
        context.exchange.targets.check(body["url"])
    except UnsafeTarget as error:
        wrong = field_error("url", error.code)
        raise Invalid("request_invalid", fields=[wrong]) from error
    occasion = occasion_for(context, actor, actor.agency)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    content = {"url": body["url"], "kinds": body["kinds"] or list(KINDS), "secret": secret}
    identifier = uuid5(NAMESPACE, command["key"]).hex
    return begin(
        context, SUBSCRIPTION, identifier, lambda: s.subscribe(content, occasion), occasion, command, (AGENCY_SYSTEM,)
    )


def pause_subscription(context: Context, request: Request, principal: Principal) -> Request:
    """Tell nothing for now; what is to be told waits."""
    return _change(context, request, principal, lambda one, reason: s.pause(one, reason, automatic=False))


def resume_subscription(context: Context, request: Request, principal: Principal) -> Request:
    """Tell again, what waited first."""
    answer = _change(context, request, principal, s.resume)
    context.exchange.webhooks.tell_again(request["subscription"], None, context.now())
    return answer


def close_subscription(context: Context, request: Request, principal: Principal) -> Request:
    """Tell never again."""
    return _change(context, request, principal, s.close)


def _change(
    context: Context,
    request: Request,
    principal: Principal,
    decide: Callable[[Aggregate, str], Decision | None],
) -> Request:
    actor, command = actor_of(principal), command_of(request)
    body = read_request(SubscriptionChange, request, path=("subscription",))
    for _ in range(ATTEMPTS):
        loaded = context.exchange.subscriptions.find(request["subscription"], command["key"])
        subscription = _check_seen(loaded.document if loaded else None, actor)
        if loaded is not None and loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        decision = decide(subscription, body["reason"])
        if decision is None:
            return subscription_receipt(subscription) | {"secret": None}
        occasion = occasion_for(context, actor, subscription["agency"])
        signed = actor.sign((AGENCY_SYSTEM, OPERATOR))
        changes, entry, answer = record(SUBSCRIPTION, subscription, decision, occasion, signed, command)
        if context.exchange.subscriptions.save(subscription["_id"], subscription["version"], changes, entry):
            return answer
    raise Stale("version_stale")


def list_subscriptions(context: Context, request: Request, principal: Principal) -> Request:
    """The subscriptions of the caller's agency, for operators those of all, with their health."""
    actor, (limit, after) = actor_of(principal), page_of(request)
    if not actor.has(OPERATOR):
        system_of(principal, "list_subscriptions")
    agency = None if actor.has(OPERATOR) else actor.agency
    rows = context.exchange.webhooks.subscriptions(agency, after=after, limit=limit + 1)
    waiting = context.exchange.webhooks.count_waiting([row["_id"] for row in rows[:limit]])
    items = [_view(row, waiting) for row in rows[:limit]]
    return answer_page(items, rows[limit - 1]["_id"] if len(rows) > limit else None)


def get_subscription(context: Context, request: Request, principal: Principal) -> Request:
    """One subscription with its health."""
    subscription = _seen(context, request, principal)
    return _view(subscription, context.exchange.webhooks.count_waiting([subscription["_id"]]))


def list_webhook_deliveries(context: Context, request: Request, principal: Principal) -> Request:
    """What was told and what waits, newest first."""
    subscription, (limit, after) = _seen(context, request, principal), page_of(request)
    rows = context.exchange.webhooks.deliveries(subscription["_id"], after=after, limit=limit + 1)
    items = [_delivery_view(row) for row in rows[:limit]]
    return answer_page(items, rows[limit - 1]["order"] if len(rows) > limit else None)


def resend_webhook_delivery(context: Context, request: Request, principal: Principal) -> Request:
    """Tell one notification once more, whatever became of it; its id stays, so that nothing is taken twice.

    While the subscription is paused it waits with the others.
    """
    subscription, hooks = _seen(context, request, principal), context.exchange.webhooks
    s.check_open(subscription)
    if hooks.delivery(subscription["_id"], request["delivery"]) is None:
        raise NotFound("webhook_delivery_unknown")
    hooks.tell_again(subscription["_id"], request["delivery"], context.now())
    delivery = hooks.delivery(subscription["_id"], request["delivery"])
    if delivery is None:
        raise NotFound("webhook_delivery_unknown")
    return _delivery_view(delivery)


def _seen(context: Context, request: Request, principal: Principal) -> Document:
    return _check_seen(context.exchange.webhooks.subscription(request["subscription"]), actor_of(principal))


def _check_seen(subscription: Document | None, actor: Actor) -> Document:
    """The subscription, if it is the caller's agency's or the caller looks after all."""
    if not actor.has(AGENCY_SYSTEM, OPERATOR):
        raise Forbidden("role_not_allowed", action="read")
    if subscription is None or not (actor.has(OPERATOR) or subscription["agency"] == actor.agency):
        raise NotFound("subscription_unknown")
    return subscription


def _view(subscription: Document, waiting: dict[str, int]) -> Request:
    same = ("agency", "url", "kinds", "paused_reason", "failures", "last_error", "version")
    moments = ("failing_since", "last_success_at", "last_failure_at")
    return {
        "id": subscription["_id"],
        "state": subscription["status"],
        "waiting": waiting.get(subscription["_id"], 0),
        **{name: subscription[name] for name in same},
        **{name: subscription[name].isoformat() if subscription[name] else None for name in moments},
    }


def _delivery_view(delivery: Document) -> Request:
    same = ("type", "package", "state", "attempts", "last_status", "last_error")
    moments = ("created_at", "next_at", "delivered_at")
    return {
        "id": delivery["_id"],
        **{name: delivery[name] for name in same},
        **{name: delivery[name].isoformat() if delivery[name] else None for name in moments},
    }

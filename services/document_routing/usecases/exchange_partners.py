"""With which certificates agencies' systems sign: registered by operators."""

from datetime import datetime
from typing import Any

from services.document_routing.domain.actors import OPERATOR
from services.document_routing.ports_exchange import Partner
from services.document_routing.usecases.context import Context, actor_of
from shared.contracts.document_routing.exchange_requests import SetPartner
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, field_error
from shared.requests import answer_page, page_of, read_request

Request = dict[str, Any]


def list_partners(context: Context, request: Request, principal: Principal) -> Request:
    """What is registered, in order of the agencies."""
    _check_operator(principal, "list_partners")
    limit, after = page_of(request)
    found = context.exchange.partners.page(after=after, limit=limit + 1)
    items = [_view(context, partner) for partner in found[:limit]]
    return answer_page(items, found[limit - 1].agency if len(found) > limit else None)


def set_partner(context: Context, request: Request, principal: Principal) -> Request:
    """Register an agency's certificates in the place of those before.

    Raises:
        Forbidden: only operators do that.
        NotFound: nobody knows the agency.
        Invalid: a certificate cannot be read or has expired, or a signature is asked for that nobody could check.
    """
    _check_operator(principal, "set_partner")
    body = read_request(SetPartner, request, path=("agency",))
    directory = context.offices.directory()
    reached = directory.reach(request["agency"], context.now().date())
    if body["signature_required"] and not body["certificates"]:
        raise Invalid("request_invalid", fields=[field_error("certificates", "required")])
    partner = Partner(reached.code, body["certificates"], body["signature_required"])
    view = _view(context, partner)  # reads every certificate before it is kept
    for number, one in enumerate(view["certificates"]):
        if datetime.fromisoformat(one["valid_until"]) <= context.now():
            raise Invalid("request_invalid", fields=[field_error(f"certificates.{number}", "certificate_expired")])
    context.exchange.partners.keep(partner)
    return view


def _check_operator(principal: Principal, action: str) -> None:
    if not actor_of(principal).has(OPERATOR):
        raise Forbidden("role_not_allowed", action=action)


def _view(context: Context, partner: Partner) -> Request:
    read = [context.exchange.letters.certificate(pem) for pem in partner.certificates]
    certificates = [{**one, "valid_until": one["valid_until"].isoformat()} for one in read]
    required = partner.signature_required
    return {"agency": partner.agency, "certificates": certificates, "signature_required": required}

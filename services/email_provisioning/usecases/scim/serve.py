"""The SCIM interface as identity providers use it: who may, what they see, and what becomes of what they send."""

from dataclasses import replace
from typing import Any

from services.email_provisioning.domain.access import officers_scope
from services.email_provisioning.domain.actors import ADMINISTRATOR
from services.email_provisioning.ports_scim import ScimCall, ScimView
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.scim.wishes import see_through
from shared.contracts.email_provisioning.scim import ServeScim
from shared.contracts.principal import Principal, Role
from shared.errors import Error, Forbidden
from shared.observability import logger
from shared.requests import read_request

log = logger(__name__)


def serve_scim(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """The answer to one request of the protocol; whoever administers an agency may, and its identity provider.

    What was stored is answered as stored whatever becomes of the wish: the due work goes on with it.

    Raises:
        Forbidden: the caller is neither, or acts for no agency.
    """
    asked = read_request(ServeScim, request)
    if principal.has(Role.IDENTITY_PROVIDER):
        principal = replace(principal, roles=principal.roles | {Role.DIRECTORY_ADMINISTRATOR})
    actor = actor_of(principal)
    if not actor.has(ADMINISTRATOR):
        raise Forbidden("role_not_allowed", action="read_directory")
    scope = officers_scope(actor)
    agency = context.agencies.known([scope]).get(scope)
    if agency is None:
        raise Forbidden("role_not_allowed", action="read_directory")

    def wrote(resource: str) -> None:
        try:
            see_through(context, resource)
        except Error as error:
            log.warning("scim_wish_waits", resource=resource, error=str(error))
        except Exception:
            log.exception("scim_wish_waits", resource=resource)

    view = ScimView(scope=agency["code"], shown_to=tuple(agency["within"]), by=principal.to_dict(), wrote=wrote)
    return context.scim.door.answer(ScimCall(**asked), view)

"""Who comes in with which roles: the directory itself takes a token for no more than the posts say today."""

from datetime import date

from services.email_provisioning.usecases.context import Context
from shared.contracts.principal import Principal
from shared.officer_copies import entitled


def admit(context: Context, principal: Principal | None) -> Principal | None:
    """The caller with the roles that their posts still give them."""

    def same_office(agency: str, day: date) -> frozenset[str]:
        """An agency, and the first that took over once it is closed: its officers' posts go on there."""
        known = context.agencies.known([agency]).get(agency)
        closed = known is not None and (known["closed_on"] or "9999-12-31") < day.isoformat()
        return frozenset((agency, *(known["successors"][:1] if known and closed else ())))

    return entitled(principal, context.officers, same_office, context.now())

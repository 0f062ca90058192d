"""Who comes in with which roles, and the copies of agencies and officers that tell it."""

from services.conference_booking.usecases.context import Context
from shared.contracts.base import ReceivedEvent
from shared.contracts.principal import Principal
from shared.officer_copies import entitled, keep_officer, look_after_work
from shared.officers import Officer


def admit(context: Context, principal: Principal | None) -> Principal | None:
    """The caller with the roles that the directory still gives them."""
    return entitled(principal, context.officers, context.agencies.same_office, context.now())


def keep_agency(context: Context, event: ReceivedEvent) -> None:
    """Keep what the directory says of an agency now."""
    context.agencies.keep(event.data, event.sequence)


def copy_officer(context: Context, event: ReceivedEvent) -> None:
    """Keep what the directory says of an officer."""
    keep_officer(context.officers, event, context.now())


def settle_officer(context: Context, officer: str) -> None:
    """A post has ended. Meetings are their agency's and not a person's, so nothing has to be handed on."""

    def nothing(_: str, __: Officer, ___: Officer | None) -> None:
        """There is no work in anybody's name."""

    look_after_work(context.officers, officer, context.now(), nothing)

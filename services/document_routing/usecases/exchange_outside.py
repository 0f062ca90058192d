"""What another exchange holds for us is taken in as if the agency's own system had sent it."""

from services.document_routing.domain.actors import AGENCY_SYSTEM
from services.document_routing.ports_exchange import Inbound, OutsideExchange
from services.document_routing.usecases.context import Context
from services.document_routing.usecases.exchange_send import take_in
from shared.actors import Actor
from shared.errors import Error, Forbidden, Unavailable
from shared.observability import logger

log = logger(__name__)


def take_in_waiting(context: Context) -> int:
    """Take in every file that waits; how many were taken in. A refusal is told there and never tried again.

    Raises:
        Unavailable: the other exchange, or our store, is away; what is left waits.
    """
    outside = context.exchange.outside
    return 0 if outside is None else sum(_take_in(context, outside, inbound) for inbound in outside.waiting())


def _take_in(context: Context, outside: OutsideExchange, inbound: Inbound) -> bool:
    actor = Actor(f"outside:{inbound.sender}", inbound.sender, frozenset({AGENCY_SYSTEM}), inbound.sender)
    try:
        if context.offices.directory().connection(inbound.sender).mode != "outside":
            raise Forbidden("sender_is_another_agency", sender=inbound.sender, agency="")
        file = context.exchange.letters.keep(inbound.content, "outside.xml")
        receipt = take_in(context, actor, file, None)
    except Unavailable:
        raise
    except Error as error:
        outside.acknowledge(inbound.name, False, str(error))
        return False
    outside.acknowledge(inbound.name, True)
    log.info("outside_message_taken_in", message=receipt["id"], sender=inbound.sender)
    return True

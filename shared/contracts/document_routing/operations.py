"""Document routing's offers, as the gateway shows them and the service answers them."""

from shared.contracts.document_routing.exchange import EXCHANGE
from shared.contracts.document_routing.incoming_operations import INCOMING, INCOMING_COMMANDS
from shared.contracts.document_routing.outgoing_operations import OUTGOING, OUTGOING_COMMANDS
from shared.contracts.document_routing.register_operations import CONNECTIONS, REGISTERS

SERVICE = "document_routing"

OPERATIONS = [*OUTGOING_COMMANDS, *OUTGOING, *INCOMING_COMMANDS, *INCOMING, *REGISTERS, *CONNECTIONS, *EXCHANGE]

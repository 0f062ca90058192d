"""What operators ask of the watch: its table of operations."""

from flask_smorest import Blueprint

from gateway.api.mount import mount
from shared.contracts.watch import OPERATIONS, SERVICE

operations = Blueprint(SERVICE, __name__, url_prefix="/api/v1", description="Vận hành · Operations")

mount(operations, SERVICE, OPERATIONS)

"""What the one-stop shop announces about the catalogue."""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.one_stop_shop.events import OWNER


class ProcedurePayload(Payload):
    """Which version of which procedure, and from when."""

    procedure = fields.String(required=True)
    procedure_version = fields.Integer(required=True)
    effective_from = fields.Date(required=True)
    effective_to = fields.Date(load_default=None, allow_none=True)


class ProcedurePublished(Event):
    """A version of a procedure was published; applications received before keep theirs."""

    owner, aggregate, name, payload, public = OWNER, "procedure", "procedure_published", ProcedurePayload, True


class ProcedureClosed(Event):
    """A version of a procedure ends on a day."""

    owner, aggregate, name, payload, public = OWNER, "procedure", "procedure_closed", ProcedurePayload, True

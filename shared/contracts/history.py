"""What is answered about any append-only, hash-chained history."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.values import number_like


class ChainVerification(View):
    """Whether a chain is whole; otherwise the first entry that is not what was written."""

    intact = fields.Boolean(metadata={"example": True})
    entries = number_like(7)
    first_altered = number_like(None, allow_none=True)

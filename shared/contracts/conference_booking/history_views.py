"""What is answered about the history of a meeting or a resource."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.history import ChainVerification
from shared.contracts.values import moment, number_like, string_like


class ConferenceHistoryEntry(View):
    """One entry of an append-only, hash-chained history."""

    seq = number_like(2)
    type = string_like("conference_scheduled.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "head-van-phong", "role": "head_of_unit", "agency": "H56.01"}})
    reason = string_like("")
    data = fields.Dict()
    hash = string_like("7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730")


class ConferenceHistoryVerification(ChainVerification):
    """Whether the chain is whole; otherwise the first entry that was altered."""

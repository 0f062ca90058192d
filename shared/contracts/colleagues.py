"""Officers to whom work may be given, as every service answers them from its copy of the directory."""

from marshmallow import fields

from shared.contracts.base import View


class Colleague(View):
    """An officer in post, with the account under which work is given."""

    account = fields.String(metadata={"example": "specialist-ninh-kieu"})
    name = fields.String(metadata={"example": "Lê Văn Cường"})
    roles = fields.List(fields.String(metadata={"example": "specialist"}))


class Colleagues(View):
    """Those who may be given work, by name."""

    officers = fields.List(fields.Nested(Colleague))

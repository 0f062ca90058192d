"""The SCIM interface on the bus: one operation carries every request of the protocol.

It describes itself to its callers (`/Schemas`, `/ResourceTypes`, `/ServiceProviderConfig`, RFC 7644), so that it stands
in no table of routes.
"""

from marshmallow import fields, validate

from shared.contracts.base import Request, View
from shared.contracts.operations import Operation

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class ServeScim(Request):
    """One request: `path` below `base_url`, the first value of each parameter of its query, the headers that count."""

    method = fields.String(required=True, validate=validate.OneOf(METHODS))
    base_url = fields.String(required=True)
    path = fields.String(required=True)
    query = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    body = fields.String(required=True)


class ScimAnswer(View):
    """What is answered; no body is null."""

    status = fields.Integer()
    headers = fields.Dict(keys=fields.String(), values=fields.String())
    body = fields.Dict(allow_none=True)


OPERATIONS = [
    Operation(
        "serve_scim",
        "",
        "",
        "One request of the SCIM protocol",
        "Một yêu cầu theo giao thức SCIM",
        body=ServeScim,
        view=ScimAnswer,
        tag="scim",
    ),
]

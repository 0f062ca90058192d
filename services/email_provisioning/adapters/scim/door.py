"""Speaks SCIM 2.0: scim2-server's handler over our storage, with the refusals of the platform among its own."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

from pymongo.database import Database
from scim2_models import (
    Context,
    Error,
    PatchOp,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimProvider,
    SearchRequest,
)
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from services.email_provisioning.adapters.scim.bounds import check_index
from services.email_provisioning.adapters.scim.documents import now_to_the_millisecond
from services.email_provisioning.adapters.scim.resources import COLLECTION
from services.email_provisioning.adapters.scim.storage import MongoScimStorage
from services.email_provisioning.ports_scim import ScimCall, ScimView
from shared.errors import TimedOut, Unavailable
from shared.observability import logger
from shared.persistence import Document

log = logger(__name__)

T = TypeVar("T")

ATTEMPTS = 5
"""How often a write is tried whose caller named no version, while the platform tells the resource something."""


class MongoScimDoor:
    """Implements `ports_scim.ScimDoor`; `secret` seals the cursors and is the same in every replica."""

    def __init__(
        self,
        database: Database[Document],
        provider: ScimProvider,
        secret: bytes,
        clock: Callable[[], datetime] = now_to_the_millisecond,
    ) -> None:
        self._rows = database[COLLECTION]
        self._clock = clock
        self._service = _Service(provider, secret=secret)

    def answer(self, call: ScimCall, view: ScimView) -> Document:
        """Status, headers and body of the answer; refusals are answers too.

        Raises:
            Unavailable: the database is away.
        """
        request = ScimRequest(
            method=call.method,
            base_url=call.base_url,
            path=call.path,
            query=call.query,
            headers=call.headers,
            body=call.body.encode(),
        )
        storage = MongoScimStorage(self._rows, self._service.provider, self._clock, view)
        try:
            response = _Handler(self._service, storage).handle(request)
        except (Unavailable, TimedOut):
            raise
        except Exception as error:
            response = self._service.error_response(error)
            if response.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                log.exception("scim_request_failed", method=call.method)
        return {"status": int(response.status), "headers": response.headers, "body": response.body}


class _Service(ScimService):
    """A PATCH is answered with the whole resource: the version alone tells nobody what became of it."""

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        """What is searched, and from which position on."""
        search, position = super().read_search(resource_types, payload)
        check_index(search.start_index)
        return search, position

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """The resource as it stands."""
        return self.resource_response(
            self.publish(base_url, resource), Context.RESOURCE_REPLACEMENT_RESPONSE, response_parameters
        )

    @staticmethod
    def error_of(exception: Exception) -> Error:
        """Of an operation in a bulk request, a database that is away is no defect."""
        if isinstance(exception, Unavailable | TimedOut):
            return Error(status=503, detail="The database is away; send this operation again.")
        return ScimService.error_of(exception)


class _Handler(ScimHandler):
    """What the platform tells a resource changes its version, which is no concern of callers who named none."""

    def replace_resource(
        self, resource_type: ResourceType, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any]:
        """Replace the resource as it is now."""
        identifier = str(current.id)

        def replace() -> Resource[Any]:
            known = self.storage.get(resource_type, identifier)
            wanted = replacement.model_copy(deep=True)
            return super(_Handler, self).replace_resource(resource_type, known, wanted, conditions)

        return _repeated(conditions, replace)

    def patch_resource(
        self, resource_type: ResourceType, resource_id: str, patch_op: "PatchOp[Any]", conditions: Conditions
    ) -> Resource[Any]:
        """Change the resource as it is now."""
        change = super().patch_resource
        return _repeated(conditions, lambda: change(resource_type, resource_id, patch_op, conditions))

    def delete_resource(self, resource_type: ResourceType, resource_id: str, conditions: Conditions) -> None:
        """Delete the resource as it is now."""
        delete = super().delete_resource
        _repeated(conditions, lambda: delete(resource_type, resource_id, conditions))


def _repeated(conditions: Conditions, act: Callable[[], T]) -> T:
    for _ in range(1 if conditions.if_match else ATTEMPTS):
        try:
            return act()
        except PreconditionFailedException as error:
            failed = error
    raise failed

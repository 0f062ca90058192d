"""Where the SCIM server keeps its resources: one document each, found and sorted by MongoDB."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError
from scim2_models import (
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimProvider,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from services.email_provisioning.adapters.scim.bounds import check_resource
from services.email_provisioning.adapters.scim.comparables import key_of
from services.email_provisioning.adapters.scim.documents import (
    GONE,
    described,
    new_id,
    now_to_the_millisecond,
    version_of,
)
from services.email_provisioning.adapters.scim.filters import Query, query_of
from services.email_provisioning.adapters.scim.order import Order, read_position
from services.email_provisioning.ports_scim import ScimView
from shared.persistence import Document, session, unavailable_when_away

SOON = timedelta(seconds=30)
"""When due work looks at a wish that whoever stored it did not see through."""


class MongoScimStorage(ScimStorage):
    """Keeps SCIM resources; `provider` says which kinds there are.

    `unique` holds values that no other resource may have, `c` what filters compare, `present` what is there, `sort`
    what resources are sorted by; `body` is the resource itself. A password is never kept: it is set by a one-time link.

    With a `view`, only what it shows is there, and every write is a wish: it is stored with its number, then seen
    through by whoever the view tells of it. What is deleted stays, out of sight, until that was seen through too.
    """

    supports_cursors = True

    def __init__(
        self,
        collection: Collection[Document],
        provider: ScimProvider,
        clock: Callable[[], datetime] = now_to_the_millisecond,
        view: ScimView | None = None,
    ) -> None:
        self._resources = collection
        self._provider = provider
        self._clock = clock
        self._view = view

    @unavailable_when_away()
    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """One resource."""
        return self._read(resource_type, self._find(resource_type, resource_id))

    @unavailable_when_away()
    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """A page of the resources that a search asks for; how many there are is counted only for pages by index."""
        by_name = {str(one.name): one for one in resource_types}
        query = self._query(list(by_name.values()), search_request)
        order = self._order(list(by_name.values()), search_request)
        if search_request.cursor is not None and search_request.count != 0:
            return self._turn(by_name, query, order, search_request, position)
        total = self._resources.count_documents(query, session=session())
        if search_request.count == 0 or not total:
            return SearchPage(total, [])
        rows = self._run([{"$match": query}, *order.stages(), *_window(search_request)])
        return SearchPage(total, [self._read(by_name[row["type"]], row) for row in rows])

    def _turn(
        self,
        by_name: dict[str, ResourceType],
        query: Query,
        order: Order,
        request: SearchRequest[Any],
        position: Any,
    ) -> SearchPage:
        """The page behind, or before, a position; with one row more it is known whether others follow."""
        direction, anchor = read_position(position)
        one_way = order if direction == "next" else order.reversed()
        behind = [{"$match": one_way.behind(*anchor)}] if anchor else []
        limit = [{"$limit": request.count + 1}] if request.count is not None else []
        rows = self._run([{"$match": query}, *one_way.marks(), *behind, *one_way.sort(), *limit])
        more = request.count is not None and len(rows) > request.count
        rows = rows[: request.count] if direction == "next" else rows[: request.count][::-1]
        page = SearchPage(None, [self._read(by_name[row["type"]], row) for row in rows])
        if rows and (more if direction == "next" else anchor):
            page.next = order.position("next", rows[-1])
        if rows and (anchor if direction == "next" else more):
            page.previous = order.position("previous", rows[0])
        return page

    def _run(self, stages: list[Document]) -> list[Document]:
        return list(self._resources.aggregate(stages, session=session(), allowDiskUse=True))

    @unavailable_when_away()
    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Store a new one."""
        check_resource(resource)
        stored = self._copy(resource)
        stored.id = new_id(self._clock())
        document = {"_id": stored.id, **described(stored, resource_type, None, self._clock()), **self._wish(None)}
        try:
            self._resources.insert_one(document, session=session())
        except DuplicateKeyError as error:
            raise UniquenessException from error
        return self._seen_through(resource_type, stored)

    @unavailable_when_away()
    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Put the resource in the place of the stored one, if that still has the version."""
        while True:
            known = self._find(resource_type, str(resource.id))
            _check_version(known, expected_version)
            check_resource(resource, orjson.loads(known["body"]))
            stored = self._copy(resource)
            fields = described(stored, resource_type, known, self._clock()) | self._wish(known)
            gone = {} if "unique" in fields else {"$unset": {"unique": ""}}
            unchanged = {"_id": known["_id"], "number": known["number"]}
            try:
                changed = self._resources.update_one(unchanged, {"$set": fields, **gone}, session=session())
            except DuplicateKeyError as error:
                raise UniquenessException from error
            if changed.matched_count:
                return self._seen_through(resource_type, stored)

    @unavailable_when_away()
    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Remove a resource, if it still has the version."""
        while True:
            known = self._find(resource_type, resource_id)
            _check_version(known, expected_version)
            unchanged = {"_id": known["_id"], "number": known["number"]}
            if self._view is None:
                done = self._resources.delete_one(unchanged, session=session()).deleted_count
            else:
                fields = {"type": GONE, "kind": known["type"], "number": known["number"] + 1, **self._wish(known)}
                update = {"$set": fields, "$unset": {"unique": "", "c": "", "present": "", "sort": "", "seen_by": ""}}
                done = self._resources.update_one(unchanged, update, session=session()).matched_count
            if done:
                self._tell(resource_id)
                return

    def _wish(self, known: Document | None) -> Document:
        """What is kept beside the resource while its wish is open: its number, whose it is, when due work looks."""
        if self._view is None:
            return {}
        wish = known.get("wish", 0) + 1 if known else 1
        kept = {"wish": wish, "by": self._view.by, "tries": 0, "next_due_at": self._clock() + SOON}
        return kept if known else kept | {"reached": 0, "own": {}, "seen_by": list(self._view.shown_to)}

    def _tell(self, resource_id: str) -> None:
        if self._view is not None:
            self._view.wrote(resource_id)

    def _seen_through(self, resource_type: ResourceType, stored: Resource[Any]) -> Resource[Any]:
        """The resource as it stands once its wish was seen through."""
        if self._view is None:
            return stored
        self._tell(str(stored.id))
        found = self._resources.find_one({"_id": stored.id, "type": resource_type.name}, session=session())
        return stored if found is None else self._read(resource_type, found)

    def _find(self, resource_type: ResourceType, resource_id: str) -> Document:
        match = {"_id": resource_id, "type": resource_type.name, **self._sight()}
        found = self._resources.find_one(match, session=session())
        if found is None:
            raise NotFoundException(detail=f"{resource_type.name} {resource_id!r} not found")
        return found

    def _read(self, resource_type: ResourceType, row: Document) -> Resource[Any]:
        return cast(Resource[Any], self._model(resource_type).model_validate(orjson.loads(row["body"])))

    def _model(self, resource_type: ResourceType) -> Any:
        return self._provider.model_for(resource_type)

    @staticmethod
    def _copy(resource: Resource[Any]) -> Resource[Any]:
        copied = type(resource).model_validate(resource.model_dump())
        if hasattr(copied, "password"):
            copied.password = None
        return copied

    def _sight(self) -> Query:
        """What the view shows."""
        return {"seen_by": self._view.scope} if self._view is not None and self._view.scope else {}

    def _query(self, resource_types: list[ResourceType], request: SearchRequest[Any]) -> Query:
        if request.filter is None:
            names = [one.name for one in resource_types]
            return {"type": names[0] if len(names) == 1 else {"$in": names}, **self._sight()}
        each = [
            {"type": one.name, **self._sight(), **_nested(query_of(request.filter, self._model(one)))}
            for one in resource_types
        ]
        return each[0] if len(each) == 1 else {"$or": each}

    def _order(self, resource_types: list[ResourceType], request: SearchRequest[Any]) -> Order:
        key = self._sort_key(resource_types, request)
        return Order(key, descends=key is None or request.sort_order == SearchRequest.SortOrder.descending)

    def _sort_key(self, resource_types: list[ResourceType], request: SearchRequest[Any]) -> str | None:
        """Under which key the attribute is kept that resources are to be sorted by."""
        bound = [request.sort_binding(self._model(one)) for one in resource_types] if request.sort_by else []
        return next((key_of(one).replace(".", "/") for one in bound if one is not None), None)


def _nested(query: Query) -> Query:
    return {"$and": [query]} if query else {}


def _check_version(known: Document, expected: str | None) -> None:
    if expected is not None and expected != version_of(known["number"]):
        raise PreconditionFailedException


def _window(request: SearchRequest[Any]) -> list[Document]:
    skip: list[Document] = [{"$skip": request.start_index_0}] if request.start_index_0 else []
    return skip if request.count is None else [*skip, {"$limit": request.count}]

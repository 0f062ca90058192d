"""Where the SCIM server keeps its resources: one document each, found and sorted by MongoDB."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError
from scim2_models import (
    InvalidCursorException,
    Meta,
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

from services.email_provisioning.adapters.scim.comparables import (
    key_of,
    present_in,
    sort_keys,
    tree_of,
    unique_values,
)
from services.email_provisioning.adapters.scim.filters import Query, query_of
from shared.persistence import Document, session, unavailable_when_away

SCIM_INDEXES = [
    IndexModel(
        [("unique", ASCENDING)], name="unique", unique=True, partialFilterExpression={"unique": {"$exists": True}}
    ),
    IndexModel([("type", ASCENDING), ("_id", ASCENDING)], name="in_order"),
    IndexModel([("type", ASCENDING), ("sort.main/user_name", ASCENDING), ("_id", ASCENDING)], name="by_user_name"),
    IndexModel([("type", ASCENDING), ("sort.main/display_name", ASCENDING), ("_id", ASCENDING)], name="by_name"),
    IndexModel([("type", ASCENDING), ("c.main.user_name", ASCENDING)], name="user_name"),
    IndexModel([("type", ASCENDING), ("c.main.external_id", ASCENDING)], name="external_id"),
    IndexModel([("type", ASCENDING), ("c.main.display_name", ASCENDING)], name="display_name"),
    IndexModel([("type", ASCENDING), ("c.main.emails.value", ASCENDING)], name="emails"),
    IndexModel([("type", ASCENDING), ("c.main.members.value", ASCENDING)], name="members"),
    IndexModel([("type", ASCENDING), ("c.main.meta.last_modified", ASCENDING)], name="last_modified"),
]


def now_to_the_millisecond() -> datetime:
    """This moment, as exactly as it is shown."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class MongoScimStorage(ScimStorage):
    """Keeps SCIM resources; `provider` says which kinds there are.

    `unique` holds values that no other resource may have, `c` what filters compare, `present` what is there, `sort`
    what resources are sorted by; `body` is the resource itself. A password is never kept: it is set by a one-time link.
    """

    supports_cursors = True

    def __init__(
        self,
        collection: Collection[Document],
        provider: ScimProvider,
        clock: Callable[[], datetime] = now_to_the_millisecond,
    ) -> None:
        self._resources = collection
        self._provider = provider
        self._clock = clock

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
        """A page of the resources that a search asks for, and how many there are."""
        by_name = {str(one.name): one for one in resource_types}
        query = self._query(list(by_name.values()), search_request)
        total = self._resources.count_documents(query, session=session())
        if search_request.count == 0 or not total:
            return SearchPage(total, [])
        order = _Order(self._sort_key(list(by_name.values()), search_request), _descends(search_request))
        if search_request.cursor is not None:
            return self._turn(by_name, query, order, search_request, position, total)
        rows = self._run([{"$match": query}, *order.stages(), *_window(search_request)])
        return SearchPage(total, [self._read(by_name[row["type"]], row) for row in rows])

    def _turn(
        self,
        by_name: dict[str, ResourceType],
        query: Query,
        order: "_Order",
        request: SearchRequest[Any],
        position: Any,
        total: int,
    ) -> SearchPage:
        """The page behind, or before, a position; with one row more it is known whether others follow."""
        direction, anchor = read_position(position)
        one_way = order if direction == "next" else order.reversed()
        behind = [{"$match": one_way.behind(*anchor)}] if anchor else []
        limit = [{"$limit": request.count + 1}] if request.count is not None else []
        rows = self._run([{"$match": query}, *one_way.marks(), *behind, *one_way.sort(), *limit])
        more = request.count is not None and len(rows) > request.count
        rows = rows[: request.count] if direction == "next" else rows[: request.count][::-1]
        page = SearchPage(total, [self._read(by_name[row["type"]], row) for row in rows])
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
        now = self._clock()
        stored = self._copy(resource)
        stored.id = uuid.uuid4().hex
        stored.meta = _meta(resource_type, created=now, changed=now, number=1)
        try:
            self._resources.insert_one(_document(stored, 1), session=session())
        except DuplicateKeyError as error:
            raise UniquenessException from error
        return stored

    @unavailable_when_away()
    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Put the resource in the place of the stored one, if that still has the version."""
        while True:
            known = self._find(resource_type, str(resource.id))
            _check_version(known, expected_version)
            number = known["number"] + 1
            stored = self._copy(resource)
            created = datetime.fromisoformat(known["c"]["main"]["meta"]["created"])
            stored.meta = _meta(resource_type, created=created, changed=self._clock(), number=number)
            unchanged = {"_id": known["_id"], "number": known["number"]}
            try:
                replaced = self._resources.replace_one(unchanged, _document(stored, number), session=session())
            except DuplicateKeyError as error:
                raise UniquenessException from error
            if replaced.matched_count:
                return stored

    @unavailable_when_away()
    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Remove a resource, if it still has the version."""
        while True:
            known = self._find(resource_type, resource_id)
            _check_version(known, expected_version)
            unchanged = {"_id": known["_id"], "number": known["number"]}
            if self._resources.delete_one(unchanged, session=session()).deleted_count:
                return

    def _find(self, resource_type: ResourceType, resource_id: str) -> Document:
        found = self._resources.find_one({"_id": resource_id, "type": resource_type.name}, session=session())
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

    def _query(self, resource_types: list[ResourceType], request: SearchRequest[Any]) -> Query:
        if request.filter is None:
            return {"type": {"$in": [one.name for one in resource_types]}}
        each = [{"type": one.name, **_nested(query_of(request.filter, self._model(one)))} for one in resource_types]
        return each[0] if len(each) == 1 else {"$or": each}

    def _sort_key(self, resource_types: list[ResourceType], request: SearchRequest[Any]) -> str | None:
        """Under which key the attribute is kept that resources are to be sorted by."""
        bound = [request.sort_binding(self._model(one)) for one in resource_types] if request.sort_by else []
        return next((key_of(one).replace(".", "/") for one in bound if one is not None), None)


class _Order:
    """By one attribute, resources without it last when ascending, then by id; or by id alone.

    Every user has a user name, so that these come from the index; of other attributes it is marked who lacks them.
    """

    def __init__(self, key: str | None, descends: bool) -> None:
        self._key, self._way = key, DESCENDING if descends else ASCENDING
        self._all_have_it = key == "main/user_name"

    def reversed(self) -> "_Order":
        """The same backwards."""
        return _Order(self._key, self._way == ASCENDING)

    def stages(self) -> list[Document]:
        """All that sorts."""
        return [*self.marks(), *self.sort()]

    def marks(self) -> list[Document]:
        """Marks those that lack the attribute."""
        if self._key is None or self._all_have_it:
            return []
        return [{"$set": {"missing": {"$cond": [{"$gt": [f"$sort.{self._key}", None]}, 0, 1]}}}]

    def sort(self) -> list[Document]:
        """Sorts what is marked."""
        return [{"$sort": dict.fromkeys(self._fields(), self._way)}]

    def behind(self, value: Any, identifier: str) -> Query:
        """Whatever comes after the resource of this value and id."""
        anchor = {"missing": int(value is None), f"sort.{self._key}": value, "_id": identifier}
        operator = "$gt" if self._way == ASCENDING else "$lt"
        same: Query = {}
        ways: list[Query] = []
        for field in self._fields():
            ways.append({**same, field: {operator: anchor[field]}})
            same[field] = anchor[field]
        return {"$or": ways}

    def position(self, direction: str, row: Document) -> Document:
        """Where the page ends that lies in this direction of a row."""
        value = row["sort"].get(self._key) if self._key else None
        return {"d": direction, "k": value, "i": row["_id"]}

    def _fields(self) -> list[str]:
        if self._key is None:
            return ["_id"]
        return [*([] if self._all_have_it else ["missing"]), f"sort.{self._key}", "_id"]


def read_position(position: Any) -> tuple[str, tuple[Any, str] | None]:
    """The direction of a page, and value and id of the resource beside it; none for the first page.

    Raises:
        InvalidCursorException: it is no position of ours.
    """
    if position is None:
        return "next", None
    try:
        direction, value, identifier = position["d"], position["k"], position["i"]
    except (TypeError, KeyError):
        raise InvalidCursorException from None
    if direction not in ("next", "previous") or not isinstance(identifier, str) or isinstance(value, dict | list):
        raise InvalidCursorException
    return direction, (value, identifier)


def _descends(request: SearchRequest[Any]) -> bool:
    return bool(request.sort_by) and request.sort_order == SearchRequest.SortOrder.descending


def _nested(query: Query) -> Query:
    return {"$and": [query]} if query else {}


def _document(resource: Resource[Any], number: int) -> Document:
    meta = cast(Meta, resource.meta)
    document = {
        "_id": resource.id,
        "type": meta.resource_type,
        "number": number,
        "body": orjson.dumps(resource.model_dump()).decode(),
        "c": tree_of(resource),
        "present": present_in(resource),
        "sort": sort_keys(resource),
    }
    unique = unique_values(resource)
    return document | {"unique": unique} if unique else document


def _meta(resource_type: ResourceType, *, created: datetime, changed: datetime, number: int) -> Meta:
    return Meta(resource_type=resource_type.name, created=created, last_modified=changed, version=f'W/"{number}"')


def _check_version(known: Document, expected: str | None) -> None:
    if expected is not None and expected != f'W/"{known["number"]}"':
        raise PreconditionFailedException


def _window(request: SearchRequest[Any]) -> list[Document]:
    skip: list[Document] = [{"$skip": request.start_index_0}] if request.start_index_0 else []
    return skip if request.count is None else [*skip, {"$limit": request.count}]

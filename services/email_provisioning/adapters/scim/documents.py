"""A SCIM resource as one document of MongoDB."""

import secrets
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from pymongo import ASCENDING, IndexModel
from scim2_models import Meta, Resource, ResourceType

from services.email_provisioning.adapters.scim.comparables import present_in, sort_keys, tree_of, unique_values
from shared.indexes import DUE_INDEX
from shared.persistence import Document

GONE = "gone"
"""The type of a deleted resource of which something is still to be done."""


def _seen(name: str, *fields: str) -> IndexModel:
    """An index that begins with who sees what, as every question of a caller does."""
    return IndexModel([(field, ASCENDING) for field in ("type", "seen_by", *fields)], name=name)


def _several(name: str, field: str) -> IndexModel:
    """An index over what there is several of; `seen_by` cannot be in it, for there are several of those too."""
    return IndexModel([("type", ASCENDING), (field, ASCENDING)], name=name)


SCIM_INDEXES = [
    IndexModel(
        [("unique", ASCENDING)], name="unique", unique=True, partialFilterExpression={"unique": {"$exists": True}}
    ),
    _seen("seen_in_order", "_id"),
    _seen("seen_by_user_name", "sort.main/user_name", "_id"),
    _seen("seen_by_name", "sort.main/display_name", "_id"),
    _seen("seen_user_name", "c.main.user_name"),
    _seen("seen_external_id", "c.main.external_id"),
    _seen("seen_display_name", "c.main.display_name"),
    _seen("seen_last_modified", "c.main.meta.last_modified"),
    _seen("seen_employee_number", "c.EnterpriseUser.employee_number"),
    _several("emails", "c.main.emails.value"),
    _several("members", "c.main.members.value"),
    IndexModel(
        [("officer", ASCENDING)], name="officer", unique=True, partialFilterExpression={"officer": {"$exists": True}}
    ),
    IndexModel([("mailbox", ASCENDING)], name="mailbox", partialFilterExpression={"mailbox": {"$exists": True}}),
    DUE_INDEX,
]


def now_to_the_millisecond() -> datetime:
    """This moment, as exactly as it is shown."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def new_id(now: datetime) -> str:
    """An identifier that comes after all that were given in earlier milliseconds."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"


def described(
    resource: Resource[Any], resource_type: ResourceType, known: Document | None, changed: datetime
) -> Document:
    """The fields that follow from a resource, which gets its next version; `known` is what stands there now."""
    number = known["number"] + 1 if known else 1
    created = datetime.fromisoformat(known["c"]["main"]["meta"]["created"]) if known else changed
    meta = Meta(resource_type=resource_type.name, created=created, last_modified=changed, version=version_of(number))
    resource.meta = meta
    fields = {
        "type": cast(str, resource_type.name),
        "number": number,
        "body": orjson.dumps(resource.model_dump()).decode(),
        "c": tree_of(resource),
        "present": present_in(resource),
        "sort": sort_keys(resource),
    }
    unique = unique_values(resource)
    return fields | {"unique": unique} if unique else fields


def version_of(number: int) -> str:
    """The entity tag of a version."""
    return f'W/"{number}"'

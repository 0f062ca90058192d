"""A SCIM resource as one document of MongoDB."""

import secrets
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from pymongo import ASCENDING, IndexModel
from scim2_models import Meta, Resource, ResourceType

from services.email_provisioning.adapters.scim.comparables import present_in, sort_keys, tree_of, unique_values
from shared.messaging.indexes import DUE_INDEX
from shared.persistence import Document

GONE = "gone"
"""The type of a deleted resource of which something is still to be done."""

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
    IndexModel([("type", ASCENDING), ("c.EnterpriseUser.employee_number", ASCENDING)], name="employee_number"),
    IndexModel([("type", ASCENDING), ("seen_by", ASCENDING), ("_id", ASCENDING)], name="seen_by"),
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

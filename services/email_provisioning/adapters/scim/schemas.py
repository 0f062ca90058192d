"""What the SCIM interface speaks of: users with what their posts and mailboxes need, and groups.

There is no password, for nobody's is ever sent over: people choose theirs with a one-time link. There is no list of a
user's groups either, which their groups have. What the platform itself says of a user comes only to those who ask for
it by name: an answer has otherwise exactly what was sent, which is what identity providers compare.
"""

from functools import cache
from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    EnterpriseUser,
    ETag,
    Extension,
    External,
    Filter,
    Group,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Resource,
    ResourceType,
    Returned,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    User,
)
from scim2_models.urn import URN

from services.email_provisioning.domain.scim.wishes import GROUP_EXTENSION, USER_EXTENSION
from shared.contracts.email_provisioning.values import POST_ROLES

MOST_OPERATIONS = 50
"""Of one bulk request; each may appoint an officer and make a mailbox."""

MOST_RESULTS, PAGE = 200, 50
CURSOR_SECONDS = 3600

ENTRA = ScimPolicy(
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""Habits of Microsoft Entra that harm nobody; what is otherwise wrong or unknown is refused."""

_LEFT_OUT = frozenset({"password", "groups"})


class MailboxState(ComplexAttribute):
    """What became of the wish: set by the platform."""

    address: Annotated[str | None, Mutability.read_only] = None
    """The address that the mailbox has."""

    state: Annotated[str | None, Mutability.read_only] = None
    """Where the mailbox stands, as in the platform's own interface."""

    problem: Annotated[str | None, Mutability.read_only] = None
    """Why the wish is not fulfilled yet, in words; it is tried again."""


class OfficerExtension(Extension):
    """An officer's post and mailbox."""

    __schema__ = URN(USER_EXTENSION)

    agency: str | None = None
    """The agency's identifier, of either generation, as in H13.30.01."""

    unit: str | None = None
    """The code of the unit within the agency, as in van_phong."""

    post: str | None = None
    """The title of the post; the user's title if left out."""

    starts_on: Annotated[str | None, Field(examples=["2026-12-01"])] = None
    """The first day of the post, YYYY-MM-DD; today if left out."""

    quota: int | None = None
    """The size of the mailbox in MiB."""

    revoke_on: Annotated[str | None, Field(examples=["2027-12-31"])] = None
    """The day on which the mailbox is revoked, YYYY-MM-DD."""

    officer: Annotated[str | None, Mutability.read_only, Returned.request, CaseExact.true] = None
    """The directory's id of the officer: set by the platform."""

    mailbox: Annotated[MailboxState | None, Mutability.read_only, Returned.request] = None
    """What became of the mailbox: set by the platform."""


class MailGroupExtension(Extension):
    """The group's mail address."""

    __schema__ = URN(GROUP_EXTENSION)

    address: str | None = None
    """The address under which the members are written to; without it, the group is only kept."""

    agency: str | None = None
    """The agency that the group belongs to; members are its officers and those below it."""

    mailbox: Annotated[MailboxState | None, Mutability.read_only, Returned.request] = None
    """What became of the address: set by the platform."""


@cache
def user_model() -> type[Resource[Any]]:
    """The user of RFC 7643 without what we do not keep."""
    schema = User.to_schema()
    schema.attributes = [one for one in schema.attributes or [] if one.name not in _LEFT_OUT]
    roles = next(one for one in schema.attributes if one.name == "roles")
    value = next(one for one in roles.sub_attributes or [] if one.name == "value")
    value.canonical_values = list(POST_ROLES)
    value.description = "What the post lets its holder do on the platform."
    return Resource.from_schema(schema)


def provider(*, most_bytes: int) -> ScimProvider:
    """The description of the whole service; a request may have so many bytes."""
    user = user_model()
    return ScimProvider(
        models=[user, Group, EnterpriseUser, OfficerExtension, MailGroupExtension],
        resource_types=[
            _kind(user, "User", "/Users", EnterpriseUser, OfficerExtension),
            _kind(Group, "Group", "/Groups", MailGroupExtension),
        ],
        config=_config(most_bytes),
        policy=ENTRA,
    )


def _kind(model: Any, name: str, endpoint: str, *extensions: type[Extension]) -> ResourceType:
    return ResourceType.model_validate(
        {
            "id": name,
            "name": name,
            "endpoint": endpoint,
            "schema": str(model.__schema__),
            "schemaExtensions": [{"schema": str(one.__schema__), "required": False} for one in extensions],
        }
    )


def _config(most_bytes: int) -> ServiceProviderConfig:
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=most_bytes),
        filter=Filter(supported=True, max_results=MOST_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="OAuth Bearer Token",
                description="A token with the scope scim:write, of the built-in issuer or a trusted one",
                spec_uri=Reference[External]("https://www.rfc-editor.org/info/rfc6750"),
                primary=True,
            )
        ],
        pagination=Pagination(
            cursor=True,
            index=True,
            default_pagination_method=Pagination.DefaultPaginationMethod.index,
            default_page_size=PAGE,
            max_page_size=MOST_RESULTS,
            cursor_timeout=CURSOR_SECONDS,
        ),
    )

"""What the directory's forms choose among: agencies, roles, officers."""

from collections.abc import Iterable
from typing import Any

from gateway.portal.agencies import agency_choices
from gateway.portal.calls import look, look_all
from gateway.portal.directory_words import POST_ROLES, role_words
from gateway.portal.forms import Choices, Values
from gateway.portal.language import words
from shared.errors import Forbidden, NotFound


def agencies() -> Choices:
    """The reader's agency and those below it."""
    return tuple((one["value"], one["text"]) for one in agency_choices() if one["value"])


def agencies_of(officer: dict[str, Any]) -> tuple[str, ...]:
    """Where somebody holds a post."""
    return tuple(dict.fromkeys(post["agency"] for post in officer["posts"] if post["holds"]))


def officers_at(agencies: Iterable[str], but: str | None = None) -> Choices:
    """Everybody at these agencies `but` one: their ids, and their names with what they are."""
    found = {one["id"]: _known_as(one) for agency in agencies for one in look_all("find_officers", {"agency": agency})}
    return tuple((key, name) for key, name in found.items() if key != but)


def units_of(agency: str) -> dict[str, str]:
    """What the units of an agency are called that have not been closed, by their codes; none that one may not see."""
    try:
        units = look("read_agency", agency=agency)["units"]
    except (Forbidden, NotFound):
        return {}
    return {one["code"]: words(one["name"]) for one in units if not one["closed_on"]}


def _known_as(officer: dict[str, Any]) -> str:
    return ", ".join([officer["name"], *(post["title"] for post in officer["posts"][:1])])


def roles() -> Choices:
    """What posts let their holders do."""
    return tuple((role, role_words(role)) for role in POST_ROLES)


def given(_subject: dict[str, Any], values: Values) -> dict[str, Any]:
    """The body of what was entered; what was left empty is left out."""
    return {name: value for name, value in values.items() if value is not None}

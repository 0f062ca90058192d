"""Officers to whom work may be given, to choose from."""

from gateway.portal.calls import look
from gateway.portal.forms import Choices
from gateway.portal.language import gettext as _
from gateway.portal.plain_words import ROLES


def colleagues(operation: str) -> Choices:
    """The officers whom this operation of a service lists: account, and name with what they are."""
    return tuple(
        (one["account"], ", ".join([one["name"], *(_(ROLES[role]) for role in one["roles"] if role in ROLES)]))
        for one in look(operation)["officers"]
    )

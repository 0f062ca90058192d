"""What a page offers to its reader: to apply for oneself, or to receive at the counter."""

from gateway.auth.access import may
from gateway.http.call import current_call
from shared.contracts.principal import Role

APPLY = "applications:apply"


def may_apply() -> bool:
    """Whether the reader may be somebody who applies for oneself: an officer does so with a citizen's account."""
    person = current_call().principal
    return person is None or person.has(Role.CITIZEN)


def receives_at() -> str:
    """The agency at whose counter the reader receives; empty for everybody else."""
    person = current_call().principal
    receives = person is not None and person.has(Role.RECEPTION_OFFICER) and may(person, APPLY)
    return person.agency if person and receives else ""

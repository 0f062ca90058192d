"""The main menu: the parts of the portal that its reader may see, and in which of them a page is."""

from dataclasses import dataclass

from gateway.portal.language import gettext as _
from gateway.portal.language import said
from shared.contracts.principal import Principal, Role

_OWN = "own"
"""What citizens see of their own; whoever has not signed in may be one."""

_PARTS = (
    ("/van-hanh", "/van-hanh", said("Vận hành"), "operations:read"),
    ("/danh-ba", "/danh-ba", said("Danh bạ"), "directory:write"),
    ("/danh-ba/hop-thu", "/danh-ba", said("Danh bạ"), "mail:write"),
    ("/van-ban/den", "/van-ban", said("Văn bản"), "documents:read"),
    ("/hop", "/hop", said("Họp trực tuyến"), "conferences:read"),
    ("/ban-lam-viec", "/ban-lam-viec", said("Bàn làm việc"), "applications:work"),
    ("/thu-tuc", "/thu-tuc", said("Thủ tục"), ""),
    ("/tra-cuu", "/tra-cuu", said("Tra cứu hồ sơ"), ""),
    ("/bao-cao", "/bao-cao", said("Báo cáo"), "reports:read"),
    ("/ho-so", "/ho-so", said("Hồ sơ của tôi"), _OWN),
)
"""Where each part begins, under which address its pages are, its name, and the scope that it needs.

Of several beginnings of one part it is the first that opens.
"""

_OF_AN_AGENCY = ("/danh-ba", "/van-ban/den")
"""What shows an agency's people and papers: services refuse it to operators, who keep the platform running."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; `current` is `page` on the very page, `true` on another of its part (ARIA 1.2, aria-current)."""

    path: str
    name: str
    current: str


def menu_of(person: Principal | None, place: str) -> list[Entry]:
    """The entries for a reader who is at the page of this path."""
    opening: dict[str, Entry] = {}
    for path, part, name, scope in _PARTS:
        if part not in opening and _sees(person, scope) and (path not in _OF_AN_AGENCY or sees_people(person)):
            at = "page" if place == path else "true" if f"{place}/".startswith(f"{part}/") else ""
            opening[part] = Entry(path, _(name), at)
    return list(opening.values())


def sees_people(person: Principal | None) -> bool:
    """Whether a reader may know an agency's officers and documents: whoever works there as more than an operator."""
    return person is not None and bool(person.agency and person.roles - {Role.OPERATOR})


def _sees(person: Principal | None, scope: str) -> bool:
    if scope == _OWN:
        return person is None or person.has(Role.CITIZEN)
    return not scope or (person is not None and scope in person.scopes)

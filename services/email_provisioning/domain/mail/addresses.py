"""Addresses out of Vietnamese names: short, ASCII, unambiguous, and never given again too soon.

"Nguyễn Văn An" is `annv` or `nvan`, as the house orders given name and initials. Of homonyms the later one gets a
number or a longer spelling. An address that was given is free again only when the retention has passed since it was
released, because mail for the former holder may still come.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from shared.errors import Invalid, field_error
from shared.words import fold

LONGEST = 64
"""Letters of a local part (RFC 5321 section 4.5.3.1.1)."""

LONGEST_UNIT = 31
"""Letters of a unit behind a person's name; the rest is the person's."""

RESERVED = frozenset(
    ("abuse", "admin", "administrator", "hostmaster", "mailer-daemon", "noreply", "postmaster", "root", "security",
     "support", "webmaster")
)  # fmt: skip
"""Names that standards (RFC 2142) and people expect to reach those who run the mail."""


class Order(StrEnum):
    """In which order a local part is put together."""

    GIVEN_FIRST = "given_first"
    INITIALS_FIRST = "initials_first"


class Homonyms(StrEnum):
    """What tells people of the same short name apart."""

    NUMBER = "number"
    SPELLED = "spelled"


@dataclass(frozen=True, slots=True)
class NamingPolicy:
    """How a domain names its people; `unit_suffix` puts the unit's mail name behind the person's, `annv.stttt`."""

    domain: str
    order: Order = Order.GIVEN_FIRST
    homonyms: Homonyms = Homonyms.NUMBER
    unit_suffix: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An address that somebody has or had; `released_on` is the last day on which it was theirs."""

    holder: str
    released_on: date | None = None


def choose_address(name: str, policy: NamingPolicy, is_taken: Callable[[str], bool], unit: str = "") -> str:
    """The first address for this name that nobody has; `unit` is the mail name of the unit, such as `stttt`.

    Raises:
        Invalid: `name_without_letters`, nothing of the name can stand in an address.
    """
    return next(address for address in candidates(name, policy, unit) if not is_taken(address))


def candidates(name: str, policy: NamingPolicy, unit: str = "") -> Iterator[str]:
    """Every address that the policy allows for a name, the best first; they never end and never repeat."""
    suffix = f".{_letters(unit)[:LONGEST_UNIT]}" if policy.unit_suffix and _letters(unit) else ""
    seen = set()
    for local in _locals(name, policy):
        whole = f"{local[: LONGEST - len(suffix)]}{suffix}"
        if whole not in seen and whole not in RESERVED:
            seen.add(whole)
            yield f"{whole}@{policy.domain}"
    shortest = next(_locals(name, policy))
    for number in count(1):
        digits = str(number)
        yield f"{shortest[: LONGEST - len(suffix) - len(digits)]}{digits}{suffix}@{policy.domain}"


def may_take(given: Given | None, holder: str, today: date, retention_days: int) -> bool:
    """Whether a holder may have an address that was `given` before, or never."""
    if given is None or given.holder == holder:
        return True
    return given.released_on is not None and today > given.released_on + timedelta(days=retention_days)


def check_chosen(address: str, domains: Iterable[str]) -> None:
    """Whether an address that a person chose may be given at all.

    Raises:
        Invalid: `address_reserved`, `address_too_long`, or `address_elsewhere`, which is of none of the domains.
    """
    local, _, domain = address.partition("@")
    if len(local) > LONGEST:
        raise Invalid("request_invalid", fields=[field_error("address", "address_too_long", limit=LONGEST)])
    if domain not in domains:
        raise Invalid("request_invalid", fields=[field_error("address", "address_elsewhere", domain=domain)])
    if local in RESERVED:
        raise Invalid("request_invalid", fields=[field_error("address", "address_reserved")])


def _locals(name: str, policy: NamingPolicy) -> Iterator[str]:
    """The short name, then, where homonyms are spelled out, longer and longer ones."""
    words = [word for word in map(_letters, name.split()) if word]
    if not words:
        raise Invalid("request_invalid", fields=[field_error("name", "name_without_letters")])
    *before, given = words
    yield _together([word[:1] for word in before], given, policy.order)
    if policy.homonyms is Homonyms.SPELLED:
        for spelled in range(1, len(before) + 1):
            initials = [word[:1] for word in before[: len(before) - spelled]]
            yield _together([*initials, *before[len(before) - spelled :]], given, policy.order)


def _together(before: list[str], given: str, order: Order) -> str:
    parts = [given, *before] if order is Order.GIVEN_FIRST else [*before, given]
    return "".join(parts)


def _letters(word: str) -> str:
    return "".join(letter for letter in fold(word) if letter.isascii() and letter.isalnum())

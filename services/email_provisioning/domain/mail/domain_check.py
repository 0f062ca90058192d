"""Whether the records of a mail domain let mail in and keep forgeries out, with the reason in words.

MX (RFC 5321), SPF (RFC 7208), DKIM (RFC 6376, 8301) and DMARC (RFC 7489); nothing is changed anywhere.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.email_provisioning.domain.mail.domain_words import WORDS

MOST_LOOKUPS = 10
LEAST_BITS, GOOD_BITS = 1024, 2048
_LOOKS_UP = ("include", "a", "mx", "ptr", "exists")
_MECHANISMS = (*_LOOKS_UP, "ip4", "ip6", "all")
_POLICIES = ("none", "quarantine", "reject")

Lookup = Callable[[str, str], list[str]]
"""The records of a name and a kind as text: `10 mx1.example.vn.` for MX, TXT with its parts joined; none is none.

Raises:
    NameMissing: there is no such name.
    Unanswered: the name servers do not say.
"""

KeyBits = Callable[[str], int | None]
"""How long the RSA key is that is written so (base64 of its DER); None for one of another kind.

Raises:
    ValueError: it is no key.
"""


class NameMissing(Exception):
    """There is no such name (NXDOMAIN)."""


class Unanswered(Exception):
    """The name servers do not say; the message tells why."""


class Verdict(StrEnum):
    """How a record is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


_GRAVITY = (Verdict.GOOD, Verdict.UNKNOWN, Verdict.WARNING, Verdict.BAD)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was seen; `found` is what the words name."""

    verdict: Verdict
    code: str
    found: str = ""

    @property
    def words(self) -> dict[str, str]:
        """The reason in both languages."""
        vietnamese, english = WORDS[self.code]
        return {"vi": vietnamese.format(found=self.found), "en": english.format(found=self.found)}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the house says of a domain: its mail servers, if it names any, and the DKIM selectors in use."""

    domain: str
    mx: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()


Check = Callable[[Expected, Lookup, KeyBits], Iterator[Finding]]


def check_domain(expected: Expected, look_up: Lookup, key_bits: KeyBits) -> dict[str, list[Finding]]:
    """What there is to say of each kind of record; a kind that could not be asked for says so."""
    return {kind: _found(check, expected, look_up, key_bits) for kind, check in CHECKS.items()}


def gravest(findings: Iterable[Finding]) -> Verdict:
    """The verdict of several findings together."""
    return max((finding.verdict for finding in findings), key=_GRAVITY.index, default=Verdict.UNKNOWN)


def _found(check: Check, expected: Expected, look_up: Lookup, key_bits: KeyBits) -> list[Finding]:
    try:
        return list(check(expected, look_up, key_bits))
    except Unanswered as error:
        return [Finding(Verdict.UNKNOWN, "dns_unanswered", str(error))]


def _mx(expected: Expected, look_up: Lookup, _: KeyBits) -> Iterator[Finding]:
    try:
        records = look_up(expected.domain, "MX")
    except NameMissing:
        yield Finding(Verdict.BAD, "domain_missing", expected.domain)
        return
    hosts = [record.split()[-1].rstrip(".").lower() for record in sorted(records, key=_preference)]
    if not hosts:
        yield Finding(Verdict.BAD, "mx_missing")
    elif hosts == [""]:
        yield Finding(Verdict.BAD, "mx_null")
    elif expected.mx and not {name.lower() for name in expected.mx} & set(hosts):
        yield Finding(Verdict.BAD, "mx_elsewhere", ", ".join(hosts))
    else:
        without = [host for host in hosts if not (_records(look_up, host, "A") or _records(look_up, host, "AAAA"))]
        yield from (Finding(Verdict.BAD, "mx_without_address", host) for host in without)
        if not without:
            yield Finding(Verdict.GOOD, "mx_good", ", ".join(hosts))


def _preference(record: str) -> tuple[int, str]:
    number, _, host = record.partition(" ")
    return int(number), host


def _spf(expected: Expected, look_up: Lookup, _: KeyBits) -> Iterator[Finding]:
    records = _spf_records(look_up, expected.domain)
    if len(records) != 1:
        yield Finding(Verdict.BAD, "spf_several", str(len(records))) if records else Finding(Verdict.BAD, "spf_missing")
        return
    walk = _SpfWalk(look_up)
    walk.follow(expected.domain, records[0])
    if walk.problem is not None:
        yield walk.problem
    elif walk.lookups > MOST_LOOKUPS:
        yield Finding(Verdict.BAD, "spf_too_many_lookups", str(walk.lookups))
    elif walk.ending == "-all":
        yield Finding(Verdict.GOOD, "spf_good")
    elif walk.ending == "~all":
        yield Finding(Verdict.WARNING, "spf_soft")
    else:
        yield Finding(Verdict.BAD, "spf_open", walk.ending or "?all")


class _SpfWalk:
    """Reads a policy with all that it leads to, and counts what receivers would have to look up."""

    def __init__(self, look_up: Lookup) -> None:
        self._look_up = look_up
        self._seen: set[str] = set()
        self.lookups = 0
        self.ending = ""
        self.problem: Finding | None = None

    def follow(self, domain: str, record: str, *, included: bool = False) -> None:
        """Read one policy; how the whole ends is said by the first one, or by the one that takes its place."""
        self._seen.add(domain)
        redirect = ""
        for term in record.lower().split()[1:]:
            name, _, value = term.partition("=")
            if "=" in term and ":" not in name:
                redirect = value if name == "redirect" else redirect
                continue
            self._mechanism(term, included=included)
            if term.lstrip("+-~?") == "all":
                return
        if redirect:
            self.lookups += 1
            self._lead_to(redirect, included=included)

    def _mechanism(self, term: str, *, included: bool) -> None:
        bare = term.lstrip("+-~?")
        name = bare.partition(":")[0].partition("/")[0]
        if name not in _MECHANISMS:
            self.problem = self.problem or Finding(Verdict.BAD, "spf_unreadable", term)
        if name == "all" and not included:
            self.ending = term if term != "all" else "+all"
        self.lookups += name in _LOOKS_UP
        if name == "include":
            self._lead_to(bare.partition(":")[2], included=True)

    def _lead_to(self, domain: str, *, included: bool) -> None:
        if "%" in domain or domain in self._seen or self.lookups > MOST_LOOKUPS:
            return  # what depends on the sender cannot be followed; a circle or a long way is void anyhow
        records = _spf_records(self._look_up, domain)
        if len(records) != 1:
            self.problem = self.problem or Finding(Verdict.BAD, "spf_include_missing", domain)
            return
        self.follow(domain, records[0], included=included)


def _spf_records(look_up: Lookup, domain: str) -> list[str]:
    texts = _records(look_up, domain, "TXT")
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def _dkim(expected: Expected, look_up: Lookup, key_bits: KeyBits) -> Iterator[Finding]:
    if not expected.selectors:
        yield Finding(Verdict.UNKNOWN, "dkim_unknown")
    for selector in expected.selectors:
        place = f"{selector}._domainkey.{expected.domain}"
        tags = next((tags for text in _records(look_up, place, "TXT") if "p" in (tags := _tags(text))), None)
        yield _dkim_key(place, tags, key_bits)


def _dkim_key(place: str, tags: dict[str, str] | None, key_bits: KeyBits) -> Finding:
    if tags is None:
        return Finding(Verdict.BAD, "dkim_missing", place)
    if not tags["p"]:
        return Finding(Verdict.BAD, "dkim_revoked", place)
    try:
        bits = key_bits("".join(tags["p"].split())) if tags.get("k", "rsa") == "rsa" else None
    except ValueError:
        return Finding(Verdict.BAD, "dkim_unreadable", place)
    if bits is not None and bits < GOOD_BITS:
        return Finding(Verdict.BAD if bits < LEAST_BITS else Verdict.WARNING, "dkim_short", str(bits))
    if "y" in tags.get("t", "").split(":"):
        return Finding(Verdict.WARNING, "dkim_testing", place)
    return Finding(Verdict.GOOD, "dkim_good", place)


def _dmarc(expected: Expected, look_up: Lookup, _: KeyBits) -> Iterator[Finding]:
    place = f"_dmarc.{expected.domain}"
    records = [text for text in _records(look_up, place, "TXT") if text.lower().replace(" ", "").startswith("v=dmarc1")]
    if len(records) != 1:
        found = ("dmarc_several", str(len(records))) if records else ("dmarc_missing", place)
        yield Finding(Verdict.BAD, *found)
        return
    tags = _tags(records[0])
    policy = tags.get("p", "").lower()
    if policy not in _POLICIES:
        yield Finding(Verdict.BAD, "dmarc_unreadable", records[0])
        return
    yield (
        Finding(Verdict.WARNING, "dmarc_watches_only")
        if policy == "none"
        else Finding(Verdict.GOOD, "dmarc_good", policy)
    )
    if tags.get("pct", "100") != "100":
        yield Finding(Verdict.WARNING, "dmarc_in_part", tags["pct"])
    if not tags.get("rua"):
        yield Finding(Verdict.WARNING, "dmarc_without_reports")


def _tags(record: str) -> dict[str, str]:
    parts = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in parts}


def _records(look_up: Lookup, name: str, kind: str) -> Sequence[str]:
    """The records of a name; one that is not there has none."""
    try:
        return look_up(name, kind)
    except NameMissing:
        return []


CHECKS: dict[str, Check] = {"mx": _mx, "spf": _spf, "dkim": _dkim, "dmarc": _dmarc}

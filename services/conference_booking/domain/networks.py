"""Networks of endpoints and their rules: who approves, who runs them, how long ahead meetings are asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.conference_booking.domain.quality import Rules
from services.conference_booking.domain.spans import DAY, Span
from shared.errors import Invalid, NotFound, field_error
from shared.working_time import VIETNAM, Duration

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rank:
    """Whose meeting goes before whose; `place` 0 is the highest."""

    key: str
    name: Words
    place: int
    preempts: bool


@dataclass(frozen=True, slots=True)
class TechnicianRules:
    """Whether a technician is at one meeting at a time, and whether a meeting is approved only with one everywhere."""

    exclusive: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """So many minutes before a session every endpoint should have what it needs; of the checks of `readiness`."""

    before: int
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dial:
    """One way to dial into a room: an address with `{number}` and `{pin}` in it, for these models of codec or all."""

    kind: str
    address: str
    codecs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BridgeAccess:
    """How a network's bridge is used: commanded at `url` by the adapter of this kind, or only dialled into."""

    kind: str = "generic"
    url: str = ""
    dials: tuple[Dial, ...] = ()

    @property
    def commanded(self) -> bool:
        """Whether the platform opens and closes rooms on it."""
        return self.kind != "generic"


@dataclass(frozen=True, slots=True)
class Network:
    """One network; set-up, rehearsal (a part of the set-up) and tear-down in minutes.

    `mailbox` is where whoever runs it is warned, `approver_mailbox` where the approver hears of what waits.
    """

    key: str
    name: Words
    province: str
    approver: str
    operator: str
    lead: Duration
    urgent_lead: Duration
    hold: Duration
    set_up: int
    rehearsal: int
    tear_down: int
    technicians: TechnicianRules
    marks: tuple[Mark, ...]
    mailbox: str | None
    opens: time
    closes: time
    quality: Rules
    alerts: tuple[str, ...] = ()
    bridge: BridgeAccess = BridgeAccess()
    approver_mailbox: str | None = None

    def open_hours(self, first: date, last: date) -> Iterator[Span]:
        """When people meet, on each day of Viet Nam from `first` to `last`."""
        day = first
        while day <= last:
            yield Span(_moment(day, self.opens), _moment(day, self.closes))
            day += DAY


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)


class Networks:
    """All networks and ranks."""

    def __init__(self, networks: Iterable[Network], ranks: Iterable[Rank]) -> None:
        self._networks = {network.key: network for network in networks}
        self.ranks = {rank.key: rank for rank in ranks}

    def __iter__(self) -> Iterator[Network]:
        return iter(self._networks.values())

    def get(self, key: str) -> Network:
        """The network of this key.

        Raises:
            NotFound: `network_unknown`.
        """
        if key not in self._networks:
            raise NotFound("network_unknown", network=key)
        return self._networks[key]

    def rank(self, key: str) -> Rank:
        """The rank of this key.

        Raises:
            Invalid: naming the field `rank`.
        """
        if key not in self.ranks:
            raise Invalid("request_invalid", fields=[field_error("rank", "rank_unknown", ranks=list(self.ranks))])
        return self.ranks[key]


def local_day(moment: datetime) -> date:
    """The day in Viet Nam."""
    return moment.astimezone(VIETNAM).date()


def capacity_of(bridge: Mapping[str, int]) -> dict[str, int]:
    """What may be claimed of a bridge: its ports but for the reserve, and its recorders."""
    return {"ports": bridge["ports"] * (100 - bridge["reserve"]) // 100, "recorders": bridge["recorders"]}


def minutes(amount: int) -> timedelta:
    """A length."""
    return timedelta(minutes=amount)

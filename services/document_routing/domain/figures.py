"""The figures of D 3.6 from counts of a period; what could not be counted has no value, which is not zero."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted: issued documents, arrivals whose duty to confirm can be judged, jobs whose deadline can be.

    `waiting_minutes` is the median from arrival to registration in minutes.
    """

    issued: int = 0
    electronic: int = 0
    signed: int = 0
    packages: int = 0
    failed: int = 0
    recalled: int = 0
    arrived: int = 0
    to_confirm: int = 0
    confirmed: int = 0
    due: int = 0
    on_time: int = 0
    waiting_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it was reckoned from."""

    key: str
    name: str
    unit: str
    numerator: int | None
    denominator: int | None
    value: float | None


def figures(facts: Facts) -> list[Figure]:
    """All figures, in the order in which they are reported."""
    return [
        _share("exchanged_electronically", "Văn bản đi gửi hoàn toàn điện tử", facts.electronic, facts.issued),
        _share("digitally_signed", "Văn bản điện tử có đủ chữ ký số", facts.signed, facts.electronic),
        _share("confirmed_within_day", "Văn bản đến được xác nhận trong ngày", facts.confirmed, facts.to_confirm),
        _share("handled_on_time", "Văn bản đến giải quyết đúng hạn", facts.on_time, facts.due),
        Figure("median_wait", "Trung vị thời gian từ lúc đến tới lúc vào sổ", "minutes", None, None, _waiting(facts)),
        _share("recalled", "Văn bản đi bị thu hồi", facts.recalled, facts.issued),
        _share("failed_packages", "Gói tin gửi không thành công", facts.failed, facts.packages),
        Figure("arrived", "Văn bản đến trong kỳ", "count", None, None, float(facts.arrived)),
    ]


def _share(key: str, name: str, part: int, whole: int) -> Figure:
    return Figure(key, name, "percent", part, whole, round(100 * part / whole, 2) if whole else None)


def _waiting(facts: Facts) -> float | None:
    return None if facts.waiting_minutes is None else round(facts.waiting_minutes, 1)

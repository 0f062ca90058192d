"""The indicators of Decision 766/QĐ-TTg that the platform's own data can answer (D 2.10).

Each shows what was divided by what; where nothing could be counted the value is missing, which is not 0.

Not answered, for want of data: 1.1 and 1.2 (dates of the decisions that announce procedures), 1.3 (the contract lets
no procedure in without all its parts), 4.4 and 4.5 (the national data warehouse knows), 5.1 to 5.3 (the feedback
system does).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.one_stop_shop.domain.procedure import ProcedureVersion


@dataclass(frozen=True, slots=True)
class Facts:
    """Sums over the applications of a period; parts of bundles are left out.

    `handled` are all that were received in the period or still open at its beginning; `in_limit` those of them
    that were, at their end or at the end of the period, neither late nor asked for more a second time.
    `finished` have a result, `processed` ended in any way; `hours` is their time without what they waited.
    """

    handled: int = 0
    in_limit: int = 0
    received: int = 0
    synchronised: int = 0
    online: int = 0
    with_fee: int = 0
    paid_online: int = 0
    reused: int = 0
    processed: int = 0
    hours: float = 0.0
    finished: int = 0
    finished_late: int = 0
    electronic_result: int = 0
    digitised: int = 0
    dissatisfied: int = 0
    online_procedures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `value` is missing where `denominator` is 0."""

    id: str
    name: str
    numerator: float | None
    denominator: int | None
    value: float | None
    unit: str = "percent"

    def to_dict(self) -> dict[str, Any]:
        """The indicator as it is answered."""
        return {name: getattr(self, name) for name in self.__slots__}


def indicators(facts: Facts, procedures: Iterable[ProcedureVersion]) -> list[Indicator]:
    """All of them in the order of their numbers; `procedures` are those in the agency's competence."""
    offered = list(procedures)
    online = {version.code for version in offered if version.service_level in ("full", "partial")}
    with_fee = [version for version in offered if any(case.fees for case in version.cases)]
    payable_online = [version for version in with_fee if version.service_level == "full"]
    pleased = max(facts.finished - facts.finished_late - facts.dissatisfied, 0)
    return [
        _share("1.4", "Hồ sơ đã đồng bộ lên Cổng Dịch vụ công quốc gia", facts.synchronised, facts.received),
        _share("2.1", "Hồ sơ giải quyết sớm hoặc đúng hạn", facts.in_limit, facts.handled),
        _mean("2.2", "Thời gian giải quyết trung bình", facts.hours, facts.processed),
        _share("3.1", "Thủ tục cung cấp trực tuyến", len(online), len(offered)),
        _share("3.2", "Dịch vụ trực tuyến có phát sinh hồ sơ", len(online & facts.online_procedures), len(online)),
        _share("3.3", "Hồ sơ nộp trực tuyến", facts.online, facts.received),
        _share("3.5", "Thủ tục có phí, lệ phí được thanh toán trực tuyến", len(payable_online), len(with_fee)),
        _share("3.6", "Hồ sơ thanh toán trực tuyến", facts.paid_online, facts.with_fee),
        _share("4.1", "Hồ sơ cấp kết quả điện tử", facts.electronic_result, facts.finished),
        _share("4.2", "Hồ sơ được số hóa", facts.digitised, facts.finished),
        _share("4.3", "Hồ sơ tái sử dụng dữ liệu số hóa", facts.reused, facts.received),
        _share("5.4", "Mức độ hài lòng trong giải quyết hồ sơ", pleased, facts.finished),
    ]


def _share(number: str, name: str, part: int, whole: int) -> Indicator:
    return Indicator(number, name, part, whole, round(100 * part / whole, 2) if whole else None)


def _mean(number: str, name: str, hours: float, count: int) -> Indicator:
    return Indicator(number, name, round(hours, 2), count, round(hours / count, 2) if count else None, "hours")

"""Whom documents can be sent to: every agency that is reached, in the groups in which people look for them."""

from typing import Any

from gateway.portal.calls import look_all
from gateway.portal.forms import Groups
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from shared.words import fold

_COMMITTEES = ("people_committee", "people_council", "office")
_PROVINCE = said("Ủy ban nhân dân, Hội đồng nhân dân cấp tỉnh")
_DEPARTMENTS = said("Sở, ban, ngành")
_COMMUNES = said("Ủy ban nhân dân, Hội đồng nhân dân cấp xã")
_IN_COMMUNES = said("Cơ quan khác ở cấp xã")
_PARTY = said("Cơ quan Đảng")
_MINISTRIES = said("Cơ quan trung ương")
_OTHERS = said("Khác")

_ORDER = (_PROVINCE, _DEPARTMENTS, _COMMUNES, _IN_COMMUNES, _PARTY, _MINISTRIES, _OTHERS)
_OF_LEVEL = {
    "ministry": (_MINISTRIES, _MINISTRIES),
    "province": (_PROVINCE, _DEPARTMENTS),
    "commune": (_COMMUNES, _IN_COMMUNES),
}
"""Where the committees of a level stand, and where its other agencies do."""


def reached() -> list[dict[str, Any]]:
    """Every agency that documents can be sent to, by name."""
    return sorted(look_all("list_connections"), key=lambda one: fold(one["name"]))


def receivers() -> Groups:
    """The same in groups, those without anybody left out; whoever the directory does not know comes last."""
    groups: dict[str, list[tuple[str, str]]] = {heading: [] for heading in _ORDER}
    for one in reached():
        groups[_group(one.get("level"), one.get("kind"))].append((one["agency"], one["name"]))
    return tuple((_(heading), tuple(rows)) for heading, rows in groups.items() if rows)


def _group(level: str | None, kind: str | None) -> str:
    if kind == "party":
        return _PARTY
    committees, others = _OF_LEVEL.get(level or "", (_OTHERS, _OTHERS))
    return committees if kind in _COMMITTEES else others

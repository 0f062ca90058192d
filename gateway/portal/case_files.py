"""Files of an application that can be looked at while deciding about it: its result, and what was handed in."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.downloads import SHOWN
from gateway.portal.language import gettext as _

Link = dict[str, str]


def files_beside(application: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What browsers draw, under a title for each kind; nothing of a kind of which there is nothing."""
    place = f"/ho-so/{application['id']}"
    result = (application["result"] or {}).get("files", ())
    papers = [one for one in application["components"] if one["file"]]
    groups = (
        (_("Kết quả"), _links((f"{place}/ket-qua/{number}", one["name"], one) for number, one in enumerate(result, 1))),
        (_("Giấy tờ đã nộp"), _links((f"{place}/tep/{one['attachment']}", one["name"], one["file"]) for one in papers)),
    )
    return [{"title": title, "files": files} for title, files in groups if files]


def _links(files: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[Link]:
    return [{"href": f"{path}?xem", "name": name} for path, name, file in files if file["type"] in SHOWN]

"""What an applicant hands in: papers counted by kind and files, under the procedure's own components.

A component arrives as the contract describes it, with `file` already exchanged for the stored file's description.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from services.one_stop_shop.domain.access import identity_of
from services.one_stop_shop.domain.procedure import Component, ProcedureVersion, Source
from services.one_stop_shop.domain.questions import missing_components
from services.one_stop_shop.domain.situation import Channel, Situation
from shared.errors import Conflict, Error, FieldError, field_error

ComponentRecord = dict[str, Any]


def situation_of(content: Mapping[str, Any]) -> Situation:
    """What the procedure's rules ask about."""
    owner, submitter = content["owner"], content["submitter"]
    authorised = bool(submitter) and identity_of(submitter) != identity_of(owner)
    return Situation(
        content["answers"],
        content["case"],
        Channel(content["channel"]),
        owner["applicant_class"],
        authorised,
        content.get("province") or "",
    )


def situation_now(application: Mapping[str, Any], **changed: Any) -> Situation:
    """The same of an application that is stored, as it stands or with what has `changed`."""
    return situation_of({**application, "case": application["procedure"]["case"], **changed})


def check_supplied(
    supplied: Sequence[Mapping[str, Any]], version: ProcedureVersion, *, online: bool, asked: Collection[str] = ()
) -> list[FieldError]:
    """Each component must be the procedure's own, named once, and hold something.

    Online nobody sees a paper that is only counted, and what was handed in elsewhere cannot be found again from here:
    there a paper is a file, and so is what was `asked` for.
    """
    known = {component.key for component in version.components}
    files = {component.key for component in version.components if component.source is Source.PAPER} | set(asked)
    times = Counter(item["component"] for item in supplied)
    wrong = []
    for number, item in enumerate(supplied):
        path = f"components.{number}"
        if item["component"] not in known:
            wrong.append(field_error(f"{path}.component", "component_unknown"))
        elif times[item["component"]] > 1:
            wrong.append(field_error(f"{path}.component", "component_repeated"))
        elif not any(item[name] for name in _HOLDS):
            wrong.append(field_error(path, "component_empty"))
        elif online and item["component"] in files and not item["file"]:
            wrong.append(field_error(f"{path}.file", "reuse_not_found" if item["reused_from"] else "file_needed"))
    return wrong


def as_seen(supplied: Sequence[Mapping[str, Any]], *, online: bool) -> list[dict[str, Any]]:
    """What is taken down of what was supplied: online no papers are counted, for nobody has seen any."""
    unseen = dict.fromkeys(_COUNTS, 0) if online else {}
    return [{**item, **unseen} for item in supplied]


_COUNTS = ("originals", "certified_copies", "photocopies")
_HOLDS = ("file", *_COUNTS, "reused_from")


def component_records(
    version: ProcedureVersion,
    supplied: Sequence[Mapping[str, Any]],
    missing: Sequence[Component] = (),
    filled_in: Sequence[Component] = (),
) -> list[ComponentRecord]:
    """The forms filled in online, what was handed in, and what still has to come; files are numbered as attachments."""
    forms = [{**_empty(component), "electronic_form": True} for component in filled_in]
    return replace_components([*forms, *(_empty(component) for component in missing)], supplied, version)


def replace_components(
    records: Sequence[ComponentRecord],
    supplied: Sequence[Mapping[str, Any]],
    version: ProcedureVersion,
    former: Iterable[ComponentRecord] = (),
) -> list[ComponentRecord]:
    """The records with those of the same component replaced.

    A new file never takes the number of an old one, nor of one of the `former` records that gave way before.
    """
    rules = {component.key: component for component in version.components}
    number = max((int(record["attachment"]) for record in [*records, *former] if record["attachment"]), default=0)
    result = {record["component"]: record for record in records}
    for item in supplied:
        number += bool(item["file"])
        result[item["component"]] = {
            **_empty(rules[item["component"]]),
            **{name: item[name] for name in _HOLDS},
            "electronic_form": result.get(item["component"], {}).get("electronic_form", False),
            "attachment": str(number) if item["file"] else None,
        }
    return list(result.values())


def replaced(records: Sequence[ComponentRecord], supplied: Sequence[Mapping[str, Any]]) -> list[ComponentRecord]:
    """The records that give way to what is supplied now; they stay on file with the supplement."""
    codes = {item["component"] for item in supplied}
    return [record for record in records if record["component"] in codes]


def handed_in(records: Sequence[ComponentRecord]) -> set[str]:
    """The components of which something was handed in."""
    return {record["component"] for record in records if any(record[name] for name in _HOLDS)}


def papers_missing(application: Mapping[str, Any], version: ProcedureVersion) -> Error | None:
    """The refusal to go on with an incomplete file, naming the papers; None when it is complete."""
    missing = missing_components(version, situation_now(application), handed_in(application["components"]))
    return Conflict("papers_missing", papers=[component.name.to_dict() for component in missing]) if missing else None


def _empty(component: Component) -> ComponentRecord:
    return {
        "component": component.key,
        "name": component.name.vi,
        "required": not component.optional,
        "originals": 0,
        "certified_copies": 0,
        "photocopies": 0,
        "attachment": None,
        "file": None,
        "reused_from": None,
        "electronic_form": False,
    }

"""Tables of officers and agencies: tried first, looked at row by row, then imported."""

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.downloads import disposition
from gateway.portal.agencies import agency_choices
from gateway.portal.calls import do, look
from gateway.portal.charts import write_csv
from gateway.portal.directory import HERE, WRITE, common
from gateway.portal.directory_words import IMPORT_KINDS, import_kind_words, import_rows_words, outcome_words
from gateway.portal.forms import Field, entries_of, shown_fields
from gateway.portal.import_words import row_in_words
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, field_sentence, go, page
from gateway.portal.uploads import BOX, missing_file, sent_form
from shared.errors import FieldError, Invalid, NotFound, field_error
from shared.table_columns import COLUMNS

MOST_ROWS = 200
"""How many rows of each kind a page shows; the others are a page further."""

LISTED = ("refused", "changed", "created")
"""The rows that are shown, first those that need somebody's eyes."""


@page_for(WRITE)
def list_imports() -> Response:
    """The reader's own imports, and the form that tries a table."""
    return _imports([])


def _imports(wrong: list[FieldError]) -> Response:
    upload = Field("tep", _("Bảng CSV (UTF-8) hoặc XLSX"), "file", _("Bảng được thử trước; chưa có gì được ghi"))
    return page(
        "imports.html",
        422 if wrong else 200,
        kinds=[(kind, import_kind_words(kind)) for kind in IMPORT_KINDS],
        chosen=_kind(),
        found=[{**one, "kind_words": import_kind_words(one["kind"])} for one in look("list_imports")["items"]],
        columns=COLUMNS[_kind()],
        upload=shown_fields([upload], {}, None, wrong)[0],
        wrong=entries_of([upload], wrong),
        failed=bool(wrong),
        **common(),
    )


def _kind() -> str:
    """Of what the table is, as the address says."""
    asked = request.args.get("loai", "")
    return asked if asked in IMPORT_KINDS else next(iter(IMPORT_KINDS))


@page_for(WRITE)
def take_empty_table() -> Response:
    """A table with all the columns and no rows, to be filled in."""
    kind = _kind()
    response = Response(write_csv([[one.heading for one in COLUMNS[kind]]], ()), mimetype="text/csv")
    response.headers["Content-Disposition"] = disposition(f"bang-mau-{kind}.csv")
    return response


@page_for(WRITE)
def try_table() -> Response:
    """Take a table in, and try it without storing anything."""
    sent = sent_form()
    if wrong := missing_file(sent):
        return _imports([_at_the_box(one) for one in wrong])
    try:
        return _begin(_kind(), sent.files[BOX], dry_run=True, key=secrets.token_hex(16))
    except Invalid as error:
        return _imports([_at_the_box(one) for one in error.fields or [field_error(BOX, error.code, **error.params)]])


def _at_the_box(fault: FieldError) -> FieldError:
    """What is wrong with the file, where it was chosen: of the kinds that the site takes, only tables help here."""
    return field_error(BOX, "not_a_table") if fault["code"] == "file_type_not_allowed" else {**fault, "path": BOX}


def _begin(kind: str, file: str, *, dry_run: bool, key: str) -> Response:
    body = {"kind": kind, "file": file, "dry_run": dry_run}
    begun = do("start_import", body, key=f"nhap-{key}")
    return go(f"{HERE}/nhap/{begun['id']}?{urlencode({'tep': file})}")


@page_for(WRITE)
def show_import(job: str) -> Response:
    """How far an import has come and what each row does; what was only tried can be carried out."""
    found = look("read_import", None, **{"import": job})
    running = found["finished_at"] is None
    return page(
        "import.html",
        job=found,
        problem=field_sentence(found["problem"]) if found["problem"] else "",
        kind=import_kind_words(found["kind"]),
        figures=[(outcome_words(name), found[name]) for name in ("created", "changed", "unchanged", "refused")],
        lists=[] if running else _lists(found),
        file=_file(request.args),
        running=running,
        here_again=request.full_path.rstrip("?"),
        key=secrets.token_hex(16),
        **common(),
    )


def _lists(job: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows by what becomes of them; further pages show those of one kind."""
    chosen = request.args.get("xem", "")
    outcomes = [chosen] if chosen in LISTED else [name for name in LISTED if job[name]]
    names = {one["value"]: one["text"] for one in agency_choices()} if outcomes else {}
    return [_list(job, outcome, names) for outcome in outcomes]


def _list(job: dict[str, Any], outcome: str, names: dict[str, str]) -> dict[str, Any]:
    asked = {"outcome": outcome, "limit": MOST_ROWS, "cursor": request.args.get("cursor") or None}
    found = look("list_import_rows", asked, **{"import": job["id"]})
    further = {"tep": _file(request.args), "xem": outcome, "cursor": found["next_cursor"]}
    return {
        "outcome": outcome,
        "words": import_rows_words(outcome),
        "count": job[outcome],
        "rows": [row_in_words(job["kind"], row, names) for row in found["items"]],
        "more": f"{HERE}/nhap/{job['id']}?{urlencode(further)}" if found["next_cursor"] else "",
    }


def _file(given: Any) -> str:
    file = given.get("tep", "")
    return file if file.isalnum() else ""


@page_for(WRITE)
def carry_out(job: str) -> Response:
    """Import in earnest what was tried."""
    file = _file(request.form)
    if not file:
        raise NotFound("route_unknown")
    tried = look("read_import", None, **{"import": job})
    return _begin(tried["kind"], file, dry_run=False, key=request.form.get("key") or secrets.token_hex(16))


ROUTES: Routes = (
    ("GET", "/danh-ba/nhap", list_imports),
    ("POST", "/danh-ba/nhap", try_table),
    ("GET", "/danh-ba/nhap/bang-mau.csv", take_empty_table),
    ("GET", "/danh-ba/nhap/<name:job>", show_import),
    ("POST", "/danh-ba/nhap/<name:job>", carry_out),
)

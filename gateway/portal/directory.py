"""The directory and its mailboxes: people with posts, mailboxes with their state at each host, imports tried first.

Whom and what somebody sees is decided by the service: their own agency and what is below it.
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import may, page_for
from gateway.http.call import current_call
from gateway.portal.agencies import agency_choices, names_of
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import do, look
from gateway.portal.directory_words import (
    IMPORT_KINDS,
    column_words,
    import_kind_words,
    leaving_words,
    mailbox_kind_words,
    mailbox_state_words,
    outcome_words,
    role_words,
    tone_of,
)
from gateway.portal.forms import Field, entries_of, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.menu import sees_people
from gateway.portal.pages import Routes, field_sentence, go, page
from gateway.portal.post_actions import POSTS, posts_offered
from gateway.portal.uploads import BOX, missing_file, sent_form
from shared.errors import FieldError, Invalid, NotFound, field_error

READ, WRITE, MAIL, MAIL_WRITE = "directory:read", "directory:write", "mail:read", "mail:write"
LIMIT = 25
MOST_ROWS = 50
HERE = "/danh-ba"


def wanted_of(*names: str) -> dict[str, str]:
    """The filters of this list that are in the address."""
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def agencies_for(wanted: dict[str, str]) -> list[dict[str, str]]:
    """The agencies of a filter."""
    return agency_choices(wanted.get("agency", ""), _("Mọi cơ quan"))


def more_of(path: str, wanted: dict[str, str], following: str | None) -> str:
    """Where the list goes on."""
    return f"{path}?{urlencode({**wanted, 'cursor': following})}" if following else ""


def allowed(scope: str) -> bool:
    """Whether the reader has a scope."""
    principal = current_call().principal
    return principal is not None and may(principal, scope)


def common() -> dict[str, Any]:
    """What every page of the directory shows of its reader."""
    people = sees_people(current_call().principal)
    return {"sees_people": people, "sees_mail": allowed(MAIL), "imports": allowed(WRITE)}


@page_for(READ)
def list_officers() -> Response:
    """People with the posts that they hold, at the reader's agency and below it."""
    wanted = wanted_of("q", "agency", "left", "cursor")
    found = look("find_officers", {"limit": LIMIT, **wanted})
    agencies = agencies_for(wanted)
    return page(
        "officers.html",
        wanted=wanted,
        found=found["items"],
        agencies=agencies,
        names=names_of((post["agency"] for one in found["items"] for post in one["posts"]), agencies),
        more=more_of(HERE, wanted, found["next_cursor"]),
        **common(),
    )


@page_for(READ)
def show_officer(officer: str) -> Response:
    """One person: every post with its roles, and the mailboxes that they answer for."""
    found = look("read_officer", officer=officer)
    boxes = look("find_mailboxes", {"owner": officer})["items"] if allowed(MAIL) else []
    posts = [{**post, "roles_words": ", ".join(role_words(role) for role in post["roles"])} for post in found["posts"]]
    return page(
        "officer.html",
        officer={**found, "posts": posts},
        cause=leaving_words(found["left"]["cause"]) if found["left"] else "",
        boxes=[box_of(one) for one in boxes],
        names=names_of(post["agency"] for post in posts),
        place=f"{HERE}/can-bo/{officer}",
        asks=allowed(MAIL_WRITE) and found["serving"],
        actions=buttons_of(POSTS, posts_offered(found) if allowed(WRITE) else ()),
        **common(),
    )  # fmt: skip


def box_of(row: dict[str, Any]) -> dict[str, Any]:
    """A mailbox in words."""
    return {
        **row,
        "state_words": mailbox_state_words(row["state"]),
        "tone": tone_of(row["state"]),
        "kind_words": mailbox_kind_words(row["kind"]),
    }


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
    """How far an import has come, which rows were refused and why; what was only tried can be carried out."""
    found = look("read_import", None, **{"import": job})
    refused = look("list_import_rows", {"outcome": "refused", "limit": MOST_ROWS}, **{"import": job})
    return page(
        "import.html",
        job=found,
        problem=field_sentence(found["problem"]) if found["problem"] else "",
        kind=import_kind_words(found["kind"]),
        figures=[(outcome_words(name), found[name]) for name in ("created", "changed", "unchanged", "refused")],
        refused=[
            {**row, "problems": [f"{column_words(one['path'])}: {field_sentence(one)}" for one in row["problems"]]}
            for row in refused["items"]
        ],
        file=_file(request.args),
        running=found["finished_at"] is None,
        here_again=request.full_path.rstrip("?"),
        key=secrets.token_hex(16),
        **common(),
    )


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
    ("GET", "/danh-ba", list_officers),
    ("GET", "/danh-ba/can-bo/<name:officer>", show_officer),
    ("GET", "/danh-ba/nhap", list_imports),
    ("POST", "/danh-ba/nhap", try_table),
    ("GET", "/danh-ba/nhap/<name:job>", show_import),
    ("POST", "/danh-ba/nhap/<name:job>", carry_out),
)

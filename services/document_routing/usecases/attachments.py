"""Files that a command names: each must have been uploaded by the person who attaches it now."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.document_routing.usecases.context import Context
from shared.errors import FieldError, Invalid, NotFound, field_error


def attach(
    context: Context,
    uploader: str,
    main: str | None,
    attachments: Sequence[str],
    kept: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """The main file and the attachments as they are kept with a document; files in `kept` need no new upload.

    Raises:
        Invalid: naming each file that is not there or that somebody else uploaded.
    """
    known = {file["id"]: file for file in kept}
    wanted = ([("main", "main", main)] if main else []) + [
        (f"attachments.{number}", "attachment", file) for number, file in enumerate(attachments)
    ]
    wrong: list[FieldError] = []
    found: list[dict[str, Any]] = []
    for path, role, file in wanted:
        if file in known:
            found.append({**known[file], "role": role})
            continue
        try:
            found.append(claim(context, file, uploader) | {"role": role})
        except NotFound:
            wrong.append(field_error(path, "file_unknown"))
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    return found


def attach_one(context: Context, uploader: str, path: str, file: str | None) -> dict[str, Any] | None:
    """One file as the main one.

    Raises:
        Invalid: it is not there, or somebody else uploaded it.
    """
    if file is None:
        return None
    try:
        return claim(context, file, uploader) | {"role": "main"}
    except NotFound as error:
        raise Invalid("request_invalid", fields=[field_error(path, "file_unknown")]) from error


def claim(context: Context, file: str, uploader: str) -> dict[str, Any]:
    """The description of an uploaded file, which stays from now on."""
    stored = context.files.claim(file, uploader)
    return {"id": stored.id, "sha256": stored.id, "name": stored.name, "size": stored.size, "type": stored.type}

"""Files that a command names: each must have been uploaded by the person who attaches it now."""

from typing import Any

from services.one_stop_shop.usecases.context import Context
from shared.errors import FieldError, Invalid, NotFound, field_error

PROOFS = ("signature", "authority", "slip")
"""Papers that prove how a result came to its receiver."""


def names_files(request: dict[str, Any]) -> bool:
    """Whether the command may attach anything."""
    return not {"components", "result", *PROOFS}.isdisjoint(request)


def attach_files(context: Context, request: dict[str, Any], uploader: str) -> dict[str, Any]:
    """The request with every file id exchanged for the stored file's description.

    Raises:
        Invalid: naming each file that is not there or that somebody else uploaded.
    """
    claims = _Claims(context, uploader)
    attached = dict(request)
    if "components" in request:
        attached["components"] = [
            {**item, "file": claims.claim(f"components.{number}.file", item["file"])}
            for number, item in enumerate(request["components"])
        ]
    if "result" in request:
        files = [claims.claim(f"result.files.{n}", file) for n, file in enumerate(request["result"]["files"])]
        attached["result"] = {**request["result"], "files": files}
    for proof in PROOFS:
        if request.get(proof):
            attached[proof] = claims.claim(proof, request[proof])
    if claims.wrong:
        raise Invalid("request_invalid", fields=claims.wrong)
    return attached


class _Claims:
    def __init__(self, context: Context, uploader: str) -> None:
        self._files = context.files
        self._uploader = uploader
        self.wrong: list[FieldError] = []

    def claim(self, path: str, file: str | None) -> dict[str, Any] | None:
        if file is None:
            return None
        try:
            stored = self._files.claim(file, self._uploader)
        except NotFound:
            self.wrong.append(field_error(path, "file_unknown"))
            return None
        return {"id": stored.id, "sha256": stored.id, "name": stored.name, "size": stored.size, "type": stored.type}

"""Leave to download: attachments, results, and the forms, which are printed once from the picture kept of them."""

import io
from collections.abc import Mapping
from typing import Any

from services.one_stop_shop.domain.access import works_for
from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.form_snapshot import restore
from services.one_stop_shop.domain.guards import result_handed_over
from services.one_stop_shop.usecases.application_views import forms_for
from services.one_stop_shop.usecases.attachments import PROOFS
from services.one_stop_shop.usecases.context import Context, actor_of
from services.one_stop_shop.usecases.queries_applications import visible_application
from shared.contracts.principal import Principal
from shared.errors import NotFound

PDF = "application/pdf"
PRINTER = "printer"
"""Who uploads what the platform prints."""

MOST_BYTES = 50 * 1024 * 1024


def authorise_attachment(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """A file of a component, also one that gave way to a supplement."""
    document = visible_application(context, request["application"], actor_of(principal))
    former = [component for asked in document["supplements"] for component in asked.get("replaced", ())]
    for component in [*document["components"], *former]:
        if component["file"] and component["attachment"] == request["attachment"]:
            return ticket(component["file"])
    raise NotFound("attachment_unknown")


def authorise_result(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """A file of the result, counted from 1; its people get it once it was handed over to them, and not before."""
    actor = actor_of(principal)
    document = visible_application(context, request["application"], actor)
    if not works_for(document, actor) and (refusal := result_handed_over(document, actor)):
        raise refusal
    files = (document["result"] or {}).get("files", [])
    number = request["attachment"]
    if not number.isdecimal() or not 1 <= int(number) <= len(files):
        raise NotFound("result_file_unknown")
    return ticket(files[int(number) - 1])


def authorise_proof(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """A paper that proves how the result was returned: `signature`, `authority` or the carrier's `slip`."""
    document = visible_application(context, request["application"], actor_of(principal))
    proof = request["proof"]
    file = (document["returned"] or {}).get(proof) if proof in PROOFS else None
    if file is None:
        raise NotFound("proof_unknown")
    return ticket(file)


def print_form(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """A form as it was issued; printed when it is asked for the first time."""
    actor = actor_of(principal)
    document = visible_application(context, request["application"], actor)
    forms = forms_for(document, officer=works_for(document, actor))
    form = next((form for form in forms if form["id"] == request["form"]), None)
    if form is None:
        raise NotFound("form_unknown")
    return printed_form(context, document, form)


def printed_form(context: Context, document: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    """The file of a form, as it was issued."""
    key = f"{document['_id']}:{form['id']}:{form['seq']}"
    printed = context.printed.find(key)
    if printed is None or not context.files.exists(printed["file"]):
        content = context.printer.print(restore(FormKind(form["kind"]), form["data"]))
        printed = store(context, content, f"mau-{form['form']:02d}-{document['code']}.pdf", PDF)
        context.printed.remember(key, printed)
    return printed


def store(context: Context, content: bytes, name: str, media_type: str) -> dict[str, Any]:
    """Put what was printed into the file store; the same content is kept once."""
    stored = context.files.put(
        io.BytesIO(content), limit=MOST_BYTES, name=name, declared_type=media_type, owner=PRINTER
    )
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def ticket(file: Mapping[str, Any]) -> dict[str, Any]:
    """Leave to download one stored file under the name that its owner gave it."""
    return {"file": file["id"], "name": file["name"], "type": file["type"], "size": file["size"]}

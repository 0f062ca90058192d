"""Forms with files: each file is streamed into the file store as the REST interface does; nothing touches our disk."""

from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from werkzeug.datastructures import MultiDict

from gateway.api.files import next_file, store_file
from gateway.http.call import current_call
from gateway.portal.forms import Field
from gateway.portal.language import gettext as _
from gateway.portal.streamed import STREAMED, is_too_large, opened_form, sessions
from shared.errors import FieldError, Invalid, TooLarge, Unsupported, field_error
from shared.files import FileStore

BOX, KEPT = "tep", "giu"
"""Where a draft's next file is chosen, and where those stand that were sent already."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: what was typed, the files by their boxes, and what is wrong with those."""

    typed: MultiDict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    wrong: list[FieldError] = field(default_factory=list)

    @property
    def only_file(self) -> bool:
        """Whether the button beside a file was pressed: it is kept, and nothing is decided yet."""
        return "gui" in request.args

    @property
    def kept(self) -> list[str]:
        """The files of a draft in their order: those that were sent before and are wanted, then those of now."""
        before = [file for file in self.typed.getlist(KEPT) if file.isalnum()]
        return list(dict.fromkeys([*before, *self.files.values()]))


def sent_form() -> Sent:
    """The form in hand with its files stored, once it has proven itself.

    Raises:
        BadRequest: it is malformed.
        Forbidden: it is not from our page.
        TooSlow: it does not arrive in time.
    """
    if request.mimetype != STREAMED:
        return Sent(request.form)
    form = opened_form()
    file = next_file(form)
    sessions().check_form(form.fields.get("form_token", ""))
    sent = Sent(form.fields)
    if is_too_large():  # its files are not even read
        limit: int = current_app.config["MAX_UPLOAD_BYTES"]
        sent.wrong.append(field_error(file.box if file else "", "file_too_large", limit=limit))
        return sent
    while file is not None:
        if file.name:
            try:
                sent.files[file.box] = store_file(file, file.name, file.type).id
            except (Invalid, TooLarge, Unsupported) as error:
                sent.wrong.append(field_error(file.box, error.code, **error.params))
        file = next_file(form)
    return sent


def missing_file(sent: Sent, box: str = BOX) -> list[FieldError]:
    """What is wrong with the file that the button beside it sent: it cannot be taken, or none was chosen."""
    return sent.wrong or ([] if sent.files else [field_error(box, "file_missing")])


def kept_files(sent: Sent | None) -> dict[str, Any] | None:
    """The files of a draft, ticked, for a template: what is unticked is left out. None while there are none."""
    kept = sent.kept if sent else []
    if not kept:
        return None
    choices = tuple((file, name_of(file) or _("Đã đính kèm tệp")) for file in kept)
    box = Field(KEPT, _("Tệp đã gửi"), "many", _("Bỏ dấu chọn ở tệp không dùng nữa"), choices)
    return {"field": box, "value": kept, "error": None}


def name_of(file: str) -> str | None:
    """The name under which the reader sent a file; None where they did not."""
    store: FileStore = current_app.extensions["files"]
    return store.name_of(file, current_call().subject)

"""Values that both requests and views of document routing carry: receivers, signers, units."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.values import AGENCY_CODE, FILE_ID, code, one_of, text

DOCUMENT_ID = r"^[0-9a-f]{32}$"
ARRIVAL_ID = DOCUMENT_ID
EXAMPLE_ID = "0f8fad5bd9cb469fa16570867728950e"

URGENCIES = (0, 1, 2, 3, 4)
"""QCVN 102: 0 ordinary, 1 urgent, 2 very urgent, 3 most urgent, 4 most urgent at a set hour; not given is not 0."""

SECRECY = ("none", "mat", "toi_mat", "tuyet_mat")
"""Degrees of secrecy; everything above `none` is refused, it is not for this network (QCVN 102)."""

SIGNING_FORMS = ("", "TM.", "Q.", "KT.", "TL.", "TUQ.")
"""Decree 30, Article 13: for the collective, acting, for the head, by order, by delegation; empty: the head."""

MEDIA = ("electronic", "paper")
MODES = ("desk", "system", "outside", "paper")
"""How an agency gets its documents: on this platform, by its own software, through another exchange, on paper."""

MOST_FILES = 50
MOST_RECEIVERS = 500


def urgency(**options: Any) -> fields.Integer:
    """How urgent; null when nobody said."""
    rule = validate.OneOf(URGENCIES)
    return fields.Integer(
        strict=True, validate=rule, allow_none=True, load_default=None, metadata={"example": 1}, **options
    )


def file_id(**options: Any) -> fields.String:
    """A stored file by its identifier."""
    return code(FILE_ID, example="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", **options)


class DraftingUnit(Request):
    """The drafting unit; its abbreviation stands in the symbol of a công văn: `15/UBND-VP`."""

    code = text(20, required=True, example="VP")
    name = text(200, required=True, example="Văn phòng")


class DocumentReceiver(Request):
    """An agency that gets the document, by its current or its legacy identifier."""

    agency = code(AGENCY_CODE, example="H13.17")
    purpose = one_of("action", "information", required=False, load_default="action")


class Signer(Request):
    """Who signs, in which form: `KT. CHỦ TỊCH / PHÓ CHỦ TỊCH / Phạm Thị Dung`."""

    form = one_of(*SIGNING_FORMS, required=False, load_default="")
    behalf = text(200, load_default="", example="ỦY BAN NHÂN DÂN")
    position = text(200, required=True, example="CHỦ TỊCH")
    name = text(200, required=True, example="Phạm Thị Dung")
    mandate = text(200, load_default="", example="Giấy ủy quyền số 05/GUQ-UBND")

    @validates_schema
    def check_form(self, data: dict[str, Any], **_: Any) -> None:
        """Whoever signs for somebody says for whom; delegation needs its written ground (Article 13)."""
        if data["form"] and not data["behalf"].strip():
            raise ValidationError({"behalf": ["required"]})
        if data["form"] == "TUQ." and not data["mandate"].strip():
            raise ValidationError({"mandate": ["required"]})


class Handler(Request):
    """A unit, and if named a person in it, that handles an incoming document."""

    unit = text(200, required=True, example="Phòng Kinh tế, Hạ tầng và Đô thị")
    officer = text(100, allow_none=True, load_default=None, example="specialist-ninh-kieu")
    officer_name = text(200, allow_none=True, load_default=None, example="Lê Văn Cường")

"""The offers about drafts of applications."""

from shared.contracts.one_stop_shop import application_requests
from shared.contracts.one_stop_shop import requests as r
from shared.contracts.one_stop_shop import views as v
from shared.contracts.one_stop_shop.scopes import APPLY
from shared.contracts.operations import Operation, get
from shared.contracts.values import Page

DRAFTS = [
    Operation(
        "create_draft",
        "POST",
        "/drafts",
        "Begin a draft",
        "Tạo hồ sơ nháp",
        view=v.DraftView,
        body=application_requests.SaveDraft,
        scope=APPLY,
        status=201,
        example={"content": {"procedure": "1.001193"}},
        tag="drafts",
    ),
    get(
        "list_drafts",
        "/drafts",
        "Own drafts",
        "Hồ sơ nháp của tôi",
        v.DraftView,
        query=Page,
        scope=APPLY,
        paged=True,
        tag="drafts",
    ),
    get("get_draft", "/drafts/{draft}", "One draft", "Xem hồ sơ nháp", v.DraftView, scope=APPLY, tag="drafts"),
    Operation(
        "save_draft",
        "PUT",
        "/drafts/{draft}",
        "Save a draft",
        "Lưu hồ sơ nháp",
        view=v.DraftView,
        body=application_requests.SaveDraft,
        scope=APPLY,
        if_match=True,
        example={"content": {"procedure": "1.001193"}},
        tag="drafts",
    ),
    Operation(
        "delete_draft",
        "DELETE",
        "/drafts/{draft}",
        "Delete a draft",
        "Xóa hồ sơ nháp",
        scope=APPLY,
        status=204,
        tag="drafts",
    ),
    Operation(
        "submit_draft",
        "POST",
        "/drafts/{draft}/submission",
        "Submit a draft",
        "Nộp hồ sơ nháp",
        view=v.ApplicationReceipt,
        body=r.Note,
        scope=APPLY,
        status=201,
        if_match=True,
        tag="drafts",
    ),
]

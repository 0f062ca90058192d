"""The document itself, put together by flask-smorest from what every route says."""

from typing import Any

import orjson
from flask import Flask
from flask_smorest import Api

from gateway.auth.scopes import scopes_by_role
from gateway.openapi.parts import add_parts

TITLE = "Trục Chung · Dịch vụ công dùng chung · Shared government services"
TAGS = {
    "sign-in": "Đăng nhập · Tokens",
    "procedures": "Danh mục thủ tục hành chính · Catalogue of procedures",
    "drafts": "Hồ sơ nháp · Drafts",
    "applications": "Hồ sơ · Applications",
    "files": "Tệp tin và biểu mẫu · Files and forms",
    "payments": "Phí, lệ phí · Payments",
    "follow": "Tra cứu và thông báo · Following up",
    "reports": "Báo cáo, sổ theo dõi · Reports and registers",
    "agencies": "Cơ quan và lịch làm việc · Agencies and calendar",
    "synchronisation": "Đồng bộ Cổng Dịch vụ công quốc gia · National Portal",
    "documents": "Văn bản đi · Outgoing documents",
    "arrivals": "Văn bản đến · Incoming documents",
    "registers": "Sổ đăng ký văn bản · Registers of documents",
    "connections": "Kết nối liên thông · Connections",
    "exchange": "Trục liên thông văn bản · Document exchange",
    "directory": "Danh bạ cơ quan, cán bộ · Directory of agencies and officers",
    "mail": "Hộp thư công vụ · Official mailboxes",
    "conferences": "Hội nghị truyền hình · Video conferences",
    "operations": "Vận hành nền tảng · Operations",
    "about": "Về nền tảng · About the platform",
}
_DESCRIPTION = """
Nền tảng dịch vụ dùng chung. Thông báo lỗi bằng tiếng Việt hoặc tiếng Anh (`Accept-Language`), mã `code` không đổi.
Mỗi yêu cầu POST cần `Idempotency-Key`; sửa dữ liệu dùng chung cần `If-Match`. Danh sách chia trang bằng con trỏ.
`X-Request-Id` và `traceparent` được nhận và chuyển tiếp.

The services that the agencies share. Sentences of refusals come in Vietnamese or English (`Accept-Language`), their
`code` never changes. Every POST carries an `Idempotency-Key`; a change of something that others change too carries
`If-Match`. Lists are paged by cursor. `X-Request-Id` and `traceparent` are accepted and handed on.
"""


class GatewayApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest without its own error handlers, default answer and pages: ours are stricter."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Problem details are registered by `gateway.http.problems`."""


def create_api(app: Flask) -> GatewayApi:
    """The registry of routes and their descriptions."""
    public_url: str = app.config["PUBLIC_URL"]
    app.config |= {"API_TITLE": TITLE, "API_VERSION": "1", "OPENAPI_VERSION": "3.1.0"}
    options: dict[str, Any] = {
        "info": {"description": _DESCRIPTION.strip()},
        "servers": [{"url": url} for url in dict.fromkeys((public_url, app.config["SYSTEMS_URL"]))],
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
    }
    api = GatewayApi(app, spec_kwargs=options)
    add_parts(api.spec, public_url)
    return api


def complete_document(api: GatewayApi) -> dict[str, Any]:
    """The whole document as plain JSON values, the scopes and who is granted them included."""
    document: dict[str, Any] = orjson.loads(orjson.dumps(api.spec.to_dict(), default=str))
    document["tags"] = [tag for tag in document["tags"] if tag["name"] in TAGS]
    granted: dict[str, list[str]] = {}
    for role, scopes in scopes_by_role().items():
        for scope in scopes:
            granted.setdefault(scope, []).append(role)
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    flow["scopes"] = {scope: f"Granted to: {', '.join(roles)}" for scope, roles in sorted(granted.items())}
    return document

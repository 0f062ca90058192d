"""How the routes that belong to no service read in the document."""

from typing import Any

from gateway.openapi.parts import headers, refusals

JSON = "application/json"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_BINARY = {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7 …"}


def describe_upload() -> dict[str, Any]:
    """`POST /api/v1/files`."""
    stored = {"id": SHA256, "sha256": SHA256, "size": 48213, "type": "application/pdf", "name": "giấy chứng sinh.pdf"}
    form = {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}},
        },
        "example": {"file": "%PDF-1.7 …"},
    }
    name = {
        "in": "header",
        "name": "X-File-Name",
        "required": False,
        "example": "gi%E1%BA%A5y%20ch%E1%BB%A9ng%20sinh.pdf",
        "description": "The file's name, percent-encoded; not needed in a form. · Tên tệp, mã hóa phần trăm.",
        "schema": {"type": "string", "pattern": r"^([A-Za-z0-9._~-]|%[0-9A-F]{2}){1,600}$"},
    }
    return {
        "operationId": "upload_file",
        "summary": "Tải tệp lên · Upload a file",
        "description": "The body is the file, under its own media type or `application/octet-stream`, or a form with "
        "one file. It is streamed, its kind is judged by its content, its SHA-256 is its id. Needs the scope "
        "`files:write`.",
        "tags": ["files"],
        "security": [{"oauth2": ["files:write"]}],
        "parameters": [name, "IdempotencyKey", "AcceptLanguage"],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": _BINARY, "multipart/form-data": form},
        },
        "responses": {
            "201": {
                "description": "Kept · Đã lưu",
                "headers": headers(),
                "content": {JSON: {"schema": _object(stored), "example": stored}},
            }
        }
        | refusals(400, 401, 403, 406, 408, 413, 415, 422, 500, 503),
    }


def describe_token() -> dict[str, Any]:
    """`POST /oauth/token`."""
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"]},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"},
            "scope": {"type": "string", "description": "Some of the client's scopes; all when not given."},
        },
    }
    asked = {"grant_type": "client_credentials", "client_id": "an.nguyen", "client_secret": "…"}
    token = {
        "access_token": "eyJhbGciOiJFUzI1NiIs…",
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "applications:apply applications:read files:write",
    }
    refused = {"error": "invalid_client", "error_description": "Unknown client or wrong secret."}
    refusal = {
        "schema": {
            "type": "object",
            "required": ["error"],
            "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
        },
        "example": refused,
    }
    return {
        "operationId": "issue_token",
        "summary": "Lấy mã truy cập · Get a token",
        "description": "Client credentials grant (RFC 6749, 4.4); the client proves itself by HTTP Basic or in the "
        "form. Open to everybody: whoever asks proves itself here.",
        "tags": ["sign-in"],
        "security": [],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": form, "example": asked}},
        },
        "responses": {
            "200": {
                "description": "A token · Mã truy cập",
                "headers": headers(),
                "content": {JSON: {"schema": _object(token), "example": token}},
            },
            **{
                status: {"description": text, "headers": headers(), "content": {JSON: refusal}}
                for status, text in (
                    ("400", "Not a request for a token · Yêu cầu không hợp lệ"),
                    ("401", "Unknown client or wrong secret · Sai tài khoản hoặc mật khẩu"),
                    ("429", "Too many wrong secrets · Sai quá nhiều lần"),
                )
            },
            **refusals(408, 413, 500),
        },
    }


def describe_document(operation: str, summary: str, media_type: str, example: Any) -> dict[str, Any]:
    """A public document that the gateway serves from itself."""
    schema: dict[str, Any] = {"type": "object"} if media_type == JSON else {"type": "string"}
    return {
        "operationId": operation,
        "summary": summary,
        "description": "Open to everybody: it describes the platform and holds nothing personal.",
        "tags": ["about"],
        "security": [],
        "responses": {
            "200": {
                "description": summary,
                "headers": headers(),
                "content": {media_type: {"schema": schema, "example": example}},
            },
        }
        | refusals(429, 500),
    }


def _object(example: dict[str, Any]) -> dict[str, Any]:
    kinds = {str: "string", int: "integer", bool: "boolean"}
    return {
        "type": "object",
        "required": list(example),
        "properties": {name: {"type": kinds[type(value)]} for name, value in example.items()},
    }

"""Files in and out: streamed, limited, under their own names, in parts."""

import hashlib
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest

from shared.errors import Forbidden
from tests.support.gateway import GatewayInHand

PDF = b"%PDF-1.7\n" + b"0123456789" * 5000 + b"\n%%EOF\n"
NAME = "giấy chứng sinh.pdf"
SHA256 = hashlib.sha256(PDF).hexdigest()
NO_FILE = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
ATTACHMENT = "/applications/a1/attachments/1"


def upload(gateway: GatewayInHand, data: bytes = PDF, kind: str = "application/pdf", **headers: str) -> Any:
    sent = {"X-File-Name": quote(NAME), "Content-Type": kind} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return gateway.send("POST", "/files", login="citizen-an", data=data, headers=sent)


def stored(gateway: GatewayInHand) -> GatewayInHand:
    """A gateway with the file uploaded and a service that lets it out."""
    assert upload(gateway).status_code == 201
    gateway.bus.answers["authorise_attachment"] = {
        "file": SHA256,
        "name": NAME,
        "type": "application/pdf",
        "size": len(PDF),
    }
    return gateway


def test_a_raw_body_becomes_a_file(gateway: GatewayInHand) -> None:
    answer = upload(gateway)

    assert answer.status_code == 201
    assert answer.get_json() == {
        "id": SHA256,
        "sha256": SHA256,
        "size": len(PDF),
        "type": "application/pdf",
        "name": NAME,
    }
    assert gateway.files.claim(SHA256, "citizen-an").name == NAME
    assert gateway.bus.asked == []


def test_a_compressed_upload_is_refused_by_name(gateway: GatewayInHand) -> None:
    headers = {"X-File-Name": "a.pdf", "Content-Type": "application/pdf", "Content-Encoding": "gzip"}
    answer = gateway.send("POST", "/files", login="citizen-an", data=PDF, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "content_encoding_unsupported")


def test_a_form_becomes_a_file(gateway: GatewayInHand) -> None:
    answer = gateway.send(
        "POST",
        "/files",
        login="citizen-an",
        content_type="multipart/form-data",
        data={"note": "trước tệp", "file": (BytesIO(PDF), NAME, "application/pdf")},
    )

    assert answer.status_code == 201
    assert (answer.get_json()["id"], answer.get_json()["name"]) == (SHA256, NAME)


def test_a_name_may_come_in_content_disposition(gateway: GatewayInHand) -> None:
    answer = upload(gateway, X_File_Name="", Content_Disposition=f"attachment; filename*=UTF-8''{quote(NAME)}")

    assert answer.get_json()["name"] == NAME


@pytest.mark.parametrize(
    ("data", "kind", "headers", "status", "code"),
    [
        (PDF, "application/pdf", {"X_File_Name": ""}, 400, "file_name_missing"),
        (PDF, "application/pdf", {"X_File_Name": "%FF.pdf"}, 422, "file_name_malformed"),
        (PDF, "application/pdf", {"Idempotency_Key": ""}, 400, "idempotency_key_missing"),
        (b"", "application/pdf", {}, 422, "file_empty"),
        (b"MZ\x90\x00", "application/pdf", {}, 415, "file_type_mismatch"),
        (PDF, "application/x-msdownload", {"X_File_Name": "a.exe"}, 415, "file_type_not_allowed"),
        (PDF * 5, "application/pdf", {}, 413, "file_too_large"),
        (b"no boundary", "multipart/form-data", {}, 400, "multipart_malformed"),
        (b"--x\r\nrubbish", "multipart/form-data; boundary=x", {}, 400, "multipart_malformed"),
        (NO_FILE, "multipart/form-data; boundary=x", {}, 400, "file_missing"),
    ],
)
def test_other_uploads_are_refused_and_leave_nothing(
    gateway: GatewayInHand, data: bytes, kind: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = upload(gateway, data, kind, **headers)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert not gateway.files.exists(hashlib.sha256(data).hexdigest())


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(gateway: GatewayInHand) -> None:
    answer = gateway.send(
        "POST",
        "/files",
        login="citizen-an",
        input_stream=BytesIO(PDF * 5),
        headers={"X-File-Name": "a.pdf", "Content-Type": "application/pdf", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert (answer.status_code, answer.get_json()["code"]) == (413, "file_too_large")


def test_officers_of_the_catalogue_may_not_upload(gateway: GatewayInHand) -> None:
    answer = gateway.send("POST", "/files", login="catalogue-can-tho", data=PDF)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope_missing")


def test_a_file_goes_out_when_the_service_says_so(gateway: GatewayInHand) -> None:
    answer = stored(gateway).send("GET", ATTACHMENT, login="citizen-an")

    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["ETag"] == f'"{SHA256}"'
    assert answer.headers["Content-Length"] == str(len(PDF))
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=\"giay-chung-sinh.pdf\"; filename*=UTF-8''{quote(NAME)}"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert gateway.bus.last.request == {"application": "a1", "attachment": "1"}


def test_a_file_stays_in_when_the_service_says_so(gateway: GatewayInHand) -> None:
    stored(gateway).bus.answers["authorise_attachment"] = Forbidden("other_agency")

    answer = gateway.send("GET", ATTACHMENT, login="citizen-an")

    assert (answer.status_code, answer.get_json()["code"]) == (403, "other_agency")


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-4", slice(0, 5)),
        ("bytes=49990-", slice(49990, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=5-999999", slice(5, None)),
    ],
)
def test_a_part_goes_out_where_asked(gateway: GatewayInHand, asked: str, part: slice) -> None:
    answer = stored(gateway).send("GET", ATTACHMENT, login="citizen-an", headers={"Range": asked})

    first = range(len(PDF))[part][0]
    last = range(len(PDF))[part][-1]
    assert (answer.status_code, answer.data) == (206, PDF[part])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(PDF)}"


def test_a_part_that_does_not_exist_is_refused(gateway: GatewayInHand) -> None:
    answer = stored(gateway).send("GET", ATTACHMENT, login="citizen-an", headers={"Range": "bytes=900000-"})

    assert (answer.status_code, answer.get_json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(PDF)}"


@pytest.mark.parametrize(("condition", "status"), [(f'"{SHA256}"', 206), ('"another"', 200)])
def test_a_part_of_a_changed_file_is_the_whole(gateway: GatewayInHand, condition: str, status: int) -> None:
    answer = stored(gateway).send(
        "GET", ATTACHMENT, login="citizen-an", headers={"Range": "bytes=0-4", "If-Range": condition}
    )

    assert answer.status_code == status


def test_odd_ranges_are_the_whole(gateway: GatewayInHand) -> None:
    stored(gateway)
    for asked in ("bytes=0-1,5-6", "lines=1-2", "nonsense"):
        answer = gateway.send("GET", ATTACHMENT, login="citizen-an", headers={"Range": asked})
        assert (answer.status_code, len(answer.data)) == (200, len(PDF))


def test_a_file_that_the_caller_has_is_not_sent_again(gateway: GatewayInHand) -> None:
    answer = stored(gateway).send("GET", ATTACHMENT, login="citizen-an", headers={"If-None-Match": f'"{SHA256}"'})

    assert (answer.status_code, answer.data) == (304, b"")

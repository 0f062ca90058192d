"""Following an application by its code, however people type what stands on the paper."""

import pytest

from shared.errors import NotFound
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader

CODE = "H13.30.01-261123-0046"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (CODE.lower(), CODE),
        (f" {CODE.replace('-', ' - ')} ", CODE),
        ("H13.30.01-2611 23-0046", CODE),
        ("h13.30.01 – 261123 – 0046", CODE),
        ("h13 30 01 261123 0046", "H13-30-01-261123-0046"),
        ("H13.30.01.261123.0046", "H13.30.01.261123.0046"),
    ],
)
def test_a_code_leads_to_the_service_however_it_is_typed(reader: Reader, typed: str, asked: str) -> None:
    assert reader.client.get("/tra-cuu", query_string={"ma": typed}).location == f"/tra-cuu/{asked}"


@pytest.mark.parametrize("typed", [CODE, "Nguyễn Văn An", "a/b", "9" * 80])
def test_a_code_that_nobody_has_is_said_in_the_readers_language(
    gateway: GatewayInHand, reader: Reader, typed: str
) -> None:
    gateway.bus.answers["follow_application"] = NotFound("application_unknown")
    reader.open("/tra-cuu", query_string={"ma": typed})
    assert reader.answer.status_code == 404
    assert f"Không tìm thấy hồ sơ có mã {typed}" in reader.words
    assert "Chưa hợp lệ:" in reader.words
    assert "Error" not in reader.words


@pytest.mark.parametrize("sought", ["%", "(%", "😀", "—"])
def test_who_seeks_signs_alone_finds_nothing_and_is_not_refused(
    gateway: GatewayInHand, reader: Reader, sought: str
) -> None:
    gateway.bus.answers["list_agencies"] = {"items": [], "next": None}
    reader.open("/thu-tuc", query_string={"q": sought})
    assert reader.answer.status_code == 200
    assert reader.page.xpath("//input[@name='q']/@value") == [sought]
    assert all(one.method != "list_procedures" for one in gateway.bus.asked)

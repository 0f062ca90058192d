"""Pages of the directory: filters reach the service, mail is for those who may."""

import pytest

from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.sample_directory import BOX, DIRECTORY, ID, NAMES, asked


@pytest.fixture
def directory(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= DIRECTORY
    return gateway


def test_filters_reach_the_service_and_posts_are_words(directory: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open("/danh-ba?q=minh+khai&agency=H13.30.01&left=true")
    sent = asked(directory, "find_officers")[-1]
    assert (sent["q"], sent["agency"], sent["left"]) == ("minh khai", "H13.30.01", True)
    reader.open(f"/danh-ba/can-bo/{ID}")
    assert "Chuyên viên, Văn thư" in reader.words
    assert "từ 01/10/2026" in reader.words
    assert asked(directory, "find_mailboxes")[-1]["owner"] == ID
    assert "Sắp thu hồi" in reader.words
    assert "ngày 30/06/2027" in reader.words


@pytest.mark.parametrize("place", ["/danh-ba", "/danh-ba/hop-thu"])
def test_agencies_are_read_and_chosen_by_name(directory: GatewayInHand, reader: Reader, place: str) -> None:
    reader.sign_in("directory-can-tho").open(f"{place}?agency=H13.30.01")
    options = [(option.get("value"), option.text) for option in reader.page.xpath("//select[@name='agency']/option")]
    assert options == [("", "Mọi cơ quan"), ("H13", NAMES["H13"]), ("H13.30.01", NAMES["H13.30.01"])]
    assert reader.page.xpath("//select[@name='agency']/option[@selected]/@value") == ["H13.30.01"]
    (row,) = reader.page.xpath("//tbody/tr")
    assert NAMES["H13.30.01"] in row.text_content()
    assert "H13.30.01" not in row.text_content()
    for one in (f"/danh-ba/can-bo/{ID}", f"/danh-ba/hop-thu/{ID}"):
        assert NAMES["H13.30.01"] in reader.open(one).words


def test_an_agency_that_may_not_be_seen_is_called_by_its_identifier(directory: GatewayInHand, reader: Reader) -> None:
    directory.bus.answers["read_mailbox"] = BOX | {"agency": "H99"}
    assert "H99" in reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}").words


def test_who_is_of_no_agency_chooses_among_the_large_ones_first(directory: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("operator").open("/danh-ba/hop-thu")
    sent = [(one["level"], one["agency"]) for one in asked(directory, "find_agencies") if not one["q"]]
    assert sent == [("ministry", None), ("province", None)]
    reader.open("/danh-ba/hop-thu?agency=H13")
    assert (None, "H13") in [(one["level"], one["agency"]) for one in asked(directory, "find_agencies")]


def test_a_mailbox_is_told_host_by_host(directory: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/hop-thu/{ID}")
    rows = [" ".join(row.text_content().split()) for row in reader.page.xpath("//tbody/tr")]
    assert rows == ["mail-1 Chờ máy chủ áp dụng thay đổi –", "mail-2 Không áp dụng đượcno space 08:00 ngày 22/11/2026"]
    assert "2 GB" in reader.words or "2048 MB" in reader.words


def test_who_may_not_see_mail_sees_people(directory: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-ninh-kieu").open(f"/danh-ba/can-bo/{ID}")
    assert "ntmkhai@cantho.gov.vn" not in reader.words
    assert asked(directory, "find_mailboxes") == []
    assert reader.client.get("/danh-ba/nhap").status_code == 403


def test_an_operator_is_led_to_mailboxes_and_tables_and_to_nobodys_people(
    directory: GatewayInHand, reader: Reader
) -> None:
    reader.sign_in("operator").open("/danh-ba/hop-thu")
    entries = {str(link.get("href")): link.text for link in reader.page.xpath("//header//nav//a")}
    assert entries["/danh-ba/hop-thu"] == "Danh bạ"
    assert not {"/danh-ba", "/van-ban/den"} & entries.keys()
    sides = reader.page.xpath("//main//nav//a/@href")
    assert sides == ["/danh-ba/hop-thu", "/bao-cao/thu", "/danh-ba/nhap"]
    assert "/danh-ba" in reader.sign_in("directory-can-tho").open("/danh-ba").page.xpath("//header//nav//a/@href")

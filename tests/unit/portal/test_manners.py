"""What holds for every page: headers, weight, languages, and that nothing comes from outside."""

import gzip
import json
import re
from pathlib import Path

import pytest
from lxml import html

from gateway.portal.assets import FOLDER, PREFIX, Assets
from shared.errors import Conflict, Unavailable
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader

TEMPLATES = Path("gateway/portal/templates")
WHOLE = 60_000


def referenced(reader: Reader) -> set[str]:
    """Style sheets, scripts and pictures of the page shown, with what they load themselves."""
    found = {str(one) for one in reader.page.xpath("//link/@href | //script/@src | //img/@src")}
    for path in list(found):
        text = reader.client.get(path).get_data(as_text=True)
        found |= set(re.findall(rf"{PREFIX}[\w.-]+", text))
    return found


def test_a_page_allows_nothing_but_what_we_serve(reader: Reader) -> None:
    headers = reader.open("/").answer.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Language"] == "vi"


def test_the_first_page_is_light(reader: Reader) -> None:
    reader.open("/")
    asked = {"Accept-Encoding": "gzip"}
    sizes = {path: len(reader.client.get(path, headers=asked).data) for path in ["/", *referenced(reader)]}
    assert len(sizes) >= 4
    assert sum(sizes.values()) < WHOLE, sizes


def test_what_is_sent_packed_is_the_page(reader: Reader) -> None:
    packed = reader.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert html.fromstring(gzip.decompress(packed.data)).xpath("//h1")
    assert "Content-Encoding" not in reader.client.get("/", headers={"Accept-Encoding": ""}).headers


def test_no_page_asks_another_host(reader: Reader) -> None:
    for path in referenced(reader.open("/")):
        assert path.startswith(PREFIX), path
        text = reader.client.get(path).get_data(as_text=True)
        assert re.findall(r"url\((?!data:)[^)]*\)|@import", text) == [], path
        assert "GDS Transport" not in text
        assert "crest" not in text


def test_an_asset_never_changes_under_its_name(gateway: GatewayInHand, reader: Reader) -> None:
    assets = Assets()
    answer = reader.client.get(assets.url("portal.css"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    assert reader.client.get("/static/portal.css").status_code == 404
    assert reader.client.get(assets.url("icon.svg")).mimetype == "image/svg+xml"


def test_vendored_files_are_of_the_versions_that_are_written_down() -> None:
    vendor = FOLDER / "vendor"
    wanted = json.loads((vendor / "package.json").read_text("utf-8"))["dependencies"]
    css, script = ((vendor / f"govuk-frontend.min.{kind}").read_text("utf-8") for kind in ("css", "js"))
    assert f'--govuk-frontend-version:"{wanted["govuk-frontend"]}"' in css
    assert wanted["govuk-frontend"] in script
    assert f'version:"{wanted["htmx.org"]}"' in (vendor / "htmx.min.js").read_text("utf-8")
    locked = json.loads((vendor / "package-lock.json").read_text("utf-8"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=\"", text) == []


def test_every_error_begins_with_words_of_the_readers_language() -> None:
    """The components begin it with "Error", heard and not seen, unless they are told otherwise."""
    given = []
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        named = dict(re.findall(r"set (\w+) = (\{.*?\})", text))
        given += [named.get(one, one) for one in re.findall(r'"errorMessage": (\{.*?\}|\w+)', text)]
    assert len(given) > 9
    assert [one for one in given if '"visuallyHiddenText": _(' not in one] == []


def test_only_what_is_narrowed_asks_for_a_day_in_the_browsers_box() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html")}
    boxes = [
        (name, text[: found.start()]) for name, text in texts.items() for found in re.finditer('type="date"', text)
    ]
    assert boxes
    for name, before in boxes:
        assert 'method="get"' in before[before.rindex("<form") :].partition(">")[0], name


def test_english_is_kept_for_this_browser(reader: Reader) -> None:
    assert "Bạn cần làm thủ tục gì?" in reader.open("/", headers={"Accept-Language": "en"}).words
    reader.open("/ngon-ngu", query_string={"ngon_ngu": "en", "tiep": "/"})
    assert "What do you need to do?" in reader.words
    assert reader.page.get("lang") == "en"
    assert "1 procedure" not in reader.words
    assert "2 procedures" in reader.words
    assert "Having a child" in reader.words
    reader.open("/ngon-ngu", query_string={"ngon_ngu": "vi", "tiep": "/"})
    assert "2 thủ tục" in reader.words


def test_a_wrong_address_is_a_page_for_people_and_a_problem_for_programs(reader: Reader) -> None:
    page = reader.client.get("/khong-co", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert "Không có trang này" in page.text
    for path, accept in (("/khong-co", "*/*;q=0.5"), ("/api/v1/khong-co", "text/html")):
        assert reader.client.get(path, headers={"Accept": accept}).mimetype == "application/problem+json"


def test_refusals_and_defects_are_pages(gateway: GatewayInHand, reader: Reader) -> None:
    gateway.bus.answers["list_topics"] = Unavailable("service_unavailable")
    assert reader.open("/").answer.status_code == 503
    assert "Hệ thống đang bận" in reader.words
    gateway.bus.answers["list_topics"] = Conflict("draft_already_submitted")
    assert reader.open("/").answer.status_code == 409
    gateway.bus.answers["list_topics"] = {}
    answer = reader.client.get("/thu-tuc")
    assert answer.status_code == 500
    assert "Hệ thống gặp sự cố" in answer.text
    assert "Traceback" not in answer.text


def test_a_citizen_at_an_officers_page_reads_whose_it_is_and_is_led_to_what_is_theirs(reader: Reader) -> None:
    reader.sign_in("citizen-an").open("/ban-lam-viec")
    assert reader.answer.status_code == 403
    assert "Trang này dành cho cán bộ, công chức." in reader.words
    assert "quản trị viên" not in reader.words
    assert reader.page.xpath("//main//a[@href='/ho-so']")


def test_an_officer_without_a_right_is_sent_to_their_administrator(reader: Reader) -> None:
    reader.sign_in("reception-ninh-kieu").open("/van-hanh")
    assert reader.answer.status_code == 403
    assert "quản trị viên" in reader.words
    assert not reader.page.xpath("//main//a[@href='/ho-so']")


def test_from_a_page_of_a_list_that_is_no_more_one_gets_back_to_its_beginning(reader: Reader) -> None:
    reader.open("/thu-tuc?q=khai+sinh&cursor=cu")
    assert reader.answer.status_code == 422
    (link,) = reader.page.xpath("//main//a[text()='Về đầu danh sách']/@href")
    assert link == "/thu-tuc?q=khai+sinh"

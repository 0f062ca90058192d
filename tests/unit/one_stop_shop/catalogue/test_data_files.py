"""The catalogue as it is delivered, and what somebody reads who makes a mistake in it."""

import re
import shutil
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from services.one_stop_shop.adapters.catalogue_files import (
    DATA,
    Catalogue,
    check_folder,
    load_catalogue,
    read_catalogue,
)
from services.one_stop_shop.adapters.catalogue_words import SENTENCES
from services.one_stop_shop.domain.procedure import InTime
from services.one_stop_shop.domain.procedure_reading import build
from services.one_stop_shop.domain.procedure_search import means, nearness, wanted_words
from services.one_stop_shop.usecases.queries_catalogue import _words_of
from shared.data_files import DataFileError, Document
from shared.directory.seed import AGENCIES, read_seed
from shared.working_time import national_days

PUBLISHED = {
    "1.001193",
    "1.004884",
    "1.000656",
    "1.000894",
    "1.001022",
    "1.004873",
    "2.000635",
    "2.000815",
    "2.000884",
    "2.000908",
    "1.001612",
    "1.004222",
    "1.004194",
    "1.010038",
    "1.003677",
    "1.010028",
    "1.003197",
    "1.011607",
    "1.011606",
    "1.001699",
    "1.004837",
    "1.013225",
    "1.013227",
    "2.000488",
    "2.001023",
    "2.000986",
    "1.002759",
}


def test_every_procedure_of_the_domain_reference_is_there_and_marked_as_a_sample(catalogue: Catalogue) -> None:
    assert {procedure.code for procedure in catalogue.procedures} == PUBLISHED
    assert all(procedure.sample for procedure in catalogue.procedures)
    assert all("Dữ liệu mẫu" in path.read_text() for path in (DATA / "procedures").glob("*.yaml"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("khai sanh", "1.001193"), ("lam lai khai sanh", "1.004884"), ("bao tu", "1.000656"), ("gia thu", "1.000894"),
        ("cat nha", "1.013225"), ("mo tiem", "1.001612"), ("so ho khau", "1.004222"), ("tien an", "2.000488"),
        ("lam giay khai sinh cho chau", "1.001193"), ("đăng kí kết hôn", "1.000894"), ("xin trợ cấp", "1.011607"),
        ("lí lịch", "2.000488"), ("xin giấy", "1.013225"),
    ],
)  # fmt: skip
def test_what_people_call_it_finds_a_procedure(catalogue: Catalogue, said: str, meant: str) -> None:
    wanted = wanted_words(said, catalogue.filler_words)
    found = [plain["code"] for plain in catalogue.plain["procedures"] if means(_words_of("", plain), wanted)]
    assert meant in found


def test_only_what_sounds_alike_is_spelled_in_two_ways() -> None:
    assert means(["quy"], ["qui"])
    assert not means(["tay"], ["tai"])
    assert nearness(["khai", "sinh"], ["khai", "sinhh", "1"]) == 2


def test_births_and_deaths_have_happened(catalogue: Catalogue) -> None:
    days = {question.key: question for one in catalogue.procedures for question in one.questions}
    assert days["child_birth_date"].not_after_today
    assert days["death_date"].not_after_today
    assert not days["absent_from"].not_after_today, "who goes away says so before"


def test_what_is_asked_of_a_child_says_so_where_the_applicant_is_asked_too(catalogue: Catalogue) -> None:
    asked = [one for procedure in catalogue.procedures for one in procedure.questions if one.key.startswith("child_")]
    assert asked
    assert all("của người" in one.name.vi for one in asked)


def test_births_are_registered_within_sixty_days_and_deaths_within_fifteen(catalogue: Catalogue) -> None:
    in_time = {one.code: (case.key, case.in_time) for one in catalogue.procedures for case in one.cases if case.in_time}
    assert in_time == {
        "1.001193": ("standard", InTime("child_birth_date", 60, "overdue")),
        "1.000656": ("standard", InTime("death_date", 15, "overdue")),
    }


def test_the_plain_form_rebuilds_the_same_objects(catalogue: Catalogue) -> None:
    assert [build(plain) for plain in catalogue.plain["procedures"]] == catalogue.procedures


def test_every_procedure_can_be_decided_somewhere_in_both_provinces(catalogue: Catalogue) -> None:
    nowhere = [
        (procedure.code, province)
        for procedure in catalogue.procedures
        for province in ("H13", "H56")
        if not catalogue.directory.competent_agencies(procedure, province, date(2026, 10, 5))
    ]
    assert nowhere == []


@pytest.mark.parametrize(
    ("year", "differing"),
    [(2023, set()), (2024, set()), (2025, {date(2025, 2, 1)}), (2026, {date(2026, 1, 2)}), (2027, set())],
)
def test_the_decided_years_differ_from_the_computed_ones_only_where_we_know(
    catalogue: Catalogue, year: int, differing: set[date]
) -> None:
    decided, computed = catalogue.calendar.days(year), national_days(year)
    assert set(decided.days_off) ^ set(computed.days_off) == differing
    swaps = {date(2026, 1, 10)} if year == 2026 else set()
    assert set(decided.made_up) - set(computed.made_up) == swaps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data, with a bundle and its parts only, that a test may spoil."""

    def left_out(_: str, names: list[str]) -> list[str]:
        return [name for name in names if re.match(r"\d\.\d{6}", name) and name[:8] not in KEPT]

    copy = Path(shutil.copytree(DATA, tmp_path / "data", ignore=left_out))
    shutil.copy(AGENCIES, copy)
    return copy


KEPT = ("1.001193", "1.002759", "2.001023")
BIRTH = "procedures/1.001193-dang-ky-khai-sinh.yaml"
BUNDLE = "procedures/2.001023-lien-thong-khai-sinh-bhyt.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "line_begins", "words"),
    [
        (BIRTH, "sector: ho_tich", "sector: khai_sinh", "sector", "sectors.yaml does not list “khai_sinh”"),
        (BIRTH, "time: 2 working hours", "time: 2 giờ", "time", "steps.0.time: “2 giờ” is not a time such as"),
        (BIRTH, "time: 2 working hours", "time: 3 working hours", "steps", "the steps take 3 working hours +"),
        (
            BIRTH,
            "{field: authorised, equals: true}",
            "{field: authorized, equals: true}",
            "when",
            "components.7.when.field: there is no question “authorized”",
        ),
        (BIRTH, "retention: permanent", "retention: forever", "retention", "retention: write it such as “10 years”"),
        (BIRTH, "service_level: full", "level: full", "level", "level: there is no such name here"),
        (BIRTH, "version: 1", "version: một", "version", "write a whole number"),
        (BIRTH, "version: 1", "version: 1\ncode: 1.001193", "code", "“code” stands here twice"),
        (BIRTH, "sign_in_required: true", "sign_in_required: yes", "sign_in_required", "write true or false"),
        (
            BIRTH,
            "life_events: [sinh_con]",
            "life_events: [sinh]",
            "life_events",
            "life_events.0: life_events.yaml does not list “sinh”",
        ),
        (
            BUNDLE,
            'children: ["1.001193"',
            'children: ["1.999999"',
            "children",
            "children.0: no procedure has the code “1.999999”",
        ),
        (
            BUNDLE,
            '{procedure: "1.002759", case: standard}',
            '{procedure: "1.002759", answers: {change_kind: details}}',
            "children",
            "children.1: 1.002759 has several cases and no day that is asked for here decides",
        ),
        (BUNDLE, "key: child_birth_date", "key: born", "children", "children.0: 1.001193 has several cases"),
        (
            BUNDLE,
            "case: standard",
            "case: first_card",
            "procedure",
            "parts.0.case: “first_card” is none of the cases",
        ),
        (
            BUNDLE,
            "case: standard",
            "case: standard, answers: {change: lost}",
            "procedure",
            "parts.0.answers.change: there is no question “change”",
        ),
        (
            BUNDLE,
            "case: standard",
            "case: standard, answers: {change_kind: stolen}",
            "procedure",
            "parts.0.answers.change_kind: “change_kind” cannot have this value",
        ),
        (
            BUNDLE,
            'procedure: "1.002759"',
            'procedure: "1.004222"',
            "procedure",
            "parts.0.procedure: “1.004222” is none",
        ),
        (
            BUNDLE,
            'code: "2.001023"',
            'code: "2.001024"',
            "code",
            "the file name must begin with the procedure's code, 2.001024",
        ),
        (
            "agencies.yaml",
            "timetable: office-hours-saturday",
            "timetable: saturday",
            "timetable",
            "timetable: timetables.yaml does not list “saturday”",
        ),
        ("agencies.yaml", "- code: G12.20\n", "- code: G11.20\n", "- code: G11.20", "no agency has the code “G11”"),
        ("agencies.yaml", "- code: H51\n", "- code: H30\n", "- code: H30", "“H30” stands here twice"),
        (
            "timetables.yaml",
            '"07:00-11:30, 13:30-17:00"',
            '"07:00-11:30, 13:30-16:30"',
            "hours",
            "a working day has 8 hours, this one has 450 minutes",
        ),
        (BIRTH, "key: child_name", "key: Tên của bé", "key", "questions.0.key: write it such as “child_name”"),
        ("calendar/2026.yaml", '"2026-11-24"', '"2026-11-31"', '"2026-11-31"', "“2026-11-31” is not a day such as"),
    ],
)
def test_a_mistake_is_explained_by_file_line_path_and_reason(
    folder: Path, file: str, old: str, new: str, line_begins: str, words: str
) -> None:
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    problem = next(
        problem
        for problem in check_folder(folder, folder / "agencies.yaml")
        if problem.startswith(f"{file}:") and words in problem
    )
    line = int(problem.split(":")[1])
    assert path.read_text().splitlines()[line - 1].lstrip("- {").startswith(line_begins.lstrip("- "))


@pytest.mark.parametrize(
    "broken", ["name: {vi: Thuê: mượn, en: Rent}", 'name: {vi: "Thuê, en: Rent}', "name: Tên: họ", "name: [a, {b"]
)
def test_what_is_no_yaml_is_answered_with_the_remedy(folder: Path, broken: str) -> None:
    (folder / "procedures" / "broken.yaml").write_text(f"{broken}\n")
    (problem,) = [known for known in check_folder(folder) if known.startswith("procedures/broken.yaml:")]
    assert "put a text in quotes when it holds" in problem


def test_a_character_that_no_text_holds_is_named(folder: Path) -> None:
    (folder / "procedures" / "broken.yaml").write_text("name: a\x07b\n")
    assert "procedures/broken.yaml: no text holds the character U+0007; remove it" in check_folder(folder)


@pytest.mark.parametrize("service", ["one_stop_shop", "email_provisioning", "document_routing"])
def test_loading_a_mistake_says_what_checking_says(
    service: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies = folder / "agencies.yaml"
    agencies.write_text(agencies.read_text().replace("- code: H51\n", "- code: H30\n", 1))
    for reader in (read_catalogue, load_catalogue, check_folder):
        monkeypatch.setattr(reader, "__defaults__", (folder, agencies))
    monkeypatch.setattr(read_seed, "__defaults__", (agencies,))
    monkeypatch.setattr("pymongo.MongoClient.__init__", lambda *_, **__: pytest.fail("nothing may be loaded"))
    monkeypatch.setenv("MONGO_URI", "mongodb://127.0.0.1:1")
    monkeypatch.setenv("AMQP_URI", "amqp://127.0.0.1:1")
    setup = import_module(f"services.{service}.setup")
    monkeypatch.setattr("sys.argv", ["setup"])
    assert setup.main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("agencies.yaml:") and "“H30” stands here twice" in line for line in lines)


def test_one_wrong_file_does_not_hide_the_rest(folder: Path) -> None:
    (folder / BIRTH).write_text("code: [")
    (folder / "procedures" / "list.yaml").write_text("- một\n- hai\n")
    (folder / "procedures" / "latin.yaml").write_bytes("tên: Hộ tịch".encode("utf-16"))
    read = read_catalogue(folder)
    assert len(read.procedures) == len(KEPT) - 1
    files = [problem.split(":")[0] for problem in read.problems]
    assert {BIRTH, "procedures/list.yaml", "procedures/latin.yaml"} <= set(files)
    with pytest.raises(DataFileError, match="latin"):
        load_catalogue(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "sectors.yaml").unlink()
    assert "sectors.yaml: this file is missing" in check_folder(folder)


def test_only_plain_values_are_recognised() -> None:
    text = "code: 1.001193\nuntil: 15:00\nday: 2026-01-01\nanswer: no\nzero: 007\ncount: 8\nyes: true\nnone:"
    assert Document(text).content == {
        "code": "1.001193",
        "until": "15:00",
        "day": "2026-01-01",
        "answer": "no",
        "zero": "007",
        "count": 8,
        "yes": True,
        "none": None,
    }


def test_nothing_in_a_file_is_ever_executed() -> None:
    with pytest.raises(yaml.constructor.ConstructorError):
        Document("code: !!python/object/apply:os.getcwd []")


def test_every_reason_has_a_sentence_that_takes_its_figures() -> None:
    figures = {
        "text": "t",
        "kind": "k",
        "key": "k",
        "minutes": 1,
        "field": "f",
        "year": 1,
        "steps": "s",
        "statutory": "s",
        "case": "c",
        "known": [],
    }
    assert all("{" not in sentence.format(**figures).replace("{field: …", "") for sentence in SENTENCES.values())

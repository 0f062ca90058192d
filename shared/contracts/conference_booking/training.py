"""Training of technicians: courses, trainings and certificates."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.contracts.base import Request, View
from shared.contracts.conference_booking.history_views import ConferenceHistoryEntry, ConferenceHistoryVerification
from shared.contracts.conference_booking.network_views import ResourceReceipt
from shared.contracts.conference_booking.offers import OPERATE, get, post
from shared.contracts.conference_booking.requests import PerhapsWithReason, WithReason
from shared.contracts.conference_booking.values import key_of
from shared.contracts.operations import FileTicket, Operation
from shared.contracts.values import Page, Words, day, moment, name, one_of, string_like

RESULTS = ("passed", "failed", "absent")
TRAINING_STATES = ("planned", "held", "cancelled")
MOST_ATTENDING = 500
_KEY = "9d3b1f0c5a7e4c2f8b6d0e1a2c3b4d5e"
_NAME = {"vi": "Vận hành điểm cầu", "en": "Running an endpoint"}


def _months(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1, 120), metadata={"example": 24}, **options)


class RegisterCourse(Request):
    """A new course. Of a `required` one everybody on duty has to have a valid certificate."""

    key = key_of("van-hanh-diem-cau")
    network = key_of("thanh-hoa")
    name = fields.Nested(Words, required=True, metadata={"example": _NAME})
    months = _months(required=True)
    required = fields.Boolean(load_default=True, metadata={"example": True})


class ChangeCourse(PerhapsWithReason):
    """Other facts about a course; what is left out stays."""

    name = fields.Nested(Words, metadata={"example": _NAME})
    months = _months()
    required = fields.Boolean(metadata={"example": True})
    active = fields.Boolean(metadata={"example": True})


class PlanTraining(Request):
    """A course that is given on one day."""

    network = key_of("thanh-hoa")
    course = key_of("van-hanh-diem-cau")
    day = day(required=True, example="2026-12-10")
    place = name(200, required=True, example="Phòng họp trực tuyến, Sở Khoa học và Công nghệ")
    trainer = name(200, load_default="", example="Trần Minh Linh")


class Attendance(Request):
    """Somebody who was to come, for which endpoint of theirs, and whether they passed."""

    technician = key_of("kt-hac-thanh")
    endpoint = key_of("th-05")
    result = one_of(*RESULTS)


def _refuse_twice(rows: list[dict[str, Any]]) -> None:
    if len({row["technician"] for row in rows}) < len(rows):
        raise ValidationError("repeated")


class RecordAttendance(PerhapsWithReason):
    """All who were to come; it takes the place of what was written down before."""

    attendance = fields.List(
        fields.Nested(Attendance), required=True, validate=[validate.Length(1, MOST_ATTENDING), _refuse_twice]
    )


class ListCourses(Page):
    """The courses of a network, or of all."""

    network = key_of("thanh-hoa", required=False, allow_none=True, load_default=None)


class ListTrainings(Page):
    """Trainings of a network on or after a day (a year ago, unless given)."""

    network = key_of("thanh-hoa")
    state = one_of(*TRAINING_STATES, required=False, allow_none=True, load_default=None)
    since = day(allow_none=True, load_default=None)


class ListCertificates(Page):
    """Certificates of a network's technicians, or of one; those that are valid today, or are not."""

    network = key_of("thanh-hoa")
    technician = key_of("kt-hac-thanh", required=False, allow_none=True, load_default=None)
    valid = fields.Boolean(allow_none=True, load_default=None, metadata={"example": True})


class PrintCertificates(Request):
    """Of all who passed a training, or of one."""

    technician = key_of("kt-hac-thanh", required=False, allow_none=True, load_default=None)


class CourseView(View):
    """One course."""

    key = string_like("van-hanh-diem-cau")
    network = string_like("thanh-hoa")
    name = fields.Dict(metadata={"example": _NAME})
    months = fields.Integer(metadata={"example": 24})
    required = fields.Boolean(metadata={"example": True})
    active = fields.Boolean(metadata={"example": True})
    version = fields.Integer(metadata={"example": 1})


class AttendanceView(View):
    """Somebody who was to come."""

    technician = string_like("kt-hac-thanh")
    endpoint = string_like("th-05")
    result = string_like("passed")


class TrainingView(View):
    """One training."""

    key = string_like(_KEY)
    network = string_like("thanh-hoa")
    course = string_like("van-hanh-diem-cau")
    day = string_like("2026-12-10")
    place = string_like("Phòng họp trực tuyến, Sở Khoa học và Công nghệ")
    trainer = string_like("Trần Minh Linh")
    state = string_like("planned")
    attendance = fields.List(fields.Nested(AttendanceView))
    version = fields.Integer(metadata={"example": 1})


class TrainingCertificate(View):
    """The newest certificate of a technician in a course; `until` is the last day on which it is valid."""

    technician = string_like("kt-hac-thanh")
    name = string_like("Lê Văn Kỹ")
    endpoints = fields.List(string_like("th-05"))
    course = string_like("van-hanh-diem-cau")
    training = string_like(_KEY)
    issued = string_like("2026-12-10")
    until = string_like("2028-12-10")
    valid = fields.Boolean(metadata={"example": True})


class UntrainedRow(View):
    """Somebody on duty, and the required courses of which they have no valid certificate on that day."""

    endpoint = string_like("th-05")
    meeting = string_like("0f8fad5bd9cb469fa16570867728950e")
    title = string_like("Giao ban trực tuyến tháng 12")
    session = fields.Integer(metadata={"example": 1})
    held_from = moment()
    technician = string_like("kt-hac-thanh")
    name = string_like("Lê Văn Kỹ")
    phone = string_like("0912000005")
    lacks = fields.List(string_like("van-hanh-diem-cau"))


class Untrained(View):
    """Who is on duty on a day without a valid certificate, of the meetings that the caller sees."""

    network = string_like("thanh-hoa")
    day = string_like("2026-12-07")
    rows = fields.List(fields.Nested(UntrainedRow))


_ONE = "/trainings/{training}"


def _post(name: str, path: str, summary: str, summary_vi: str, body: type[Request], **rest: Any) -> Operation:
    return post(name, path, summary, summary_vi, body, ResourceReceipt, OPERATE, **rest)


TRAINING_OPERATIONS = [
    get(
        "list_courses",
        "/courses",
        "Courses for technicians",
        "Các khóa tập huấn kỹ thuật",
        CourseView,
        query=ListCourses,
        paged=True,
    ),
    _post(
        "register_course",
        "/courses",
        "A new course",
        "Thêm khóa tập huấn",
        RegisterCourse,
        status=201,
        example={"key": "van-hanh-diem-cau", "network": "thanh-hoa", "name": _NAME, "months": 24},
    ),
    _post(
        "change_course",
        "/courses/{course}/changes",
        "Change a course",
        "Cập nhật khóa tập huấn",
        ChangeCourse,
        if_match=True,
        example={"months": 12},
    ),
    get(
        "list_trainings",
        "/trainings",
        "Trainings of a network",
        "Các buổi tập huấn",
        TrainingView,
        query=ListTrainings,
        paged=True,
        example={"network": "thanh-hoa"},
    ),
    _post(
        "plan_training",
        "/trainings",
        "Give a course on a day",
        "Lên lịch buổi tập huấn",
        PlanTraining,
        status=201,
        example={"network": "thanh-hoa", "course": "van-hanh-diem-cau", "day": "2026-12-10", "place": "Phòng họp A"},
    ),
    get("read_training", _ONE, "One training", "Một buổi tập huấn", TrainingView),
    get(
        "read_training_history",
        f"{_ONE}/history",
        "A training's append-only history",
        "Lịch sử buổi tập huấn",
        ConferenceHistoryEntry,
        query=Page,
        paged=True,
    ),
    get(
        "verify_training_history",
        f"{_ONE}/history/verification",
        "Verify a training's history",
        "Kiểm tra tính toàn vẹn lịch sử buổi tập huấn",
        ConferenceHistoryVerification,
    ),
    _post(
        "record_attendance",
        f"{_ONE}/attendance",
        "Who was there, for which endpoint, and who passed",
        "Ghi nhận người dự và kết quả tập huấn",
        RecordAttendance,
        if_match=True,
        example={"attendance": [{"technician": "kt-hac-thanh", "endpoint": "th-05", "result": "passed"}]},
    ),
    _post(
        "cancel_training",
        f"{_ONE}/cancellation",
        "A training will not be",
        "Hủy buổi tập huấn",
        WithReason,
        if_match=True,
        example={"reason": "Giảng viên bận đột xuất"},
    ),
    get(
        "list_certificates",
        "/certificates",
        "Certificates of technicians and until when they are valid",
        "Chứng nhận của cán bộ kỹ thuật và thời hạn",
        TrainingCertificate,
        query=ListCertificates,
        paged=True,
        example={"network": "thanh-hoa"},
    ),
    get(
        "print_certificates",
        f"{_ONE}/certificates",
        "The certificates of a training as PDF, a page each",
        "In giấy chứng nhận tập huấn",
        FileTicket,
        query=PrintCertificates,
    ),
    get(
        "read_untrained",
        "/networks/{network}/days/{day}/untrained",
        "Who is on duty without a valid certificate",
        "Cán bộ trực chưa có chứng nhận còn hạn",
        Untrained,
    ),
]

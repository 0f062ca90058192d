"""How a network's operator looks after its endpoints and its bridge."""

from shared.contracts.conference_booking import network_requests
from shared.contracts.conference_booking import network_views as v
from shared.contracts.conference_booking.offers import OPERATE, post

_ENDPOINT_EXAMPLE = {
    "key": "th-32",
    "network": "thanh-hoa",
    "agency": "H56.30.01",
    "name": {"vi": "Điểm cầu dự phòng phường Hạc Thành", "en": "Spare endpoint, Hac Thanh ward"},
    "level": "commune",
    "seats": 30,
    "codec": {"model": "Mẫu 720p", "resolution": "720p"},
    "lines": [{"kind": "primary", "name": "TSLCD cấp II", "mbps": 4}],
    "contact": {"name": "Cán bộ kỹ thuật", "phone": "02373000032"},
}

RESOURCES = [
    post(
        "register_endpoint",
        "/endpoints",
        "Register an endpoint",
        "Đăng ký điểm cầu",
        network_requests.RegisterEndpoint,
        v.ResourceReceipt,
        OPERATE,
        status=201,
        example=_ENDPOINT_EXAMPLE,
    ),
    post(
        "change_endpoint",
        "/endpoints/{endpoint}/changes",
        "Change what is known of an endpoint",
        "Cập nhật điểm cầu",
        network_requests.ChangeEndpoint,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"seats": 50},
    ),
    post(
        "report_endpoint",
        "/endpoints/{endpoint}/state",
        "Say whether an endpoint is ready, degraded or down; meetings are marked",
        "Báo tình trạng điểm cầu; cuộc họp bị ảnh hưởng được đánh dấu",
        network_requests.ReportEndpoint,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"state": "down", "reason": "Mất điện", "until": "2026-12-07T17:00:00+07:00"},
    ),
    post(
        "plan_maintenance",
        "/endpoints/{endpoint}/maintenance",
        "Hold an endpoint for work on it",
        "Đặt lịch bảo trì điểm cầu",
        network_requests.PlanMaintenance,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"starts": "2026-12-12T18:00", "minutes": 240, "reason": "Thay thiết bị đầu cuối"},
    ),
    post(
        "cancel_maintenance",
        "/endpoints/{endpoint}/maintenance/cancellation",
        "Planned work on an endpoint will not be",
        "Hủy lịch bảo trì điểm cầu",
        network_requests.CancelMaintenance,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"number": 1},
    ),
    post(
        "change_bridge",
        "/networks/{network}/bridge/changes",
        "Say what the bridge can do; meetings beyond it are marked",
        "Cập nhật năng lực MCU; cuộc họp vượt năng lực được đánh dấu",
        network_requests.ChangeBridge,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"ports": 120, "reason": "Hỏng một thẻ MCU"},
    ),
]

"""The Vietnamese words that the forms print for the codes that the platform stores."""

from enum import StrEnum

CHANNELS = {1: "Trực tiếp", 2: "Trực tuyến", 3: "Dịch vụ bưu chính công ích"}
IDENTITY_KINDS = {"cccd": "CCCD", "cmnd": "CMND", "passport": "Hộ chiếu", "tax_code": "Mã số thuế"}
RETURN_METHODS = {
    "counter": "Nhận trực tiếp tại quầy",
    "post": "Nhận qua dịch vụ bưu chính công ích",
    "online": "Nhận bản điện tử trực tuyến",
}


class Collection(StrEnum):
    """When the fee is collected."""

    BEFORE = "Thu trước"
    AFTER = "Thu sau"
    EXEMPT = "Đối tượng được miễn"
    NONE = "Không thu phí, lệ phí"


class Outcome(StrEnum):
    """How a step or a whole application kept its time limit."""

    EARLY = "Trước hạn"
    ON_TIME = "Đúng hạn"
    LATE = "Quá hạn"


class SupplementStage(StrEnum):
    """The moment at which more papers are asked for."""

    RECEPTION = "Khi tiếp nhận hồ sơ"
    APPRAISAL = "Trong quá trình thẩm định hồ sơ"

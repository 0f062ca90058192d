"""What went wrong and what an operator can do, in plain words, for the errors that services note of events and work."""

from dataclasses import dataclass

from gateway.portal.language import gettext as _
from gateway.portal.language import said


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, and what helps."""

    what: str
    advice: str


_AWAY = Failure(
    said("Một nơi cần dùng không trả lời."),
    said("Xem trang Bộ phận xem nơi nào đang dừng; khi nơi ấy chạy lại thì xử lý lại."),
)
_BREAKS_CONTRACT = Failure(
    said("Nội dung sự kiện không đúng cấu trúc đã thỏa thuận."),
    said(
        "Thường vì bên gửi và bên nhận chạy hai phiên bản khác nhau. Nâng cấp cho khớp rồi xử lý lại; "
        "thử ngay bây giờ sẽ bị giữ lại như cũ."
    ),
)
_REFUSED = Failure(
    said("Nội dung không được bên nhận chấp nhận."),
    said("Xem chi tiết kỹ thuật để biết mục nào sai; sửa ở nơi gửi rồi xử lý lại, hoặc bỏ hẳn nếu không còn cần."),
)
_MISSING = Failure(
    said("Không tìm thấy dữ liệu được nhắc đến."),
    said("Dữ liệu có thể chưa đến hoặc đã bị xóa. Xem các sự kiện khác bị giữ trước, xử lý chúng rồi xử lý lại."),
)
_OVERTAKEN = Failure(
    said("Dữ liệu hiện tại không cho phép làm việc này nữa."),
    said(
        "Có người đã xử lý trước, hoặc trạng thái đã khác. Xử lý lại một lần; nếu vẫn lỗi thì việc này không còn cần."
    ),
)
_NOT_ALLOWED = Failure(
    said("Bên nhận không cho phép."),
    said("Kiểm tra quyền của tài khoản hoặc hệ thống gửi, rồi xử lý lại."),
)
_TOO_MUCH = Failure(
    said("Nội dung quá lớn, quá nhiều hoặc thuộc loại không được nhận."),
    said("Xem giới hạn trong chi tiết kỹ thuật; chia nhỏ hoặc đổi loại ở nơi gửi, rồi xử lý lại."),
)
_DATABASE = Failure(
    said("Cơ sở dữ liệu không ghi được."),
    said("Xem trang Bộ phận và dung lượng đĩa; khi cơ sở dữ liệu ổn định thì xử lý lại."),
)
_DEFECT = Failure(
    said("Chương trình gặp lỗi không lường trước."),
    said("Gửi chi tiết kỹ thuật cho nhóm phát triển; xử lý lại sau khi có bản sửa."),
)
_BY_KIND = {
    "Invalid": _REFUSED,
    "Unauthenticated": _NOT_ALLOWED,
    "Forbidden": _NOT_ALLOWED,
    "NotFound": _MISSING,
    "Conflict": _OVERTAKEN,
    "Stale": _OVERTAKEN,
    "Unsupported": _TOO_MUCH,
    "TooLarge": _TOO_MUCH,
    "TooMany": _TOO_MUCH,
    "Unavailable": _AWAY,
    "TimedOut": _AWAY,
    "Internal": _DEFECT,
    "AutoReconnect": _AWAY,
    "ConnectionFailure": _AWAY,
    "ConnectionRefusedError": _AWAY,
    "ConnectionResetError": _AWAY,
    "NetworkTimeout": _AWAY,
    "NotPrimaryError": _AWAY,
    "OSError": _AWAY,
    "ServerSelectionTimeoutError": _AWAY,
    "TimeoutError": _AWAY,
    "BulkWriteError": _DATABASE,
    "DuplicateKeyError": _DATABASE,
    "OperationFailure": _DATABASE,
    "WriteError": _DATABASE,
}
"""By the class of the error; what is none of these is a defect."""


def failure_words(error: str | None) -> Failure:
    """The words for an error as services note it: its class, a colon and its own words, which begin with its code."""
    kind, _colon, rest = (error or "").partition(": ")
    found = _BREAKS_CONTRACT if rest.startswith("event_malformed") else _BY_KIND.get(kind, _DEFECT)
    return Failure(_(found.what), _(found.advice))


_LETTERS = {
    "no_server": Failure(
        said("Chưa cấu hình máy chủ gửi thư."),
        said("Đặt SMTP_HOST cho dịch vụ danh bạ và hộp thư, rồi gửi lại."),
    ),
    "recipient": Failure(
        said("Địa chỉ không có, hoặc hộp thư của người nhận đã đóng hay đã đầy."),
        said("Chỉ người nhận sửa được; không tính vào việc cần xem."),
    ),
    "refused": Failure(
        said("Máy chủ thư từ chối thư của hệ thống."),
        said("Kiểm tra quyền gửi ra ngoài, tài khoản gửi và tên miền gửi trên máy chủ thư, rồi gửi lại."),
    ),
    "unreached": Failure(
        said("Suốt một ngày máy chủ thư không trả lời hoặc hẹn lại."),
        said("Xem máy chủ thư có chạy không; khi máy chủ chạy lại thì gửi lại."),
    ),
    "unwritten": Failure(
        said("Không lấy được nội dung thư từ nơi yêu cầu gửi."),
        said("Xem nhật ký của dịch vụ yêu cầu gửi; gửi lại sau khi đã sửa."),
    ),
}
"""By the cause that the watch tells."""


def letter_words(cause: str) -> Failure:
    """Why letters did not arrive."""
    found = _LETTERS.get(cause, _DEFECT)
    return Failure(_(found.what), _(found.advice))


def push_words(error: str) -> str:
    """Why an agency's system was not told of something."""
    if error.startswith("HTTP "):
        return _("Nơi nhận trả lời mã lỗi %(status)s.", status=error.removeprefix("HTTP "))
    if error.startswith("no answer"):
        return _("Nơi nhận không trả lời kịp.")
    return _("Không kết nối được đến nơi nhận.")

"""What each event is called where people read of it: in histories, in the audit, among what is parked.

Every event of the contracts stands here; the name that programs use is shown beside the words to operators only.
"""

from collections.abc import Mapping
from typing import Any

from gateway.portal.language import gettext as _
from gateway.portal.language import look_up, said

_APPLICATIONS = {
    "application_submitted.v1": said("Hồ sơ được nộp"),
    "application_received.v1": said("Cơ quan tiếp nhận hồ sơ"),
    "application_refused.v1": said("Cơ quan không tiếp nhận hồ sơ"),
    "application_corrected.v1": said("Cơ quan sửa thông tin ghi nhầm"),
    "supplement_requested.v1": said("Cơ quan yêu cầu bổ sung"),
    "supplement_supplied.v1": said("Hồ sơ được bổ sung"),
    "supplement_expired.v1": said("Hết thời hạn bổ sung"),
    "payment_requested.v1": said("Cơ quan yêu cầu nộp phí, lệ phí"),
    "payment_started.v1": said("Bắt đầu thanh toán trực tuyến"),
    "payment_received.v1": said("Đã nhận tiền"),
    "payment_failed.v1": said("Thanh toán không thành công"),
    "payment_unmatched.v1": said("Tiền đến không khớp với khoản phải nộp"),
    "payment_exempted.v1": said("Được miễn phí, lệ phí"),
    "exemption_accepted.v1": said("Đề nghị miễn, giảm được chấp nhận"),
    "exemption_rejected.v1": said("Đề nghị miễn, giảm không được chấp nhận"),
    "payment_refunded.v1": said("Tiền được hoàn lại"),
    "payment_expired.v1": said("Hết thời hạn nộp phí, lệ phí"),
    "application_handed_over.v1": said("Hồ sơ được chuyển cho bộ phận chuyên môn"),
    "step_completed.v1": said("Xong một bước giải quyết"),
    "assignment_changed.v1": said("Thay đổi cán bộ phụ trách"),
    "deadline_extended.v1": said("Cơ quan xin lỗi và hẹn lại ngày trả kết quả"),
    "deadline_missed.v1": said("Quá hạn trả kết quả"),
    "deadline_near.v1": said("Sắp đến hạn trả kết quả"),
    "reception_late.v1": said("Quá hạn tiếp nhận"),
    "application_stopped.v1": said("Cơ quan tạm dừng giải quyết"),
    "application_resumed.v1": said("Cơ quan tiếp tục giải quyết"),
    "withdrawal_requested.v1": said("Người nộp xin rút hồ sơ"),
    "withdrawal_decided.v1": said("Cơ quan trả lời việc rút hồ sơ"),
    "opinion_requested.v1": said("Cơ quan lấy ý kiến cơ quan khác"),
    "opinion_sent.v1": said("Văn bản lấy ý kiến được gửi đi"),
    "opinion_received.v1": said("Cơ quan khác đã trả lời"),
    "application_finished.v1": said("Có kết quả giải quyết"),
    "result_registered.v1": said("Kết quả được vào sổ"),
    "result_recalled.v1": said("Cơ quan thu hồi kết quả để xem lại"),
    "delivery_changed.v1": said("Bưu chính cập nhật việc giao kết quả"),
    "application_returned.v1": said("Kết quả được trả"),
    "application_rated.v1": said("Người nộp đánh giá"),
    "application_linked.v1": said("Hồ sơ được liên kết với hồ sơ khác"),
    "application_unlinked.v1": said("Bỏ liên kết với hồ sơ khác"),
    "part_progressed.v1": said("Hồ sơ thành phần có tiến triển"),
    "application_synchronised.v1": said("Đã đồng bộ với Cổng Dịch vụ công quốc gia"),
}
_PROCEDURES = {
    "procedure_closed.v1": said("Thủ tục hết hiệu lực"),
    "procedure_published.v1": said("Công bố thủ tục"),
}
_DOCUMENTS = {
    "confirmation_late.v1": said("Nơi nhận quá hạn xác nhận"),
    "delivery_progressed.v1": said("Nơi nhận báo trạng thái xử lý"),
    "delivery_transported.v1": said("Gói tin đến nơi nhận có tiến triển"),
    "document_answered.v1": said("Có văn bản trả lời"),
    "document_arrived.v1": said("Văn bản đến nơi nhận"),
    "document_assigned.v1": said("Phân công xử lý văn bản"),
    "document_completed.v1": said("Xử lý xong văn bản"),
    "document_drafted.v1": said("Bắt đầu soạn văn bản"),
    "document_handed_on.v1": said("Văn bản được giao cho người khác xử lý"),
    "document_issued.v1": said("Ban hành văn bản"),
    "document_recalled.v1": said("Thu hồi văn bản"),
    "document_refused.v1": said("Nơi nhận từ chối văn bản"),
    "document_registered.v1": said("Văn bản được vào sổ đến"),
    "document_replaced.v1": said("Văn bản được thay thế"),
    "document_returned.v1": said("Trả lại người soạn"),
    "document_revised.v1": said("Sửa dự thảo văn bản"),
    "document_signed.v1": said("Ký văn bản"),
    "document_submitted.v1": said("Trình lãnh đạo"),
    "document_updated.v1": said("Văn bản được đính chính"),
    "document_worked_on.v1": said("Bắt đầu xử lý văn bản"),
    "handling_late.v1": said("Quá hạn xử lý văn bản"),
    "message_accepted.v1": said("Tiếp nhận gói tin của hệ thống khác"),
    "package_acknowledged.v1": said("Nơi nhận xác nhận đã lưu gói tin"),
    "package_fetched.v1": said("Nơi nhận đã lấy gói tin"),
    "package_prepared.v1": said("Chuẩn bị gói tin"),
    "package_ready.v1": said("Gói tin chờ nơi nhận đến lấy"),
    "package_withdrawn.v1": said("Rút lại gói tin"),
    "sender_request_answered.v1": said("Nơi nhận trả lời yêu cầu của nơi gửi"),
    "sender_request_received.v1": said("Nơi gửi yêu cầu thu hồi, đính chính hoặc thay thế"),
    "subscription_closed.v1": said("Hủy đăng ký nhận tin"),
    "subscription_created.v1": said("Có đăng ký nhận tin mới"),
    "subscription_paused.v1": said("Tạm dừng báo tin"),
    "subscription_resumed.v1": said("Báo tin trở lại"),
}
_DIRECTORY = {
    "agency_changed.v1": said("Thông tin cơ quan thay đổi"),
    "agency_closed.v1": said("Cơ quan ngừng hoạt động"),
    "agency_registered.v1": said("Có cơ quan mới"),
    "mailbox_approved.v1": said("Duyệt cấp hộp thư công vụ"),
    "mailbox_changed.v1": said("Thông tin hộp thư thay đổi"),
    "mailbox_provisioned.v1": said("Hộp thư dùng được"),
    "mailbox_purged.v1": said("Hủy bản lưu hộp thư"),
    "mailbox_refused.v1": said("Không cấp hộp thư"),
    "mailbox_reinstated.v1": said("Hộp thư đã thu hồi được khôi phục"),
    "mailbox_requested.v1": said("Đề nghị cấp hộp thư công vụ"),
    "mailbox_restored.v1": said("Hộp thư được mở lại"),
    "mailbox_revocation_scheduled.v1": said("Hẹn ngày thu hồi hộp thư"),
    "mailbox_revoked.v1": said("Hộp thư bị thu hồi"),
    "mailbox_suspended.v1": said("Hộp thư bị tạm khóa"),
    "officer_appointed.v1": said("Cán bộ nhận thêm chức vụ"),
    "officer_changed.v1": said("Thông tin cán bộ thay đổi"),
    "officer_left.v1": said("Cán bộ thôi mọi chức vụ"),
    "officer_moved.v1": said("Cán bộ chuyển chức vụ"),
}
_MEETINGS = {
    "bridge_changed.v1": said("Khả năng của cầu hội nghị thay đổi"),
    "bridge_registered.v1": said("Mạng họp có cầu hội nghị"),
    "conference_answered.v1": said("Người triệu tập trả lời yêu cầu làm rõ"),
    "conference_at_risk.v1": said("Cuộc họp có nguy cơ thiếu điểm cầu hoặc cầu hội nghị"),
    "conference_cancelled.v1": said("Hủy cuộc họp hoặc buổi họp"),
    "conference_change_answered.v1": said("Người triệu tập trả lời về thay đổi"),
    "conference_change_expired.v1": said("Thay đổi hết thời hạn duyệt"),
    "conference_change_proposed.v1": said("Đề nghị thay đổi cuộc họp"),
    "conference_change_questioned.v1": said("Người duyệt yêu cầu làm rõ về thay đổi"),
    "conference_change_rejected.v1": said("Thay đổi không được duyệt"),
    "conference_change_withdrawn.v1": said("Rút đề nghị thay đổi"),
    "conference_changed.v1": said("Thông tin cuộc họp thay đổi"),
    "conference_ended.v1": said("Cuộc họp kết thúc"),
    "conference_expired.v1": said("Cuộc họp hết thời hạn duyệt"),
    "conference_not_ready.v1": said("Có điểm cầu chưa sẵn sàng trước giờ họp"),
    "conference_preempted.v1": said("Cuộc họp phải nhường cho cuộc họp cấp cao hơn"),
    "conference_questioned.v1": said("Người duyệt yêu cầu làm rõ"),
    "conference_ready.v1": said("Mọi điểm cầu sẵn sàng trước giờ họp"),
    "conference_rejected.v1": said("Cuộc họp không được duyệt"),
    "conference_requested.v1": said("Đề nghị tổ chức cuộc họp"),
    "conference_safe_again.v1": said("Cuộc họp hết nguy cơ"),
    "conference_scheduled.v1": said("Cuộc họp được duyệt"),
    "course_changed.v1": said("Khóa tập huấn thay đổi"),
    "course_registered.v1": said("Có khóa tập huấn mới"),
    "endpoint_changed.v1": said("Thông tin điểm cầu thay đổi"),
    "endpoint_maintenance_cancelled.v1": said("Hủy bảo trì điểm cầu"),
    "endpoint_maintenance_planned.v1": said("Lên lịch bảo trì điểm cầu"),
    "endpoint_registered.v1": said("Có điểm cầu mới"),
    "endpoint_state_reported.v1": said("Báo tình trạng điểm cầu"),
    "feed_closed.v1": said("Đóng địa chỉ lịch họp"),
    "feed_opened.v1": said("Cấp địa chỉ lịch họp"),
    "follow_up_added.v1": said("Thêm việc phải làm sau sự cố"),
    "follow_up_done.v1": said("Xong việc phải làm sau sự cố"),
    "incident_acknowledged.v1": said("Sự cố có người xử lý"),
    "incident_closed.v1": said("Đóng sự cố, có nguyên nhân và cách xử lý"),
    "incident_opened.v1": said("Sự cố được ghi nhận"),
    "incident_reassessed.v1": said("Đánh giá lại mức sự cố"),
    "incident_restored.v1": said("Sự cố được khắc phục"),
    "invitation_answered.v1": said("Trả lời giấy mời"),
    "invitation_letter_asked.v1": said("Yêu cầu soạn giấy mời"),
    "invitation_letter_changed.v1": said("Giấy mời phải sửa theo cuộc họp"),
    "invitation_letter_progressed.v1": said("Giấy mời có tiến triển"),
    "invitation_letter_withdrawn.v1": said("Giấy mời phải thu hồi"),
    "invitations_sent.v1": said("Gửi giấy mời hoặc thông báo hủy"),
    "participant_gone.v1": said("Đã đưa người dự ra khỏi phòng họp"),
    "participant_kicked.v1": said("Yêu cầu đưa người dự ra khỏi phòng họp"),
    "readiness_reported.v1": said("Báo tình trạng chuẩn bị của điểm cầu"),
    "rehearsal_concluded.v1": said("Kết luận buổi chạy thử"),
    "rehearsal_recorded.v1": said("Ghi kết quả chạy thử của điểm cầu"),
    "room_asked.v1": said("Yêu cầu mở hoặc đóng phòng họp trực tuyến"),
    "room_closed.v1": said("Phòng họp trực tuyến đã đóng"),
    "room_in_trouble.v1": said("Cầu hội nghị không mở được phòng như yêu cầu"),
    "room_opened.v1": said("Phòng họp trực tuyến đã mở"),
    "script_moved.v1": said("Buổi họp chuyển sang mục khác"),
    "script_released.v1": said("Chốt kịch bản điều hành"),
    "script_written.v1": said("Ghi bản soạn kịch bản điều hành"),
    "session_ended.v1": said("Buổi họp kết thúc"),
    "session_extended.v1": said("Buổi họp kéo dài thêm"),
    "session_started.v1": said("Buổi họp bắt đầu"),
    "standby_activated.v1": said("Chuyển sang phương án dự phòng"),
    "technician_absence_cancelled.v1": said("Kỹ thuật viên không vắng mặt nữa"),
    "technician_absence_planned.v1": said("Kỹ thuật viên báo vắng mặt"),
    "technician_changed.v1": said("Thông tin kỹ thuật viên thay đổi"),
    "technician_registered.v1": said("Có kỹ thuật viên mới"),
    "training_cancelled.v1": said("Hủy lớp tập huấn"),
    "training_held.v1": said("Đã tổ chức lớp tập huấn"),
    "training_planned.v1": said("Lên lịch lớp tập huấn"),
}
_MESSAGES = {
    "message_failed.v1": said("Không gửi được thư báo"),
    "message_requested.v1": said("Yêu cầu gửi thư báo"),
    "message_resent.v1": said("Gửi lại thư báo"),
    "message_returned.v1": said("Thư báo bị trả về"),
    "message_sent.v1": said("Đã gửi thư báo"),
}

GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (said("Hồ sơ"), _APPLICATIONS),
    (said("Thủ tục"), _PROCEDURES),
    (said("Văn bản"), _DOCUMENTS),
    (said("Danh bạ và hộp thư"), _DIRECTORY),
    (said("Hội nghị trực tuyến"), _MEETINGS),
    (said("Thư báo"), _MESSAGES),
)
"""The events in groups with names, each event once."""

EVENTS = {kind: words for _name, events in GROUPS for kind, words in events.items()}


def event_words(kind: str | None) -> str:
    """What happened; an event of a newer version, which nobody named yet, is said to be one."""
    return look_up(EVENTS, kind) if kind in EVENTS else _("Thay đổi khác")


def entry_words(entry: Mapping[str, Any]) -> str:
    """What happened by an entry of a history; of an officer in charge also whether they came of themselves."""
    if entry["type"] != "assignment_changed.v1" or "assignee" not in entry["data"]:
        return event_words(entry["type"])
    assignee = entry["data"]["assignee"]
    if assignee is None:
        return _("Hồ sơ trở lại hàng chờ")
    return _("Cán bộ nhận xử lý") if assignee == entry["actor"].get("sub") else event_words(entry["type"])


def event_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The events in groups with their names, each with its words in their order, to choose from."""
    return [
        (_(name), sorted(((kind, _(words)) for kind, words in events.items()), key=lambda one: one[1]))
        for name, events in GROUPS
    ]

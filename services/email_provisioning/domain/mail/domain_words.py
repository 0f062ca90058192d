"""What is said of the records of a mail domain, in both languages; `{}` takes what was found."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "dns_unanswered": (
        "Máy chủ tên miền không trả lời, nên chưa kiểm tra được: {found}",
        "The name servers did not answer, so this could not be checked: {found}",
    ),
    "domain_missing": ("Không có tên miền {found}.", "There is no domain {found}."),
    "mx_missing": (
        "Tên miền không có bản ghi MX, nên máy chủ khác không biết gửi thư đến đâu.",
        "The domain has no MX record, so others do not know where to send mail.",
    ),
    "mx_null": (
        "Bản ghi MX là “.”: tên miền tuyên bố không nhận thư.",
        "The MX record is “.”: the domain says that it takes no mail.",
    ),
    "mx_without_address": (
        "Máy chủ nhận thư {found} không có địa chỉ IP.",
        "The mail server {found} has no address.",
    ),
    "mx_elsewhere": (
        "Thư không đến máy chủ của nền tảng; bản ghi MX chỉ đến {found}.",
        "Mail does not come to the platform's servers; the MX records name {found}.",
    ),
    "mx_good": ("Thư đến {found}.", "Mail comes to {found}."),
    "spf_missing": (
        "Không có bản ghi SPF, nên ai cũng có thể gửi thư nhân danh tên miền này.",
        "There is no SPF record, so anybody may send as this domain.",
    ),
    "spf_several": (
        "Có {found} bản ghi SPF; chỉ được có một, nếu không cả hai đều vô hiệu (RFC 7208, mục 4.5).",
        "There are {found} SPF records; more than one are void (RFC 7208, section 4.5).",
    ),
    "spf_unreadable": (
        "Bản ghi SPF có phần không đọc được: {found}",
        "The SPF record has a part that cannot be read: {found}",
    ),
    "spf_include_missing": (
        "SPF dẫn đến {found}, nơi không có bản ghi SPF, nên toàn bộ vô hiệu.",
        "SPF leads to {found}, which has no SPF record, so all of it is void.",
    ),
    "spf_too_many_lookups": (
        "SPF cần {found} lần tra cứu tên miền, nhiều hơn 10 lần được phép (RFC 7208, mục 4.6.4), nên vô hiệu.",
        "SPF needs {found} look-ups, more than the 10 allowed (RFC 7208, section 4.6.4), so it is void.",
    ),
    "spf_open": (
        "SPF kết thúc bằng “{found}”, nên không ai bị từ chối; hãy dùng “-all”.",
        "SPF ends with “{found}”, so nobody is refused; use “-all”.",
    ),
    "spf_soft": (
        "SPF kết thúc bằng “~all”: thư giả mạo chỉ bị nghi ngờ. Khi mọi máy gửi đã được kê khai, hãy dùng “-all”.",
        "SPF ends with “~all”: forged mail is only suspected. Once all senders are named, use “-all”.",
    ),
    "spf_good": ("SPF từ chối mọi máy gửi không được kê khai.", "SPF refuses every sender that is not named."),
    "dkim_unknown": (
        "Chưa khai báo bộ chọn DKIM của tên miền trong quy định thư, nên không kiểm tra được chữ ký.",
        "The terms name no DKIM selector of this domain, so signatures cannot be checked.",
    ),
    "dkim_missing": (
        "Không có khóa DKIM tại {found}, nên chữ ký của thư không kiểm tra được.",
        "There is no DKIM key at {found}, so signatures cannot be verified.",
    ),
    "dkim_revoked": ("Khóa DKIM tại {found} đã bị thu hồi (p=).", "The DKIM key at {found} is revoked (p=)."),
    "dkim_unreadable": ("Khóa DKIM tại {found} không đọc được.", "The DKIM key at {found} cannot be read."),
    "dkim_testing": (
        "Khóa DKIM tại {found} ghi t=y (đang thử), nên nơi nhận có thể bỏ qua chữ ký.",
        "The DKIM key at {found} says t=y (testing), so receivers may ignore signatures.",
    ),
    "dkim_short": (
        "Khóa DKIM {found} bit là quá ngắn; hãy dùng từ 2048 bit (RFC 8301).",
        "A DKIM key of {found} bits is too short; use 2048 or more (RFC 8301).",
    ),
    "dkim_good": ("Có khóa DKIM tại {found}.", "There is a DKIM key at {found}."),
    "dmarc_missing": (
        "Không có bản ghi DMARC tại {found}, nên nơi nhận không biết xử lý thư giả mạo thế nào.",
        "There is no DMARC record at {found}, so receivers do not know what to do with forged mail.",
    ),
    "dmarc_several": (
        "Có {found} bản ghi DMARC; chỉ được có một, nếu không tất cả đều bị bỏ qua (RFC 7489, mục 6.6.3).",
        "There are {found} DMARC records; more than one are ignored (RFC 7489, section 6.6.3).",
    ),
    "dmarc_unreadable": (
        "Bản ghi DMARC không có chính sách hợp lệ (p=none, quarantine hoặc reject): {found}",
        "The DMARC record has no valid policy (p=none, quarantine or reject): {found}",
    ),
    "dmarc_watches_only": (
        "DMARC có p=none: thư giả mạo chỉ được thống kê, không bị chặn. Hãy dùng quarantine hoặc reject.",
        "DMARC says p=none: forged mail is counted and not stopped. Use quarantine or reject.",
    ),
    "dmarc_in_part": (
        "DMARC chỉ áp dụng cho {found} % số thư.",
        "DMARC applies to {found} % of mail only.",
    ),
    "dmarc_without_reports": (
        "DMARC không nêu nơi nhận báo cáo (rua), nên không ai biết có giả mạo.",
        "DMARC names nobody who gets reports (rua), so nobody learns of forgeries.",
    ),
    "dmarc_good": ("DMARC chặn thư giả mạo: p={found}.", "DMARC stops forged mail: p={found}."),
}
"""By the code of the finding: Vietnamese, English."""

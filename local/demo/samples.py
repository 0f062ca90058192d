"""What the citizen of the demo hands in."""

from typing import Any

AGENCY = "H13.30.01"


def household_business(uploaded: str) -> dict[str, Any]:
    """What Nguyễn Văn An applies for: his household business, the result by post."""
    address = {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"}
    return {
        "procedure": "1.001612",
        "agency": AGENCY,
        "owner": {
            "name": "Nguyễn Văn An",
            "identity_number": "092090000123",
            "phone": "0912345678",
            "email": "an@example.vn",
            "address": address,
        },
        "content": "Đăng ký thành lập hộ kinh doanh Cà phê Bến Ninh Kiều",
        "answers": {"business_name": "Cà phê Bến Ninh Kiều"},
        "components": [{"component": "giay_de_nghi", "file": uploaded}],
        "delivery": {"method": "post", "receiver": "Nguyễn Văn An", "phone": "0912345678", "address": address},
    }

"""Invented citizens of a Vietnamese city: names by their frequency, numbers of the right shape, no real person."""

import random
from typing import Any

_FAMILIES = """
Nguyễn 384 Trần 121 Lê 95 Phạm 70 Huỳnh 51 Hoàng 50 Phan 45 Vũ 39 Võ 39 Đặng 21 Bùi 20 Đỗ 14 Hồ 13 Ngô 13 Dương 10 Lý 5
"""
_MIDDLES = "Văn Thị Hữu Đức Minh Ngọc Thanh Quốc Thùy Hoài Kim Xuân Gia Bảo Anh"
_GIVEN = """
An Anh Bình Châu Chi Cường Diệp Dũng Duy Đạt Giang Hà Hải Hạnh Hiếu Hòa Hùng Hương Khánh Khoa Khôi Lan Linh Long Mai
Minh My Nam Nga Nhung Phúc Phương Quân Quang Sơn Tâm Thảo Thịnh Thủy Tiên Toàn Trang Trí Trung Tuấn Uyên Vân Vinh Vy Ý
"""
FAMILIES, WEIGHTS = _FAMILIES.split()[::2], [int(weight) for weight in _FAMILIES.split()[1::2]]
MIDDLES, GIVEN = _MIDDLES.split(), _GIVEN.split()
STREETS = ("Nguyễn Trãi", "Hòa Bình", "30 Tháng 4", "Mậu Thân", "Trần Hưng Đạo", "Cách Mạng Tháng Tám")


def invented_person(chance: random.Random) -> dict[str, Any]:
    """An owner of an application, as it is stored."""
    family = chance.choices(FAMILIES, WEIGHTS)[0]
    middle = " ".join(chance.sample(MIDDLES, chance.choice((1, 1, 1, 2))))
    address = {
        "line": f"{chance.randrange(1, 300)} {chance.choice(STREETS)}",
        "commune": "Phường Ninh Kiều",
        "province": "Thành phố Cần Thơ",
    }
    return {
        "applicant_class": "citizen",
        "name": f"{family} {middle} {chance.choice(GIVEN)}",
        "identity_kind": "cccd",
        "identity_number": f"092{chance.randrange(10**9):09d}",
        "birth_date": "1990-05-17",
        "phone": f"09{chance.randrange(10**8):08d}",
        "email": None,
        "address": address,
    }

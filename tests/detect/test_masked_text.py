"""A text whose values are replaced by our masks says nothing more: no value is left, and no mask is weak."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from prescan.quality.generate import GENERATORS

if TYPE_CHECKING:
    from prescan import Scanner

LABELS = {
    "resident_id": "身份证号",
    "bank_card": "银行卡号",
    "bank_account": "存折账号",
    "mobile_phone": "手机",
    "landline_phone": "家庭电话",
    "passport": "护照号",
    "hk_macau_permit": "回乡证",
    "taiwan_permit": "台胞证",
    "foreign_resident_id": "永久居留证",
    "license_plate": "车牌号",
    "email": "邮箱",
    "social_account": "微信号",
    "social_security_no": "社保编号",
    "provident_fund_no": "公积金账号",
    "student_id": "学籍号",
    "exam_no": "准考证号",
    "military_id": "军官证",
    "driver_license": "驾驶证档案编号",
    "disability_certificate": "残疾人证号",
    "practitioner_certificate": "执业证号",
    "marriage_certificate": "结婚证字号",
    "property_certificate": "不动产权证号",
    "medical_record_no": "住院号",
    "device_id": "IMEI",
}
#: A row that gives birth date and home as well, a sentence that does; names of two, three and four characters.
PLACES = (
    (
        "序号\t姓名\t出生日期\t住址\t{label}\n1\t何斌\t1962年3月14日\t临溪县青禾镇柳树村三组12号\t{first}\n"
        "2\t欧阳晓兰\t1970年5月6日\t临溪县青禾镇柳树村五组3号\t{second}\n"
    ),
    "申请人何文斌（1962年3月14日出生），{label}{first}，住临溪县青禾镇柳树村三组12号。",
)


@pytest.mark.parametrize("kind", LABELS)
def test_nothing_is_left_behind_our_masks(scanner: Scanner, kind: str) -> None:
    chance = random.Random(kind)
    for place in PLACES * 2:
        text = place.format(label=LABELS[kind], first=GENERATORS[kind](chance), second=GENERATORS[kind](chance))
        found = [f for f in scanner.scan_text(text).findings if f.start is not None and f.category == "personal"]
        assert kind in {f.type for f in found}
        for finding in sorted(found, key=lambda f: -(f.start or 0)):
            text = text[: finding.start] + finding.masked + text[finding.end :]
        left = [f.type for f in scanner.scan_text(text).findings if f.start is not None and f.category == "personal"]
        assert left == []

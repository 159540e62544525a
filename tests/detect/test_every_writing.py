"""Every way of writing, of every kind of number, wherever numbers stand: hardly one is missed, and its ends are right.

Values are generated, names invented. Shares, not single cases: what one place asks for is in the rules' own examples.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest

from prescan.quality.generate import GENERATORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan import Scanner

#: What people call each kind; the first is written in every form, all of them plainly.
LABELS: Final = {
    "resident_id": "身份证号 公民身份号码 身份证 证件号码 二代证号",
    "bank_card": "银行卡号 卡号 开户账号 收款卡号 惠农卡号",
    "bank_account": "存折账号 一折通账号 本人存折号 惠民惠农一折通 信用社存折账号",
    "mobile_phone": "手机 联系电话 手机号码 家长电话 Tel",
    "landline_phone": "家庭电话 宅电 住宅座机 家里座机",
    "passport": "护照号 护照 因私护照号 护照证件号",
    "hk_macau_permit": "回乡证 港澳居民来往内地通行证 通行证号 港澳居民通行证",
    "taiwan_permit": "台胞证 台湾居民来往大陆通行证 台胞证编号",
    "foreign_resident_id": "永久居留证 外国人永久居留身份证 永居身份证号 证件号码",
    "license_plate": "车牌号 号牌 机动车号牌 车号",
    "email": "邮箱 电子邮箱 E-mail 联系邮箱",
    "social_account": "微信号 QQ号 微信账号 WeChat vx",
    "social_security_no": "社保编号 社保号 医保个人编号 社保账号 养老保险编号",
    "provident_fund_no": "公积金账号 住房公积金账号 公积金个人账号 公积金提取账号 公积金职工账号",
    "student_id": "学籍号 全国学籍号 学籍编号",
    "exam_no": "准考证号 考生号 考籍号 准考证编号",
    "military_id": "军官证 士兵证号 军人证件号 证件号码",
    "driver_license": "驾驶证档案编号 驾驶证号 驾照号",
    "disability_certificate": "残疾人证号 残疾证 残疾证编号",
    "practitioner_certificate": "执业证号 从业资格证号 护士执业证书编号 注册证书编号",
    "marriage_certificate": "结婚证字号 婚姻登记证号 结婚证",
    "property_certificate": "不动产权证号 房产证 权属证书号",
    "medical_record_no": "住院号 病历号 门诊卡号 患者编号",
    "device_id": "IMEI 手机串号 设备识别码",
}
FRAMES: Final = {
    "sentence": "经查，申请人何文斌的{label}为{value}，情况属实。",
    "brackets": "何文斌（{label}{value}）到窗口办理业务。",
    "form": "姓名：何文斌\n{label}：{value}\n备注：无\n",
    "cells": "姓名\t何文斌\t{label}\t{value}\n备注\t无\t经办\t窗口三\n",
    "table": "序号\t姓名\t{label}\t备注\n1\t何文斌\t{value}\t\n2\t周晓兰\t{other}\t\n",
    "bars": "序号|姓名|{label}|备注\n1|何文斌|{value}|\n2|周晓兰|{other}|\n",
    "wide bars": "序号｜姓名｜{label}｜备注\n1｜何文斌｜{value}｜无\n2｜周晓兰｜{other}｜无\n",
    "two": "何文斌{label}{value}，周晓兰{label}{other}，均已核实。",
}
#: Frames whose columns are parted by what groups numbers too: values in one piece only.
COLUMNS: Final = {
    "spaces": "序号  姓名  {label}  备注\n1  何文斌  {value}  无\n2  周晓兰  {other}  无\n",
    "one space": "姓名 {label} 备注\n何文斌 {value} 无\n周晓兰 {other} 无\n",
    "wide spaces": "姓　名　　{label}　　备注\n何文斌　　{value}　　无\n周  兰　　{other}　　无\n",
    "commas": "姓名,{label},备注\n何文斌,{value},无\n周晓兰,{other},无\n",
    "behind": "{value}（本人{label}）系何文斌所有。",
}
#: Numbers people write in groups, or in figures.
GROUPED: Final = {
    "mobile_phone": (3, 4, 4),
    "resident_id": (6, 8, 4),
    "bank_card": (4, 4, 4, 4, 3),
    "bank_account": (4, 4, 4, 3),
    "social_security_no": (4, 4, 2),
    "provident_fund_no": (4, 4, 4),
    "exam_no": (4, 4, 4),
    "driver_license": (4, 4, 4),
    "disability_certificate": (6, 8, 4, 2),
    "practitioner_certificate": (4, 4, 5),
    "device_id": (4, 4, 4, 3),
}
_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
FORMS: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "full-width": lambda value: value.translate(_WIDE),
    "zero width": lambda value: f"{value[:4]}\u200b{value[4:]}",
    "soft hyphen": lambda value: f"{value[:5]}\u00ad{value[5:]}",
    "byte order mark": lambda value: f"{value[:3]}\ufeff{value[3:]}",
}
_SEPARATORS: Final = (" ", "-", ".", "·", "\u00a0", "\u3000", "\u2009", "–", "—", "_", "\u202f")
_FIGURES: Final = ("〇一二三四五六七八九", "零幺二三四五六七八九", "○一二三四五六七八九")
_MISREAD: Final = (("0", "O"), ("0", "o"), ("1", "l"), ("1", "I"), ("8", "B"), ("5", "S"), ("2", "Z"))
FOUND_AT_LEAST: Final = 0.99
DECOYS_AT_MOST: Final = 0.02


def writings(kind: str, number: str) -> list[str]:
    """Return a number in every form in which its kind is written."""
    made = [form(number) for form in FORMS.values()]
    if kind not in GROUPED:
        return made
    groups, at = [], 0
    for size in GROUPED[kind]:
        groups.append(number[at : at + size])
        at += size
    made += [separator.join(groups) for separator in _SEPARATORS]
    made.append(f"{number[:7]}\n{number[7:]}")
    made.append(" ".join(number))
    if kind in {"resident_id", "mobile_phone", "bank_card"}:
        made += [number.translate(str.maketrans("0123456789", figures)) for figures in _FIGURES]
        made += [number[:3] + number[3:].replace(right, wrong, 1) for right, wrong in _MISREAD]
    if kind == "resident_id" and number.endswith("X"):
        made += [number[:-1] + last for last in "xХхΧⅩ×Ｘ"]
    if kind == "mobile_phone":
        made += [code + number for code in ("+86", "+86 ", "0086", "（86）", "(+86)", "86-")]
    return made


def texts(kind: str) -> list[tuple[str, list[str]]]:
    """Return texts with the values that stand in them."""
    chance = random.Random(kind)
    made = []
    labels = LABELS[kind].split()
    for place, label in enumerate(labels):
        first, second = (GENERATORS[kind](chance) for _ in range(2))
        forms = zip(writings(kind, first), writings(kind, second), strict=False) if not place else [(first, second)]
        for number, (value, other) in enumerate(forms):
            frames = (FRAMES | COLUMNS if not number else FRAMES).values()
            for frame in frames:
                if "\n" in value and ("\t" in frame or "|" in frame or "｜" in frame):
                    continue
                text = frame.format(label=label, value=value, other=other)
                made.append((text, [value, other] if "{other}" in frame else [value]))
    return made


@pytest.mark.parametrize("kind", LABELS)
def test_a_kind_is_found_in_every_writing(scanner: Scanner, kind: str) -> None:
    """In sentences, forms and tables; the finding covers the number alone."""
    every = hits = exact = 0
    for text, values in texts(kind):
        found = [(f.start, f.end) for f in scanner.scan_text(text).findings if f.type == kind]
        for value in values:
            start = text.index(value)
            every += 1
            hits += any(low < start + len(value) and start < high for low, high in found)
            exact += (start, start + len(value)) in found
    assert hits >= FOUND_AT_LEAST * every
    assert exact >= FOUND_AT_LEAST * hits


NOT_PERSONAL: Final = {
    "uscc": "统一社会信用代码 纳税人识别号 税号",
    "org_code": "组织机构代码 机构代码",
    "order_no": "订单号 采购订单号 支付订单号 交易流水号",
    "invoice_no": "发票号码 电子发票号码 发票代码",
    "project_code": "项目代码 立项编号 投资项目统一代码 工程编号",
    "estate_unit_no": "不动产单元号 宗地代码 图斑编号",
    "public_account": "对公账户 单位账户 缴款账户 村集体账户 捐赠账户 收款单位账号",
    "tracking_no": "快递单号 运单号 物流单号",
    "isbn": "ISBN 书号",
    "patent_no": "专利号 发明专利",
    "serial_no": "受理编号 案件编号 取件码 登记编号 合同编号 资产编号 公证书编号 证明编号 设备编号",
    "mobile_phone": "编号 受理编号 案件编号 流水号 登记编号 工单号 收文编号",
    "hotline": "热线 服务热线 监督电话",
    "office_phone": "咨询电话 办公电话 联系电话 固定电话 值班电话 传真 窗口电话",
    "office_email": "邮箱 报名邮箱 办公邮箱",
    "masked_id": "身份证号 证件号码",
    "masked_mobile": "手机号 联系电话",
    "masked_card": "银行卡号 卡号",
}
ABOUT_THINGS: Final = (
    "{label}：{value}。",
    "本项目{label}为{value}，请各单位知悉。",
    "（{label}{value}）",
    "名称：某某商贸有限公司\n{label}：{value}\n备注：无\n",
    "序号\t单位名称\t{label}\t备注\n1\t甲公司\t{value}\t无\n2\t乙公司\t{value}\t无\n",
    "名称｜{label}｜备注\n甲公司｜{value}｜无\n乙公司｜{value}｜无\n",
    "序号 单位名称 {label} 备注\n1 甲公司 {value} 无\n2 乙公司 {value} 无\n",
    "{label}：\n{value}\n",
    "联系人：王科长，{label}：{value}",
)


def test_numbers_that_are_not_personal_are_hardly_ever_reported(scanner: Scanner) -> None:
    """Codes, orders, accounts of offices, their telephones, masked values."""
    chance = random.Random(11)
    flagged = every = 0
    for kind, labels in NOT_PERSONAL.items():
        for label in labels.split():
            for frame in ABOUT_THINGS:
                text = frame.format(label=label, value=GENERATORS[kind](chance))
                found = [
                    f for f in scanner.scan_text(text).findings if f.category == "personal" and f.type != "person_name"
                ]
                flagged += bool(found)
                every += 1
    assert flagged <= DECOYS_AT_MOST * every

"""What stands right behind a name is told whatever it begins with."""

from __future__ import annotations

import pytest

from prescan.detect import name_beside


@pytest.mark.parametrize(
    "said",
    "，男 女 ，现年40 ，今年 ，40岁 ，本人身份证 （身份证号 公民身份 证件号 护照 驾驶证 台胞证 回乡证 "
    "通行证 居住证 永居证 永久居留 学号 学籍 准考证 考号 病历 住院号 门诊号 残疾证 社保 医保 公积金 "
    "银行卡 卡号 存折 一卡通 车牌 微信 QQ 手机 住 家住 现住 户籍 籍贯 ，1990年2月3日出生 "
    "110101190203140028 电话13800138000 ，138-0013-8000 （0571-80000001） 居民身份证110101********0028 "
    "E12345678 ---------------".split(),
)
def test_the_first_look_misses_nothing(said: str) -> None:
    """A mark whose pattern fits is told: what is tried first is not narrower than the patterns behind it."""
    for begins, marks in name_beside._BESIDE:
        if any(pattern.match(said) for _, pattern in marks):
            assert begins.match(said)
    assert any(begins.match(said) for begins, _ in name_beside._BESIDE)

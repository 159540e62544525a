"""What stands right behind a name is told whatever it begins with."""

from __future__ import annotations

import pytest

from prescan.detect.name import beside


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
    for begins, marks in beside._BESIDE:
        if any(pattern.match(said) for _, pattern in marks):
            assert begins.match(said)
    assert any(begins.match(said) for begins, _ in beside._BESIDE)


@pytest.mark.parametrize(
    "text",
    [
        "户主高峰（110101190203140028），同住林小满 110101 19020314 0036。",
        "某某区某某街道某某社区居民委员会第三居民小组居民林小满，居民身份证号码：11010119020314001X",
        "流水号1234567890110101190203140028，林小满1101011902031400281，高峰110101 19020314 110101190203140036",
        "护照E12345678，账号6222 0200 0000 0000 018，案号ABC123456789012，信箱a@example.com",
        "电话138 0013 8000，二〇二六年3月5日，金额1 234 567.00元",
        "2026 12 31 2026-12-31 0571-80000001",
    ],
)
def test_the_narrow_search_finds_what_the_whole_one_does(text: str) -> None:
    """Numbers of people and what they stand behind: looked for near figures, found as if looked for everywhere."""
    rows = beside.figures(text)
    assert list(beside.holders(text, rows)) == [match.span("run") for match in beside._HELD_BY.finditer(text)]
    for low in range(0, len(text), 3):
        last = max((match.start() for match in beside._NUMBERED.finditer(text, low)), default=-1)
        mark = "i" if last >= 0 else "m" if beside._CALLED.search(text, low) else "0"
        assert beside._numbers_of(text, rows, low, len(text)) == (mark, last)


@pytest.mark.parametrize(
    "line", ["何某", "3. 何某", "\t（二）何某", "①何某", "1号何某", "例何某", "· 何某", "张何某", "：何某"]
)
def test_a_name_begins_its_line_as_the_whole_pattern_says(line: str) -> None:
    """The character in front decides early only what the pattern would decide too."""
    for before in ("", "某某\n"):
        text, start = before + line, len(before + line) - 2
        said = beside._HEAD.match(text, max(0, start - 16), start) is not None
        assert beside.begins_line(text, start) == said

"""Rule kind `place`: hidden places, and those that hold nothing but what programs put there."""

from __future__ import annotations

import pytest

from prescan.scanner import Scanner


@pytest.fixture(scope="module")
def scanner():
    with Scanner() as opened:
        yield opened


@pytest.mark.parametrize(
    ("element", "level"),
    [
        ('<a href="#" title="分享到微信"></a><a href="#" title="分享到微博"></a>', "note"),
        ('<a href="#" title="返回顶部"></a>', "note"),
        ('<input type=hidden name=site value="3301020007">', "note"),
        ('<input type=hidden name=token value="a3f9-77c0_e1">', "note"),
        ('<a href="#" title="分享到微信"></a><i title="经办人意见：先不公布低保名单"></i>', "review"),
        ("<input type=hidden name=remark value=待查>", "review"),
        ("<input type=hidden name=id value=110105190203140028>", "review"),
        ("<template><b>分享到微信</b></template>", "review"),
    ],
)
def test_words_of_buttons_and_keys_of_forms_are_only_noted(scanner, element, level):
    page = f"<html><body><p>全县植树活动定于周六举行。</p>{element}</body></html>"
    found = [one for one in scanner.scan_bytes(page.encode(), name="页面.html").findings if one.rule_id == "HID-003"]
    assert [one.level for one in found] == [level]

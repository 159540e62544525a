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
        (
            "<script>confirm('您访问的链接即将离开某县门户网站，是否继续？', ['继续访问', '放弃'])</script>",
            "note",
        ),
        ("<script>w('<b>温馨提示</b><p class=a>请输入正确的手机号码</p>')</script>", "note"),
        (
            "<script>w('请核对：' + '经办人意见为先不公布低保名单，待县里同意后再定')</script>",
            "review",
        ),
        ("<script>a('提交成功'); b('经办人意见：先不公布低保名单')</script>", "review"),
        ("<script>a('请联系经办人，电话 110105190203')</script>", "review"),
        ("<template><b>分享到微信</b></template>", "review"),
    ],
)
def test_labels_of_buttons_hints_and_keys_of_forms_are_only_noted(scanner, element, level):
    page = f"<html><body><p>全县植树活动定于周六举行。</p>{element}</body></html>"
    found = [one for one in scanner.scan_bytes(page.encode(), name="页面.html").findings if one.rule_id == "HID-003"]
    assert [one.level for one in found] == [level]


def test_a_page_of_prompts_is_scanned_in_time(scanner):
    prompts = "','".join(["请您" * 15] * 150 + ["经办人意见为先不公布低保名单"])
    page = f"<p>全县植树活动定于周六举行。</p><script>a('{prompts}')</script>"
    found = scanner.scan_bytes(page.encode(), name="页面.html")
    assert [one.level for one in found.findings if one.rule_id == "HID-003"] == ["review"]
    assert found.complete

"""A text scanned in a worker: the same result, and a limit that costs the text and not the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invented import MOBILE, RESIDENT_ID

from prescan import Scanner
from prescan.types import Limits, Settings

if TYPE_CHECKING:
    import prescan


@pytest.mark.parametrize("text", [f"身份证号：{RESIDENT_ID}\r\n手机 {MOBILE}\n", " ", "\ud800孤立", ""])
def test_result_is_the_same(scanner: prescan.Scanner, text: str) -> None:
    here, apart = scanner.scan_text(text), scanner.scan_text(text, in_worker=True)
    assert apart.document.text == text
    assert (apart.findings, apart.unread, apart.verdict) == (here.findings, here.unread, here.verdict)
    assert apart.suggestion == here.suggestion


def test_time_limit_is_a_result() -> None:
    with Scanner(Settings(limits=Limits(seconds=0.001))) as hurried:
        result = hurried.scan_text("正文" * 1000, in_worker=True)
    assert [lost.code for lost in result.unread] == ["timeout"]
    assert result.verdict == "unread"

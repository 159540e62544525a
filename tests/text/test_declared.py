"""The disclosure attribute a document states about itself, in each of the forms offices use."""

from __future__ import annotations

import pytest

from prescan.formats.text import lines
from prescan.text.anatomy import read_anatomy
from prescan.types import Document

BODY = "临溪县民政局关于做好寒潮应对的通知\n各股室：\n请做好值守。\n临溪县民政局\n2025年4月2日\n"


def declared(text: str) -> str | None:
    """Return the declared attribute of a plain text."""
    found = read_anatomy(Document.of("", "text/plain", None, lines(text))).declared
    return found.attribute if found else None


@pytest.mark.parametrize(
    ("line", "attribute"),
    [
        ("（此件公开发布）", "proactive"),
        ("(此件主动公开)", "proactive"),
        ("（此件可公开）", "proactive"),
        ("（此件经删减后公开）", "proactive"),
        ("（此 件 公 开 发 布）", "proactive"),
        ("（此件依申请公开）", "on_request"),
        ("（此件不予公开）", "withheld"),
        ("【此件不公开】", "withheld"),
        ("（此件免予公开）", "withheld"),
        ("（主动公开）", "proactive"),
        ("（依申请公开）", "on_request"),
        ("（此件公开属性：不予公开）", "withheld"),
        ("（公开属性：依申请公开）", "on_request"),
        ("公开属性：主动公开", "proactive"),
        ("公开属性:依申请公开", "on_request"),
        ("公开属性　不予公开", "withheld"),
        ("公开属性\t依申请公开", "on_request"),
        ("公开属性：免于公开", "withheld"),
        ("公开属性：内部公开", "withheld"),
        ("公开属性：社会公开", "proactive"),
        ("公开属性：公开", "proactive"),
        ("公开类别：不公开", "withheld"),
        ("公开方式：主动公开", "proactive"),
        ("政府信息公开选项：依申请公开", "on_request"),
    ],
)
def test_note_or_field(line: str, attribute: str) -> None:
    """附注, 公开属性：…, old names too."""
    assert declared(BODY + line) == attribute
    assert declared(line + "\n" + BODY) == attribute


@pytest.mark.parametrize(
    ("line", "attribute"),
    [
        ("☑主动公开　□依申请公开　□不予公开", "proactive"),
        ("□主动公开　☑依申请公开　□不予公开", "on_request"),
        ("□主动公开　□依申请公开　√不予公开", "withheld"),
        ("☐主动公开 ☐依申请公开 ☒不予公开", "withheld"),
        ("□主动公开　■依申请公开　□不予公开", "on_request"),
        ("○主动公开　●依申请公开　○不予公开", "on_request"),
        ("[√]主动公开 [ ]依申请公开 [ ]不予公开", "proactive"),
        ("（ ）主动公开（ ）依申请公开（√）不予公开", "withheld"),
        ("主动公开☑　依申请公开□　不予公开□", "proactive"),
        ("主动公开□　依申请公开☑　不予公开□", "on_request"),
        ("主动公开□　依申请公开□　不予公开☑", "withheld"),
        ("主动公开（ ）　依申请公开（√）　不予公开（ ）", "on_request"),
        ("主动公开√　依申请公开　不予公开", "proactive"),
        ("□公开　☑不公开", "withheld"),
        ("\n□主动公开\n☑依申请公开\n□不予公开", "on_request"),
    ],
)
@pytest.mark.parametrize("label", ["信息公开选项：", "公开属性："])
def test_ticked_box(label: str, line: str, attribute: str) -> None:
    """Boxes in front of their answers or behind them, of every make; the ticked one counts."""
    assert declared(BODY + label + line) == attribute


@pytest.mark.parametrize(
    "line",
    [
        "信息公开选项：□主动公开　□依申请公开　□不予公开",
        "信息公开选项：主动公开□　依申请公开□　不予公开□",
        "信息公开选项：主动公开（ ）　依申请公开（ ）　不予公开（ ）",
        "信息公开选项：主动公开 依申请公开 不予公开",
        "公开属性：主动公开/依申请公开/不予公开",
        "公开属性：主动公开、依申请公开、不予公开",
        "公开属性：",
        "各单位要在拟稿时明确主动公开、依申请公开或者不予公开。",
        "对依申请公开的，按规定办理；本办法规定不予公开的情形除外。",
        "公开方式：公开招聘",
        "（此件公开前须报批）",
        "5. 附注：成文日期下面的括号，如“此件公开发布”“（此件不予公开）”。",
        "（联系人：申玉芝）",
    ],
)
def test_nothing_is_declared(line: str) -> None:
    """Empty boxes, a list of choices and talk about disclosure say nothing about this document."""
    assert declared(BODY + line) is None


def test_only_head_and_tail_are_asked() -> None:
    """A form printed in the middle of a long document is not its own."""
    filler = "各有关单位要加强值守，发现问题及时报告。\n" * 30
    assert declared(BODY + filler + "公开属性：不予公开\n" + filler) is None
    assert declared(BODY + filler + "公开属性：不予公开\n") == "withheld"

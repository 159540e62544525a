"""Features say what a document shows, where, and never what it declares about itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.classify.cues import CUES, GROUNDS
from prescan.classify.explain import explain, ground
from prescan.classify.features import _DECLARATION, Features, _near_public, cue_words, family, features
from prescan.classify.model import Vocabulary
from prescan.formats.text import lines
from prescan.text.anatomy import read_anatomy
from prescan.text.keywords import Keywords
from prescan.text.view import fold, squeeze
from prescan.types import ATTRIBUTES, Block, Document, Location

REQUEST = """安平县水利局文件
安水〔2024〕12号　　签发人：何平
关于申请水库除险加固配套资金的请示
县人民政府：
我县现有小型水库四十二座，经安全鉴定有十一座属三类坝，我局拟请县财政安排配套资金六百二十万元。
妥否，请批示。
安平县水利局
2024年3月18日
（联系人：赵丽，电话0571-80000001）
"""
TRANSCRIPT = """询　问　笔　录
案由：涉嫌无证经营
问：你看清楚了吗？
答：看清楚了。
问：是否申请回避？
答：不申请。
"""
DECLARATIONS = [
    "（此件公开发布）",
    "（此件不予公开）",
    "(此件依申请公开)",
    "【此件主动公开】",
    "公开属性：主动公开",
    "信息公开类别：□主动公开 ☑依申请公开 □不予公开",
    "依申请公开",
    "（主动公开）",
]


def features_of(text: str, counts: dict[str, int] | None = None) -> Features:
    document = Document.of("", "text/plain", None, lines(text))
    return features(document.text, read_anatomy(document), counts or {})


@given(
    st.lists(
        st.sampled_from([*DECLARATIONS, "此件", "公 开", "公\n开", "信息", "\n", "\u2029", "甲乙丙" * 9, " "]),
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_declarations_are_looked_for_where_they_can_be(pieces: list[str]) -> None:
    """Looking around 公开 only finds what looking everywhere does."""
    text = "".join(pieces)
    near = [match.span() for low, high in _near_public(text) for match in _DECLARATION.finditer(text, low, high)]
    assert near == [match.span() for match in _DECLARATION.finditer(text)]


def test_a_request_shows_what_it_is() -> None:
    found = features_of(REQUEST).occurrences
    assert {"cue=plea", "cue=title.request", "ground=process", "lean=title.withheld", "form=kind=请示"} <= found.keys()
    assert {
        "form=red_head",
        "form=addressee=above",
        "form=signed",
        "form=contact",
        "form=we",
        "title=请示",
    } <= found.keys()
    assert {"word=配套", "word=我"} <= found.keys()
    assert found["word=我"].times == 2


def test_places_are_those_of_the_document() -> None:
    found = features_of(REQUEST).occurrences
    assert REQUEST[slice(*found["cue=plea"][1:])] in {"妥否", "请批示"}
    assert REQUEST[slice(*found["cue=title.request"][1:])] == "请示"
    assert REQUEST[slice(*found["form=kind=请示"][1:])] == "关于申请水库除险加固配套资金的请示"
    for name, (_, start, end) in found.items():
        if name.startswith("word="):
            assert REQUEST[start:end] == name.removeprefix("word=")


def test_spaced_and_full_width_wording_is_seen() -> None:
    found = features_of(TRANSCRIPT).occurrences
    assert {"cue=title.file", "cue=transcript", "form=transcript"} <= found.keys()


@pytest.mark.parametrize("text", [REQUEST, TRANSCRIPT])
def test_a_document_of_paragraphs_shows_the_same_as_plain_text(text: str) -> None:
    blocks = [Block(line) for line in text.splitlines()]
    comment = Block("特此公告。现将有关事项公告如下。", Location("comment"), hidden="comment")
    document = Document.of("a.docx", "application/docx", None, [*blocks, comment])
    seen = features(document.text, read_anatomy(document), {}).occurrences
    kinds = {"cue", "form", "ground"}
    plain = features_of(text).occurrences
    assert {name for name in seen if family(name) in kinds} == {name for name in plain if family(name) in kinds}


def test_numbers_and_names_of_places_and_organs_are_no_words() -> None:
    names = features_of(REQUEST).occurrences
    assert not {"word=水利局", "word=安平县", "word=人民政府", "word=2024"} & names.keys()


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_the_declared_attribute_is_no_feature(declared: str, place: str) -> None:
    plain = features_of(REQUEST)
    text = f"{declared}\n{REQUEST}" if place == "head" else f"{REQUEST}{declared}\n"
    stated = features_of(text)
    assert {name: seen.times for name, seen in stated.occurrences.items()} == {
        name: seen.times for name, seen in plain.occurrences.items()
    }
    assert stated.chars == plain.chars


@pytest.mark.parametrize("lead", ["", "前言　部分\u2029", "收入 决算\t"])
@pytest.mark.parametrize("declared", DECLARATIONS)
def test_a_view_that_was_made_serves_for_a_document_that_states_its_attribute(declared: str, lead: str) -> None:
    """What is blanked out of the text is cut out of its view, with the words of cues that stand there."""
    paragraphs = [f"{lead}{declared}", *REQUEST.splitlines(), declared, "现予公告，欢迎监督。" * 500, declared]
    document = Document.of("", "text/html", None, [Block(line, Location()) for line in paragraphs])
    text, anatomy = document.text, read_anatomy(document)
    view = squeeze(fold(text))
    prepared = view, list(Keywords(cue_words()).find(view.text))
    assert features(text, anatomy, {}, prepared=prepared).occurrences == features(text, anatomy, {}).occurrences


def test_findings_are_given_as_data() -> None:
    found = features_of(REQUEST, {"resident_id": 3, "email": 0}).occurrences
    assert found["finding=resident_id"] == (3, None, None)
    assert "finding=email" not in found


def test_of_a_long_document_the_head_and_the_tail_are_read() -> None:
    middle = "测算结果如下。" * 2000
    found = features_of(f"{REQUEST}{middle}特此公告。{middle}以上报告，特此报告。\n").occurrences
    assert "cue=plea" in found
    assert "cue=public_close" not in found
    _, start, end = features_of(f"{middle}特此公告。").occurrences["cue=public_close"]
    assert f"{middle}特此公告。"[start:end] == "特此公告"


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_has_features_with_valid_places(text: str) -> None:
    held = features_of(text)
    assert all(
        seen.start is None or 0 <= seen.start < (seen.end or 0) <= len(text) for seen in held.occurrences.values()
    )


def test_every_cue_has_a_ground_and_names_are_unique() -> None:
    assert len({cue.name for cue in CUES}) == len(CUES)
    assert {cue.group for cue in CUES} == set(GROUNDS)
    assert {held.leans for held in GROUNDS.values()} == set(ATTRIBUTES)


def test_every_feature_can_be_explained() -> None:
    found = features_of(REQUEST, {"resident_id": 1}).occurrences
    assert {family(name) for name in found} >= {"cue"}
    for name in found:
        assert explain(name)
        assert (ground(name) is not None) == (family(name) in {"cue", "ground"})


def test_features_do_not_show_text() -> None:
    assert "赵丽" not in repr(features_of(REQUEST))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("各县（市、区）民政局：", "many"),
        ("县人民政府：", "above"),
        ("县公安局、县教育局、县民政局：", "organs"),
        ("禾丰镇人民政府：", "organ"),
        ("锦程置业有限公司：", "firm"),
        ("丹麓市人民法院：", "court"),
        ("冷雪梅代表：", "deputy"),
        ("广大考生和家长：", "public"),
        ("贺平舟：", "person"),
    ],
)
def test_addressees(line: str, kind: str) -> None:
    text = f"关于有关事项的函\n{line}\n来函收悉，现将有关情况函复如下，请按规定办理。\n安平县水利局\n2024年3月18日\n"
    assert f"form=addressee={kind}" in features_of(text).occurrences


def test_words_pairs_and_words_of_the_title_are_counted() -> None:
    text = "关于水库加固的请示\n水库加固，水库加固。加固水库1座，水库管理。\n"
    found = features_of(text).occurrences
    assert {name: held.times for name, held in found.items() if family(name) in {"word", "title", "pair"}} == {
        "word=水库": 5,
        "word=加固": 4,
        "word=管理": 1,
        "word=关于": 1,
        "word=请示": 1,
        "title=关于": 1,
        "title=水库": 1,
        "title=加固": 1,
        "title=请示": 1,
        "pair=关于+水库": 1,
        "pair=请示+水库": 1,
        "pair=水库+加固": 3,
        "pair=加固+水库": 1,
        "pair=水库+管理": 1,
    }
    _, start, end = found["pair=加固+水库"]
    assert text[start:end] == "加固水库"


def test_the_model_finds_the_columns_of_all_features() -> None:
    """Words and pairs are looked up as numbers; each must come out in the column of its name."""
    held = features_of(REQUEST)
    names = sorted(held.names())[::2]
    vocabulary = Vocabulary(tuple(names), np.ones(len(names)), 1, dict.fromkeys(map(family, names), 1.0))
    row = vocabulary.row(held)
    assert sorted(names[column] for column in row.columns.tolist()) == names
    assert {
        names[column] for column, first in zip(row.columns.tolist(), row.firsts.tolist(), strict=True) if first < 0
    } == {name for name in names if family(name) not in {"word", "title", "pair"}}

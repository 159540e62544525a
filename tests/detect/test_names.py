"""Names of private people: every mention, exactly; people in a public role, masked names and ordinary words: never."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import prescan
from prescan import arrays
from prescan.detect.name.foreign import dotted_spans
from prescan.detect.name.gate import gated_spans
from prescan.detect.name.model import NameModel
from prescan.detect.name.spans import (
    NameChars,
    compound_spans,
    is_han,
    rare_spans,
    spaced_spans,
)
from prescan.errors import ModelError
from prescan.resources import resource_dir
from prescan.types import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prescan import Scanner

MODEL = resource_dir("models") / "names"
ID = "110101190203140028"
MOBILE = "13800138000"


@pytest.fixture(scope="module")
def scanner() -> Iterator[prescan.Scanner]:
    with prescan.Scanner() as held:
        yield held


def names(scanner: prescan.Scanner, text: str) -> list[str]:
    """Return the names found, as they stand in the text."""
    return [text[f.start : f.end] for f in scanner.scan_text(text).findings if f.type == "person_name"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("申请人：郭秀兰，女，61岁，住柳树村三组。", ["郭秀兰"]),
        ("被处罚人蒋志远在禁渔区捕鱼，蒋志远对此没有异议。", ["蒋志远", "蒋志远"]),
        ("信访人许桂芳反映，邻居贾长水占用通道。", ["许桂芳", "贾长水"]),
        (f"户主欧阳文静，身份证号{ID}。", ["欧阳文静"]),
        (f"姓名\t身份证号\n段晓峰\t{ID}\n葛凤英\t{ID}\n", ["段晓峰", "葛凤英"]),
        (f"牧民阿依古丽·买买提（身份证号{ID}）申请补贴。", ["阿依古丽·买买提"]),
        (f"姓名：林 润，身份证号{ID}", ["林 润"]),
        (f"姓名：林\u3000润，身份证号{ID}", ["林\u3000润"]),
        ("申請人：郭麗華，因病致貧。", ["郭麗華"]),
        ("患者潘玉梅之子武志刚签字。", ["潘玉梅", "武志刚"]),
        ("学生名单：\n七年级1班：韩雨桐、梁浩宇、薛佳怡", ["韩雨桐", "梁浩宇", "薛佳怡"]),
    ],
)
def test_private_people_are_found_exactly(scanner: prescan.Scanner, text: str, expected: list[str]) -> None:
    assert names(scanner, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "联系人：郭秀兰，电话：0571-81234567。",
        "法定代表人：蒋志远",
        "县长蒋志远主持召开县政府常务会议，副县长许桂芳列席。",
        "任命段晓峰同志为县财政局局长，免去葛凤英同志的县财政局局长职务。",
        "关于表彰先进个人的决定\n授予潘玉梅、武志刚“先进工作者”称号。",
        "审判长　韩雨桐\n人民陪审员　梁浩宇\n书记员　薛佳怡",
        "本报讯（记者贾长水）近日，全县秋粮收购工作启动。",
        "签发人：林润",
        "出席：郝敬川、蒲海宁\n列席：戴仲平\n记录：史小满",
    ],
)
def test_people_in_a_public_role_are_not(scanner: prescan.Scanner, text: str) -> None:
    assert names(scanner, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "当事人张某某因赌博被处罚。",
        "患者李某，女，58岁。",
        "户主王××，家庭人口3人。",
        "户主王**，家庭人口3人。",
        "申请人应当提交下列材料，当事人对处罚不服的可以申请复议。",
        "精神障碍患者康复机构应当为患者提供康复训练。",
        "王家庄村、张村、李家沟至陈桥公路拓宽。",
        "高标准农田、金融支持、石油、万元、安全、程序、时间、项目、任务、方案、单位、成员。",
        "姓 名　性 别　年 龄　单 位　金 额",
        "第四章 肖 像 权",
        "",
        "被申请人：云台山源竹木制品有限公司，住所地三合镇。",
    ],
)
def test_nobody_is_named(scanner: prescan.Scanner, text: str) -> None:
    assert names(scanner, text or " ") == []


def test_in_a_law_a_word_behind_a_cue_names_nobody(scanner: prescan.Scanner) -> None:
    clause = "当事人双方可以约定开庭的方式，债权人明知的除外，被执行人将其财产出卖给第三人的，应当依法处理。"
    law = "试行办法\n" + "\n".join(f"第{number}条　{clause}" for number in "一二三四五六七八九十")
    assert [f.type for f in scanner.scan_text(law).findings if f.type == "person_name"] == []


def test_private_once_is_private_everywhere(scanner: prescan.Scanner) -> None:
    text = "申请人：郭秀兰，女。\n经入户核实，情况属实。\n郭秀兰于次日领取。"
    assert names(scanner, text) == ["郭秀兰", "郭秀兰"]


def test_a_word_that_named_somebody_once_names_him_again(scanner: prescan.Scanner) -> None:
    text = f"户主高峰，身份证号{ID}，住柳树村三组。入户那天只见到高峰在门口修车，次日又见高峰。"
    assert names(scanner, text) == ["高峰"] * 3


@pytest.mark.parametrize(
    "text",
    [
        f"申请人：郭秀兰，身份证号{ID}。\n入户核查由县民政局蒋志远和镇党政办许桂芳完成。",
        f"申请人：郭秀兰，身份证号{ID}。\n段晓峰主持，葛凤英介绍了政策。",
    ],
)
def test_who_acts_for_an_organ_is_not_private(scanner: prescan.Scanner, text: str) -> None:
    assert names(scanner, text) == ["郭秀兰"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政府信息公开申请答复书\n潘玉梅女士：\n本机关收到您的申请。", ["潘玉梅"]),
        ("政府信息公开申请答复书\n欧阳女士：\n本机关收到您的申请。", []),
    ],
)
def test_a_letter_says_to_whom_it_is_written(scanner: prescan.Scanner, text: str, expected: list[str]) -> None:
    assert names(scanner, text) == expected


def test_alone_a_name_is_a_note(scanner: prescan.Scanner) -> None:
    [finding] = [f for f in scanner.scan_text("信访人许桂芳反映村道破损。").findings if f.type == "person_name"]
    assert (finding.level, finding.masked) == ("note", "许**")
    assert finding.evidence
    assert "许桂芳" not in "".join((*finding.evidence, finding.message, finding.masked, repr(finding)))


@pytest.mark.parametrize(
    "text",
    [
        f"信访人许桂芳，手机{MOBILE}，反映村道破损。",
        f"姓名\t联系电话\n许桂芳\t{MOBILE}\n贾长水\t{MOBILE}\n",
    ],
)
def test_beside_other_personal_data_it_is_for_review(scanner: prescan.Scanner, text: str) -> None:
    levels = {f.level for f in scanner.scan_text(text).findings if f.type == "person_name"}
    assert levels == {"review"}


def test_data_in_another_row_or_sentence_is_no_company(scanner: prescan.Scanner) -> None:
    text = f"信访人许桂芳反映村道破损。请与值班手机{MOBILE}联系。"
    levels = [f.level for f in scanner.scan_text(text).findings if f.type == "person_name"]
    assert levels == ["note"]


def test_off_means_nobody_looks(scanner: prescan.Scanner) -> None:
    text = f"信访人许桂芳，身份证号{ID}。"
    with prescan.Scanner(Settings(names="off")) as without:
        result = without.scan_text(text)
    assert {f.type for f in result.findings} & {"person_name", "resident_id"} == {"resident_id"}
    assert result.versions["model"] != scanner.scan_text(text).versions["model"]


def test_the_gate_lets_little_of_ordinary_text_through() -> None:
    model = NameModel.load(MODEL)
    text = "".join(path.read_text(encoding="utf-8") for path in (resource_dir("rules") / "clean").glob("*.txt"))
    passed = list(gated_spans(text, model.chars, model.gate, frozenset()))
    assert len(passed) < 0.05 * len(text)


def test_characters_are_weighed_against_text() -> None:
    chars = NameChars.of(arrays.read(MODEL, "姓名模型").arrays)
    assert chars.surname_odds("王") > chars.surname_odds("年")
    assert chars.odds("婷") > 0 > chars.odds("的")
    assert chars.begins("欧阳文静")
    assert not chars.begins("的")


@pytest.mark.parametrize("name", [arrays.SUMS, arrays.DESCRIPTION, arrays.WEIGHTS])
def test_a_model_that_was_touched_is_refused(tmp_path: Path, name: str) -> None:
    shutil.copytree(MODEL, tmp_path / "names", ignore=shutil.ignore_patterns("corpus"))
    path = tmp_path / "names" / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(ModelError, match="姓名模型"):
        NameModel.load(tmp_path / "names")
    path.unlink()
    with pytest.raises(ModelError, match="缺少文件"):
        NameModel.load(tmp_path / "names")


@pytest.mark.parametrize(
    ("text", "cues", "expected"),
    [
        ("信访人林 润反映路灯不亮", {3}, ["林 润"]),
        ("学生阿依古丽·买买提家住城南", {2}, ["阿依古丽·买买提"]),
        ("村民洛桑·卡德尔的哥哥吐尔逊·库尔班已签收", {2, 11}, ["洛桑·卡德尔", "吐尔逊·库尔班"]),
        ("统筹教育·科技·人才工作", {2}, []),
    ],
)
def test_where_words_touch_a_name_it_still_ends_where_it_should(text: str, cues: set[int], expected: list[str]) -> None:
    chars = NameChars.of(arrays.read(MODEL, "姓名模型").arrays)
    starts = frozenset(cues)
    found = [*spaced_spans(text, chars, starts), *dotted_spans(text, chars, starts)]
    assert [text[span.start : span.end] for span in found] == expected


def test_surnames_of_two_characters_and_rare_ones_are_looked_at() -> None:
    chars = NameChars.of(arrays.read(MODEL, "姓名模型").arrays)
    assert "上官雨桐" in {span.name for span in compound_spans("学生上官雨桐转入", chars, -6.0)}
    assert [span.name for span in rare_spans("户主囧大成，男", [2], chars)] == ["囧大成"]
    assert list(rare_spans("户主囧某某，男", [2], chars)) == []


def test_a_rare_character_beside_a_name_is_a_character() -> None:
    """A village named with a character beyond the first plane does not end the words around it."""
    assert is_han("𡐓")
    assert is_han("㐂")
    assert not is_han("，")
    assert not is_han("")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("户主高峰（身份证110101190203140028）家中漏雨。", ["高峰"]),
        ("信访人安全（110101190203140028）反映楼道堆物。", ["安全"]),
        ("姓名\t身份证号\n方正\t110101190203140028\n向阳\t110101190203140036\n", ["方正", "向阳"]),
        ("1. 高兴，110101190203140028，低保", ["高兴"]),
        ("高峰时段请错峰出行，安全第一。", []),
        ("方正集团与黄金公司签约。", []),
        ("江山市平安街道向阳社区办公楼。", []),
        ("请患者康复后复查，老人安全用电，业主和谐相处。", []),
        ("何文斌，男，汉族，身份证号110101190203140028。", ["何文斌"]),
        ("张某某、李某、王××、赵女士到场。", []),
        ("任命高峰为县财政局局长。", []),
    ],
)
def test_a_name_that_is_a_word_needs_a_paper_beside_it(scanner: Scanner, text: str, names: list[str]) -> None:
    """An ID number right behind it or in its row says that a word is somebody's name."""
    found = [text[f.start : f.end] for f in scanner.scan_text(text).findings if f.type == "person_name"]
    assert found == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("父亲多杰扎西到县里跑货运，手机13800138000。", "多杰扎西"),
        ("上午到扎西顿珠家算账，身份证110101190203140028。", "扎西顿珠"),
        ("申请人买买提·艾力因病申请救助。", "买买提·艾力"),
        ("户主：买买提·阿不都克里木，男，维吾尔族。", "买买提·阿不都克里木"),
        ("申请人阿依努尔·阿不都拉来我局反映情况。", "阿依努尔·阿不都拉"),
        ("他儿子贡保·南杰今年考学，准考证号202500001902。", "贡保·南杰"),
        ("户主\t身份证号\n林·素攀\t110101190203140028\n", "林·素攀"),
    ],
)
def test_names_of_other_peoples_end_where_the_next_word_begins(scanner: Scanner, text: str, name: str) -> None:
    found = [text[f.start : f.end] for f in scanner.scan_text(text).findings if f.type == "person_name"]
    assert name in found
    assert all(one == name for one in found if one[:2] == name[:2])


@pytest.mark.parametrize("word", ["申请人", "经办人", "户主", "公民", "学生"])
def test_a_cue_in_front_of_an_id_number_is_nobodys_name(word, scanner):
    result = scanner.scan_text(f"{word}身份证号：110105190203140028\n{word}手机：13800138003")
    assert {finding.type for finding in result.findings} == {"resident_id", "mobile_phone"}

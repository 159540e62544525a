"""Ordinary words that the name model takes for names: places, firms, fields of forms, words of plans.

They are names nevertheless if the text around them shows it, or if the model is very sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import beside, line_features, says_nothing_of_people, shows_its_kind
from prescan.detect.name.cues import PRIVATE
from prescan.detect.name.features import shape_of
from prescan.detect.name.said import IN_NEED, OF_ONE, OF_ONE_PERHAPS, REACH
from prescan.detect.name.spans import is_han
from prescan.detect.person_shape import squeezed
from prescan.text.chinese import words

if TYPE_CHECKING:
    from prescan.detect.name.model import NameModel
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span

#: Characters with which no name ends whose surname is half of a word.
_NEVER_LAST: Final = frozenset(
    "和与及或等的得有在是权为向不也了中户村县市区镇乡站费款员者法院局处路街拟读串无持被将已因曾应"
)
_TITLES: Final = frozenset({"女士", "先生"})
#: What follows the first characters of a firm's name up to its kind (都安盛|源竹木制品有限公司), and where it begins.
_FIRM = regex.compile(
    r"[\p{Han}--[与和诉系向在为是于由因及任到从将被对把给等的称还欠借付买卖收有说找告投举]]{1,18}(?:公司|合作社|经营部|加工厂|制品厂|事务所|服务部)",
    regex.VERSION1,
)
_OPENS: Final = frozenset('“"「『《')
_CLOSES: Final = frozenset('”"」』》')
_BEGINS: Final = frozenset("：:NT_(（")
_PLACE_LAST: Final = frozenset("村镇乡县市区屯寨桥湾沟庄坪坝店堡")
#: A three-character name may end with these too, but hardly a person's.
_DIVISION_LAST: Final = frozenset("镇乡县路道庭")
#: Words of plans and reports that are in no dictionary and look like names.
_OF_PLANS: Final = frozenset(
    "高水平 高标准 高质量 高素质 高层次 高技能 高效能 高效率 高强度 高起点 高站位 高频次 常态化 常态长效 全流程 全链条 "
    "全覆盖 全要素 全方位 全周期 全过程 全天候 全领域 其占比 万亿元 成规模 成体系 成建制 双随机 双减半 "
    "应急态 严标准 强基础 强弱项 明职责 温室气 云平台 常住地 易返贫 边缘户 广覆盖 宽领域 平急两 康养游 文旅游 冷链园 "
    "农文旅 时间表 路线图 任务书 黄疸 答复 批复 高热 高烧 "
    "首页 楼栋 树龄 满意度 文创".split()
)
#: 周三, 本周五, 第五|法庭.
_NO_NAME = regex.compile("[本上下每逢]?周[一二三四五六日末内]|第五.?[庭组队批次期条款项节章部权版代届轮类]")
#: What happens where a surname ends the word in front of it: 路口段|发生.
_HAPPENS: Final = frozenset(
    {"发生", "发现", "出现", "施工", "开展", "实施", "进行", "大学", "中学", "小学", "学院", "医院"}
)
#: Illnesses; 去病 is a name.
_ILLNESS = regex.compile(r"\p{Han}{1,3}(?:[疹癌瘤症疮]|(?<![去弃])病|[节管膜腺髓囊肠]炎)|[肝肺胃肾肠脑]炎")
#: The number of a file with its year.
_FILE = regex.compile(r"(?:19|20)\d{2}[-—–]\d{1,4}(?!\d|-)")
#: 被鉴定人从岩下镇走到…
_IS_DONE = regex.compile(r"\p{Han}?[村镇乡县市区街路]|[时日月]")
_MODAL: Final = frozenset("要应须会能将")
#: A word of one character and one of two.
_ONE_TWO: Final = "b12b"
_FUNCTION: Final = frozenset("应从于曾须经由")
_FUNCTION_BEHIND: Final = frozenset("自 于 向 由 在 按 依 以 对 被 经 把 将 予 因 次年 次日 当年 当日 同年".split())
#: Least log odds for a name that ends with such a character (王永和).
_SURE: Final = 1.0
#: Least log odds for two characters with a space between them in a list, even if they are a word (管 仲).
_LISTED: Final = 2.0
#: Least log odds for a word directly behind a word for a private person: in a few words without a number of a person,
#: and elsewhere.
_LED: Final = 0.9, -0.5
_AND: Final = frozenset("和与同")
#: From these log odds a word is a name anywhere, in such texts: the model has weighed that it is a word, and its
#: surroundings.
_BELIEVED: Final = 3.0, -1.0
#: Directly behind a relative a word usually describes a person: 妻子温柔.
_KIN_ENDS: Final = frozenset("亲夫妻子女父母爷奶公婆兄弟哥姐妹嫂孙媳侄甥婿")
#: Words for a private person that end a phrase (受援人蓝天，): what is between them and the next mark is the name.
_LEADS = regex.compile(r"(?r)[援请诉报助养护控告害伤救托承保理罚行征迁讼访]人|[户业]主|配偶|老伴|工友")
#: These never follow the name of a field in a form (金　额).
_FREE: Final = frozenset("，,（(；;、")


def is_ordinary(page: NamePage, span: Span, model: NameModel, odds: float) -> bool:
    """Return whether a span is an ordinary word (康复, 权益和) in a place that does not show that it is a name."""
    if (
        _ILLNESS.fullmatch(span.name)
        or _is_number_of(page, span)
        or span.name in _OF_PLANS
        or span.name[-1] == "籍"
        or span.name[-2:] in _TITLES
        or continues(page, span)
        or _runs_on(page, span)
    ):
        return True
    if _NO_NAME.fullmatch(span.name):
        return not set(beside(page, span)) & {"papers", "personal", "id"}
    shape = shape_of(page, span, model) if span.form == "plain" else ""
    listed = "、" in {page.edge(span.start - 1), page.edge(span.end)} and odds > _LISTED
    if span.form == "spaced" and not listed and not _stands_free(page, span, odds) and len(words(span.name)) == 1:
        shape = "B"  # 金　额
    if span.name[-1] in (_PLACE_LAST if len(span.name) == 2 else _DIVISION_LAST):  # noqa: PLR2004
        return not set(beside(page, span)) & {"papers", "personal", "id"}
    if len(span.name) > 2 and span.name[-1] in _NEVER_LAST:  # noqa: PLR2004
        return shape in {"b21b", "N"} or (is_han(page.edge(span.end)) and odds < _SURE)
    home = span.name[-1] == "家" and len(span.name) == 3 and is_han(page.edge(span.end))  # noqa: PLR2004  雷鸣家有三口人
    if home or _names_firm(page, span) or _is_quoted(page, span, odds) or _joins_kin(page, span, odds):
        return True
    told = shape == "B" and (odds >= 0 or shows_its_kind(page)) and _is_told(page, span)
    return shape == "B" and not told and not _is_believed(page, span, odds)


def _is_number_of(page: NamePage, span: Span) -> bool:
    """Return whether a span is the beginning of the numbers of files: 凌计征2011-03, 凌计征2012-22."""
    places = (start + len(span.name) for start in page.starts(span.name))
    return len({match[0] for at in places if (match := _FILE.match(page.text, at))}) > 1


def continues(page: NamePage, span: Span) -> bool:
    """Return whether a surname that is also a function word leads on to what somebody does: 当事人应自…."""
    goes_on = is_han(page.edge(span.end)) and span.start not in page.cue_ends
    if goes_on and span.name[0] in _MODAL and page.fall(span.start, span.end) == _ONE_TWO:
        return True  # 各部门要加强对…
    if span.name[0] not in _FUNCTION or span.start not in page.all_cue_ends:
        return False
    if span.name[1:] in _FUNCTION_BEHIND:
        return True
    return is_han(page.edge(span.end)) and (
        not page.is_border(span.end) or _IS_DONE.match(page.text, span.end) is not None
    )


def _runs_on(page: NamePage, span: Span) -> bool:
    """Return whether what begins or ends a span belongs to the words beside it: 某某称…, 路口段|发生…."""
    if span.name[-1] in "称都" and is_han(page.edge(span.end)):
        return True
    return span.name[1:] in _HAPPENS and is_han(page.edge(span.start - 1))


def _is_quoted(page: NamePage, span: Span, odds: float) -> bool:
    """Return whether two characters that hardly look like a name are in quotes: a brand, a nickname."""
    quotes = page.edge(span.start - 1) in _OPENS and page.edge(span.end) in _CLOSES
    return quotes and len(span.name) == 2 and odds < _SURE  # noqa: PLR2004


def _joins_kin(page: NamePage, span: Span, odds: float) -> bool:
    """Return whether two characters behind a relative that hardly look like a name are rather “and”: 母亲和气."""
    joins = len(span.name) == 2 and span.name[0] in _AND and page.edge(span.start - 1) in _KIN_ENDS  # noqa: PLR2004
    return joins and odds < _SURE


def _is_believed(page: NamePage, span: Span, odds: float) -> bool:
    """Return whether a word without other evidence is still a name, judging by the model's score."""
    if says_nothing_of_people(page):
        return False
    long = shows_its_kind(page)
    if not long and page.edge(span.start - 1) in _KIN_ENDS:
        return False
    led = odds > _LED[long] and _is_led(page, span) and is_han(page.edge(span.end))
    return led or (odds >= _BELIEVED[long] and span.form == "plain")


def _names_firm(page: NamePage, span: Span) -> bool:
    """Return whether a span is the beginning of a firm's name that is alone behind a label or in a line."""
    left = page.edge(span.start - 1)
    return left in _BEGINS and _FIRM.match(page.text, span.end) is not None


def _is_led(page: NamePage, span: Span) -> bool:
    """Return whether a word for a private person is directly in front of a span: 业主…, 遗属…."""
    before, distance = page.nearest_before(span.start)
    return before is not None and before.kind == PRIVATE and not distance


def _stands_free(page: NamePage, span: Span, odds: float) -> bool:
    """Return whether two spaced characters end where no heading of a form does: 驾驶员阳 春，驾照…; —— 钟 山（…."""
    if odds <= _LISTED or page.edge(span.end) not in _FREE:
        return False
    if is_han(page.edge(span.start - 1)):
        return _is_led(page, span)
    return bool({"lni", "lnm"} & {*line_features(page, span)}) or _says(page, span)


def _is_told(page: NamePage, span: Span) -> bool:
    """Return whether the text around a word shows that it is a name: a number, a label, a column of names."""
    if set(beside(page, span)) & {"papers", "id", "mobile"} or _says(page, span) or page.cue_of(page.label(span.start)):
        return True
    if _is_led(page, span) and _LEADS.match(page.text, max(0, span.start - 2), span.start):
        return not is_han(page.edge(span.end))
    place = page.cell(span)
    if not place or squeezed(place[1]) != span.name:
        return False
    header = "".join(place[0].header_of(place[1]).split())
    return not header or bool(page.cue_of(header))


def _says(page: NamePage, span: Span) -> bool:
    """Return whether a span is followed by what is said about people."""
    return any(pattern.match(page.text, span.end, span.end + REACH) for pattern in (OF_ONE, OF_ONE_PERHAPS, IN_NEED))

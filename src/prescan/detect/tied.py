"""Rule kind `tied`: words about health, belief or record that count only where they are said of a person.

A second pass over the candidates of all other rules: a word is tied to a person if a personal finding (a name, a
number, a birth date, a home) stands in its sentence or table row, or one of the rule's `near` words (我母亲, 患者本人)
in front of it in its clause; also if it is said as somebody's condition (确诊为…, 病情：…) shortly after a person was
named. In policy, medical science and public health nobody is meant, and nothing is said.
"""

from __future__ import annotations

import bisect
import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.objection import objection
from prescan.detect.reading import holds
from prescan.text.line_edges import line_end, line_start
from prescan.types import Candidate, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.detect.compiled import Compiled, Hits
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

#: What may stand in front of a disease or a disability and belongs to it: 左肩软组织挫伤, 慢性肾炎, 左腿高位截肢.
_QUALIFIER = regex.compile(
    r"(?:(?:左|右|双侧?|两侧|(?![男女出为是系有患得诊因致伴及和与了的在又或属现查呈]|\p{Han}[男女出为是系有患得诊因致])\p{Han}{1,2}性|多发|多处|重度|中度|轻度|早期|晚期|中晚期|[急慢]性|恶性|良性|先天性?|后天性?|遗传性?|继发性?|原发性?"
    r"|过敏性|创伤性|外伤性|开放性|闭合性|粉碎性|压缩性|爆裂性|撕脱性|病理性|应力性|陈旧性|病毒性|细菌性|老年性?|小儿|II?型|[12]型|代偿性|失代偿期?"
    r"|头部?|面部?|颈部?|颅|肩部?|胸部?|腹部?|腰部?|背部?|臀部?|手[臂腕掌指]?|[上下]肢|[大小]?腿|膝部?|足部?|脚[踝趾]?|踝|髋"
    r"|股骨[干颈头]?|胫骨|腓骨|肱骨|尺骨|桡骨|锁骨|肋骨|骨盆|颅骨|脊柱|腰椎|颈椎|胸椎|髌骨|平台|鼻骨|眼部?|耳|心|肝|肺|肾|脾|胃|肠|胆|脑"
    r"|腰|子宫|子?宫颈|卵巢|膀胱|食[管道]|胰腺?|胆[囊管]|[直结]肠|鼻咽部?|口腔|喉|舌|支?气管|输尿管|纵隔|胸腺|垂体|脑膜"
    r"|乳腺|甲状腺|前列腺|皮肤|血管性?|神经性?|精神性|心因性|肾性|肝性|肺源性|心源性|脑源性|药物性|酒精性|职业性|感染性|化脓性|结核性|风湿性"
    r"|[腰胸颈][1-9]{1,2}(?:椎体?)?|[LTC][1-9]{1,2}椎体?|类风湿性?|退行性|增生性|出血性|缺血性|梗阻性|阻塞性|间质性|浸润性|转移性|弥漫性|局限性|特发性|自身免疫性|免疫性|代谢性|间歇性|周期性|顽固性|复发性|难治性|终末期|中毒性|应激性|混合型?|阵发性|持续性"
    r"|进行性|反复发作的?|髓系|髓细胞性?|淋巴细胞性?|淋巴|粒细胞|单核细胞|非霍奇金|霍奇金|小细胞|非小细胞|鳞状细胞|原位|腺|三阴性?|双眼|左眼|右眼|双耳|双肾|双肺"
    r"|妊娠期?|孕期|产后|腕部?|肘部?|跖骨|腕骨|膝关节|踝关节|髋关节|肩关节|肘关节|腕关节|[深浅]?[一二三ⅠⅡⅢ]度|疑似|活动性|红绿|远端|近端|[中上下]段|干骺端|[外内后]踝|[末中近]节|示指|中指|环指|小指|中末节|示(?=[中环])|手指|脚趾|前臂|上臂|[大小]臂|腰骶部?|[上下]眼睑|耳廓|鼻部|头皮|下颌|上颌|足跟|跟骨|髂骨|耻骨|坐骨|尾骨|掌骨|指骨|趾骨|肩胛骨|食指|拇指|无名指|[左右一]侧|第[一二三四五]|双目|[左右]目|一[眼耳目]|左耳|右耳|双[手脚腿臂]|[左右][手脚腿臂]|[全半]身))+$"
)
_TOGETHER: Final = frozenset({""})
_QUALIFIER_AT_MOST: Final = 12
#: So far behind a keyword the pattern of a rule is tried.
_PATTERN_AT_MOST: Final = 24
_TAIL = regex.compile(
    r"(?:(?:[IVⅠⅡⅢⅣ]{1,3}|[一二三四壹贰叁肆1234]|晚|中晚|急性)[期级度](?!\p{Han}*医院)|(?<=症|病)期(?!间))?"
    r"(?:[（(](?:[轻中重]度|[早中晚]期|中晚期|极?高危|因[公战病]|[IVⅠⅡⅢⅣ一二三四]{1,3}[期级型度])[)）])?"
)
#: Between two words of one statement: 2型糖尿病伴视网膜病变, 肢体一级（高位截瘫）, 八级伤残，左手缺两指.
_ONE_STATEMENT: Final = {
    "health": frozenset({"", "伴", "伴有", "并发"}),
    "disability": frozenset({"", "（", "(", "，", ","}),
}
_CLAUSE_ENDS: Final = "。！？!?\n\t|｜│\u2029"
_CLAUSE_AT_MOST: Final = 300
#: Between two conditions of one person: 矽肺、神经性耳聋; 矽肺二期，打隧道落下的；听力残疾三级.
_GOES_ON_AT_MOST: Final = 24
_GOES_ON_NOT = regex.compile(r"[。！？!?\n\t|｜\u2029]")
#: Somebody speaks of himself, or of somebody named before: 我前年查出, 其家庭; not 我国, 其他, 其中. Each alternative
#: begins with a character, so `re` goes from one of these to the next.
_OF_YOU = "(?:因|患|系|母亲|父亲|女儿|儿子|丈夫|妻子)"
_SPOKEN_OF = re.compile(
    rf"我(?!们?[国省市县区镇乡村局院校厅委部处科办所站队社司行州盟旗军党中])|考虑到[你您]|你{_OF_YOU}|您{_OF_YOU}|本人|自己(?!的?[责职])|此人|其(?![他它余实次]|中(?!一人))|他(?<!其.)(?!们|人)|她(?<!其.)(?!们|人)"
)

#: A line of a form that holds a condition.
_FORM_LABEL = regex.compile(
    r"(?:病情|病种|慢性病|慢病|旧疾|伤病|疾病情况|健康申报|病名|疾病|所患疾病|患病情况|患病|诊断|诊断结果|初步诊断|临床诊断|入院诊断|出院诊断|健康状况|身体状况|身体情况|既往史|病史|伤情|伤病情况|死因|死亡原因"
    r"|诊断结论|诊断意见|病情诊断|家庭类型|家庭类别|困难类型|困难类别|困难情形|救助类别|救助类型|对象类别|对象类型|认定类型|人员类别|低保类别|家庭状况|基本情况"
    r"|年龄|班级|年级|就读(?:年级|班级|学校)?|所在(?:年级|班级|学校)|学校|儿童类别|儿童类型|事由|情况说明|提示|生活来源|收入来源|家庭收入|个人收入|债务情况|负债情况|征信情况|家中有无困难"
    r"|致贫原因|致残原因|致困原因|救助原因|申请理由|困难原因|困难情况|家庭情况|家庭成员|经济状况|经济来源|收入情况|现实表现|宗教信仰|特殊情况|主诉|残疾类别|残疾类型|残疾等级|残疾情况|伤残等级|伤残|备注)\s*[:：】\]]\s*[^。;；\n\t|]{0,20}$"
)
#: The same where the label is part of what is found: 宗教信仰：佛教, 指纹编号：….
_FORM_LINE = regex.compile(r"(?<![^\n\r\t\u2029])\p{Han}{2,6}[:：]")
_NAMED_AT_MOST: Final = 120
#: What a line says behind the person it begins with (何某（身份证…）：血压高。高血压多年) is said of that person.
_LINE_HEAD = regex.compile(r"[\s\p{P}\p{S}\d第例户一二三四五六七八九十]{0,8}")
_LINE_AT_MOST: Final = 160
_FORM_AT_MOST: Final = 400
_LABEL_AT_MOST: Final = 32
#: What stands between a name and the age or the class that is said of it.
_APPOSED = regex.compile(r"[，,、:：（(/| ]{1,3}(?:[男女][孩童]?[，,、 ])?(?:现年|今年|年仅|刚满|时年|才)?[读上念]?$")
_APPOSED_AT_MOST: Final = 9
MINOR: Final = "minor"
#: Types that are said of a person named before.
_CONDITIONS: Final = frozenset({"health", "disability"})
#: Types that are said of a person named before in a text of its own; what a line begins with is then their label.
_OWN: Final = frozenset({"health", "disability", "financial_status"})
_LABELLED = regex.compile(r"[^\n\p{Han}]{0,6}\p{Han}{2,8}[:：=]")
#: Personal findings that tie a word to a person; a plate or a mailbox may be anybody's.
TIES: Final = frozenset(
    "person_name resident_id birth_date address medical_record_no disability_certificate mobile_phone bank_account "
    "bank_card student_id social_security_no passport military_id exam_no".split()
)
#: Of them those that say who it is.
_WHO: Final = frozenset({"person_name", "resident_id", "medical_record_no", "student_id", "exam_no"})


def find_tied(
    reading: Reading, compiled: Compiled, others: Sequence[Candidate], hits: Hits, stage: str
) -> Iterator[Candidate]:
    """Yield a candidate for every word that is said of a person."""
    rules = [rule for rule in compiled.of_kind("tied") if rule.id in hits]
    if not rules:
        return
    people = sorted({c.start for c in others if c.start is not None and c.type in TIES})
    who = sorted({c.start for c in others if c.start is not None and c.type in _WHO})
    ends = {c.end for c in others if c.end is not None and c.type == "person_name"}
    spoken = functools.cache(lambda view: [match.span() for match in _SPOKEN_OF.finditer(reading.view(view).text)])
    conditions: list[int] = []
    for rule in rules:
        near = hits[rule.id]
        if not people and not conditions:
            near = _near_people(rule, reading, near, spoken(rule.view) if rule.near else [])
        for span in _spans(rule, reading, compiled, near):
            said = (
                _tie(rule, reading, span, people)
                or _named_before(rule, reading, span, people)
                or _goes_on(rule, reading, conditions, span)
            )
            if not said:
                continue
            named = rule.type in _CONDITIONS and _in_clause(reading, span, who)
            asked = _of_somebody(rule) if named or (rule.type == MINOR and _right_behind(reading, span, ends)) else rule
            if objection(asked, reading, *span, stage) is None:
                conditions += [span.end] if rule.type in _CONDITIONS else []
                ends |= {span.end} if rule.type == MINOR else set()  # 才九岁，念三年级
                yield Candidate(
                    rule_id=rule.id,
                    type=rule.type,
                    start=span.start,
                    end=span.end,
                    evidence=(said, *((rule.reason,) if rule.reason else ())),
                    masked=reading.text[span.start : span.end],
                    level=rule.level,
                )


def _of_somebody(rule: Rule) -> Rule:
    """Return a rule without what its sentence may hold against it: somebody is named there."""
    return replace(rule, unless=tuple(exemption for exemption in rule.unless if exemption.within != "sentence"))


def _near_people(
    rule: Rule, reading: Reading, hits: list[tuple[int, int]], spoken: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the hits near a word for somebody, or near where one is `spoken` of: the gate where nobody was found."""
    near = sorted([*(reading.proofs(rule.id) or ()), *spoken])
    before, behind = rule.window + 2 * _QUALIFIER_AT_MOST, 2 * _QUALIFIER_AT_MOST
    kept = [hit for hit in hits if holds(near, hit[0] - before, hit[1] + behind)]
    return hits if kept and rule.type in _CONDITIONS else kept  # one condition leads to the next


def _spans(rule: Rule, reading: Reading, compiled: Compiled, hits: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the rule's words with their qualifiers, and what its pattern matches around a keyword, each place once."""
    view = reading.view(rule.view)
    pattern = compiled.pattern(rule.id) if rule.pattern else None
    words = frozenset(rule.words)
    last = -1
    waiting: Span | None = None
    for start, end in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if start < last:
            continue
        begin, stop = start, end
        if pattern:
            around = max(last, start - _QUALIFIER_AT_MOST, 0)
            if match := _over(pattern, view.text, around, start, end + _PATTERN_AT_MOST):
                begin, stop = match.span()
            elif view.text[start:end] not in words:
                continue
        if rule.type in _CONDITIONS:
            low = max(last, start - _QUALIFIER_AT_MOST, 0)
            qualifier = _QUALIFIER.search(view.text, low, start)
            begin = qualifier.start() if qualifier else begin
            tail = _TAIL.match(view.text, stop)
            stop = tail.end() if tail else stop
        last = stop
        here = Span(*view.span(begin, stop))
        if waiting and view.text[view.position(waiting.end) : begin] in _ONE_STATEMENT.get(rule.type, _TOGETHER):
            opened = view.text[begin - 1 : begin] in {"(", "（"} and view.text[stop : stop + 1] in {")", "）"}
            here = Span(waiting.start, view.span(stop, stop + 1)[1] if opened else here.end)
        elif waiting:
            yield waiting
        waiting = here
    if waiting:
        yield waiting


def _over(pattern: regex.Pattern[str], text: str, low: int, place: int, high: int) -> regex.Match[str] | None:
    """Return the first match between `low` and `high` that covers `place`; what begins behind it is not tried."""
    at = low
    while at <= place:
        match = pattern.match(text, at, high)
        if match and match.end() > place:
            return match
        at = max(at + 1, match.end() if match else 0)
    return None


def _tie(rule: Rule, reading: Reading, span: Span, people: list[int]) -> str:
    """Return what ties a place to a person, as a sentence, or "": nothing does."""
    held = reading.anatomy.cell_at(span.start)
    around = Span(*held[0].row_of(held[1])) if held else _sentence(reading, span)
    index = bisect.bisect_left(people, around.start)
    if index < len(people) and people[index] < around.end:
        return "同一句或同一行写有个人信息"
    view = reading.view(rule.view)
    low = max(view.position(around.start), view.position(span.start) - rule.window)
    before = view.text[low : view.position(span.start)]
    near = next((word for word in rule.near if word in before), None) if rule.near else None
    spoken = _SPOKEN_OF.search(before) if rule.near and not near else None
    return f"前面有“{near or (spoken and spoken[0])}”字样，像是说具体的人" if near or spoken else ""


def _in_clause(reading: Reading, span: Span, who: list[int]) -> bool:
    """Return whether somebody is named in the sentence of a place, in front of it: no policy is spoken of."""
    index = bisect.bisect_left(who, span.start) - 1
    return index >= 0 and who[index] >= _sentence(reading, span).start


def _right_behind(reading: Reading, span: Span, ends: set[int]) -> bool:
    """Return whether the name of a person ends right in front of a sign of a child: 何雨桐（女，九岁）."""
    gap = _APPOSED.search(reading.text, max(0, span.start - _APPOSED_AT_MOST), span.start)
    return gap is not None and gap.start() in ends


def _goes_on(rule: Rule, reading: Reading, found: list[int], span: Span) -> str:
    """Return what ties a condition to one that ends right before it, as a sentence, or "": nothing does."""
    near = (end for end in found if rule.type in _CONDITIONS and 0 <= span.start - end <= _GOES_ON_AT_MOST)
    tied = any(not _GOES_ON_NOT.search(reading.text, end, span.start) for end in near)
    return "与前一处病情写在一起" if tied else ""


def _named_before(rule: Rule, reading: Reading, span: Span, people: list[int]) -> str:
    """Return what ties a condition to the person named shortly before it, as a sentence, or "": nothing does."""
    if not people:
        return ""
    view = reading.view(rule.view)
    place = view.position(span.start)
    form = _FORM_LABEL.search(view.text, max(0, place - _LABEL_AT_MOST), place) or _in_form(reading.text, span.start)
    reach = _FORM_AT_MOST if form else 0
    if rule.type in _OWN and not form:
        begin = line_start(reading.text, span.start, max(0, span.start - _FORM_AT_MOST))
        labelled = _LABELLED.match(reading.text, begin, span.start)
        reach = _FORM_AT_MOST if labelled else max(_NAMED_AT_MOST, _begun(rule, reading, span, people))
    elif not form and _FORM_LINE.match(reading.text, span.start):
        reach = _FORM_AT_MOST
    index = bisect.bisect_left(people, span.start) - 1
    if reach and index >= 0 and span.start - people[index] <= reach:
        return "前文写有个人信息，这里像是说此人的情况"
    return ""


def _begun(rule: Rule, reading: Reading, span: Span, people: list[int]) -> int:
    """Return how far in front of a condition the person stands with whom its line begins, 0: with none."""
    if rule.type not in _CONDITIONS:
        return 0
    begin = line_start(reading.text, span.start, max(0, span.start - _LINE_AT_MOST))
    head = _LINE_HEAD.match(reading.text, begin, span.start)
    index = bisect.bisect_left(people, begin)
    stands = head is not None and index < len(people) and people[index] <= head.end()
    return span.start - begin if begin and stands else 0


def _in_form(text: str, start: int) -> bool:
    """Return whether the label of a form's line stands in front of a place, a gap between them (伤　病　　矽肺)."""
    line = text[line_start(text, start, max(0, start - _LABEL_AT_MOST)) : start]
    return line != line.rstrip() and _FORM_LABEL.fullmatch(f"{''.join(line.split())}:") is not None


def _sentence(reading: Reading, span: Span) -> Span:
    """Return the sentence around a place: to the next full stop, line end or cell end."""
    text = reading.text
    low, high = max(0, span.start - _CLAUSE_AT_MOST), min(len(text), span.end + _CLAUSE_AT_MOST)
    return Span(line_start(text, span.start, low, _CLAUSE_ENDS), line_end(text, span.end, high, _CLAUSE_ENDS))

"""What settles whose a name is where the model hesitates: the bracket behind it, a private number after it."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name_beside import ORGAN, has_papers
from prescan.detect.name_page import PRIVATE
from prescan.detect.name_role import POST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prescan.detect.name_page import NamePage
    from prescan.detect.name_spans import NameChars, Span
    from prescan.types import Candidate

#: Log odds where the writing leaves no doubt.
CLEAR: Final = 3.0
#: What a number of a private person says of the name it follows.
_OWNED: Final = 1.5
_OWNED_WITHIN: Final = 60
#: Numbers and days that are told of private people; telephones and mailboxes are told of offices too.
_OWN: Final = frozenset(
    "resident_id birth_date passport hk_macau_permit taiwan_permit foreign_resident_id bank_card bank_account "
    "student_id exam_no social_security_no provident_fund_no military_id driver_license disability_certificate "
    "practitioner_certificate marriage_certificate property_certificate medical_record_no device_id".split()
)
#: Right behind an organ (县医保局…) a name whose owner is doubtful is rather public.
_DOUBTFUL, _OF_ORGAN, _ORGAN_AT_MOST = 1.0, 0.75, 8
_BRACKET = regex.compile(r"\s?[(（](?P<inside>[^()（）]{1,16})[)）]")
#: (夫), (系其长子), (户主之妻), (已故): somebody's relation, not somebody's post.
_KIN = regex.compile(
    r"(?:系|为|是)?(?:其|他|她|我|本人|户主|死者|伤者|患者|申请人|学生|孩子)?之?(?:[大小长次三幼独养继亲胞岳祖]|外祖?)?"
    r"(?:夫|妻|父|母|子|女|兄|弟|姐|妹|孙|孙[子女]|爷爷|奶奶|外公|外婆|丈夫|妻子|老伴|配偶|[父母]亲|儿子|女儿|儿媳|女婿|媳妇|侄[子女]"
    r"|外甥女?|叔叔|伯父|舅舅|姑姑|姨妈|祖[父母]|监护人|户主|邻居|已故|已去世|已死亡|遗属)"
)


#: A line in which an office gives its opinion, up to the name that signs it at its end: 村委会意见：情况属实。——
_OPINION = regex.compile(
    r"(?r)(?:^|(?<=[\n\r\t|\u2029]))[^\n\r\t|\u2029:：]{0,16}(?:意见|结论|批示|核实情况)[:：][^\n\r\t|\u2029]{2,80}[。.;；—\s]"
)
#: What is said of people who are to be appointed: their names are published by law.
_APPOINTED = regex.compile(r"[,，][^。;\n\r\t\u2029]{0,60}(?:现任|拟任|拟提名|拟推荐|拟提拔|试用期满)")
_LINE_ENDS = regex.compile(
    r"\s*(?:[(（][^()（）]{1,8}[)）])?\s*(?:\d{4}[年.-]\d{1,2}[月.-]\d{1,2}日?)?\s*(?:[\n\r\t|\u2029]|$)"
)
_OPINION_AT_MOST: Final = 110


def settled(page: NamePage, span: Span, score: float) -> float:
    """Return the role score of a name with what its bracket says: kinship is private, a post is public."""
    bracket = _BRACKET.match(page.text, span.end)
    if has_papers(page, span) or (bracket and _KIN.fullmatch(bracket["inside"])):
        return max(score, CLEAR)
    if (bracket and page.ends_with_post(*bracket.span("inside"))) or _is_public(page.text, span):
        return min(score, -CLEAR)
    of_organ = score < _DOUBTFUL and ORGAN.match(page.text, max(0, span.start - _ORGAN_AT_MOST), span.start)
    return score - _OF_ORGAN if of_organ else score


def _is_public(text: str, span: Span) -> bool:
    """Tell whether somebody is to be appointed, or signs a line in which an office gives its opinion."""
    if _APPOINTED.match(text, span.end):
        return True
    low = max(0, span.start - _OPINION_AT_MOST)
    return _LINE_ENDS.match(text, span.end) is not None and _OPINION.match(text, low, span.start) is not None


def owned(page: NamePage, spans: Sequence[Span], others: Iterable[Candidate]) -> list[float]:
    """Return what the numbers of private people in their lines add to the role scores of names, in order.

    A number speaks for the nearest name before it in its line, or its row.
    """
    position = page.reading.fold.position
    held = sorted({position(other.start) for other in others if other.type in _OWN and other.start is not None})
    if not held:
        return [0.0] * len(spans)
    added = []
    for index, span in enumerate(spans):
        at = bisect.bisect_left(held, span.end)
        stop = min(page.line_of(span)[1], span.end + _OWNED_WITHIN)
        stop = min(stop, spans[index + 1].start) if index + 1 < len(spans) else stop
        owns = at < len(held) and held[at] < stop and not POST.match(page.text, span.end)
        added.append(_OWNED if owns else 0.0)
    return added


def led_to(page: NamePage, span: Span, chars: NameChars) -> bool:
    """Tell whether a word for a private person stands right before a span that begins with a surname: 其女, 肇事人."""
    before, distance = page.nearest_before(span.start)
    return before is not None and distance == 0 and before.kind == PRIVATE and chars.begins(span.name)

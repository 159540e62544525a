"""Names from other languages in Chinese characters: with dots, of transcribing characters, or of known words."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from prescan.detect.name.spans import BEFORE, HAN_RUN, PLANE, Span, is_han, near
from prescan.resources import data_rows
from prescan.text.chinese import words
from prescan.text.keywords import Keywords
from prescan.text.view import code_points, marked_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from prescan.detect.name.spans import NameChars
    from prescan.text.keywords import Found

#: The name of the list of those words in `Reading.words`.
PARTS: Final = "name parts"

#: Characters that transcribe names (阿依古丽·买买提), without those that often follow a name.
TRANSCRIBING: Final = frozenset(
    "阿艾爱安奥巴白班包保贝比别博布才仓查次达丹当得德登迪丁多尔额恩范方夫福富噶改甘岗戈哥格根贡古顾关哈海汗翰赫黑呼胡华吉加佳嘉坚江"
    "杰金觉卡凯坎康柯科克肯孔库拉腊来兰朗勒雷李力丽里利列琳玲龙隆卢鲁鹿伦罗洛吕玛买麦满曼毛梅美门孟米密敏明木穆姆纳娜乃南尼娘"
    "努诺帕潘培佩片普奇齐钦青琼曲群然热仁茹萨赛桑色沙尚舍申什斯松苏索塔台泰坦汤唐陶特提帖铁图土吐托娃瓦旺维吾乌吾西希夏仙香肖谢"
    "辛欣旭雅亚延扬央依义艺益因尤尉玉孜泽扎占珍芝卓孜努云其日苏图布特斯敖朝鲁顺增朗杰措俄呷牛铁青顿堆花呼浩彦嘎伊威史马琴烈彼法约翰逊迈楞瑟"
    "乔廉弗基森朵边旦珠欧拥绒叶合"
)
#: Characters that transcribe names but also occur in words: they count only beside a dot.
_BESIDE_DOT: Final = TRANSCRIBING | frozenset(
    "不都先万如和高则埃昂邦鲍本毕别宾波伯勃采策昌茨聪大戴邓狄定东杜敦凡菲费芬丰佛盖冈葛瓜圭郭果豪何亨洪侯怀惠霍季贾简京喀开考"
    "夸昆赖郎劳黎理历立莉连良林路律满蒙莫默缪摩那内嫩妮年涅宁纽农庞彭蓬皮平恰切丘让荣儒瑞若塞瑟森莎山绍生圣施舒朔丝所腾田廷通"
    "莱蕾黛茜薇蒂妮娅迦耶缅颂猜貌脱威韦魏文翁沃武锡兴休许耶易英于约宰赞早曾詹章哲志治朱兹宗祖佐麦合孜吾布甫觉新启恒乐拜帕夏热依西日古力木江提吐逊"
)
#: Characters that are words behind a name, but also transcribe names.
_LEADING_ON: Final = frozenset("因不都先和来与及均也已曾向在")
#: One-character parts in the middle of a name: 古丽·阿不都, 艾不力.
_IN_NAMES = regex.compile(r"[阿艾]不[都力拉来杜]|[阿艾]都")
#: 林·素攀, 简·李: short names count if nothing touches them and one part is a surname.
_SHORT_DOTTED = regex.compile(r"(?<!\p{Han})(?P<name>\p{Han}[·•・‧∙⋅]\p{Han}{2,3})(?!\p{Han})")
_SHORT_TURNED = regex.compile(r"\P{Han}{0,2}(?<!\p{Han})(?P<name>\p{Han}{1,4}[·•・‧∙⋅]\p{Han})(?!\p{Han})")
_LEAD_WORDS: Final = ("关于", "至于", "基于", "来自", "兹证明", "证明")
#: A part of a name with dots has at most this many characters, and at least this share of them transcribe.
_PART_AT_MOST: Final = 6
_MOSTLY: Final = 0.6
_TRANSCRIBED = regex.compile(f"[{''.join(sorted(TRANSCRIBING))}]{{2,6}}")
_TRANSCRIBES, _OTHER_HAN = 1, 2
#: Behind a name of this many characters the sentence may continue with one of these: 木合塔尔家的羊.
_GOING_ON_LEAST: Final = 4
_GOES_ON: Final = frozenset("家的于与和在因被把向对之系称户")
#: What follows the name of a place or a firm: 格桑花, 扎西乡, 呼和浩特.
_OF_PLACES: Final = frozenset("乡镇村县市区州旗路街寺店站社集牧花酒公宾餐饭商浩")
_DOT = re.compile("[·•・‧∙⋅]")


def is_foreign(name: str) -> bool:
    """Return whether a name consists of transcribing characters only."""
    return all(char in TRANSCRIBING for char in name)


def is_dot(char: str) -> bool:
    """Return whether a character separates the parts of a foreign name; False for ""."""
    return _DOT.match(char) is not None


def transcribes(name: str) -> bool:
    """Return whether a name consists of characters that transcribe names, most of which do little else."""
    return all(char in _BESIDE_DOT for char in name) and mostly_transcribes(name)


def mostly_transcribes(name: str) -> bool:
    """Return whether most characters of a name transcribe names and do little else."""
    return sum(char in TRANSCRIBING for char in name) > _MOSTLY * len(name)


def dotted_spans(text: str, chars: NameChars, starts: frozenset[int] = frozenset()) -> Iterator[Span]:
    """Yield names with a dot between their parts, without the text that adjoins them in the same run.

    `starts`: the ends of cues; a name begins no earlier than there.
    """
    done = 0
    for dot in _DOT.finditer(text):
        if dot.start() < done:
            continue
        first = _left(text, dot.start(), done, starts)
        done = dot.start()
        while text[done : done + 1] and _DOT.match(text, done):
            done = _right(text, done + 1)
        first = next((first + len(word) for word in _LEAD_WORDS if text.startswith(word, first)), first)
        if first < dot.start() and done > dot.end() and done - first > 3:  # noqa: PLR2004  甲·乙 is a list, not a name
            yield Span(first, done, text[first:done], "dotted")
            continue
        short = _SHORT_DOTTED.match(text, max(0, dot.start() - 1)) or _SHORT_TURNED.match(text, max(0, dot.start() - 3))
        if short and (chars.begins(short["name"]) or chars.begins(short["name"][-1])):
            yield Span(*short.span("name"), short["name"], "dotted")
            done = short.end("name")


def _left(text: str, dot: int, low: int, starts: frozenset[int]) -> int:
    """Return the start of the part before a dot: a short run that mostly transcribes, or the part of it that does."""
    first = dot
    while first > low and text[first - 1] in _BESIDE_DOT and (first == dot or first not in starts):
        first -= 1
    edges = [at for at in range(max(low, dot - _PART_AT_MOST), dot) if _is_edge(text, at, starts)]
    if not edges or not _transcribing(text[edges[-1] : dot]):
        return first
    begin = edges[-1]
    if begin < first and dot - first > 1:  # 茹鲜古丽 is one name, 顺路看格桑 and 署娜仁 are not
        led = words(text[begin:first])
        return begin if text[begin] in _BESIDE_DOT and len(led[0][0]) == 1 else first
    return begin


def _right(text: str, begin: int) -> int:
    """Return the end of the part after a dot."""
    end = begin
    while text[end : end + 1] in _BESIDE_DOT and text[end : end + 1]:
        end += 1
    run = HAN_RUN.match(text, begin)
    if run and len(run[0]) <= _PART_AT_MOST and _transcribing(run[0]):
        end = run.end()
    return _without_next_word(text, begin, end)


def _without_next_word(text: str, begin: int, end: int) -> int:
    """Return the end of a part without characters of the word behind it: 艾力|因病, 南杰|今年, 艾力|来电."""
    run = HAN_RUN.match(text, begin, min(len(text), end + _PART_AT_MOST))
    inner = _IN_NAMES.match(text, begin, end)
    sure = inner.end() if inner else begin
    for word, start, stop in words(run[0]) if run else ():
        if begin + start >= end:
            break
        if begin + start < sure:
            continue
        if start and len(word) == 1 and word in _LEADING_ON and begin + stop < len(run[0]) + begin:  # type: ignore[index]  # there is one, for it has words
            return begin + start
        if start and len(word) > 1 and not all(char in _BESIDE_DOT for char in word):
            return begin + start
    return end


def _is_edge(text: str, at: int, starts: frozenset[int]) -> bool:
    return at in starts or not is_han(text[at - 1 : at])


def _transcribing(part: str) -> bool:
    """Return whether most characters of a part transcribe names."""
    return sum(char in _BESIDE_DOT for char in part) >= _MOSTLY * len(part)


#: What directly follows a name and shows that it is foreign or of an ethnic group: ，藏族；（男，蒙古族；｜日本.
_PEOPLE = regex.compile(
    r"[,，、(（|｜\s]{1,3}(?:[男女][,，、|｜\s]{1,2})?(?:(?:蒙古|藏|维吾尔|哈萨克|柯尔克孜|塔吉克|彝|傣|哈尼|苗|瑶|景颇|佤|傈僳|朝鲜|"
    r"鄂温克|鄂伦春|达斡尔|土|羌|裕固|布依|侗|壮)族|(?:日本|韩国|越南|老挝|缅甸|泰国|柬埔寨|马来西亚|印尼|印度|巴基斯坦|俄罗斯|蒙古国)(?!\p{Han})"
    r"|\p{Han}{2,6}国?籍)"
)
#: Every match contains one of these; how far it reaches before and behind it.
_OF_PEOPLE = re.compile("[族籍]|日本|韩国|越南|老挝|缅甸|泰国|柬埔寨|马来西亚|印尼|印度|巴基斯坦|俄罗斯|蒙古国")
_BEFORE_PEOPLE, _BEHIND_PEOPLE = 14, 1
_PEOPLED_LEAST, _PEOPLED_AT_MOST = 4, 5


def peopled_spans(text: str, cue_ends: frozenset[int]) -> Iterator[Span]:
    """Yield four or five characters between an edge or cue and the name of a people or country (丹增卓玛，藏族)."""
    for people in near(_PEOPLE, text, _OF_PEOPLE, _BEFORE_PEOPLE, _BEHIND_PEOPLE):
        end = people.start()
        low = end
        while low and end - low < _PEOPLED_AT_MOST + 1 and is_han(text[low - 1]):
            low -= 1
        edge = [low] if not is_han(text[low - 1 : low]) else []
        start = max([*edge, *(at for at in range(low, end) if at in cue_ends)], default=end)
        if _PEOPLED_LEAST <= end - start <= _PEOPLED_AT_MOST and text[end - 1] != "人":
            yield Span(start, end, text[start:end], "dotted")


def transcribed_spans(text: str, cue_ends: frozenset[int]) -> Iterator[Span]:
    """Yield runs of transcribing characters that are alone or behind a cue, and end a run (斯琴格日勒)."""
    for match in _transcribed(text):
        start, end = match.span()
        if HAN_RUN.match(text, end) and not (end - start >= _GOING_ON_LEAST and text[end] in _GOES_ON):
            continue
        for begin in (start, *(at for at in range(start + 1, end - 1) if at in cue_ends)):
            if begin in cue_ends or text[begin - 1 : begin] in BEFORE or not HAN_RUN.match(text, max(0, begin - 1)):
                yield Span(begin, end, text[begin:end], "built")
                break


def parted_spans(text: str, hits: Iterable[Found] | None = None) -> Iterator[Span]:
    """Yield names made of known parts of names of other peoples; of a single part it is to be judged.

    `hits`: what `Keywords.find` gives for these parts, if the caller has it already.
    """
    row: list[tuple[int, int]] = []
    found = sorted((start, -end) for _, start, end in (_parts().find(text) if hits is None else hits))
    for start, end in [*((start, -low) for start, low in found), (len(text) + 2, 0)]:
        if row and start < row[-1][1]:
            continue
        if row and start != row[-1][1]:
            low, high = row[0][0], row[-1][1]
            if text[high : high + 1] not in _OF_PLACES:
                yield Span(low, high, text[low:high], "dotted" if len(row) > 1 else "built")
            row = []
        row.append((start, end))


@functools.cache
def _parts() -> Keywords:
    return Keywords(name_parts())


def name_parts() -> list[str]:
    """Return the words that names of other peoples are made of."""
    return [row[0] for row in data_rows("name_parts.tsv")]


def _transcribed(text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches of `_TRANSCRIBED` in rows of transcribing characters that no other common character follows."""
    kinds = _transcribing_table().take(code_points(text), mode="clip")
    found = marked_runs(kinds == _TRANSCRIBES)
    follows = np.append(kinds, np.uint8(0))[found[:, 1]]
    sizes = found[:, 1] - found[:, 0]
    due = ((sizes > 1) & (follows != _OTHER_HAN)) | ((sizes >= _GOING_ON_LEAST) & (follows == _OTHER_HAN))
    for low, high in found[due].tolist():
        yield from _TRANSCRIBED.finditer(text, low, high)


@functools.cache
def _transcribing_table() -> NDArray[np.uint8]:
    """Return the kind of each character: _TRANSCRIBES, another common Chinese character, or 0."""
    table = np.zeros(PLANE, np.uint8)
    table[0x4E00:0x9FA6] = _OTHER_HAN
    table[[ord(char) for char in TRANSCRIBING]] = _TRANSCRIBES
    return table

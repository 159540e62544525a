"""Features of the name model: surname, characters, how words overlap a possible name, and the text on both sides.

Features are strings; the model has weights for those it knows, and caches the weights of recurring parts. Those of
the role model are in `name/role.py`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import beside, features_of_line, line_features
from prescan.detect.name.foreign import is_foreign
from prescan.detect.name.gate import TELLING
from prescan.detect.name.model import REMEMBERED
from prescan.detect.name.page import edge_of
from prescan.detect.name.spans import is_han
from prescan.detect.person_shape import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from prescan.detect.name.model import NameModel
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span
    from prescan.text.tables import Cell, Table

    #: A function that returns features, and its arguments; cached, since the same recur again and again.
    Part = tuple[Any, ...]

_ITEM = regex.compile(r"(?r)\p{Han}{2,4}[、,，\s/]\s*")
_NEXT_ITEM = regex.compile(r"\s*[、,，/\s]\s*\p{Han}{2,4}(?![\p{Han}])")
#: Two-character surnames that are hardly ever anything else (unlike 第五, 西门, 南门 of surnames.tsv), and the weight
#: of a whole word that begins with one.
_COMPOUNDS: Final = frozenset(
    "欧阳 上官 司马 诸葛 皇甫 慕容 令狐 尉迟 公孙 端木 轩辕 宇文 呼延 独孤 赫连 澹台 淳于 夏侯 闻人 鲜于 "
    "闾丘 钟离 申屠 公冶 万俟 拓跋 仲孙 宗政 司徒 夹谷 完颜 纳兰 叶赫 富察 段干 单于 太叔 羊舌 巫马 濮阳 "
    "东方 南宫 百里 长孙 司空 梁丘 左丘 即墨 东郭 公羊 乐正 壤驷 漆雕".split()
)
_OF_TWO: Final = 1.5
_NO_GIVEN: Final = frozenset("村镇乡县市区屯路街庄河山寺庙宫府城桥沟湾坪园店湖水塘江海洲岛国家氏姓人大集团公红电")
#: At most this many places of a name are counted.
_TIMES_AT_MOST: Final = 6
_OFTEN: Final = 4


def name_features(page: NamePage, span: Span, model: NameModel) -> list[str]:
    """Return all features of a span for the question whether it is a name."""
    found = characters(page, span, model) if span.form != "built" else []
    grade = grade_of(page, span, model)
    parts = *surroundings(page, span, model, grade), *farther(page, span, grade)
    return found + [feature for say, *seen in parts for feature in say(*seen)]


def surroundings(page: NamePage, span: Span, model: NameModel, grade: str) -> list[Part]:
    """Return the features of what directly adjoins a span: characters, cues, its cell. `grade`: see `grade_of`."""
    text, (start, end, name, form) = page.text, span
    before_it, behind_it = text[max(0, start - 2) : start], text[end : end + 2]
    left, right = page.side(start - 1), page.side(end)
    length = str(len(name)) if form == "built" else f"{1 + (name[:2] in model.chars.compound)}{len(name)}"
    found = [f"{feature}{form[0]}" for feature in beside(page, span)]
    before, behind = page.nearest_before(start)
    after, ahead = page.nearest_after(end, 2)
    if before:
        found.append(f"cb{before.kind}{behind}" if behind <= 1 else f"cn{before.kind}")
    if after and ahead == 0:
        found.append(f"ca{after.kind}")
    label = page.label(start) if left != "汉" else ""
    if label:
        found.append(f"labk{page.cue_of(label)}")
    left_side = before.kind if before and behind <= 1 else left
    right_side = after.kind if after and ahead == 0 else right
    parts: list[Part] = [
        (_said_before, before_it),
        (_said_behind, behind_it, length),
        (_said_of_sides, left, right, left_side, right_side, form, len(name), grade),
    ]
    if found:
        parts.append((_said_beside, label[-3:], grade, *found))
    if form == "built":
        parts.append((_said_of_built, length, is_foreign(name), left, page.edge(end)))
    if cell := cell_features(page, span):
        parts.append((_said, *cell))
    return parts


def _said_before(two: str) -> list[str]:
    return [f"l={edge_of(two[-1:])}", f"ll={two}"]


def _said_behind(two: str, length: str) -> list[str]:
    right = edge_of(two[:1])
    return [f"r={right}", f"r{length}={right}", f"rr={two}"]


def _said_of_sides(  # noqa: PLR0913, PLR0917  all that is remembered together
    left: str, right: str, left_side: str, right_side: str, form: str, size: int, grade: str
) -> list[str]:
    glued, followed = left == "汉", right == "汉"
    found = [
        f"h{glued:d}{followed:d}" if glued or followed else f"lr={left}{right}",
        f"j{left_side}{right_side}{size}",
        f"js{left_side}{right_side}{form[0]}",
    ]
    return [*found, f"j{left_side}{right_side}{grade}", f"el{left}{grade}", f"er{right}{grade}"] if grade else found


def _said_beside(label: str, grade: str, *beside_it: str) -> list[str]:
    found = [f"lab={label}", *beside_it] if label else [*beside_it]
    return found + [f"{feature}{grade}" for feature in beside_it] if grade else found


def _said_of_built(length: str, foreign: bool, left: str, right: str) -> list[str]:  # noqa: FBT001  a key
    return [f"built{length}", f"builtk{foreign:d}", f"bl{foreign:d}{left}", f"br{foreign:d}{right}"]


def _said(*features: str) -> tuple[str, ...]:
    return features


def farther(page: NamePage, span: Span, grade: str) -> list[Part]:
    """Return the features of what is farther from a span: in its line, its list, the whole text."""
    text, (start, end, name, form) = page.text, span
    lists = []
    if not is_han(text[start - 1 : start]) and _ends_item(text, start):
        lists.append("listl")
    if not is_han(text[end : end + 1]) and _NEXT_ITEM.match(text, end):
        lists.append("listr")
    if form != "plain":
        return [(_said, *line_features(page, span), *lists)]
    return [
        (_said_of_line, grade, *line_features(page, span)),
        (_said, *lists, *_repeats(page, name)),
    ]


def _said_of_line(grade: str, *features: str) -> list[str]:
    return [*features, *(f"{feature}{grade}" for feature in features)]


def at_most(span: Span, model: NameModel, grade: str) -> float:
    """Return the most that `farther` can weigh for such a span; most spans can be rejected with that."""
    held = model.bounds.get(grade)
    if held is None:
        score = model.name.score
        lines = max(
            score([*features, *(f"{feature}{grade}" for feature in features if grade)])
            for numbers, behind in itertools.product("im0", "i0")
            for features in (features_of_line(numbers, behind, head=head) for head in (False, True))
        )
        lists = sum(max(0.0, score([feature])) for feature in ("listl", "listr"))
        repeats = max(score(said) for said in _ways_to_repeat(len(span.name))) if grade else 0.0
        held = model.bounds[grade] = lines + lists + repeats
    return held


def of_two(page: NamePage, span: Span) -> float:
    """Return what a two-character surname adds to the score of a whole word that begins with it: 令狐小满."""
    if len(span.name) < 3 or span.name[:2] not in _COMPOUNDS or span.form != "plain":  # noqa: PLR2004
        return 0.0
    whole = page.is_border(span.start) and page.is_border(span.end)
    return _OF_TWO if whole and span.name[2] not in _NO_GIVEN else 0.0


def characters(page: NamePage, span: Span, model: NameModel) -> list[str]:
    """Return features of surname and given name, and of how the words of the text overlap them."""
    return _inside(_seen(page, span, model), model)


def inside_score(page: NamePage, span: Span, model: NameModel) -> float:
    """Return the weight of `characters`; cached, since the same words recur."""
    seen = _seen(page, span, model)
    score = model.scores.get(seen)
    if score is None:
        if len(model.scores) > REMEMBERED:
            model.scores.clear()
        score = model.scores[seen] = model.name.score(_inside(seen, model))
    return score


def _seen(page: NamePage, span: Span, model: NameModel) -> tuple[str, str, str, str]:
    """Return a name, how words overlap it, and, if that matters for such an overlap, the classes of what adjoins it."""
    start, end, name, form = span
    shape = shape_of(page, span, model) if form == "plain" else form
    if shape[0] in TELLING:
        return name, shape, page.side(start - 1), page.side(end)
    return name, shape, "", ""


def _inside(seen: tuple[str, str, str, str], model: NameModel) -> list[str]:
    name, shape, left, right = seen
    chars = model.chars
    size = 2 if name[:2] in chars.compound else 1
    given = name[size:] or name[-1:]
    odds = [chars.odds(char) for char in given]
    surname = 4.0 if size > 1 else max(chars.surname_odds(name[0]), -6.0)
    length = f"{size}{len(given)}"
    found = [f"n{length}", f"s={name[:size]}", f"so{int(surname)}", f"g{length}{int(sum(odds) + 20)}"]
    found += [f"gm{len(given)}{int(min(odds))}", f"gl={name[-1]}", f"gf={given[0]}", f"w{shape}"]
    if left:
        found.append(f"d{shape}{left}{right}")
    return found


def grade_of(page: NamePage, span: Span, model: NameModel) -> str:
    """Return how much an unspaced name looks like one, and whether it is a word ("B") or ends inside one.

    The first is its length and a bucket of the summed log odds; cached. Other forms of names have no grade.
    """
    name = span.name
    if span.form != "plain":
        return ""
    grade = model.grades.get(name)
    if grade is None:
        if len(model.grades) > REMEMBERED:
            model.grades.clear()
        total = max(-6.0, min(8.0, model.chars.total(name)))
        grade = model.grades[name] = f"{len(name)}{int(total // 2)}"
    shape = shape_of(page, span, model)
    return f"{grade}{shape[0]}{shape[-1]}"


def _ends_item(text: str, start: int) -> bool:
    """Return whether an item of a list ends in front of a place."""
    item = _ITEM.match(text, max(0, start - 8), start)
    return item is not None and not is_han(text[item.start() - 1 : item.start()])


def cell_features(page: NamePage, span: Span) -> list[str]:
    """Return features of the header, the cell to the left, and the other columns of the table."""
    place = page.cell(span)
    if not place:
        return []
    cell = place[1]
    held = page.of_cells.get(cell.start)
    if held is None:
        held = page.of_cells[cell.start] = squeezed(cell), _said_of_cell(page, *place)
    text, found = held
    return ["cell", "whole" if text == span.name else "part", *found]


def _said_of_cell(page: NamePage, table: Table, cell: Cell) -> list[str]:
    found = []
    header = "".join(table.header_of(cell).split())[-4:]
    label = "".join(table.label_of(cell).split())[-4:]
    for prefix, word in (("hd", header), ("cl", label)):
        if word:
            found += [f"{prefix}={word}", f"{prefix}2={word[-2:]}", f"{prefix}k{page.cue_of(word)}"]
    if cell.row < table.header_rows and table.header_rows:
        found.append("headrow")
    return found


def _repeats(page: NamePage, name: str) -> list[str]:
    """Return features of whether the name recurs, and whether a longer or shorter one recurs as often."""
    held = page.repeats.get(name)
    if held is None:
        held = page.repeats[name] = _repeated(page.text, name, page.starts(name))
    return held


def _repeated(text: str, name: str, starts: list[int]) -> list[str]:
    times, end = 0, 0
    for start in starts:  # places that overlap count once
        if start >= end:
            times, end = times + 1, start + len(name)
            if times == _TIMES_AT_MOST:
                break
    if times < 2:  # noqa: PLR2004
        return ["once"]
    nexts = {text[start + len(name) : start + len(name) + 1] for start in starts[:times]}
    same = len(nexts) == 1 and is_han(next(iter(nexts)))
    return [f"x{min(times, _OFTEN)}{len(name)}", "same" if same else "varied"]


def _ways_to_repeat(length: int) -> Iterator[list[str]]:
    """Yield everything that `_repeated` can return for a name of this length."""
    yield ["once"]
    for times, said in itertools.product(range(2, _OFTEN + 1), ("same", "varied")):
        yield [f"x{times}{length}", said]


def shape_of(page: NamePage, span: Span, model: NameModel) -> str:
    """Return how words overlap the span; "N" is a word that the dictionary marks as a name."""
    shape = page.fall(span.start, span.end)
    return "N" if shape == "B" and model.is_name_word(span.name) else shape

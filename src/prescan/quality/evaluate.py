"""`prescan evaluate`: figures for personal data and attribute on labelled documents, and their floors.

Values in printed mistakes are masked unless asked otherwise.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.errors import PrescanError
from prescan.quality import attribute, personal
from prescan.quality.corpus import read_corpus
from prescan.quality.declared import declare
from prescan.resources import finding_types, resource_dir
from prescan.scanner import Scanner
from prescan.text.masked_text import MaskedText
from prescan.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from prescan.quality.measure import Measured
    from prescan.quality.personal import Labelled, Mistake, Score

FLOORS: Final = "floors.json"
#: Key of the attribute model in the floors file; the keys of documents are the names of their folders.
ATTRIBUTE: Final = "attribute"
#: Joins names of groups in the floors file: of the rare kinds one group has too few places for a figure.
JOINED: Final = "+"
_BEFORE: Final = 14
_AFTER: Final = 8
_WIDTHS: Final = (26, 6, 6, 8, 8, 8, 10, 10)
_NO_DATA: Final = (
    "这里不是 prescan 的源码目录，没有自带的标注文稿。请给出标注文稿的目录："
    "每篇一个 .txt，先写一行“genre: 文种”和一行 ---，"
    "正文中用 [[person_name:某人]]、[[resident_id]]（自动生成）标出应当查出的内容，用 [[!order_no]] 标出不该报的。"
    "公开属性的标注文稿用 --attribute 给出"
)


@dataclass(frozen=True, slots=True)
class Data:
    """The data to evaluate; None = leave that part out."""

    documents: Path | None
    attribute: Path | None
    floors: Path | None


def find_data(documents: Path | None, corpus: Path | None, floors: Path | None) -> Data:
    """Return the given data, or that of the checkout if none is given. Raises PrescanError if there is none."""
    root = resource_dir("rules").parent
    if documents is None and corpus is None:
        documents, corpus = root / "tests/quality/personal", root / "models/attribute/corpus"
        if not documents.is_dir() or not corpus.is_dir():
            raise PrescanError(_NO_DATA)
    for folder in (documents, corpus):
        if folder is not None and not folder.is_dir():
            raise PrescanError(f"没有 {folder} 这个目录，请核对路径")
    beside = [folder / FLOORS for near in (documents, corpus) if near for folder in (near, near.parent)]
    floors_path = floors or next((path for path in beside if path.is_file()), None)
    return Data(documents, corpus, floors_path)


def run(data: Data, *, groups: Sequence[str] = (), gate: bool, errors: int, show_values: bool) -> int:
    """Print the figures and return the exit code: 1 if `gate` is set and a figure is below its floor.

    `groups`: folders of documents to measure, all others are left out; none = all. Raises PrescanError for unusable
    documents or floors.
    """
    floors = _read_floors(data.floors) if gate else {}
    if groups:
        floors = {name: table for name, table in floors.items() if set(name.split(JOINED)) <= set(groups)}
    figures: dict[str, Mapping[str, float]] = {}
    with Scanner() as scanner:
        if data.documents:
            labelled = _groups(data.documents, groups).items()
            scores = {name: personal.evaluate(documents, scanner) for name, documents in labelled}
            figures |= {name: _joined_score(scores, name).summary() for name in {*scores, *floors}}
            _print_personal(scores, errors, show_values=show_values)
        if data.attribute and not groups:
            figures[ATTRIBUTE] = _attribute(data.attribute, scanner)
    failed = [
        f"{name}：{line}"
        for name, expected in floors.items()
        for line in personal.below_floor(figures.get(name, {}), expected)
    ]
    for line in failed:
        print(f"低于底线  {line}")
    if gate and not failed:
        print(f"\n{sum(map(len, floors.values()))} 项数字都不低于底线")
    return 1 if failed else 0


def _attribute(corpus: Path, scanner: Scanner) -> dict[str, float]:
    """Print and return the figures of the attribute model and of declared attributes."""
    held_out_groups = [group for group in attribute.HELD_OUT if (corpus / group).is_dir()]
    groups = held_out_groups or sorted(path.name for path in corpus.iterdir() if path.is_dir())
    measured = attribute.evaluate(corpus, resource_dir("models") / "attribute", groups, attribute.detector())
    declared = declare(read_corpus(corpus, groups), scanner)
    print(f"\n公开属性（{'、'.join(groups)} 组）\n{attribute.tables(measured)}\n\n{declared}")
    return {**_attribute_figures(measured), **declared.summary()}


def _groups(folder: Path, wanted: Sequence[str]) -> dict[str, list[Labelled]]:
    """Return the documents by their first folder, only the `wanted` ones if there are any. Raises PrescanError."""
    groups: dict[str, list[Labelled]] = {}
    for document in personal.read_labelled(folder):
        group, slash, _ = document.name.partition("/")
        groups.setdefault(group if slash else folder.name, []).append(document)
    if unknown := set(wanted) - set(groups):
        raise PrescanError(f"{folder} 中没有 {'、'.join(sorted(unknown))} 这个组，有的是 {'、'.join(groups)}")
    return {name: groups[name] for name in wanted or groups}


def _joined_score(scores: Mapping[str, Score], name: str) -> Score:
    """Return the score of a group or of groups joined by +; nothing found in them if one is missing."""
    groups = name.split(JOINED)
    return personal.pooled(scores[group] for group in groups if all(each in scores for each in groups))


def _read_floors(path: Path | None) -> dict[str, dict[str, float]]:
    if path is None:
        raise PrescanError(f"标注文稿旁没有底线文件 {FLOORS}，请用 --floors 给出")
    try:
        floors: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))
        sound = all(isinstance(value, int | float) for table in floors.values() for value in table.values())
    except (OSError, ValueError, AttributeError):
        sound = False
    if not sound:
        raise PrescanError(f"底线文件 {path} 读不懂，应像 {{'组名': {{'f1 resident_id': 0.99}}}}（双引号）")
    return floors


def _attribute_figures(measured: Measured) -> dict[str, float]:
    return {
        "macro f1": measured.macro_f1,
        "accuracy": measured.accuracy,
        "accuracy either": measured.either,
        "kept accuracy": measured.kept_accuracy,
        "coverage": measured.coverage,
    }


def _print_personal(scores: Mapping[str, Score], errors: int, *, show_values: bool) -> None:
    whole = personal.pooled(scores.values())
    print(_row("", "标注", "误报", "召回", "精确", "F1", "召回全对", "精确全对"))
    for kind in finding_types():
        if whole.hits[kind] + whole.misses[kind] + whole.alarms[kind]:
            partly = (whole.recall(kind), whole.precision(kind), whole.f1([kind]))
            exact = (whole.recall(kind, exact=True), whole.precision(kind, exact=True))
            cells = (f"{value:.3f}" for value in (*partly, *exact))
            print(_row(kind, str(whole.hits[kind] + whole.misses[kind]), str(whole.alarms[kind]), *cells))
    print("\n写法（召回）：", "  ".join(f"{form} {hit}/{every}" for form, (hit, every) in sorted(whole.forms.items())))
    decoys = sorted(whole.decoys.items(), key=lambda item: (-item[1][0], item[0]))
    print("不该报的（误报）：", "  ".join(f"{kind} {hit}/{every}" for kind, (hit, every) in decoys))
    print("有标签而校验不符的身份证号（查出）：", "/".join(map(str, whole.optional)))
    named = ("f1 all", "f1 macro", "f1 numbers", "recall unusual", "exact", "decoys quiet")
    print("\n" + _row("组", *("F1", "宏平均", "号码 F1", "特殊写法", "起止全对", "不误报")))
    for name, score in {**scores, "合计": whole}.items():
        print(_row(name, *(f"{score.summary()[figure]:.3f}" for figure in named)))
    order = {level: place for place, level in enumerate(LEVELS)}
    mistakes = sorted(whole.mistakes, key=lambda m: order[finding_types()[m.place.kind].level])  # type: ignore[index]  # the table holds levels only
    print(f"\n错处 {len(mistakes)} 处，从级别高的起列出 {min(errors, len(mistakes))} 处：")
    for mistake in mistakes[:errors]:
        label = "漏" if mistake.missed else "误"
        context = _around(mistake, show_values=show_values)
        print(f"{label} {mistake.document.name} {mistake.place.kind} {mistake.place.form} {context}")


def _row(name: str, *cells: str) -> str:
    widths = _WIDTHS[1:] if len(cells) == len(_WIDTHS) - 1 else (10,) * len(cells)
    return _padded(name, _WIDTHS[0], left=True) + "".join(_padded(c, w) for c, w in zip(cells, widths, strict=True))


def _padded(text: str, width: int, *, left: bool = False) -> str:
    """Return text padded to `width` columns; a Chinese character takes two."""
    blank = " " * (width - sum(1 + (ord(char) > 0x2E7F) for char in text))  # noqa: PLR2004  where wide characters begin
    return text + blank if left else blank + text


def _around(mistake: Mistake, *, show_values: bool) -> str:
    """Return a mistake with its context, all tagged and found values masked unless `show_values`."""
    document, place = mistake.document, mistake.place
    spans = [(gold.start, gold.end) for gold in document.golds if not gold.decoy]
    spans += [*mistake.found, (place.start, place.end)]
    masks = [] if show_values else [(low, high, "*" * (high - low)) for low, high in _joined(spans)]
    masking = MaskedText(document.text, masks)
    before = masking.span(max(0, place.start - _BEFORE), place.start)
    after = masking.span(place.end, place.end + _AFTER)
    middle = masking.span(place.start, place.end)
    return regex.sub(r"\s", "␣", f"{before}【{middle}】{after}")


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merge overlapping spans."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if joined and low < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined

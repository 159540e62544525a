"""Checks the fields of rules one by one; a mistake raises a RuleError that shows the user's own line."""

from __future__ import annotations

import datetime
import difflib
from typing import TYPE_CHECKING, Any, Final

import regex

from prescan.errors import RuleError
from prescan.numbers import NUMBERS
from prescan.numbers.checks import compiled
from prescan.resources import finding_types
from prescan.rules.kinds import DATED, SCOPES, STAGES, VIEWS, WITHIN, WITHOUT_CUE, Exemption
from prescan.text.view import fold, squeeze
from prescan.types import LEVELS, PARAGRAPH_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: The shipped packs use the letters SEC SCW INT PRC IAF ENF BIZ SAF PRI FLO HID PII; an office uses its own.
ID: Final = regex.compile(r"[A-Z]{3,8}-\d{3,4}")
_LISTS: Final = (
    "basis",
    "find",
    "pass",
    "todo_find",
    "scope",
    "stage",
    "keywords",
    "words",
    "near",
    "cues",
    "roster_cues",
    "not_home",
    "behind",
    "public_cues",
    "titles",
    "lengths",
    "hidden",
)
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "level": LEVELS,
    "view": VIEWS,
    "without_cue": WITHOUT_CUE,
    "scope": SCOPES,
    "stage": STAGES,
    "number": tuple(NUMBERS),
    "dated": DATED,
}
#: Fields that are neither text nor list: their type, and what an error message says of it.
_PLAIN: Final[dict[str, tuple[type, str]]] = {
    **dict.fromkeys(("window", "at_least"), (int, "整数，如 40")),
    **dict.fromkeys(("tested_on", "tested_published"), (datetime.date, "日期，如 2026-01-31（不加引号）")),
    **dict.fromkeys(
        ("legal_text", "whole_line", "across", "invalid_with_cue", "embedded", "whose"), (bool, "true 或 false")
    ),
}
_MAY_BE_EMPTY: Final = frozenset({"reason", "context", "slight"})
#: The first line of an entry of a pack.
HEADING: Final = regex.compile(r"""\s*\[{1,2}\s*["']?(?P<key>rule|change|profile)["']?\s*\]{1,2}""")
_QUOTED = regex.compile(r'"[^"]*"|\'[^\']*\'')
#: Chinese punctuation that people type where TOML needs ASCII.
_FOREIGN: Final = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "，": ",",
    "：": "=",
    "＝": "=",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
}
_WIDE_SPACE: Final = "\u3000"
#: A field whose value is not quoted and no list, number, true or false.
_BARE: Final = regex.compile(r"""\s*+[\w-]++\s*+=\s*+(?!["'\[{#]|true\b|false\b|[+-]?\d|$)""")
#: Messages of the regex library for a bad pattern, in plain Chinese.
_BAD_PATTERN: Final = {
    "missing )": "左括号 ( 没有配上右括号 )",
    "unbalanced parenthesis": "多了一个右括号 )",
    "unterminated character set": "方括号 [ 没有配上 ]",
    "nothing to repeat": "* + ? 前面没有字",
    "multiple repeat": "* + ? 连着写了两个",
    "bad character range": "方括号里 - 两边的次序颠倒",
    "min repeat greater than max repeat": "{ } 里前一个数比后一个大",
}
#: How many articles of a statute an error about an unknown article lists.
_ARTICLES_AT_MOST: Final = 12
#: Prefix of an `unless` entry that names a shared exemption of rules/words/exemptions.toml.
SHARED_PREFIX: Final = "@"


class Source:
    """The place of an entry in its file, for errors that show the line of a field."""

    def __init__(self, path: Path, lines: list[str], first: int, *, trusted: bool = False) -> None:
        """Set the file, its lines, and the first line (from 1) of the entry.

        `trusted`: its patterns are known to be correct, as in the shipped packs, whose patterns the tests compile. They
        are not compiled before their first use, for that would take longer than the rest of the start.
        """
        self.path, self.lines, self.first, self.trusted = path, lines, first, trusted

    @classmethod
    def of_table(cls, path: Path, lines: list[str], key: str) -> Source:
        """Return the place of a table that occurs once in its file."""
        headings = ((number, HEADING.match(line)) for number, line in enumerate(lines, 1))
        numbers = (number for number, heading in headings if heading and heading["key"] == key)
        return cls(path, lines, next(numbers, 1))

    def error(self, message: str, key: str = "") -> RuleError:
        """Return a RuleError for the line of `key`, or for the first line of the entry."""
        line = self.first
        for number in range(self.first, len(self.lines) + 1):
            line_text = self.lines[number - 1]
            if number > self.first and HEADING.match(line_text):
                break
            if key and regex.match(rf"\s*{regex.escape(key)}\s*=", line_text):
                line = number
                break
        return RuleError(message, file=str(self.path), line=line, excerpt=excerpt(self.lines, line))


def excerpt(lines: list[str], line: int) -> str:
    """Return up to three lines around the bad one, which is marked."""
    numbers = range(max(1, line - 1), min(len(lines), line + 1) + 1)
    return "\n".join(f"{'→' if number == line else ' '} {number:>4} | {lines[number - 1]}" for number in numbers)


def syntax_hint(line: str) -> str:
    """Return why a line is no TOML: Chinese punctuation outside quotes, an unquoted value; "" if neither."""
    outside = _QUOTED.sub(lambda match: "x" * len(match[0]), line.partition("#")[0])
    mark = next((char for char in outside if char in _FOREIGN), "")
    if mark:
        return f"这里用了中文标点 {mark}，请改成英文的 {_FOREIGN[mark]}（切换到英文输入法）"
    if _WIDE_SPACE in outside:
        return "这里有全角空格，请删掉或改成半角空格（切换到英文输入法）"
    if outside and not line.strip().startswith("#") and "=" not in outside and outside.strip()[:1] not in "[]\"'{},x":
        return "这一行没有等号：写成 字段 = 值；列表里的文字要放在英文引号里"
    return "等号右边的文字要加英文引号；是、否写成 true、false" if _BARE.match(line) else ""


def in_view(words: Iterable[str], view: str) -> tuple[str, ...]:
    """Return words as they read in the rule's view, for an office may write them full-width or with spaces.

    >>> in_view(["机 密", "ＡＢ"], "squeeze")
    ('机密', 'AB')
    """
    written = tuple(words)
    joined = PARAGRAPH_BREAK.join(written)  # one view for all words is faster, and no view joins across a break
    viewed = _view_text(joined, view).split(PARAGRAPH_BREAK)
    return tuple(viewed) if len(viewed) == len(written) else tuple(_view_text(word, view) for word in written)


def _view_text(text: str, view: str) -> str:
    folded = fold(text)
    return folded.text if view == "fold" else squeeze(folded).text


def check_names(values: Mapping[str, Any], statutes: Mapping[str, str], source: Source) -> None:
    """Check the id, the type, the cited articles and the patterns of a rule. Raises RuleError."""
    if not ID.fullmatch(values["id"]):
        raise source.error("规则编号应像 SEC-001：大写字母、短横、三或四位数字", "id")
    if values["type"] not in finding_types():
        label = values["type"].removeprefix("疑似")
        labels = {kind.label.removeprefix("疑似"): name for name, kind in finding_types().items()}
        meant = labels.get(label, "")
        hint = f"，应写 {meant}" if meant else nearest(values["type"], finding_types())
        raise source.error(f"没有 {values['type']} 这种类型{hint}", "type")
    for article in values["basis"]:
        if article not in statutes:
            message = f"依据 {article} 不在 rules/statutes 中，请先核对条文再补入{_citable(article, statutes)}"
            raise source.error(message, "basis")
    for key in ("pattern", "context", "slight"):
        _check_pattern(values.get(key, ""), key, source)


def _citable(article: str, statutes: Mapping[str, str]) -> str:
    """Return a hint for a message: the articles of the same statute, or the nearest statute or article."""
    name, _, number = article.partition(" ")
    numbers = [other.partition(" ")[2] for other in statutes if other.partition(" ")[0] == name]
    if numbers and number:
        many = len(numbers) > _ARTICLES_AT_MOST
        close = difflib.get_close_matches(number, numbers, _ARTICLES_AT_MOST, 0) if many else numbers
        return f"；{name}可以引用{'、'.join(close)}"
    return nearest(article, statutes) or f"；可以引用的有{'、'.join(dict.fromkeys(one.split()[0] for one in statutes))}"


def checked_field(key: str, value: Any, source: Source) -> Any:  # noqa: ANN401  a TOML value
    """Return the value of a field as Rule stores it, checked for its type, its choices and being empty."""
    if key == "unless":
        if not isinstance(value, list):
            raise source.error("unless 应是列表，如 unless = ['已解密']", key)
        return tuple(value)
    if key in _LISTS:
        return _checked_list(key, value, source)
    expected, description = _PLAIN.get(key, (str, '文字，如 "…"'))
    if type(value) is not expected or (value == "" and key not in _MAY_BE_EMPTY):
        raise source.error(f"{key} 应是{description}", key)
    _check_choice(key, value, source)
    return value


def _checked_list(key: str, value: Any, source: Source) -> tuple[Any, ...]:  # noqa: ANN401  a TOML value
    if not isinstance(value, list) or (not value and key not in {"scope", "stage", "todo_find", "basis"}):
        raise source.error(f'{key} 应是非空的列表，如 {key} = ["…"]', key)
    for one in value:
        if type(one) is not (int if key == "lengths" else str) or not str(one).strip():
            raise source.error(f"{key} 的每一项应是{'正整数' if key == 'lengths' else '非空的文字'}", key)
        _check_choice(key, one, source)
    return tuple(value)


def checked_groups(value: Any, source: Source) -> list[tuple[str, ...]]:  # noqa: ANN401  a TOML value
    """Return the groups of a `together` rule, checked to be at least two lists of words."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(group, list) for group in value):  # noqa: PLR2004
        raise source.error('groups 应是两组以上的词，如 groups = [["甲"], ["乙", "丙"]]', "groups")
    return [_checked_list("groups", group, source) for group in value]


def _check_choice(key: str, value: Any, source: Source) -> None:  # noqa: ANN401  a TOML value
    choices = _CHOICES.get(key)
    if key == "hidden":
        choices = tuple(name for name, row in finding_types().items() if row.category == "hidden_content")
    if choices and value not in choices:
        raise source.error(f"{key} 应是 {'、'.join(choices)} 之一{nearest(value, choices)}", key)


def read_exemption(item: Any, source: Source, shared: Mapping[str, Exemption]) -> Exemption:  # noqa: ANN401  a TOML value
    """Return one item of `unless = ['pattern', "@name", {pattern = '…', within = "paragraph"}]`, checked."""
    if isinstance(item, str) and item.startswith(SHARED_PREFIX):
        if item[1:] not in shared:
            raise source.error(f"没有名为 {item[1:]} 的公用例外{nearest(item[1:], shared)}", "unless")
        return shared[item[1:]]
    table = {"pattern": item} if isinstance(item, str) else item
    known = {"pattern", "within", "below"}
    if not isinstance(table, dict) or set(table) - known or not isinstance(table.get("pattern"), str):
        raise source.error("unless 的每一项应是一个模式，或 {pattern = '…', within = \"sentence\"}", "unless")
    if table.get("within", "sentence") not in WITHIN:
        raise source.error(f"within 应是 {'、'.join(WITHIN)} 之一", "unless")
    if not isinstance(table.get("below", 0), (int, float)):
        raise source.error("below 应是一个数，如 1", "unless")
    _check_pattern(table["pattern"], "unless", source)
    return Exemption(**table)


def _check_pattern(pattern: str, key: str, source: Source) -> None:
    try:
        if not source.trusted:
            compiled(pattern)
    except regex.error as error:
        cause = next((chinese for english, chinese in _BAD_PATTERN.items() if english in str(error)), "写法有误")
        message = f"{key} 不是正确的正则表达式：{cause}（第 {getattr(error, 'pos', 0)} 个字符处）"
        raise source.error(f"{message}；要找的就是这个符号时，前面加 \\", key) from None
    if r"\b" in pattern.replace(r"\\b", ""):
        raise source.error(rf"{key} 中不要用 \b：汉字两侧没有词边界，会漏检", key)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint for a message: the known word nearest to a wrong one; "" if none is near."""
    close = difflib.get_close_matches(word, list(known), 1)
    return f"，您要写的是否是 {close[0]}" if close else ""

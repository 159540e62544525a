"""Reads rule packs (TOML), word lists and statutes into a RuleBase, and checks them.

Every mistake is a RuleError that shows the user's own line. Nothing is scanned with a rule base that has one.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import regex

from prescan.errors import RuleError
from prescan.numbers import NUMBERS
from prescan.resources import finding_types, resource_dir
from prescan.rules.kinds import (
    COMMON,
    COMMON_NEEDED,
    KINDS,
    SCOPES,
    STAGES,
    VIEWS,
    WITHIN,
    WITHOUT_CUE,
    WITHOUT_EXAMPLES,
    Exemption,
    Rule,
    RuleBase,
)
from prescan.text.view import fold, squeeze
from prescan.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ID = regex.compile(r"(?:SEC|SCW|INT|PRC|IAF|ENF|BIZ|SAF|PRI|FLO|HID|PII|[A-Z]{3,8})-\d{3,4}")
_TOML_PLACE = regex.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
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
}
#: Fields that are not a text and not a list; what they are instead.
_PLAIN: Final[dict[str, tuple[type, str]]] = {
    "window": (int, "整数，如 40"),
    **dict.fromkeys(("legal_text", "whole_line", "invalid_with_cue", "embedded"), (bool, "true 或 false")),
}
_MAY_BE_EMPTY: Final = frozenset({"reason", "context"})
_HEADING: Final = regex.compile(r"""\s*\[\[\s*(?:rule|"rule"|'rule')\s*\]\]""")
#: Fields that are compared with the text of a view.
_SEEN: Final = frozenset({"keywords", "words", "near"})
_WORDS_FILE: Final = "@"
#: Fields in which "@name.txt" stands for the words of a list.
_MAY_NAME_LISTS: Final = frozenset({"words", "cues", "public_cues", "titles"})
_OTHER_NUMBERS: Final = "other-numbers.txt"


def load_rules(extra: Iterable[str] = (), disabled: Mapping[str, str] | None = None) -> RuleBase:
    """Return the shipped packs with the packs at `extra` (files or folders) and without the `disabled` ids.

    Raises RuleError for anything that is not right in a pack, a word list or `disabled`.
    """
    shipped = resource_dir("rules")
    if not shipped.is_dir():
        raise RuleError("安装不完整，找不到随附的规则，请重新安装 prescan", file=str(shipped))
    statutes = _read_statutes(shipped / "statutes")
    packs = [path for path in sorted(shipped.rglob("*.toml")) if path.parent.name not in {"statutes", "clean"}]
    for place in map(Path, extra):
        if not place.exists():
            raise RuleError("找不到规则文件或文件夹，请核对路径", file=str(place))
        found = sorted(place.rglob("*.toml")) if place.is_dir() else [place]
        if not found:
            raise RuleError("文件夹中没有规则文件（*.toml），请核对路径", file=str(place))
        packs += found
    rules: dict[str, Rule] = {}
    for pack in packs:
        for rule, source in _read_pack(pack, shipped / "words", statutes):
            if rule.id in rules:
                first = rules[rule.id]
                raise source.error(f"规则编号 {rule.id} 已在 {first.file}:{first.line} 使用，请换一个编号", "id")
            rules[rule.id] = rule
    unknown = [rule_id for rule_id in disabled or () if rule_id not in rules]
    if unknown:
        raise RuleError(f"要停用的规则 {unknown[0]} 不存在{_nearest(unknown[0], rules)}")
    return RuleBase(
        rules=tuple(rule for rule in rules.values() if rule.id not in (disabled or {})),
        other_numbers=_read_words(shipped / "words" / _OTHER_NUMBERS),
        statutes=statutes,
        digest=_digest([*packs, *sorted((shipped / "words").glob("*.txt")), *sorted((shipped / "statutes").glob("*"))]),
    )


class _Source:
    """Where a rule stands in its file, to point at the line of a field."""

    def __init__(self, path: Path, lines: list[str], first: int) -> None:
        self.path, self.lines, self.first = path, lines, first

    def error(self, message: str, key: str = "") -> RuleError:
        """Return a RuleError at the line of `key`, or at the rule's first line."""
        line = self.first
        for number in range(self.first, len(self.lines) + 1):
            shown = self.lines[number - 1]
            if number > self.first and _HEADING.match(shown):
                break
            if key and regex.match(rf"\s*{regex.escape(key)}\s*=", shown):
                line = number
                break
        return RuleError(message, file=str(self.path), line=line, excerpt=_excerpt(self.lines, line))


def _excerpt(lines: list[str], line: int) -> str:
    """Return up to three lines with the bad one marked."""
    shown = range(max(1, line - 1), min(len(lines), line + 1) + 1)
    return "\n".join(f"{'→' if number == line else ' '} {number:>4} | {lines[number - 1]}" for number in shown)


def _read_pack(path: Path, words: Path, statutes: Mapping[str, str]) -> Iterator[tuple[Rule, _Source]]:
    text = _read_text(path)
    lines = text.splitlines()
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(lines)
        what = "TOML 写法有误（引号、括号或等号），请检查标出的这一行"
        raise RuleError(what, file=str(path), line=line, excerpt=_excerpt(lines, line)) from None
    begins = [number for number, line in enumerate(lines, 1) if _HEADING.match(line)]
    unknown = [key for key in data if key != "rule"]
    held = data.get("rule")
    if unknown or not isinstance(held, list) or len(begins) != len(held):
        line = _line_of(unknown[0] if unknown else "rule", lines)
        what = "规则文件只能由 [[rule]] 条目组成，每条以单独一行 [[rule]] 开头"
        raise RuleError(what, file=str(path), line=line, excerpt=_excerpt(lines, line))
    for table, first in zip(held, begins, strict=True):
        source = _Source(path, lines, first)
        yield _read_rule(table, source, words, statutes), source


def _line_of(key: str, lines: list[str]) -> int:
    """Return the line a key or table of the top level begins on; 1 if it cannot be told."""
    begins = regex.compile(rf"""\s*\[{{0,2}}\s*["']?{regex.escape(key)}\b""")
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), 1)


def _read_rule(table: dict[str, Any], source: _Source, words: Path, statutes: Mapping[str, str]) -> Rule:
    """Check one rule's fields one by one; the order is the order in which a person would fix them."""
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise source.error(f"kind 应是 {'、'.join(KINDS)} 之一{_nearest(str(kind), KINDS)}", "kind")
    needed, optional = KINDS[kind]
    allowed = (*COMMON_NEEDED, *COMMON, *needed, *optional)
    for key in table:
        if key not in allowed:
            raise source.error(f"{kind} 类规则没有字段 {key}{_nearest(key, allowed)}", key)
    examples = () if kind in WITHOUT_EXAMPLES else ("find", "pass")
    for key in (*COMMON_NEEDED, *needed):
        if key not in table and (key not in {"find", "pass"} or key in examples):
            raise source.error(f"缺少字段 {key}")
    values = {key: _checked(key, value, source) for key, value in table.items()}
    _check_names(values, statutes, source)
    values["unless"] = tuple(_exemption(item, source) for item in table.get("unless", ()))
    for key in _MAY_NAME_LISTS & values.keys():
        values[key] = tuple(_resolve_words(values[key], words, source))
    for key in _SEEN & values.keys():
        values[key] = tuple(_as_seen(word, values.get("view", "squeeze")) for word in values[key])
    values["passes"] = values.pop("pass", ())
    return Rule(**values, file=str(source.path), line=source.first)


def _as_seen(word: str, view: str) -> str:
    """Return a word as the rule's view shows it: an office may write it full-width or spaced."""
    folded = fold(word)
    return folded.text if view == "fold" else squeeze(folded).text


def _check_names(values: Mapping[str, Any], statutes: Mapping[str, str], source: _Source) -> None:
    """Check what a rule names: its own id, its type, its articles, its patterns."""
    if not _ID.fullmatch(values["id"]):
        raise source.error("规则编号应像 SEC-001：大写字母、短横、三或四位数字", "id")
    if values["type"] not in finding_types():
        raise source.error(f"没有 {values['type']} 这种类型{_nearest(values['type'], finding_types())}", "type")
    for article in values["basis"]:
        if article not in statutes:
            raise source.error(
                f"依据 {article} 不在 rules/statutes 中，请先核对条文再补入{_nearest(article, statutes)}", "basis"
            )
    for key in ("pattern", "context"):
        _check_pattern(values.get(key, ""), key, source)


def _checked(key: str, value: Any, source: _Source) -> Any:  # noqa: ANN401  a TOML value
    """Return a field as Rule holds it: of the right type, not empty, one of the choices it has."""
    if key == "unless":
        if not isinstance(value, list):
            raise source.error("unless 应是列表，如 unless = ['已解密']", key)
        return tuple(value)
    if key in _LISTS:
        return _checked_list(key, value, source)
    expected, said = _PLAIN.get(key, (str, '文字，如 "…"'))
    if type(value) is not expected or (value == "" and key not in _MAY_BE_EMPTY):
        raise source.error(f"{key} 应是{said}", key)
    _check_choice(key, value, source)
    return value


def _checked_list(key: str, value: Any, source: _Source) -> tuple[Any, ...]:  # noqa: ANN401  a TOML value
    if not isinstance(value, list) or (not value and key not in {"scope", "stage", "todo_find", "basis"}):
        raise source.error(f'{key} 应是非空的列表，如 {key} = ["…"]', key)
    for one in value:
        if type(one) is not (int if key == "lengths" else str) or not str(one).strip():
            raise source.error(f"{key} 的每一项应是{'正整数' if key == 'lengths' else '非空的文字'}", key)
        _check_choice(key, one, source)
    return tuple(value)


def _check_choice(key: str, value: Any, source: _Source) -> None:  # noqa: ANN401  a TOML value
    choices = _CHOICES.get(key)
    if key == "hidden":
        choices = tuple(name for name, row in finding_types().items() if row.category == "hidden_content")
    if choices and value not in choices:
        raise source.error(f"{key} 应是 {'、'.join(choices)} 之一{_nearest(value, choices)}", key)


def _exemption(item: Any, source: _Source) -> Exemption:  # noqa: ANN401  a TOML value
    """Read `unless = ['pattern', {pattern = '…', within = "paragraph"}]`."""
    table = {"pattern": item} if isinstance(item, str) else item
    if not isinstance(table, dict) or set(table) - {"pattern", "within"} or not isinstance(table.get("pattern"), str):
        raise source.error("unless 的每一项应是一个模式，或 {pattern = '…', within = \"sentence\"}", "unless")
    if table.get("within", "sentence") not in WITHIN:
        raise source.error(f"within 应是 {'、'.join(WITHIN)} 之一", "unless")
    _check_pattern(table["pattern"], "unless", source)
    return Exemption(**table)


def _check_pattern(pattern: str, key: str, source: _Source) -> None:
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise source.error(f"{key} 不是正确的正则表达式（第 {getattr(error, 'pos', 0)} 个字符处）", key) from None
    if r"\b" in pattern.replace(r"\\b", ""):
        raise source.error(rf"{key} 中不要用 \b：汉字两侧没有词边界，会漏检", key)


def _resolve_words(entries: Iterable[str], folder: Path, source: _Source) -> Iterator[str]:
    """Yield words; "@name.txt" stands for the lines of a list beside the pack or in rules/words."""
    for entry in entries:
        if not entry.startswith(_WORDS_FILE):
            yield entry
            continue
        places = [base / entry[1:] for base in (source.path.parent, folder)]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise source.error(f"找不到词表 {entry[1:]}，应放在规则文件旁或 rules/words 中", "words")
        listed = _read_words(found)
        if not listed:
            raise source.error(f"词表 {entry[1:]} 中没有词，应一行一个", "words")
        yield from listed


def _read_words(path: Path) -> tuple[str, ...]:
    """Return the words of a list: one a line, `#` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in _read_text(path).splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _read_statutes(folder: Path) -> dict[str, str]:
    """Return article → gist, as "短名 第…条"."""
    articles = {}
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(_read_text(path))
        articles.update({f"{data['short']} {number}": gist for number, gist in data["articles"].items()})
    return articles


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError("不是 UTF-8 编码，请用 UTF-8 另存", file=str(path)) from None
    except OSError:
        raise RuleError("无法读取，请检查路径和权限", file=str(path)) from None


def _nearest(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), 1)
    return f"，您要写的是否是 {found[0]}" if found else ""


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(os.fsencode(path.name) + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]

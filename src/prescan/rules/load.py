"""Reads rule packs (TOML), word lists and statutes into a RuleBase, and checks them.

Every mistake raises a RuleError that shows the user's own line; then nothing is scanned.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import regex

from prescan.errors import RuleError
from prescan.resources import resource_dir
from prescan.rules.checks import (
    Source,
    check_names,
    checked_field,
    checked_groups,
    in_view,
    nearest,
    read_exemption,
)
from prescan.rules.kinds import (
    COMMON,
    COMMON_NEEDED,
    KINDS,
    OF_PROFILE,
    WITHOUT_EXAMPLES,
    Exemption,
    Profile,
    Rule,
    RuleBase,
)
from prescan.rules.patterns import of_any_line, with_any_line_end
from prescan.rules.profile import Change, changed, read_change, read_profile
from prescan.rules.toml_file import entries, read_text, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Fields that are searched for in a view.
_IN_VIEW: Final = frozenset({"keywords", "words", "near"})
#: Fields that are patterns.
_PATTERNS: Final = frozenset({"pattern", "context", "slight"})
_WORDS_FILE: Final = "@"
#: Fields in which "@name.txt" stands for the words of a list.
_MAY_NAME_LISTS: Final = frozenset({"keywords", "words", "near", "cues", "public_cues", "titles"})
_OTHER_NUMBERS: Final = "other-numbers.txt"
_EXEMPTIONS: Final = "exemptions.toml"
_SLOTS: Final = "slots.toml"
#: A slot of a pattern: {外传} stands for its alternatives in slots.toml.
_SLOT = regex.compile(r"\{(\p{Han}+)\}")


class _Shared:
    """What any pack may use: statutes, shipped word lists, shared exemptions and slots."""

    def __init__(self, shipped: Path) -> None:
        self.root = shipped
        self.words = shipped / "words"
        self.statutes, self.grounds = _read_statutes(shipped / "statutes")
        exemptions = tomllib.loads(read_text(self.words / _EXEMPTIONS))
        self.exemptions = {name: Exemption(**table) for name, table in exemptions.items()}
        self.slots: dict[str, str] = {}
        for name, alternatives in tomllib.loads(read_text(self.words / _SLOTS)).items():
            self.slots[name] = f"(?:{'|'.join(map(self._expanded, alternatives))})"

    def with_slots(self, table: dict[str, Any], source: Source) -> dict[str, Any]:
        """Return a rule's table with the slots of its patterns expanded. Raises RuleError for an unknown slot."""
        patterns = {key: table[key] for key in _PATTERNS & table.keys() if isinstance(table[key], str)}
        return table | {key: self.expanded(pattern, key, source) for key, pattern in patterns.items()}

    def expanded(self, pattern: str, key: str, source: Source) -> str:
        """Return a pattern of the field `key` with its slots expanded. Raises RuleError for an unknown slot."""
        for slot in _SLOT.finditer(pattern):
            if slot[1] not in self.slots:
                raise source.error(f"没有名为 {slot[1]} 的词槽{nearest(slot[1], self.slots)}", key)
        return self._expanded(pattern)

    def _expanded(self, pattern: str) -> str:
        """Return a pattern with its slots expanded; a slot may use earlier ones."""
        return _SLOT.sub(lambda slot: self.slots[slot[1]], pattern)


def load_rules(extra: Iterable[str] = (), disabled: Mapping[str, str] | None = None) -> RuleBase:
    """Return the rules of the shipped packs and of the packs at `extra` (files or folders), without the `disabled` ids.

    A pack at `extra` may also change shipped rules and set the office's own periods (rules/README.md).
    Raises RuleError for any mistake in a pack, a word list or `disabled`.
    """
    shipped = resource_dir("rules")
    if not shipped.is_dir():
        raise RuleError("安装不完整，找不到随附的规则，请重新安装 prescan", file=str(shipped))
    shared = _Shared(shipped)
    packs = [path for path in sorted(shipped.rglob("*.toml")) if path.parent.name not in {"statutes", "clean", "words"}]
    own = list(_packs_at(extra))
    rules: dict[str, Rule] = {}
    changes: list[tuple[Change, Source]] = []
    profile = Profile()
    for pack in [*packs, *own]:
        profile = _read_pack(pack, shared, rules, changes, profile)
    off = {**(disabled or {}), **_apply(changes, rules)}
    unknown = [rule_id for rule_id in off if rule_id not in rules]
    if unknown:
        raise RuleError(f"要停用的规则 {unknown[0]} 不存在{nearest(unknown[0], rules)}")
    listed = [*sorted(shared.words.glob("*.txt")), shared.words / _EXEMPTIONS, shared.words / _SLOTS]
    listed += [path for pack in own for path in sorted(pack.parent.glob("*.txt"))]
    return RuleBase(
        rules=tuple(rule for rule in rules.values() if rule.id not in off),
        other_numbers=_read_words(shared.words / _OTHER_NUMBERS),
        statutes=shared.statutes,
        grounds=shared.grounds,
        digest=_digest([*packs, *own, *dict.fromkeys(listed), *sorted((shipped / "statutes").glob("*"))]),
        profile=replace(profile, disabled=off),
    )


def _read_pack(
    pack: Path, shared: _Shared, rules: dict[str, Rule], changes: list[tuple[Change, Source]], profile: Profile
) -> Profile:
    """Add the rules and changes of a pack to `rules` and `changes`; return `profile` with the settings of the pack."""
    text = read_text(pack)
    data, lines = read_toml(pack, text), text.splitlines()
    for table, source in entries("rule", data, pack, lines, trusted=pack.is_relative_to(shared.root)):
        rule = _read_rule(table, source, shared)
        if rule.id in rules:
            first = rules[rule.id]
            raise source.error(f"规则编号 {rule.id} 已在 {first.file}:{first.line} 使用，请换一个编号", "id")
        rules[rule.id] = rule
    for table, source in entries("change", data, pack, lines):
        words = tuple(_resolve_words(_words_of(table, source), shared.words, source, "words"))
        changes.append((read_change(table, source, words), source))
    if "profile" not in data:
        return profile
    return read_profile(data["profile"], Source.of_table(pack, lines, "profile"), profile)


def _apply(changes: Iterable[tuple[Change, Source]], rules: dict[str, Rule]) -> dict[str, str]:
    """Replace the shipped rules by changed ones; return the disabled rules with the reasons."""
    off = {}
    for change, source in changes:
        if change.rule not in rules:
            raise source.error(f"要调整的规则 {change.rule} 不存在{nearest(change.rule, rules)}", "rule")
        if change.disabled:
            off[change.rule] = change.reason
        rules[change.rule] = changed(rules[change.rule], change, source)
    return off


def _packs_at(extra: Iterable[str]) -> Iterator[Path]:
    for place in map(Path, extra):
        if not place.exists():
            raise RuleError("找不到规则文件或文件夹，请核对路径", file=str(place))
        packs = sorted(place.rglob("*.toml")) if place.is_dir() else [place]
        if not packs:
            raise RuleError("文件夹中没有规则文件（*.toml），请核对路径", file=str(place))
        yield from packs


def _read_rule(table: dict[str, Any], source: Source, shared: _Shared) -> Rule:
    """Return one rule, its fields checked in the order in which a person would fix them. Raises RuleError."""
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise source.error(f"kind 应是 {'、'.join(KINDS)} 之一{nearest(str(kind), KINDS)}", "kind")
    needed, optional = KINDS[kind]
    allowed = (*COMMON_NEEDED, *COMMON, *needed, *optional)
    for key in table:
        if key not in allowed:
            raise source.error(f"{kind} 类规则没有字段 {key}{nearest(key, allowed)}", key)
    table = shared.with_slots(table, source)
    examples = () if kind in WITHOUT_EXAMPLES or table.get("dated") in OF_PROFILE else ("find", "pass")
    for key in (*COMMON_NEEDED, *needed):
        if key not in table and (key not in {"find", "pass"} or key in examples):
            raise source.error(f"缺少字段 {key}")
    values = {key: checked_field(key, value, source) for key, value in table.items() if key != "groups"}
    check_names(values, shared.statutes, source)
    values |= {key: of_any_line(values[key]) for key in _PATTERNS & values.keys()}
    values["unless"] = tuple(_exemptions(table.get("unless", ()), source, shared))
    for key in _MAY_NAME_LISTS & values.keys():
        values[key] = tuple(_resolve_words(values[key], shared.words, source, key))
    view = values.get("view", "squeeze")
    for key in _IN_VIEW & values.keys():
        values[key] = in_view(with_any_line_end(values[key]), view)
    if "groups" in table:
        lists = checked_groups(table["groups"], source)
        groups = (_resolve_words(words, shared.words, source, "groups") for words in lists)
        values["groups"] = tuple(in_view(group, view) for group in groups)
        if not 0 <= values.get("at_least", 0) <= len(values["groups"]):
            raise source.error("at_least 不能比 groups 的组数多", "at_least")
    values["passes"] = values.pop("pass", ())
    return Rule(**values, file=str(source.path), line=source.first)


def _exemptions(items: Iterable[Any], source: Source, shared: _Shared) -> Iterator[Exemption]:
    for item in items:
        exemption = read_exemption(item, source, shared.exemptions)
        yield replace(exemption, pattern=of_any_line(shared.expanded(exemption.pattern, "unless", source)))


def _words_of(table: dict[str, Any], source: Source) -> tuple[str, ...]:
    """Return the words that a [[change]] adds, as written."""
    words: tuple[str, ...] = checked_field("words", table["words"], source) if "words" in table else ()
    return words


def _resolve_words(entries: Iterable[str], folder: Path, source: Source, key: str) -> Iterator[str]:
    """Yield the words of the field `key`; "@name.txt" stands for a list of words beside the pack or in rules/words.

    A keyword may begin with @ without being a list (the patterns of addresses of mail).
    """
    for entry in entries:
        if not entry.startswith(_WORDS_FILE) or (key == "keywords" and not entry.endswith(".txt")):
            yield entry
            continue
        places = [base / entry[1:] for base in (source.path.parent, folder)]
        path = next((place for place in places if place.is_file()), None)
        if path is None:
            raise source.error(f"找不到词表 {entry[1:]}，应放在规则文件旁或 rules/words 中", key)
        listed = _read_words(path)
        if not listed:
            raise source.error(f"词表 {entry[1:]} 中没有词，应一行一个", key)
        yield from listed


def _read_words(path: Path) -> tuple[str, ...]:
    """Return the words of a list, which has one word a line; `#` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in read_text(path).splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def _read_statutes(folder: Path) -> tuple[dict[str, str], frozenset[str]]:
    """Return article ("短名 第…条") → gist, and the articles that are grounds for not publishing."""
    articles: dict[str, str] = {}
    grounds: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(read_text(path))
        articles.update({f"{data['short']} {number}": gist for number, gist in data["articles"].items()})
        grounds.update(f"{data['short']} {number}" for number in data.get("grounds", ()))
    return articles, frozenset(grounds)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(os.fsencode(path.name) + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]

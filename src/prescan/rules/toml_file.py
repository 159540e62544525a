"""Reads a rule pack as TOML; a mistake raises a RuleError that shows the user's own line."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

import regex

from prescan.errors import RuleError
from prescan.rules.checks import HEADING, Source, excerpt, syntax_hint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TOML_PLACE = regex.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
#: The keys a pack may have at its top level.
_PARTS: Final = frozenset({"rule", "change", "profile"})


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file. Raises RuleError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError("不是 UTF-8 编码，请用 UTF-8 另存", file=str(path)) from None
    except OSError:
        raise RuleError("无法读取，请检查路径和权限", file=str(path)) from None


def read_toml(path: Path, text: str) -> dict[str, Any]:
    """Return the pack parsed from `text`, its top-level keys checked. Raises RuleError."""
    lines = text.splitlines()
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(lines)
        what = syntax_hint(lines[line - 1]) if lines else ""
        what = what or "TOML 写法有误（引号、括号或等号），请检查标出的这一行和上一行"
        raise RuleError(what, file=str(path), line=line, excerpt=excerpt(lines, line)) from None
    wrong = [key for key in data if key not in _PARTS]
    wrong += [
        key for key in ("rule", "change") if key in data and len(_heading_lines(key, lines)) != _length(data[key])
    ]
    if wrong or not data:
        line = _line_of(wrong[0] if wrong else "rule", lines)
        what = "规则文件由 [[rule]] 条目组成，每条以单独一行 [[rule]] 开头；另可有 [[change]] 和 [profile]"
        raise RuleError(what, file=str(path), line=line, excerpt=excerpt(lines, line))
    return data


def _length(value: Any) -> int:  # noqa: ANN401  a TOML value
    return len(value) if isinstance(value, list) else -1


def _heading_lines(key: str, lines: list[str]) -> list[int]:
    return [
        number for number, line in enumerate(lines, 1) if (heading := HEADING.match(line)) and heading["key"] == key
    ]


def entries(
    key: str, data: dict[str, Any], path: Path, lines: list[str], *, trusted: bool = False
) -> Iterator[tuple[dict[str, Any], Source]]:
    """Yield the tables of a top-level key of `data`, each with its place in the file, for error messages."""
    for table, first in zip(data.get(key, ()), _heading_lines(key, lines), strict=True):
        yield table, Source(path, lines, first, trusted=trusted)


def _line_of(key: str, lines: list[str]) -> int:
    """Return the first line of a top-level key or table; 1 if it is not found."""
    begins = regex.compile(rf"""\s*\[{{0,2}}\s*["']?{regex.escape(key)}\b""")
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), 1)

"""The plan an office writes for its audit (`--plan 审计.toml`): columns, periods, responsible people, exclusions.

base_url = "https://www.example.gov.cn/"   # prefix that makes places of a mirror or archive addresses
skip = ["*.css", "template/*"]             # never documents
deadline_days = 5                          # 整改期限, working days from the run
office = "青禾县政务公开办"

[columns]                                  # column names of a CMS export, if they are not the usual ones
url = "linkurl"

[retention]                                # days a 栏目 keeps its pages; "*" = every other one, 0 = for ever
"公示公告" = 365

[owners]                                   # 责任人 by unit
"县民政局" = "办公室"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prescan.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Styles, scripts and fonts of pages: counted, never scanned.
_NO_DOCUMENTS: Final = tuple("*.css *.js *.map *.woff *.woff2 *.ttf *.eot *.otf *.ico *.cur".split())
_DEADLINE_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of an audit; every entry is optional."""

    base_url: str = ""
    skip: tuple[str, ...] = _NO_DOCUMENTS
    deadline_days: int = _DEADLINE_DAYS
    office: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    retention: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)


def load_plan(path: str | None) -> Plan:
    """Read the plan in a file; None = the default plan. Raises SettingsError that names the wrong entry."""
    if path is None:
        return Plan()
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"找不到审计方案 {path}，请核对路径") from None
    except OSError:
        raise SettingsError(f"无法读取审计方案 {path}，请检查权限") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SettingsError(f"审计方案 {path} 写法有误，请检查引号、括号和等号，并存为 UTF-8") from None
    return _plan(path, table)


def _plan(path: str, table: dict[str, Any]) -> Plan:
    known = [item.name for item in fields(Plan)]
    for name, value in table.items():
        if name not in known:
            raise SettingsError(f"审计方案 {path} 中没有 {name} 这一项，可用的有 {'、'.join(known)}")
        if not _EXPECTED[name](value):
            raise SettingsError(f"审计方案 {path} 中 {name} 的写法不对，样子见 docs/audit.md")
    changed = {"skip": (*_NO_DOCUMENTS, *table["skip"])} if "skip" in table else {}
    return Plan(**{**table, **changed})


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _days(value: object) -> bool:
    return value is not False and (value == 0 or _number(value))


_EXPECTED: Final = {
    "base_url": lambda value: isinstance(value, str) and value.startswith(("http://", "https://")),
    "skip": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "deadline_days": _number,
    "office": lambda value: isinstance(value, str),
    "columns": _texts,
    "retention": lambda value: isinstance(value, dict) and all(_days(item) for item in value.values()),
    "owners": _texts,
}

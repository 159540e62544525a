"""A folder: a mirror of a site, or files collected for the audit.

Symbolic links to folders are not followed: a target inside the folder is listed at its own place, one elsewhere is
reported as unread.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan.audit.sources import Broken, Item, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.audit.plan import Plan
    from prescan.audit.sources import Progress

_ELSEWHERE: Final = "这是指向别处文件夹的链接，其中的页面没有看；也要排查的，请把那个文件夹另作一个来源给出"


def items(root: Path, plan: Plan, _progress: Progress) -> Iterator[Item | Broken]:
    """Yield every file below a folder, ordered by name, and Broken if a folder cannot be listed."""
    failed: list[OSError] = []
    whole = root.resolve()
    for folder, folders, files in os.walk(root, onerror=failed.append):
        folders.sort()
        within = Path(folder).relative_to(root).as_posix()
        for name in folders:
            if (link := Path(folder, name)).is_symlink() and not link.resolve().is_relative_to(whole):
                place = name if within == "." else f"{within}/{name}"
                yield Item(placed(place, plan), code="unsupported", detail=_ELSEWHERE)
        for file in sorted(files):
            name = file if within == "." else f"{within}/{file}"
            yield Item(placed(name, plan), path=os.path.join(folder, file))  # noqa: PTH118  a million files
    for error in failed:
        yield Item(placed(Path(str(error.filename)).name, plan), code="unreadable")
        yield Broken("有文件夹无权读取")

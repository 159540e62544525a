"""A folder: a mirror of a site, or files put together for the audit. Symbolic links to folders are not followed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from prescan.audit.sources import Broken, Item, placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.audit.plan import Plan
    from prescan.audit.sources import Course


def items(root: Path, plan: Plan, _course: Course) -> Iterator[Item | Broken]:
    """Yield every file below a folder, in the order of their names; one that cannot be listed breaks the source."""
    failed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=failed.append):
        folders.sort()
        within = Path(folder).relative_to(root).as_posix()
        for file in sorted(files):
            name = file if within == "." else f"{within}/{file}"
            yield Item(placed(name, plan), path=os.path.join(folder, file))  # noqa: PTH118  a million files
    for error in failed:
        yield Item(placed(Path(str(error.filename)).name, plan), code="unreadable")
        yield Broken("有文件夹无权读取")

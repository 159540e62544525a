"""A list of paths chosen by another program, one per line; lines with `#` are comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.audit.sources import Item, placed
from prescan.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prescan.audit.plan import Plan
    from prescan.audit.sources import Progress


def items(listing: Path, plan: Plan, _progress: Progress) -> Iterator[Item]:
    """Yield the files of a list, also missing ones; relative paths start from the folder of the list."""
    try:
        with listing.open(encoding="utf-8-sig") as lines:
            for line in lines:
                named = line.strip()
                if named and not named.startswith("#"):
                    yield Item(placed(named, plan), path=str(listing.parent / named))
    except UnicodeDecodeError:
        raise SettingsError(f"路径清单 {listing} 不是 UTF-8 编码，请另存为 UTF-8") from None

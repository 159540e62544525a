"""What the command line names: files, folders (recursively), standard input; each becomes one or several inputs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One input: a path and its name in results, or an error that is known before reading."""

    path: str
    name: str
    code: str | None = None
    """A code of errors.READ_CODES if there is nothing to read."""


def expand(paths: Iterable[str]) -> Iterator[Input]:
    """Yield the inputs that `paths` name; files in a folder in the order of their names, named from the folder."""
    for path in paths:
        if path != STDIN and os.path.isdir(path):  # noqa: PTH112  the path may be anything, "" too
            yield from _folder(Path(path))
        else:
            yield Input(path, Path(path).name or path)


def _folder(root: Path) -> Iterator[Input]:
    """Yield every file below `root`; symbolic links to folders are not followed, so there are no loops."""
    failed: list[OSError] = []
    found = False
    for folder, folders, files in os.walk(root, onerror=failed.append):
        folders.sort()
        for file in sorted(files):
            found = True
            path = Path(folder, file)
            yield Input(str(path), path.relative_to(root).as_posix())
    for error in failed:
        found = True
        yield Input(str(error.filename), Path(str(error.filename)).name, "unreadable")
    if not found:
        yield Input(str(root), root.name or str(root), "empty")

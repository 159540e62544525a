"""What an installation costs: megabytes a package, as its own list of files says, in the environment this runs in.

python tools/sizes.py            the whole environment, pip and setuptools apart
"""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Final

_NOT_OURS: Final = {"pip", "setuptools", "wheel", "pkg-resources"}
_SHOWN_FROM_MB: Final = 1.0


def sizes() -> dict[str, float]:
    """Return megabytes (10⁶ bytes) by package: all files on its list that are there, compiled ones included."""
    found: dict[str, float] = {}
    for package in importlib.metadata.distributions():
        name = package.metadata["Name"].lower()
        if name not in _NOT_OURS:
            paths = {str(package.locate_file(path)) for path in package.files or ()}
            found[name] = sum(_size(path) for path in paths) / 1e6
    return found


def _size(path: str) -> int:
    import os  # noqa: PLC0415  a file on the list may be gone

    try:
        return os.path.getsize(path)  # noqa: PTH202  the paths are strings
    except OSError:
        return 0


def main() -> int:
    """Print the table; 1 if the whole is larger than it may be (`--at-most MB`)."""
    at_most = float(sys.argv[2]) if sys.argv[1:2] == ["--at-most"] else None
    found = sizes()
    for name, size in sorted(found.items(), key=lambda item: -item[1]):
        if size >= _SHOWN_FROM_MB:
            print(f"{name:24}{size:8.1f} MB")
    total = sum(found.values())
    small = sum(size for size in found.values() if size < _SHOWN_FROM_MB)
    print(f"{'the others':24}{small:8.1f} MB\n{len(found)} packages{'':14}{total:8.1f} MB")
    if at_most is not None and total > at_most:
        print(f"larger than {at_most:.0f} MB")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

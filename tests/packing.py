"""Archives as other programs write them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def seven(members: Mapping[str, bytes]) -> bytes:
    """Return a 7z as libarchive writes it."""
    import libarchive

    with tempfile.NamedTemporaryFile() as file:
        with libarchive.file_writer(file.name, "7zip", options="compression=lzma2") as archive:
            for name, content in members.items():
                archive.add_file_from_memory(name, len(content), content)
        return Path(file.name).read_bytes()

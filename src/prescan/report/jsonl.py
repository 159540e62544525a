"""JSON lines: one object per result, in the order of the inputs."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from prescan.report.json import as_object, encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.report import Options
    from prescan.types import ScanResult


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write each result on a line of its own."""
    for result in results:
        stream.write(encoded(as_object(result, options)))

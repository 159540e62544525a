"""Every report says which program, rules and models made it; a letter to a third party and a marked copy need not."""

from __future__ import annotations

import io
import zipfile

import built
import pytest

from prescan import report

#: Letters go out of the house; a marked copy is the author's own document with remarks.
NOT_REPORTS = {"consultation", "coordination", "marked"}


def unpacked(data: bytes) -> bytes:
    """Return what an office file or a zip of them holds."""
    if data[:2] != b"PK":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return b"".join(unpacked(parts.read(part)) for part in parts.namelist())


@pytest.mark.parametrize("name", sorted(report.WRITERS.keys() - NOT_REPORTS))
def test_a_report_names_its_versions(name):
    found, stream = built.found(), io.BytesIO()
    report.write([found], name, stream, report.Options())
    data = unpacked(stream.getvalue())
    assert [version for version in found.versions.values() if version.encode() not in data] == []

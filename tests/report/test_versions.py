"""Every report says which program, rules and models made it; a letter to a third party and a marked copy need not."""

from __future__ import annotations

import io
import zipfile

import built
import pytest

from prescan import report

#: A letter goes out of the house; a marked copy is the author's own document with remarks.
NOT_REPORTS = {"consultation", "marked"}


@pytest.mark.parametrize("name", sorted(report.WRITERS.keys() - NOT_REPORTS))
def test_a_report_names_its_versions(name):
    found, stream = built.found(), io.BytesIO()
    report.write([found], name, stream, report.Options())
    data = stream.getvalue()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            data = b"".join(parts.read(part) for part in parts.namelist())
    assert [version for version in found.versions.values() if version.encode() not in data] == []

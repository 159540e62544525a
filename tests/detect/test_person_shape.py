"""A table is one of people if most of its rows name somebody."""

from __future__ import annotations

import pytest

from prescan.detect.person_shape import people
from prescan.quality.selftest import reading_of


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["林小满\t100", "柏雨\t200", "购置办公设备一批\t300"], True),
        (["林小满\t100", "购置办公设备一批\t200", "路面修补材料\t300"], False),
        (["13800138003\t100", "柏雨\t200"], True),
        (["购置办公设备一批\t100", "路面修补材料\t200"], False),
    ],
)
def test_most_rows_name_somebody(rows: list[str], expected: bool) -> None:
    (table,) = reading_of("\n".join(["对象\t金额", *rows]) + "\n").anatomy.tables
    assert people(table) is expected

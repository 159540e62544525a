"""A file is replaced whole or not at all, and no draft is left."""

import errno
import stat
from pathlib import Path

import pytest

from prescan import drafts


def test_a_file_is_replaced_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    target = tmp_path / "结果.json"
    target.write_text("old")
    drafts.replace(target, b"new", sync=True)
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_if_writing_fails_the_old_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "结果.json"
    target.write_text("old")

    def fill_the_disk() -> None:
        with drafts.draft_of(target) as draft:
            draft.write_text("half")
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        fill_the_disk()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_longest_name_has_room_for_its_draft(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 250 + ".json")
    drafts.replace(target, b"new")
    assert target.read_bytes() == b"new"

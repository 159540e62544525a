"""Stores of shards and results of a cluster, merged, say what one run says; a merge that lacks something is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audits import KEY, order, run
from test_run import found

from prescan.audit import exports, statistics
from prescan.audit.batches import VERIFY
from prescan.audit.merge import Merged, merge
from prescan.audit.plan import Plan
from prescan.audit.store import Store
from prescan.errors import PrescanError
from prescan.types import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN = Plan(base_url="https://www.qinghe.example/")
SETTINGS = Settings(stage="published", names="off")


def merged(store: Path, parts: Sequence[Path], settings: Settings = SETTINGS) -> Merged:
    with Store(store, KEY, create=True) as held:
        return merge(held, parts, KEY, PLAN, settings)


@pytest.fixture(scope="module")
def shards(site: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the stores of three shards, each its own."""
    root = tmp_path_factory.mktemp("shards")
    for number in (1, 2, 3):
        run(root / f"{number}.sqlite", replace(order(site / "export" / "site.csv"), shard=(number, 3)))
    return [root / f"{number}.sqlite" for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def whole(site: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what one run says of the same source."""
    path = tmp_path_factory.mktemp("whole") / "a.sqlite"
    run(path, order(site / "export" / "site.csv"))
    return found(path)


def test_stores_of_shards_merged_say_what_one_run_says(
    shards: list[Path], whole: list[dict[str, Any]], tmp_path: Path
) -> None:
    before = [path.read_bytes() for path in shards]
    merged(tmp_path / "a.sqlite", shards)
    assert found(tmp_path / "a.sqlite") == whole
    assert [path.read_bytes() for path in shards] == before


def test_a_merge_that_was_cut_off_is_taken_up(
    shards: list[Path], whole: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prescan.audit.merge._TOGETHER", 20)
    from prescan.audit.merge import _Merge

    enter, left = _Merge._enter, [90]

    def interrupted(self: _Merge, *given: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        enter(self, *given)

    monkeypatch.setattr(_Merge, "_enter", interrupted)
    with pytest.raises(KeyboardInterrupt):
        merged(tmp_path / "a.sqlite", shards)
    did = merged(tmp_path / "a.sqlite", shards)
    assert did.batch == 1
    assert found(tmp_path / "a.sqlite") == whole


@pytest.mark.parametrize(
    ("chosen", "said"),
    [((0, 2), r"共 3 片，缺第 2 片"), ((0, 1, 2, 1), ""), ((0, 1, 2, "copy"), "是同一片（第 1 片）")],
)
def test_a_missing_or_doubled_shard_is_refused(
    shards: list[Path], tmp_path: Path, chosen: tuple[int | str, ...], said: str
) -> None:
    copy = Path(shutil.copy(shards[0], tmp_path / "copy.sqlite"))
    parts = [copy if number == "copy" else shards[int(number)] for number in chosen]
    if not said:  # one store named twice is one store
        assert merged(tmp_path / "a.sqlite", parts).batch == 1
        return
    with pytest.raises(PrescanError, match=said):
        merged(tmp_path / "a.sqlite", parts)


def test_parts_of_other_rules_or_settings_are_refused(shards: list[Path], site: Path, tmp_path: Path) -> None:
    other = Settings(stage="published", names="off", require_attribute=True)
    run(tmp_path / "b.sqlite", replace(order(site / "export" / "site.csv", settings=other), shard=(3, 3)))
    with pytest.raises(PrescanError, match="规则、模型或设置不同"):
        merged(tmp_path / "a.sqlite", [*shards[:2], tmp_path / "b.sqlite"])
    with pytest.raises(PrescanError, match="找不到"):
        merged(tmp_path / "a.sqlite", [*shards[:2], tmp_path / "none.sqlite"])
    with pytest.raises(PrescanError, match="不是 Spark 作业写出的结果"):
        merged(tmp_path / "a.sqlite", [site])
    merged(tmp_path / "a.sqlite", shards)
    with pytest.raises(PrescanError, match="就是要合并到的"):
        merged(tmp_path / "a.sqlite", [tmp_path / "a.sqlite"])


def states(store: Path) -> dict[str, str]:
    """Return the state of each doubt at block by place."""
    with Store(store, KEY) as held:
        return {one["place"][-12:]: one["state"] for one in exports.records(held, KEY) if one["level"] == "block"}


def test_rectification_is_followed_from_merge_to_merge(site: Path, tmp_path: Path) -> None:
    mirror = Path(shutil.copytree(site / "folder", tmp_path / "folder"))
    target, parts = tmp_path / "all.sqlite", [tmp_path / f"{number}.sqlite" for number in (1, 2)]

    def look(kind: str = "run") -> None:
        for number, part in enumerate(parts, 1):
            run(part, replace(order(mirror, kind=kind), shard=(number, 2)))
        merged(target, parts)

    look()
    assert set(states(target).values()) == {"new"}
    leaks = {number: next(mirror.rglob(f"*_{number}.html")) for number in ("0000007", "0000057", "0000107")}
    leaks["0000007"].write_text("<p>已删除。</p>", encoding="utf-8")
    leaks["0000057"].unlink()
    look(VERIFY)
    said = {place.removesuffix(".html"): state for place, state in states(target).items() if place.endswith(".html")}
    assert (said["0000007"], said["0000057"], said["0000107"]) == ("fixed", "fixed", "still")
    with Store(target, KEY) as held:
        rules = {one["rule_id"] for one in exports.records(held, KEY) if one["state"] == "still"}
        assert "PII-901" in rules  # only the whole shows it, so no shard looks at it again
        assert statistics.headline(held, 2)["new"] == 0

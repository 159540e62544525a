"""Trains the models of passages, limits and levels: `python -m prescan.quality.secrecy_models`.

All learn from the same authors, and none from held-out passages; the thresholds are those of `thresholds`. The same
texts give the same files. `python -m prescan.quality.secrecy_models check` trains again and says which shipped models
are other ones. A training takes about two minutes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.arrays import SUMS
from prescan.detect.compiled import LIMITS
from prescan.quality import levels, limits, passages
from prescan.resources import resource_dir

if TYPE_CHECKING:
    from collections.abc import Container

    from prescan.detect.level_model import LevelModel
    from prescan.detect.passage_model import PassageModel

_CHECK: Final = "check"


class SecrecyModels(NamedTuple):
    """The models that are trained together."""

    passages: PassageModel
    limits: tuple[PassageModel, PassageModel]
    """Of sentences, and of their surroundings."""
    levels: LevelModel


def train(root: Path, without: Container[str] = ()) -> SecrecyModels:
    """Train the models on the texts below `root`, without some authors; the same texts give the same models."""
    return SecrecyModels(passages.train(root, without), limits.train(root, without), levels.train(root, without))


def write(models: SecrecyModels, folder: Path) -> dict[str, str]:
    """Write the models' files to folders of `folder`; return the version of each by the folder's name."""
    versions = {"passages": passages.write(models.passages, folder / "passages")}
    for name, model in zip(LIMITS, models.limits, strict=True):
        versions[f"limits/{name}"] = passages.write(model, folder / "limits" / name)
    return versions | {"levels": levels.write(models.levels, folder / "levels")}


def main(task: str = "") -> int:
    """Train and write the models; with "check" write nothing, and return 1 if a shipped model is another one."""
    shipped = resource_dir("models")
    models = train(resource_dir("rules").parent)
    if task != _CHECK:
        print(*(f"{name} {version}" for name, version in write(models, shipped).items()), sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder)
        names = write(models, again)
        others = [name for name in names if (again / name / SUMS).read_bytes() != (shipped / name / SUMS).read_bytes()]
    print(*(f"{name} 与重新训练的不同" for name in others), sep="\n")
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Reads and writes the files of the attribute model (see `prescan.arrays`).

weights.npz contains weights (features x attributes), intercept and rarity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prescan import arrays
from prescan.classify.model import Model, Vocabulary
from prescan.types import ATTRIBUTES

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = 1
_LABEL: Final = "公开属性模型"
#: Steps per unit of a weight: few enough distinct values to store each weight in one byte.
_STEPS: Final = 512


def write(model: Model, folder: Path) -> str:
    """Write the files of `model` into `folder` and return its version. The same model gives the same bytes."""
    weights = (np.round(model.weights * _STEPS) / _STEPS).astype(np.float32)
    rarity = model.vocabulary.rarity
    return arrays.write(folder, _describe(model), {"weights": weights, "intercept": model.intercept, "rarity": rarity})


def read(folder: Path) -> tuple[Model, str]:
    """Return the model in `folder` and its version. Raises ModelError if a file is missing or not what it should be."""
    fields, parts, version = arrays.read(folder, _LABEL, FORMAT)
    if fields["attributes"] != list(ATTRIBUTES):
        raise arrays.mismatch(folder, _LABEL)
    model = Model(
        vocabulary=Vocabulary(tuple(fields["names"]), parts["rarity"], fields["documents"], fields["scales"]),
        weights=parts["weights"].astype(np.float64),
        intercept=parts["intercept"],
        temperature=fields["temperature"],
        threshold=fields["threshold"],
        prior=np.array(fields["prior"]),
        about=fields["about"],
    )
    return model, version


def _describe(model: Model) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "attributes": list(ATTRIBUTES),
        "weights_sha256": "",
        "temperature": model.temperature,
        "threshold": model.threshold,
        "prior": [float(share) for share in model.prior],
        "documents": model.vocabulary.documents,
        "scales": dict(model.vocabulary.scales),
        "about": dict(model.about),
        "names": list(model.vocabulary.names),
    }

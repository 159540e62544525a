"""Writing and reading a model's files, which are checked before they are parsed.

SHA256SUMS     digests of the two files below, as `sha256sum -c` reads them
model.json     vocabulary, numbers, what it was trained on, the digest of weights.npz
weights.npz    weights (features x attributes), intercept, rarity; plain arrays, never pickled objects
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

from prescan.classify.model import Model, Vocabulary
from prescan.errors import ModelError
from prescan.types import ATTRIBUTES

if TYPE_CHECKING:
    from pathlib import Path

SUMS: Final = "SHA256SUMS"
DESCRIPTION: Final = "model.json"
WEIGHTS: Final = "weights.npz"
FORMAT: Final = 1
_NEXT_STEP: Final = "请重新安装 prescan，或运行 make train 重新训练"


def write(model: Model, folder: Path) -> str:
    """Write the files of `model` into `folder` and return its version. The same model gives the same bytes."""
    stream = io.BytesIO()
    np.savez(stream, weights=model.weights, intercept=model.intercept, rarity=model.vocabulary.rarity)
    weights = stream.getvalue()
    description = json.dumps(_describe(model, _digest(weights)), ensure_ascii=False, indent=1).encode() + b"\n"
    sums = f"{_digest(description)}  {DESCRIPTION}\n{_digest(weights)}  {WEIGHTS}\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in ((WEIGHTS, weights), (DESCRIPTION, description), (SUMS, sums.encode())):
        (folder / name).write_bytes(data)
    return _version(description, weights)


def read(folder: Path) -> tuple[Model, str]:
    """Return the model in `folder` and its version. Raises ModelError if a file is missing or not what it should be."""
    try:
        sums = (folder / SUMS).read_text(encoding="utf-8")
        description, weights = (folder / DESCRIPTION).read_bytes(), (folder / WEIGHTS).read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"公开属性模型缺少文件（{folder}）：{_NEXT_STEP}") from error
    listed = dict(line.split(maxsplit=1)[::-1] for line in sums.splitlines() if len(line.split()) == 2)  # noqa: PLR2004
    if listed.get(DESCRIPTION) != _digest(description) or listed.get(WEIGHTS) != _digest(weights):
        _refuse(folder)
    fields = json.loads(description)
    if fields.get("format") != FORMAT or fields["attributes"] != list(ATTRIBUTES):
        raise ModelError(f"公开属性模型与本版 prescan 不配套（{folder}）：{_NEXT_STEP}")
    if fields["weights_sha256"] != _digest(weights):
        _refuse(folder)
    return _build(fields, weights), _version(description, weights)


def _describe(model: Model, weights_digest: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "attributes": list(ATTRIBUTES),
        "weights_sha256": weights_digest,
        "temperature": model.temperature,
        "threshold": model.threshold,
        "prior": [float(share) for share in model.prior],
        "documents": model.vocabulary.documents,
        "scales": dict(model.vocabulary.scales),
        "about": dict(model.about),
        "names": list(model.vocabulary.names),
    }


def _build(fields: dict[str, Any], weights: bytes) -> Model:
    with np.load(io.BytesIO(weights), allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in ("weights", "intercept", "rarity")}
    return Model(
        vocabulary=Vocabulary(tuple(fields["names"]), held["rarity"], fields["documents"], fields["scales"]),
        weights=held["weights"],
        intercept=held["intercept"],
        temperature=fields["temperature"],
        threshold=fields["threshold"],
        prior=np.array(fields["prior"]),
        about=fields["about"],
    )


def _refuse(folder: Path) -> NoReturn:
    raise ModelError(f"公开属性模型的校验值不符（{folder}），文件可能损坏或被改动：{_NEXT_STEP}")


def _version(description: bytes, weights: bytes) -> str:
    return _digest(description + weights)[:12]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

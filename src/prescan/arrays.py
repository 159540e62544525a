"""What all models share: their files, whose digests are checked before anything is parsed, and softmax.

SHA256SUMS     digests of the two files below, in the format of `sha256sum -c`
model.json     figures, a description of the training data, the digest of weights.npz
weights.npz    plain arrays, never pickled objects. To save space, vocabularies are stored here too (a third of their
               size in model.json), ascending numbers as differences, byte by byte (two thirds of their size), and
               numbers with few distinct values as one byte each, column by column
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SUMS: Final = "SHA256SUMS"
DESCRIPTION: Final = "model.json"
WEIGHTS: Final = "weights.npz"
_DIGEST: Final = "weights_sha256"
#: Name prefix in weights.npz of word lists of at least _MANY words, stored as bytes separated by zeros.
_WORDS: Final = "words."
_MANY: Final = 1_000
#: Name prefix of arrays of ascending 32-bit numbers, stored as differences: row i is byte i of each.
_GAPS: Final = "gaps."
_BYTES: Final = 4
#: Name prefixes of arrays with at most _DIFFERENT distinct values: the index of each value, and the values.
_CODES: Final = "codes."
_VALUES: Final = "values."
_DIFFERENT: Final = 256
_NEXT_STEP: Final = "请重新安装 prescan，或运行 make train、make train-names 重新训练"


class ModelFiles(NamedTuple):
    """The contents of a model's folder."""

    fields: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    version: str
    """The first 12 hex digits of a digest over both files."""


def write(folder: Path, fields: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> str:
    """Write a model's files and return its version; the same model gives the same bytes.

    `fields` must have the key "weights_sha256"; its value is filled in here.
    """
    words = {name: field for name, field in fields.items() if _are_words(field)}
    stream = io.BytesIO()
    lines = {f"{_WORDS}{name}": np.frombuffer("\0".join(words).encode(), np.uint8) for name, words in words.items()}
    stored = {key: kept for name, array in arrays.items() for key, kept in _stored(name, array).items()}
    np.savez_compressed(stream, **stored, **lines)  # type: ignore[arg-type]  # its stub takes allow_pickle for one
    weights = stream.getvalue()
    filled = {name: field for name, field in fields.items() if name not in words} | {_DIGEST: _digest(weights)}
    description = json.dumps(filled, ensure_ascii=False, indent=1).encode() + b"\n"
    sums = f"{_digest(description)}  {DESCRIPTION}\n{_digest(weights)}  {WEIGHTS}\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in ((WEIGHTS, weights), (DESCRIPTION, description), (SUMS, sums.encode())):
        (folder / name).write_bytes(data)
    return _digest(description + weights)[:12]


def read(folder: Path, label: str, format_: int | None = None) -> ModelFiles:
    """Read the model in `folder`. Raises ModelError if a file is missing, a digest is wrong, or the format is another.

    `label` names the model in messages: 公开属性模型. `format_` is the number its field "format" must have, if any.
    """
    try:
        sums = (folder / SUMS).read_text(encoding="utf-8")
        description, weights = (folder / DESCRIPTION).read_bytes(), (folder / WEIGHTS).read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{label}缺少文件（{folder}）：{_NEXT_STEP}") from error
    digests = dict(line.split(maxsplit=1)[::-1] for line in sums.splitlines() if len(line.split()) == 2)  # noqa: PLR2004
    intact = digests.get(DESCRIPTION) == _digest(description) and digests.get(WEIGHTS) == _digest(weights)
    fields = json.loads(description) if intact else {}
    if not intact or fields.get(_DIGEST) != _digest(weights):
        raise ModelError(f"{label}的校验值不符（{folder}），文件可能损坏或被改动：{_NEXT_STEP}")
    if format_ is not None and fields.get("format") != format_:
        raise mismatch(folder, label)
    with np.load(io.BytesIO(weights), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name in [name for name in arrays if name.startswith(_GAPS)]:
        gaps = np.ascontiguousarray(arrays.pop(name).T).view("<u4").ravel()
        arrays[name.removeprefix(_GAPS)] = np.cumsum(gaps, dtype=np.uint32)
    for name in [name for name in arrays if name.startswith(_CODES)]:
        codes, values = arrays.pop(name).T, arrays.pop(_VALUES + name.removeprefix(_CODES))
        arrays[name.removeprefix(_CODES)] = values.take(codes)
    for name in [name for name in arrays if name.startswith(_WORDS)]:
        fields[name.removeprefix(_WORDS)] = arrays.pop(name).tobytes().decode().split("\0")
    return ModelFiles(fields, arrays, _digest(description + weights)[:12])


def mismatch(folder: Path, label: str) -> ModelError:
    """Return (not raise) the error for a model written for another version of prescan."""
    return ModelError(f"{label}与本版 prescan 不配套（{folder}）：{_NEXT_STEP}")


def softmax(logits: Floats) -> Floats:
    """Return the softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def combined(*versions: str) -> str:
    """Combine the versions of several models into one."""
    return _digest("".join(versions).encode())[:12]


def _stored(name: str, array: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the arrays to store for one array, by name."""
    if array.dtype == np.uint32 and array.ndim == 1 and bool((array[1:] >= array[:-1]).all()):
        gaps = np.diff(array, prepend=np.uint32(0)).astype("<u4")
        return {f"{_GAPS}{name}": np.ascontiguousarray(gaps.view(np.uint8).reshape(-1, _BYTES).T)}
    values, which = np.unique(array, return_inverse=True)
    if array.dtype.kind == "f" and len(values) <= min(_DIFFERENT, array.size // 2):
        codes = which.reshape(array.shape).astype(np.uint8)
        return {f"{_CODES}{name}": np.ascontiguousarray(codes.T), f"{_VALUES}{name}": values}
    return {name: array}


def _are_words(field: object) -> bool:
    """Return whether a field is a list of at least _MANY strings without zero characters."""
    return (
        isinstance(field, list)
        and len(field) >= _MANY
        and all(isinstance(word, str) and "\0" not in word for word in field)
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

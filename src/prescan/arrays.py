"""Files of a model: a description (JSON) and plain arrays, whose digests are checked before anything is parsed.

SHA256SUMS     digests of the two files below, as `sha256sum -c` reads them
model.json     numbers, what it was trained on, the digest of weights.npz
weights.npz    plain arrays, never pickled objects, packed by LZMA (a sixth less than numpy packs them);
               vocabularies too, a third of what they would take in model.json; ascending
               numbers as the gaps between them, byte by byte: two thirds;
               numbers of which there are few different ones as one byte each, column by column
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

SUMS: Final = "SHA256SUMS"
DESCRIPTION: Final = "model.json"
WEIGHTS: Final = "weights.npz"
_DIGEST: Final = "weights_sha256"
#: Fields that are lists of so many words or more are arrays of bytes with zeros between them, named with this in front.
_WORDS: Final = "words."
_MANY: Final = 1_000
#: Arrays of ascending 32-bit numbers are named with this in front, in as many rows as such a number has bytes.
_GAPS: Final = "gaps."
_BYTES: Final = 4
#: Arrays of numbers with at most so many different ones: which of these each one is, and these.
_CODES: Final = "codes."
_VALUES: Final = "values."
_DIFFERENT: Final = 256
_NEXT_STEP: Final = "请重新安装 prescan，或运行 make train、make train-names 重新训练"


class Held(NamedTuple):
    """What a model's folder holds."""

    fields: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    version: str
    """The first 12 hex of a digest over both files."""


def write(folder: Path, fields: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> str:
    """Write a model's files and return its version. The same model gives the same bytes.

    `fields` has a key "weights_sha256", whose value is filled in.
    """
    words = {name: field for name, field in fields.items() if _are_words(field)}
    stream = io.BytesIO()
    lines = {f"{_WORDS}{name}": np.frombuffer("\0".join(held).encode(), np.uint8) for name, held in words.items()}
    stored = {key: kept for name, array in arrays.items() for key, kept in _stored(name, array).items()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in (stored | lines).items():
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), _npy(array), zipfile.ZIP_LZMA)
    weights = stream.getvalue()
    filled = {name: field for name, field in fields.items() if name not in words} | {_DIGEST: _digest(weights)}
    description = json.dumps(filled, ensure_ascii=False, indent=1).encode() + b"\n"
    sums = f"{_digest(description)}  {DESCRIPTION}\n{_digest(weights)}  {WEIGHTS}\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in ((WEIGHTS, weights), (DESCRIPTION, description), (SUMS, sums.encode())):
        (folder / name).write_bytes(data)
    return _digest(description + weights)[:12]


def read(folder: Path, label: str) -> Held:
    """Return what is in `folder`. Raises ModelError if a file is missing or not what it was when it was written.

    `label` names the model in messages: 公开属性模型.
    """
    try:
        sums = (folder / SUMS).read_text(encoding="utf-8")
        description, weights = (folder / DESCRIPTION).read_bytes(), (folder / WEIGHTS).read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{label}缺少文件（{folder}）：{_NEXT_STEP}") from error
    listed = dict(line.split(maxsplit=1)[::-1] for line in sums.splitlines() if len(line.split()) == 2)  # noqa: PLR2004
    right = listed.get(DESCRIPTION) == _digest(description) and listed.get(WEIGHTS) == _digest(weights)
    fields = json.loads(description) if right else {}
    if not right or fields.get(_DIGEST) != _digest(weights):
        raise ModelError(f"{label}的校验值不符（{folder}），文件可能损坏或被改动：{_NEXT_STEP}")
    with np.load(io.BytesIO(weights), allow_pickle=False) as held:
        arrays = {name: held[name] for name in held.files}
    for name in [name for name in arrays if name.startswith(_GAPS)]:
        gaps = np.ascontiguousarray(arrays.pop(name).T).view("<u4").ravel()
        arrays[name.removeprefix(_GAPS)] = np.cumsum(gaps, dtype=np.uint32)
    for name in [name for name in arrays if name.startswith(_CODES)]:
        codes, values = arrays.pop(name).T, arrays.pop(_VALUES + name.removeprefix(_CODES))
        arrays[name.removeprefix(_CODES)] = values.take(codes)
    for name in [name for name in arrays if name.startswith(_WORDS)]:
        fields[name.removeprefix(_WORDS)] = arrays.pop(name).tobytes().decode().split("\0")
    return Held(fields, arrays, _digest(description + weights)[:12])


def mismatch(folder: Path, label: str) -> ModelError:
    """Return the error for a model that was written for another version of prescan."""
    return ModelError(f"{label}与本版 prescan 不配套（{folder}）：{_NEXT_STEP}")


def combined(*versions: str) -> str:
    """Return one version for several models."""
    return _digest("".join(versions).encode())[:12]


def _npy(array: NDArray[Any]) -> bytes:
    """Return the bytes of an array's file."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, allow_pickle=False)
    return stream.getvalue()


def _stored(name: str, array: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return what is stored of an array, by name."""
    if array.dtype == np.uint32 and array.ndim == 1 and bool((array[1:] >= array[:-1]).all()):
        gaps = np.diff(array, prepend=np.uint32(0)).astype("<u4")
        return {f"{_GAPS}{name}": np.ascontiguousarray(gaps.view(np.uint8).reshape(-1, _BYTES).T)}
    values, which = np.unique(array, return_inverse=True)
    if array.dtype.kind == "f" and len(values) <= min(_DIFFERENT, array.size // 2):
        codes = which.reshape(array.shape).astype(np.uint8)
        return {f"{_CODES}{name}": np.ascontiguousarray(codes.T), f"{_VALUES}{name}": values}
    return {name: array}


def _are_words(field: object) -> bool:
    """Tell whether a field is a long list of words, none of which holds a zero."""
    return (
        isinstance(field, list)
        and len(field) >= _MANY
        and all(isinstance(word, str) and "\0" not in word for word in field)
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

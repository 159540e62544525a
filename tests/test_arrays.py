"""Files of models: what is written is read again, vocabularies are packed with the weights."""

from __future__ import annotations

import json

import numpy as np

from prescan import arrays

WORDS = [f"特征{number}\n\t" for number in range(1_000)]


def test_long_vocabularies_are_kept_with_the_weights(tmp_path):
    fields = {"weights_sha256": "", "words": WORDS, "few": ["甲", "乙"], "cut": 0.5}
    version = arrays.write(tmp_path, fields, {"weights": np.arange(3.0)})
    held = arrays.read(tmp_path, "模型")
    assert {**held.fields, "weights_sha256": ""} == fields
    assert list(held.arrays) == ["weights"]
    assert held.version == version
    described = json.loads((tmp_path / arrays.DESCRIPTION).read_text(encoding="utf-8"))
    assert described.keys() == fields.keys() - {"words"}


def test_a_word_with_a_zero_keeps_a_vocabulary_readable(tmp_path):
    words = [*WORDS, "a\0b"]
    arrays.write(tmp_path, {"words": words}, {})
    assert arrays.read(tmp_path, "模型").fields["words"] == words


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in "ab":
        arrays.write(tmp_path / name, {"words": WORDS}, {"weights": np.arange(3.0)})
    first, second = ([path.read_bytes() for path in sorted((tmp_path / name).iterdir())] for name in "ab")
    assert first == second

"""What goes over the pipe comes out of it as it went in."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prescan.scanner import wire
from prescan.types import Block, Location, Picture

NUMBERS = st.one_of(st.none(), st.integers(0, 4))
PLACES = st.builds(
    Location,
    part=st.sampled_from(["body", "table", "hidden"]),
    page=NUMBERS,
    paragraph=NUMBERS,
    cell=st.sampled_from([None, "表1!A1", "表1!B1"]),
    bbox=st.sampled_from([None, (1.0, 2.5, 3.0, 4.0)]),
    member=st.sampled_from([None, "a.zip/b.txt"]),
)
BLOCKS = st.builds(
    Block,
    text=st.sampled_from(["", " ", "\u3000", "甲", "乙\ud800"]),
    location=PLACES,
    sep=st.sampled_from(["", "\n", "\u2029"]),
    hidden=st.sampled_from([None, "comment"]),
    note=st.sampled_from(["", "批注"]),
    certainty=st.sampled_from([None, 0.5]),
)


def through(blocks: list[Block]) -> list[Block]:
    """Return blocks that went through a pipe."""
    stream = io.BytesIO()
    wire.send(stream, {"blocks": blocks})
    stream.seek(0)
    message = wire.receive(stream)
    assert message is not None
    return wire.blocks(message["blocks"])


@given(st.lists(BLOCKS, max_size=12))
def test_blocks_come_through(blocks: list[Block]) -> None:
    """Whatever the order, every field of every block is what it was."""
    assert through(blocks) == blocks


@pytest.mark.parametrize("texts", [["甲", "乙", "丙"], ["甲", "", "乙", " ", "丙"]])
def test_paragraphs_go_as_one_run(texts: list[str]) -> None:
    """What a page of plain paragraphs has in common is said once, with blank lines between them too."""
    counted = itertools.accumulate(bool(text.strip()) for text in texts)
    held = [Block(text, Location("body", None, number), "\n") for text, number in zip(texts, counted, strict=True)]
    assert [texts for _, _, texts, _ in wire.block_runs(held)] == [texts]
    assert through(held) == held


def test_a_row_goes_as_one_run() -> None:
    """Cells have their places, and the rest in common."""
    held = [Block("甲", Location("table", cell=f"表1!{column}1"), "\t") for column in "ABC"]
    assert [cells for *_, cells in wire.block_runs(held)] == [["表1!A1", "表1!B1", "表1!C1"]]
    assert through(held) == held


def test_a_long_document_keeps_its_numbers() -> None:
    """Places beyond those that are made once are made all the same."""
    held = [Block("甲", Location("body", None, number)) for number in range(16_380, 16_390)]
    assert through(held) == held


def test_a_picture_keeps_its_place() -> None:
    """Its bytes follow what is said of it."""
    picture = Picture("", Location("image", 3, bbox=(0.0, 1.0, 2.0, 3.0)), "", image=b"x", kind="inset")
    assert wire.picture(wire.picture_head(picture), b"x") == picture


def test_texts_of_a_batch() -> None:
    """They come behind the results, and take the place of their lengths; results without them do not come at all."""
    results = [["text/plain", "a", 6], None, ["empty", "空"], ["text/html", "b", []], ["text/plain", "c", 1]]
    stream = io.BytesIO()
    wire.send_batch(stream, results, ["甲乙".encode(), b"x"])
    stream.seek(0)
    head = wire.receive(stream)
    assert head is not None
    assert wire.batch_results({**head, "data": None}) is None
    assert wire.batch_results({**head, "data": wire.receive_bytes(stream)}) == [
        *[["text/plain", "a", "甲乙"], None, ["empty", "空"], ["text/html", "b", []], ["text/plain", "c", "x"]]
    ]

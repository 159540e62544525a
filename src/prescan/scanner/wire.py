"""The protocol between scanner and workers: length-prefixed JSON, never pickle.

A message is a four-byte length (big endian) and that many bytes of JSON; raw bytes are sent as a message of their own.
Most of the data are blocks. They are sent in runs: the common attributes once, then the texts. To repeat the attributes
for each block took longer than to read the file.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.formats.quick import new_block, paragraphs
from prescan.types import (
    PLACE,
    Block,
    Context,
    Document,
    Finding,
    Limits,
    Location,
    Part,
    Picture,
    Reason,
    ScanResult,
    Settings,
    Suggestion,
    Suppression,
    Unread,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Length of the result of a file of a batch that failed: code and detail.
FAILED: Final = 2
_LENGTH_BYTES = 4


def send(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Write one message. Dataclasses become objects, dates ISO strings, the blocks under "blocks" runs."""
    stream.write(frame(message))
    stream.flush()


def frame(message: dict[str, Any]) -> bytes:
    """Return the bytes of a message after their length."""
    if "blocks" in message:
        message = {**message, "blocks": block_runs(message["blocks"])}
    data = _ENCODER.encode(message).encode("utf-8", "surrogatepass")
    return length_prefix(data) + data


def length_prefix(data: bytes) -> bytes:
    """Return the length of `data` as it is sent before them."""
    return len(data).to_bytes(_LENGTH_BYTES, "big")


def send_bytes(stream: IO[bytes], data: bytes) -> None:
    """Write raw bytes as one message."""
    stream.write(length_prefix(data))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the next message, or None at the end of the stream."""
    data = receive_bytes(stream)
    return None if data is None else decode(data)


def decode(data: bytes | bytearray) -> dict[str, Any]:
    """Return the message in `data`, its bytes without the length. Raises ValueError."""
    text = data.decode("utf-8", "surrogatepass")
    message, end = _DECODER.raw_decode(text)
    if end != len(text) or not isinstance(message, dict):
        raise ValueError("not one message")
    return message


def receive_bytes(stream: IO[bytes]) -> bytes | None:
    """Return the bytes of the next message, or None if the stream ends before its end."""
    head = stream.read(_LENGTH_BYTES)
    size = int.from_bytes(head, "big")
    data = stream.read(size) if len(head) == _LENGTH_BYTES else b""
    return data if len(head) == _LENGTH_BYTES and len(data) == size else None


def _plain(value: object) -> Any:  # noqa: ANN401  a JSON value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_DECODER: Final = json.JSONDecoder()
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=_plain)


def block_runs(blocks: Iterable[Block]) -> list[list[Any]]:
    """Return blocks as runs: [common attributes, paragraph of the first block, texts, cells or None].

    Paragraph numbers of a run increase by one; a blank text has the number of the text before it.
    """
    all_runs: list[list[Any]] = []
    texts: list[str] = []
    cells: list[str] | None = None
    common: tuple[Any, ...] = ()
    number: int | None = None
    for item in blocks:
        at, text = item.location, item.text
        cell = at.cell
        shared = (item.sep, item.hidden, item.note, at.part, at.page, at.bbox, at.member, item.certainty, cell is None)
        if number is not None and text and not text.isspace():
            number += 1
        if shared != common or number != at.paragraph:
            texts, cells = [], None if cell is None else []
            common, number = shared, at.paragraph
            all_runs.append([common, number, texts, cells])
        texts.append(text)
        if cells is not None and cell is not None:
            cells.append(cell)
    return all_runs


def blocks(all_runs: Iterable[list[Any]]) -> list[Block]:
    """Return the blocks of runs, the inverse of `block_runs`."""
    decoded: list[Block] = []
    for (sep, hidden, note, part, page, box, member, certainty, _), number, texts, cells in all_runs:
        bbox = tuple(box) if box else None
        if number and part == "body" and page is bbox is member is cells is None:
            locations: Iterable[Location] = paragraphs(_paragraph_numbers(number, texts))
        else:
            numbers = [None] * len(texts) if number is None else _paragraph_numbers(number, texts)
            cell_names = cells or [None] * len(texts)
            locations = [
                PLACE(part, page, at, cell, bbox, member) for at, cell in zip(numbers, cell_names, strict=True)
            ]
        shared = map(itertools.repeat, (sep, hidden, note, certainty))
        decoded += map(new_block, texts, locations, *shared)
    return decoded


def _paragraph_numbers(number: int, texts: Sequence[str]) -> Sequence[int]:
    """Return the paragraph of each text of a run whose first is `number`; blank texts do not count."""
    if "" not in texts and not any(map(str.isspace, texts)):
        return range(number, number + len(texts))
    filled = [bool(text) and not text.isspace() for text in texts[1:]]
    return [*itertools.accumulate(filled, initial=number)]


def send_batch(stream: IO[bytes], results: list[list[Any] | None], texts: list[bytes]) -> None:
    """Write the results of a batch of files (see serving.py), and after them the contents of plain texts.

    Such a result is [media type, digest, bytes of the text]: to send its blocks took longer than to read it.
    """
    if not texts:
        send(stream, {"results": results})
        return
    stream.write(frame({"results": results, "data_follows": True}))
    send_bytes(stream, b"".join(texts))


def batch_results(message: dict[str, Any]) -> list[Any] | None:
    """Return the results in a message of `send_batch`, with each plain text in the place of its length.

    None if the message has no results, or the sender ended before it had sent the texts.
    """
    results: list[Any] | None = message.get("results")
    data: bytes | None = message.get("data")
    if results is None or "data_follows" not in message:
        return results
    if data is None:
        return None
    at = 0
    for result in results:
        if result and type(length := result[-1]) is int:
            result[-1] = data[at : at + length].decode("utf-8", "replace")
            at += length
    return results


def picture_head(picture: Picture) -> dict[str, Any]:
    """Return the message of a picture; its bytes are sent after it."""
    return {"place": block_runs([picture]), "kind": picture.kind, "size": picture.size}


def picture(head: dict[str, Any], image: bytes) -> Picture:
    """Return the Picture in a message and the bytes after it."""
    (block,) = blocks(head["place"])
    size = tuple(head["size"]) if head["size"] else None
    return Picture(block.text, block.location, block.sep, image=image, kind=head["kind"], size=size)


def unread(data: dict[str, Any]) -> Unread:
    """Return the Unread in a message."""
    return Unread(**data)


def settings(data: dict[str, Any]) -> Settings:
    """Return the Settings in a message."""
    changed = {"limits": Limits(**data["limits"]), "today": _date(data["today"])}
    listed = {name: tuple(data[name]) for name in ("rules", "baseline")}
    return Settings(**{**data, **changed, **listed})


def context(data: dict[str, Any]) -> Context:
    """Return the Context in a message."""
    dates = {name: _date(data[name]) for name in ("produced_on", "published_on")}
    return Context(**{**data, **dates})


def day(text: str) -> datetime.date:
    """Return the day in a message."""
    return datetime.date.fromisoformat(text)


def result_fields(result: ScanResult) -> dict[str, Any]:
    """Return what a message says of a result besides its document: what `result` reads."""
    names = ("findings", "suggestion", "unread", "verdict", "versions", "today", "title", "doc_number")
    return {name: getattr(result, name) for name in names}


def result(data: dict[str, Any], document: Document) -> ScanResult:
    """Return the ScanResult in a message; the document's blocks came before it."""
    return ScanResult(
        document=document,
        findings=tuple(_finding(item) for item in data["findings"]),
        suggestion=_suggestion(data["suggestion"]) if data["suggestion"] else None,
        unread=tuple(unread(item) for item in data["unread"]),
        verdict=data["verdict"],
        versions=data["versions"],
        today=day(data["today"]),
        title=data["title"],
        doc_number=data["doc_number"],
    )


def _finding(data: dict[str, Any]) -> Finding:
    changed = {
        "evidence": tuple(data["evidence"]),
        "basis": tuple(data["basis"]),
        "location": _location(data["location"]),
        "suppressed": suppression(data["suppressed"]) if data["suppressed"] else None,
    }
    return Finding(**{**data, **changed})


def suppression(data: dict[str, Any]) -> Suppression:
    """Return the Suppression in a message."""
    return Suppression(**{**data, "until": _date(data["until"])})


def _suggestion(data: dict[str, Any]) -> Suggestion:
    changed = {
        "parts": tuple(Part(**{**part, "finding_ids": tuple(part["finding_ids"])}) for part in data["parts"]),
        "reasons": tuple(Reason(**reason) for reason in data["reasons"]),
        "basis": tuple(data["basis"]),
    }
    return Suggestion(**{**data, **changed})


def _location(data: dict[str, Any]) -> Location:
    return Location(**{**data, "bbox": tuple(data["bbox"]) if data["bbox"] else None})


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None

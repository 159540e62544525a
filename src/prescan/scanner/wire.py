"""What goes over the pipe to a worker and back: length-prefixed JSON, never pickle.

A message is a four-byte length (big endian) and that many bytes of JSON; raw bytes follow as a message of their own.
Blocks are most of what is said. They travel in runs: what all blocks of a run have in common is said once, then come
their texts, for saying it of each took longer than reading the file.
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

_LENGTH_BYTES = 4


def send(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Write one message. Dataclasses become objects, those under "blocks" runs, dates ISO strings."""
    stream.write(packed(message))
    stream.flush()


def packed(message: dict[str, Any]) -> bytes:
    """Return the bytes of a message with their length."""
    if "blocks" in message:
        message = {**message, "blocks": runs(message["blocks"])}
    said = _ENCODER.encode(message).encode("utf-8", "surrogatepass")
    return length_of(said) + said


def length_of(data: bytes) -> bytes:
    """Return what stands before `data` in the pipe."""
    return len(data).to_bytes(_LENGTH_BYTES, "big")


def send_bytes(stream: IO[bytes], data: bytes) -> None:
    """Write raw bytes as one message."""
    stream.write(length_of(data))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the next message, or None at the end of the stream."""
    data = receive_bytes(stream)
    return None if data is None else unpacked(data)


def unpacked(said: bytes | bytearray) -> dict[str, Any]:
    """Return the message whose bytes, without their length, these are. Raises ValueError."""
    text = said.decode("utf-8", "surrogatepass")
    message, end = _DECODER.raw_decode(text)
    if end != len(text) or not isinstance(message, dict):
        raise ValueError("not one message")
    return message


def receive_bytes(stream: IO[bytes]) -> bytes | None:
    """Return the bytes of the next message, or None where the stream ends, even in the middle of one."""
    head = stream.read(_LENGTH_BYTES)
    size = int.from_bytes(head, "big")
    data = stream.read(size) if len(head) == _LENGTH_BYTES else b""
    return data if len(head) == _LENGTH_BYTES and len(data) == size else None


def _plain(value: object) -> Any:  # noqa: ANN401  whatever JSON holds
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_DECODER: Final = json.JSONDecoder()
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=_plain)


def runs(blocks: Iterable[Block]) -> list[list[Any]]:
    """Return blocks as runs: what they have in common, the first one's paragraph, their texts, their cells if any.

    The paragraphs of a run count up; a text that shows nothing has the number of the one before it.
    """
    held: list[list[Any]] = []
    texts: list[str] = []
    cells: list[str] | None = None
    common: tuple[Any, ...] = ()
    number: int | None = None
    for item in blocks:
        at, text = item.location, item.text
        cell = at.cell
        said = (item.sep, item.hidden, item.note, at.part, at.page, at.bbox, at.member, item.certainty, cell is None)
        if number is not None and text and not text.isspace():
            number += 1
        if said != common or number != at.paragraph:
            texts, cells = [], None if cell is None else []
            common, number = said, at.paragraph
            held.append([common, number, texts, cells])
        texts.append(text)
        if cells is not None and cell is not None:
            cells.append(cell)
    return held


def blocks(held: Iterable[list[Any]]) -> list[Block]:
    """Return the blocks in a message."""
    told: list[Block] = []
    for (sep, hidden, note, part, page, box, member, certainty, _), number, texts, cells in held:
        bbox = tuple(box) if box else None
        if number and part == "body" and page is bbox is member is cells is None:
            places: Iterable[Location] = paragraphs(_counted(number, texts))
        else:
            numbers = [None] * len(texts) if number is None else _counted(number, texts)
            named = cells or [None] * len(texts)
            places = [PLACE(part, page, at, cell, bbox, member) for at, cell in zip(numbers, named, strict=True)]
        same = map(itertools.repeat, (sep, hidden, note, certainty))
        told += map(new_block, texts, places, *same)
    return told


def _counted(number: int, texts: Sequence[str]) -> Sequence[int]:
    """Return the paragraphs of the texts of a run, of which the first is `number`: those that show nothing add none."""
    if "" not in texts and not any(map(str.isspace, texts)):
        return range(number, number + len(texts))
    shows = [bool(text) and not text.isspace() for text in texts[1:]]
    return [*itertools.accumulate(shows, initial=number)]


def head_of(picture: Picture) -> dict[str, Any]:
    """Return what is said of a picture; its bytes follow it."""
    return {"place": runs([picture]), "kind": picture.kind, "size": picture.size}


def picture(head: dict[str, Any], image: bytes) -> Picture:
    """Return the Picture in a message and the bytes behind it."""
    (held,) = blocks(head["place"])
    size = tuple(head["size"]) if head["size"] else None
    return Picture(held.text, held.location, held.sep, image=image, kind=head["kind"], size=size)


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

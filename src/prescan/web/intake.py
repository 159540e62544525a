"""Receives a document: a multipart upload, streamed into the store's folder, or JSON with a text.

Nothing is written to a shared temporary folder; a request has one file and a few short fields.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import unicodedata
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final, Literal

from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from prescan.report.shown import harmless
from prescan.types import Context
from prescan.web.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request

    from prescan.web.holding import Holding

Keep = Literal["once", "hour", "review"]
_FIELDS: Final = ("context", "keep")
_FIELD_BYTES: Final = 64 * 1024
_NAME_CHARS: Final = 255


class ContextIn(BaseModel):
    """What is known of a document beyond its bytes."""

    model_config = ConfigDict(extra="forbid")
    stage: Literal["draft", "published"] = "draft"
    title: str | None = Field(default=None, max_length=500)
    url: str | None = Field(default=None, max_length=2000)
    channel: str | None = Field(default=None, max_length=200)
    unit: str | None = Field(default=None, max_length=200)
    produced_on: datetime.date | None = Field(default=None, strict=True)
    published_on: datetime.date | None = Field(default=None, strict=True)
    declared: Literal["proactive", "on_request", "withheld"] | None = None

    def context(self) -> Context:
        """Return it as the scanner's Context."""
        return Context(**self.model_dump())


class TextIn(BaseModel):
    """A text to scan."""

    model_config = ConfigDict(extra="forbid")
    text: str
    context: ContextIn = Field(default_factory=ContextIn)
    keep: Keep = "once"


@dataclass(frozen=True, slots=True)
class Received:
    """A complete upload on the disk."""

    path: Path = field(repr=False)
    name: str = field(repr=False)
    size: int
    sha256: str
    context: Context
    keep: Keep
    is_text: bool


async def receive(request: Request, holding: Holding) -> Received:
    """Receive the document of a request. Raises Problem; then nothing stays on the disk."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"multipart/form-data":
        return await _multipart(request, options.get(b"boundary", b""), holding)
    if kind == b"application/json":
        return await _text(request, holding)
    raise Problem("unsupported_media")


def base_name(name: str) -> str:
    """Return the last part of a path as a browser of any system sends it, without control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return harmless(unicodedata.normalize("NFC", last)).strip()[-_NAME_CHARS:]


async def _text(request: Request, holding: Holding) -> Received:
    body = await request.body()
    try:
        text_in = await run_in_threadpool(TextIn.model_validate_json, body)
    except ValidationError as error:
        raise Problem("invalid", validation_message(error)) from None
    context = text_in.context.context()
    data = text_in.text.encode("utf-8", "surrogatepass")
    path, stream = holding.incoming()
    await run_in_threadpool(_write_whole, stream, data)
    return Received(path, "", len(data), hashlib.sha256(data).hexdigest(), context, text_in.keep, is_text=True)


def validation_message(error: ValidationError) -> str:
    """Return a message that names the invalid fields, but not their content."""
    places = dict.fromkeys(
        ".".join(str(part) for part in item["loc"])[:60] for item in error.errors(include_input=False)
    )
    return f"内容不符合要求（{'、'.join(list(places)[:5]) or '正文'}），请对照接口文档修改"


async def _multipart(request: Request, boundary: bytes, holding: Holding) -> Received:
    path, stream = holding.incoming()
    try:
        form = _Form(boundary, stream)
        async for chunk in request.stream():
            await run_in_threadpool(form.feed, chunk)
        await run_in_threadpool(form.finish)
        fields_in = _fields(form.fields)
        return Received(
            path,
            base_name(form.name),
            form.size,
            form.digest.hexdigest(),
            fields_in.context.context(),
            fields_in.keep,
            is_text=False,
        )
    except BaseException:
        stream.close()
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _fields(fields: dict[str, bytes]) -> TextIn:
    """Return the other fields of the form, validated like those of a text. Raises Problem."""
    values: dict[str, Any] = {"text": ""}
    try:
        if fields.get("context"):
            values["context"] = json.loads(fields["context"])
        if "keep" in fields:
            values["keep"] = fields["keep"].decode()
        return TextIn.model_validate_json(json.dumps(values))
    except ValidationError as error:
        raise Problem("invalid", validation_message(error)) from None
    except (ValueError, RecursionError):
        raise Problem("invalid", "context 应是 JSON 对象，keep 应是 once、hour 或 review") from None


class _Form:
    """Parses a multipart body as it arrives; writes the file to a stream and keeps the fields."""

    def __init__(self, boundary: bytes, stream: IO[bytes]) -> None:
        self.fields: dict[str, bytes] = {}
        self.name = ""
        self.size = 0
        self.digest = hashlib.sha256()
        self._stream = stream
        self._has_file = False
        self._ended = False
        self._header: tuple[bytes, bytes] = (b"", b"")
        self._field = ""
        self._to_file = False
        callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_end": self._end,
        }
        with _as_problem():
            self._parser = MultipartParser(boundary or b"-", callbacks)  # type: ignore[arg-type]

    def feed(self, chunk: bytes) -> None:
        """Parse the next piece of the body."""
        with _as_problem():
            self._parser.write(chunk)

    def finish(self) -> None:
        """Check that the body is complete and flush the file to the disk. Raises Problem."""
        with _as_problem():
            self._parser.finalize()
        if not self._ended:
            raise Problem("bad_request", "上传不完整，请重新上传")
        if not self._has_file:
            raise Problem("invalid", "缺少 file：请用名为 file 的一项上传文件")
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def _begin(self) -> None:
        self._field, self._to_file, self._header = "", False, (b"", b"")

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], self._header[1])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        self._header = (b"", b"")
        if name.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if self._field == "file":
            self.name = _decoded(options.get(b"filename", b""))

    def _headers_finished(self) -> None:
        if self._field == "file" and not self._has_file:
            self._has_file = self._to_file = True
        elif self._field in _FIELDS and self._field not in self.fields:
            self.fields[self._field] = b""
        else:
            raise Problem("invalid", "只接受一项 file，以及 context、keep 两项")

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if self._to_file:
            self._stream.write(piece)
            self.digest.update(piece)
            self.size += len(piece)
            return
        self.fields[self._field] += piece
        if len(self.fields[self._field]) > _FIELD_BYTES:
            raise Problem("too_large", "context 太长")

    def _end(self) -> None:
        self._ended = True


@contextlib.contextmanager
def _as_problem() -> Iterator[None]:
    try:
        yield
    except FormParserError:
        raise Problem("bad_request", "multipart 的写法不对，请检查 boundary 和各项的头") from None


def _decoded(name: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return name.decode(codec)
    return name.decode("utf-8", "replace")


def _write_whole(stream: IO[bytes], data: bytes) -> None:
    with stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())

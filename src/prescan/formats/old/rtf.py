r"""Rich Text Format (1.9.1): text, tables, headers, notes, comments; hidden and deleted runs; embedded objects.

A group `{…}` has a state of its own; `\*` begins one that readers may skip if they do not know it. Bytes `\'hh` are in
the code page of the font, which in Chinese files changes within a line.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.colour import BLACK_ON_BLACK
from prescan.formats.media import pictures_of
from prescan.formats.old.rtf_formats import RtfStyles, from_hex, native_file
from prescan.formats.old.rtf_state import State
from prescan.formats.old.rtf_words import CHARSETS, INFO, MUTE, PAGES, PARAGRAPH, PARTS, SIGNS, SILENT
from prescan.formats.old.runs import join_runs
from prescan.formats.ole import read_embedded
from prescan.formats.properties import property_blocks
from prescan.formats.residue import has_number_or_sentence
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_TOKEN: Final = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\(?P<symbol>[^a-zA-Z])|(?P<open>\{)|(?P<close>\})|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
_NOTES: Final = {"hidden": "隐藏文字", "deleted": "删除的修订", "inserted": "插入的修订"}
_KINDS: Final = {BLACK_ON_BLACK.note: "fake_redaction"}
_DEEPEST: Final = 1_000
_TOKENS_AT_MOST: Final = 20_000_000


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the document. Raises ReadError: too_large, empty, no_text_layer."""
    reader = _Reader()
    reader.take(data)
    blocks = [block for part in _ORDER for block in reader.told[part]]
    silent = not any(block.text.strip() for block in blocks)
    drawn = list(pictures_of(map(from_hex, reader.pictures), limits, without_text=silent))
    if silent and not drawn:
        raise ReadError("no_text_layer" if b"\\pict" in data else "empty")
    yield from blocks
    yield from drawn
    yield from reader.properties
    yield from reader.residue()
    for number, packed in enumerate(reader.objects, 1):
        yield Block("", Location("attachment"), hidden="embedded_file", note="内嵌对象")
        content = native_file(packed)
        if content:
            yield from read_embedded(f"第{number}个内嵌对象", content, limits)
    if reader.open:
        yield Unread.of("", "corrupted", "文件不完整，末尾可能缺少内容，请用原软件打开并另存后重扫")


_ORDER: Final = ("body", "header", "footer", "note", "textbox", "comment", "inserted", "deleted", "hidden")


class _Reader:
    """Reads a file token by token; `told` holds the blocks by part."""

    def __init__(self) -> None:
        self.told: dict[str, list[Block]] = {part: [] for part in _ORDER}
        self.properties: list[Block] = []
        self.objects: list[bytearray] = []
        """The hexadecimal data of each embedded object."""
        self.pictures: list[bytearray] = []
        """The hexadecimal data of each picture."""
        self._styles = RtfStyles()
        self._silent: list[str] = []
        self._left: dict[str, None] = {}
        self._states = [State()]
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._in_fonts = False
        self._bytes = bytearray()
        self._held: dict[str, list[tuple[str, str]]] = {}
        self._skip = 0
        self._table = self._row = self._column = self._paragraph = 0
        self._info = ""

    @property
    def open(self) -> bool:
        """Whether the file ends inside a group."""
        return len(self._states) > 1

    def take(self, data: bytes) -> None:  # noqa: C901  one line for each kind of token
        """Read a whole file."""
        for count, token in enumerate(_TOKEN.finditer(data)):
            if count > _TOKENS_AT_MOST:
                raise ReadError("too_large", "文件过大，请拆分后重扫")
            kind = token.lastgroup
            if kind == "number":
                kind = "word"
            if kind not in {"hex", "text"}:
                self._flush()
            if kind == "open":
                self._push()
            elif kind == "close":
                self._pop()
            elif kind == "hex":
                self._raw(bytes([int(token["hex"], 16)]))
            elif kind == "text":
                self._raw(token["text"])
            elif kind == "symbol":
                self._symbol(token["symbol"])
            elif kind == "word":
                self._word(token["word"].decode(), int(token["number"]) if token["number"] else None)
                if token["word"] == b"bin" and token["number"]:
                    return self.take(data[token.end() + max(0, int(token["number"])) :])
        self._flush()
        self._end(PARAGRAPH_BREAK)
        return None

    @property
    def _state(self) -> State:
        return self._states[-1]

    def _change(self, **values: object) -> None:
        self._states[-1] = replace(self._state, **values)  # type: ignore[arg-type]  # the fields of a state

    def _push(self) -> None:
        if len(self._states) > _DEEPEST:
            raise ReadError("archive_limit", "文件嵌套过深，请用原软件打开并另存后重扫")
        self._states.append(self._state)

    def _pop(self) -> None:
        if len(self._states) == 1:
            return
        left = self._states.pop()
        if left.silent and not self._state.silent:
            self._keep_silent()
            self._styles.table = ""
        elif left.silent:
            self._silent.append("\n")
        if left.part != self._state.part:
            self._end(PARAGRAPH_BREAK, left.part)
        if left.info and not self._state.info:
            self.properties += property_blocks(left.info, self._info)
            self._info = ""

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._change(silent=True)
        elif symbol in b"\\{}":
            self._say(symbol.decode("ascii"))
        elif symbol == b"~":
            self._say("\u00a0")
        elif symbol == b"_":
            self._say("-")
        elif symbol in b"\r\n":
            self._end(PARAGRAPH_BREAK)

    def _word(self, word: str, number: int | None) -> None:  # noqa: C901, PLR0912  one line for each
        if self._styles.take(word, number):
            self._change(looks=self._styles.looks(self._state.looks, word, number or 0))
        if word in PARTS:
            self._change(part=PARTS[word], silent=False)
        elif word in SILENT:
            self._in_fonts = word == "fonttbl" or (self._in_fonts and word not in {"colortbl", "stylesheet"})
            self._change(silent=True, mute=self._state.mute or word in MUTE, drawn=word == "pict")
            self._styles.table = word if word in {"colortbl", "stylesheet"} else ""
            self.pictures += [bytearray()] if word == "pict" else []
        elif word == "objdata":
            self.objects.append(bytearray())
            self._change(silent=True, packed=True)
        elif word == "result":
            self._change(silent=False)
        elif word in INFO and len(self._states) > 2:
            self._change(info=INFO[word], silent=False)
        elif word in {"v", "deleted", "revised"}:
            kind = {"v": "hidden", "deleted": "deleted", "revised": "inserted"}[word]
            self._change(unseen="" if number == 0 else kind)
        elif word == "plain":
            self._change(unseen="")
        elif word == "u" and number is not None:
            self._say(chr(number % 0x10000))
            self._skip = self._state.skip
        elif word == "uc" and number is not None:
            self._change(skip=max(0, number))
        elif word in SIGNS:
            self._say(SIGNS[word])
        elif word in PARAGRAPH:
            self._end(PARAGRAPH_BREAK)
        elif word in {"cell", "nestcell", "row", "nestrow"}:
            self._cell(row=word.endswith("row"))
        else:
            self._coded(word, number or 0)

    def _coded(self, word: str, number: int) -> None:
        """Process the words that set the code page."""
        if word == "ansicpg":
            self._change(codec=PAGES.get(number, "cp1252" if number in {1250, 1252, 437, 850} else "gb18030"))
        elif word == "f" and self._in_fonts:
            self._font = number
        elif word == "fcharset":
            self._fonts[self._font] = CHARSETS.get(number, "")
        elif word in {"f", "af"} and self._fonts.get(number):
            self._change(codec=self._fonts[number])

    def _raw(self, data: bytes) -> None:
        if self._skip:
            data, self._skip = data[self._skip :], max(0, self._skip - len(data))
        self._bytes += data

    def _flush(self) -> None:
        if self._state.packed or self._state.drawn:
            (self.objects if self._state.packed else self.pictures)[-1].extend(self._bytes)
            self._bytes.clear()
        elif self._bytes:
            self._say(self._bytes.decode(self._state.codec, "replace"))
            self._bytes.clear()

    def _say(self, text: str) -> None:
        if self._state.info:
            self._info += text
        elif self._state.silent:
            self._silent += [] if self._state.mute else [text]
            self._styles.colours += text.count(";") if self._styles.table == "colortbl" else 0
        else:
            unseen = self._state.unseen or self._styles.veil(self._state.looks)
            unseen = "" if self._state.part == "comment" else unseen
            self._held.setdefault(self._state.part, []).append((text, unseen))

    def _keep_silent(self) -> None:
        """Keep the text of a group that no page shows, if it holds a number or a sentence."""
        text = "".join(self._silent).strip()
        self._silent.clear()
        if has_number_or_sentence(text):
            self._left[text] = None

    def residue(self) -> Iterator[Block]:
        """Yield texts of such groups that were not reported elsewhere."""
        said = "\n".join(block.text for blocks in self.told.values() for block in blocks)
        for text in self._left:
            if text not in said:
                yield Block(text, Location("hidden"), hidden="hidden_text", note="随文件保存的数据")

    def _end(self, sep: str, part: str = "") -> None:
        """End the paragraph of a part."""
        part = part or self._state.part
        held = _joined(self._held.pop(part, []))
        seen = any(text.strip() and not unseen for text, unseen in held)
        self._paragraph += part == "body" and seen
        place = Location(part, paragraph=self._paragraph if part == "body" and seen else None)
        self._tell(held, part, place, sep)

    def _cell(self, *, row: bool) -> None:
        part = self._state.part
        told = self.told[part]
        if row:
            if told:
                told[-1] = replace(told[-1], sep=PARAGRAPH_BREAK)
            self._row, self._column = self._row + 1, 0
            return
        last = next((block.location.part for block in reversed(told)), "")
        if self._column == 0 and (last != "table" or self._table == 0):
            self._table, self._row = self._table + 1, 0
        cell = f"表{self._table}!{column_letters(self._column)}{self._row + 1}"
        self._column += 1
        place = Location("table", cell=cell) if part == "body" else Location(part)
        held = _joined(self._held.pop(part, [])) or [("", "")]
        self._tell(held, part, place, CELL_BREAK)

    def _tell(self, held: list[tuple[str, str]], part: str, place: Location, sep: str) -> None:
        for text, unseen in held:
            if unseen and text.strip():
                tracked = unseen in {"deleted", "inserted"}
                kind = "tracked_change" if tracked else _KINDS.get(unseen, "hidden_text")
                spot = Location(unseen if tracked else "hidden", cell=place.cell)
                self.told[spot.part].append(Block(text, spot, hidden=kind, note=_NOTES.get(unseen, unseen)))
            elif not unseen and (text.strip() or place.cell) and not self._repeats(part, text):
                hidden, note = ("comment", "批注") if part == "comment" else (None, "")
                self.told[part].append(Block(text, place, sep, hidden, note))

    def _repeats(self, part: str, text: str) -> bool:
        """Return whether a header or footer was already reported: each kind of page repeats them."""
        return part in {"header", "footer"} and any(block.text == text for block in self.told[part])


def _joined(held: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the runs of a paragraph, with surrogate pairs, which rtf writes separately, combined."""
    halves = join_runs(held)
    return [(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), kind) for text, kind in halves]

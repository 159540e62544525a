"""Texts in the streams of an old office file that its reader did not report.

Programs keep names of styles, bookmarks and authors there, values of fields, and text that was deleted before a fast
save. No list of the places is complete, so every stream is searched, like the parts of newer files (residue.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats import binary
from prescan.formats.concealment import STORED_DATA, concealed_block
from prescan.formats.ole import CompoundFile
from prescan.formats.residue import has_number_or_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from prescan.types import Block, Unread

#: Streams of pictures and programs; macros, whose source is read elsewhere.
_SILENT: Final = re.compile(
    r"Pictures|Data|\x01CompObj|\x01Ole.*|\x03.*|_VBA_PROJECT|__SRP_.*|dir|PROJECT.*|VBFrame|CONTENTS|Package"
    r"|__substg1\.0_(?:007D|3701|1013|1009|0[CDEF]).*|__properties.*"
)
_SENTENCE: Final = re.compile(r"[\u3400-\u9fff]{10,}")
#: Mobile numbers, and numbers as long as those of people and accounts.
_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z.~])(?:1[3-9][0-9]{9}|[0-9]{15,19}[Xx]?)(?![0-9A-Za-z.])")
#: Checked first, as it is many times faster: few streams hold a sentence or long number.
_WIDE_SIGN: Final = re.compile(r"[\u3400-\u9fff]{10}|[0-9]{11}")
_PLAIN_SIGN: Final = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe]){10}|(?:[\xe3-\xe9][\x80-\xbf]{2}){10}|[0-9]{11}")
_FIGURES_AT_LEAST: Final = 4
_CHARACTERS_AT_LEAST: Final = 6
#: Very common characters: every second one of a real text is; bytes of a picture give few of them.
_COMMON: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党"
    "程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单"
    "风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界"
    "拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构"
    "府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
    "村镇乡陈李刘杨黄赵吴孙朱胡郭姓性密审批评残疾贫困户补贴"
)
_LINE: Final = re.compile(r"[\r\n\t]+")
_SPACE: Final = re.compile(r"[\s\x00-\x1f]+")
_MOST_BYTES: Final = 4 << 20


def with_residue(
    holder: CompoundFile | None, items: Iterable[Block | Unread], numbers_only: Collection[str] = ()
) -> Iterator[Block | Unread]:
    """Yield `items`, the blocks from a reader, then the texts in the streams that are not among them.

    `numbers_only`: streams in which sentences come from templates. `holder`: None if the file is damaged: `items` only.
    """
    reported: list[str] = []
    for item in items:
        reported.append(getattr(item, "text", ""))
        yield item
    found = dict.fromkeys(_texts(holder, numbers_only) if holder else ())
    if not found:
        return
    whole = _SPACE.sub("", "".join(reported))
    for text in found:
        if _SPACE.sub("", text) not in whole:
            yield concealed_block(text, STORED_DATA)


def open_compound(data: bytes) -> CompoundFile | None:
    """Return a compound file; None if it is damaged or not one."""
    try:
        return CompoundFile(data)
    except ReadError:
        return None


def _texts(holder: CompoundFile, numbers_only: Collection[str]) -> Iterator[str]:
    left = _MOST_BYTES
    for name in sorted(holder.names):
        try:
            content = b"" if _SILENT.fullmatch(name) else holder.bytes_of(name)[:left]
        except ReadError:
            continue
        left -= len(content)
        if not (_PLAIN_SIGN.search(content) or any(_WIDE_SIGN.search(_wide(content, at)) for at in (0, 1))):
            continue
        for run in binary.strings(content, has_number_or_sentence):
            lines = (line.strip() for line in _LINE.split(run))
            yield from (line for line in lines if _is_written(line, sentences=name not in numbers_only))


def _wide(content: bytes, at: int) -> str:
    return content[at:].decode("utf-16-le", "replace")


def _is_written(line: str, *, sentences: bool) -> bool:
    """Return whether a person may have written a line: bytes of pictures and tables repeat few characters."""
    if any(len(set(found)) >= _FIGURES_AT_LEAST for found in _NUMBER.findall(line)):
        return True
    return sentences and any(
        len(set(found)) >= _CHARACTERS_AT_LEAST and 2 * len(_COMMON & set(found)) >= len(set(found))
        for found in _SENTENCE.findall(line)
    )

"""Words in characters that nobody sees, or in an order that is not the one shown."""

from __future__ import annotations

import io

import docx
import pytest
from invented import RESIDENT_ID as ID

import prescan
from prescan.text.invisible import split_invisible
from prescan.types import Block, Document, Location

TAGGED = "".join(chr(0xE0000 + ord(character)) for character in ID)
SELECTED = "".join(chr(0xE0100 + byte - 16) for byte in ID.encode())
TURNED = f"\u202e{ID[::-1]}\u202c"
JOINED = "\u200b\u200c" * 8
UNSEEN, ORDER, RUN = "用不可见的字符写成的文字", "用控制字符改变了显示顺序的文字", "连续的不可见字符"


def of(text: str, media_type: str = "application/pdf") -> Document:
    return Document.of("x", media_type, None, [Block(text, Location("table", cell="表1!A1"), "\t"), Block("尾")])


@pytest.mark.parametrize(
    ("run", "note", "said"),
    [(TAGGED, UNSEEN, [ID]), (SELECTED, UNSEEN, [ID]), (TURNED, ORDER, [ID]), (JOINED, RUN, [])],
)
def test_a_run_is_a_hidden_place_and_says_what_it_says(run: str, note: str, said: list[str]) -> None:
    whole = of(f"请各单位{run}参加")
    found = split_invisible(whole)
    hidden = [block for block in found.blocks if block.hidden]
    assert [(block.text, block.location.part, block.note) for block in hidden] == [
        (run, "hidden", note),
        *((text, "hidden", note) for text in said),
    ]
    assert hidden[0].location.cell == "表1!A1"
    assert found.text.startswith(whole.text)


@pytest.mark.parametrize("run", [TAGGED, SELECTED, TURNED, JOINED])
def test_a_plain_text_stays_as_it_was_given(run: str) -> None:
    whole = of(f"请{run}{run}参加\n", "text/plain")
    assert split_invisible(whole).text == whole.text
    assert any(block.hidden for block in split_invisible(whole).blocks)


@pytest.mark.parametrize(
    "text",
    [
        "英格兰🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 的旗",
        "一家人👨\u200d👩\u200d👧\u200d👦，爱❤\ufe0f",
        "葛\U000e0100城的葛\U000e0101",
        "零宽\u200b\u200b\u200b\u200b空格\ufeff",
        "右至左\u200f\u202b文字\u202c，\u2067隔离\u2069",
        "一个控制符\u202e留",
    ],
)
def test_ordinary_text_holds_such_characters_too(text: str) -> None:
    whole = of(text)
    assert split_invisible(whole) is whole or not any(block.hidden for block in split_invisible(whole).blocks)


def redacted(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    prescan.redact(data, out, prescan.scan(data, name=name))
    return out.getvalue()


@pytest.mark.parametrize("run", [TAGGED, TURNED, JOINED])
def test_a_copy_of_a_text_does_not_keep_it(run: str) -> None:
    assert (
        redacted(f"关于会议的通知\n请各单位{run}参加。\n".encode(), "a.txt").decode()
        == "关于会议的通知\n请各单位参加。\n"
    )


def test_a_copy_of_a_document_does_not_keep_it() -> None:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(f"请各单位{TAGGED}参加。")
    document.save(out)
    result = prescan.scan(out.getvalue(), name="a.docx")
    assert "resident_id" in {finding.type for finding in result.findings}
    copy = docx.Document(io.BytesIO(redacted(out.getvalue(), "a.docx")))
    assert [paragraph.text for paragraph in copy.paragraphs] == ["请各单位参加。"]

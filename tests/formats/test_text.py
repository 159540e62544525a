"""Plain text is kept to the last character, whatever its encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prescan.errors import ReadError
from prescan.formats.text import decode, lines, read
from prescan.types import Block, Document, Limits, Unread

SENTENCE = "关于印发《管理办法》的通知，编号 2024-3。\r\n\r\n姓名\t电话|备注\r张三丰\t13800138000|䶮"
LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\u2029", "a", "中", " ", "\t", "\x0c", "\x85"]
CODECS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


def read_all(data: bytes) -> list[Block | Unread]:
    """Read `data` to the end."""
    return list(read(data, Limits()))


@pytest.mark.parametrize("codec", CODECS)
def test_every_encoding(codec: str) -> None:
    """The document's text is the text, the mark is not part of it."""
    blocks = [item for item in read_all(SENTENCE.encode(codec)) if isinstance(item, Block)]
    assert Document.of("a.txt", "text/plain", None, blocks).text == SENTENCE


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_zero_bytes(codec: str) -> None:
    """UTF-16 of Chinese characters alone has no zero bytes to give it away."""
    assert decode(("关于印发管理办法的通知。" * 5).encode(codec)) == ("关于印发管理办法的通知。" * 5, False)


def test_lines() -> None:
    """One block a line; non-blank lines are counted; tabs and bars stay."""
    blocks = list(lines(SENTENCE))
    assert [(block.text[:2], block.sep, block.location.paragraph) for block in blocks] == [
        ("关于", "\r\n", 1),
        ("", "\r\n", 1),
        ("姓名", "\r", 2),
        ("张三", "", 3),
    ]
    assert blocks[2].text == "姓名\t电话|备注"
    assert {block.location.part for block in blocks} == {"body"}


@given(st.one_of(st.text(), st.lists(st.sampled_from(LINE_ENDS)).map("".join)))
def test_nothing_is_added_or_dropped(text: str) -> None:
    """Blocks and separators give the text back."""
    assert "".join(block.text + block.sep for block in lines(text)) == text


@given(st.text(min_size=1))
def test_valid_utf8_is_unchanged(text: str) -> None:
    """Strict UTF-8 goes before every guess, unless it is a mark or holds zero bytes."""
    if not text.startswith("\ufeff") and "\0" not in text:
        assert decode(text.encode()) == (text, False)


@given(st.binary())
def test_any_bytes_decode(data: bytes) -> None:
    """No input makes the decoder fail."""
    text, lossy = decode(data)
    assert lossy is False or "\ufffd" in text


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_damaged_text_is_read_and_reported(codec: str) -> None:
    """One bad byte does not turn the rest into other characters, and is reported."""
    data = (SENTENCE.encode(codec) * 3)[:-1] + b"\xff"
    *blocks, last = read_all(data)
    assert isinstance(last, Unread)
    assert last.code == "corrupted"
    assert "处字符无法识别" in last.detail
    assert "关于印发《管理办法》的通知" in blocks[0].text if isinstance(blocks[0], Block) else False


def test_declared_charset_of_one_byte_is_not_believed() -> None:
    """Latin-1 takes any byte, so a page that lies about it would be read as noise."""
    data = SENTENCE.encode("gb18030")
    assert decode(data, "iso-8859-1") == (SENTENCE, False)
    assert decode(data, "GB2312") == (SENTENCE, False)
    assert decode("\u53f0\u7063".encode("big5") * 9, "big5")[0] == "\u53f0\u7063" * 9


TRADITIONAL = (
    "依據政府資訊公開法，本府訂於下月召開說明會，邀請各里里長及社區代表參加。\n聯絡電話（02）1234，"
    "請於會前傳真回覆；機關首長、承辦人員應簽名並註明單位。"
)


@pytest.mark.parametrize("repeated", [1, 20])
def test_undeclared_big5(repeated: int) -> None:
    """Big5 without a declaration is told from GB18030, which takes most of its bytes as rare characters."""
    assert decode((TRADITIONAL * repeated).encode("cp950")) == (TRADITIONAL * repeated, False)


@pytest.mark.parametrize("text", [TRADITIONAL, SENTENCE, "䶮㛃" * 9, "abc 公開", "関係資料の公開", "囍龘靐齉"])
def test_gb18030_is_not_big5(text: str) -> None:
    """Traditional and rare characters written in GB18030 stay what they are."""
    assert decode(text.encode("gb18030"))[0] == text


def test_ascii_with_a_zero_byte_is_not_wide() -> None:
    """Pairs of ASCII letters are Chinese characters in UTF-16; a stray zero must not turn them into such."""
    assert decode(b"hello wo\0rld") == ("hello wo\0rld", False)


@pytest.mark.parametrize("text", [" \r\n\t\n", "\u200b\ufeff", "\u3000"])
def test_blank_text_is_empty(text: str) -> None:
    """White space and invisible characters are nothing to read."""
    with pytest.raises(ReadError) as caught:
        read_all(text.encode())
    assert caught.value.code == "empty"

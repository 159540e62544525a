"""Words have the places they came from, whichever segmenter is installed."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.text import chinese

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Cut = Callable[[str], list[str]]

VARIED = [
    "",
    " \t\n\u2029",
    "关于印发《沅口市高龄津贴发放管理办法》的通知",
    "云民复〔2025〕11号\n禾丰镇人民政府:\r\n你镇禾政〔2025〕26号文收悉。",
    "妥否,请批示。\u2029附件：1.两院基本情况表\t2.通知复印件",
    "😀政府信息公开𠀀办法😀条例",
    "ABC-12_3.5%+#&邮箱 zhang.san@example.gov.cn，网址www.example.cn/a?b=1",
    "身份证号１１０１０１１９０２０３１４００２８，電話：(010)65250000",
    "询 问 笔 录\u3000问：你看清楚了吗？答：看清楚了",
    "中华人民共和国国务院令第711号2019年4月3日",
]
LETTERS = "关于政府信息公开条例的通知批复请示会议纪要主动依申不予Aa1９.-%《》〔〕。， \t\r\n\u2029\u3000😀𠀀é"


@pytest.fixture(scope="module")
def jieba_cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """Return jieba with a cache of its own."""
    return chinese._jieba(tmp_path_factory.mktemp("jieba"))


@pytest.fixture
def without_rjieba(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Hide rjieba."""
    monkeypatch.setitem(sys.modules, "rjieba", None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    chinese._segmenter.cache_clear()
    yield
    chinese._segmenter.cache_clear()


@pytest.mark.parametrize("text", VARIED)
def test_words_lie_where_they_say(text: str) -> None:
    """Every word is the text at its place, in order, and only white space lies between."""
    found = chinese.words(text)
    assert all(text[start:end] == word for word, start, end in found)
    assert "".join(word for word, _, _ in found) == "".join(text.split())
    assert "".join(chinese.pieces(text)) == text


@pytest.mark.parametrize("text", VARIED)
def test_both_segmenters_agree(text: str, jieba_cut: Cut) -> None:
    """rjieba is fast, jieba is the reference."""
    assert chinese.pieces(text) == jieba_cut(text)


@given(st.text(alphabet=LETTERS, max_size=80))
@settings(max_examples=300, deadline=None)
def test_both_segmenters_agree_on_anything(jieba_cut: Cut, text: str) -> None:
    """Also on text nobody would write."""
    assert chinese.pieces(text) == jieba_cut(text)


def test_a_lone_surrogate_does_not_stop_it() -> None:
    """Text of a careless caller is read, with every place kept."""
    assert chinese.words("公开\ud800办法") == [("公开", 0, 2), ("\ufffd", 2, 3), ("办法", 3, 5)]


@pytest.mark.usefixtures("without_rjieba")
def test_jieba_serves_where_rjieba_is_missing(tmp_path: Path) -> None:
    """The fallback gives the same words; its cache lies in a folder of the user alone."""
    assert chinese.words("政府信息公开条例")[0] == ("政府", 0, 2)
    folder = tmp_path / "prescan" / "jieba"
    assert [path.name for path in folder.iterdir()] == ["jieba.cache"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.usefixtures("without_rjieba")
def test_a_shared_cache_folder_is_not_used(tmp_path: Path) -> None:
    """A cache that others may have written is neither read nor written."""
    folder = tmp_path / "prescan" / "jieba"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert chinese.words("政府信息公开条例")[0] == ("政府", 0, 2)
    assert not list(folder.iterdir())


def test_a_cache_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """No cache is no error."""
    (tmp_path / "file").write_text("")
    assert not chinese._is_private(tmp_path / "file" / "jieba")

"""Names in Latin letters where a label, a column or what follows says that they are names: 英文姓名 Daniel Okafor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage

#: Two to five words with capitals, or in capitals.
_WORD: Final = r"(?:\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}?\p{Ll}+)*|\p{Lu}{2,})"
NAME: Final = rf"{_WORD}(?:[ ,]{{1,2}}(?:{_WORD}|\p{{Lu}}\.?|van|von|de|da|bin|binti|al|el)){{1,4}}(?![A-Za-z\d])"
_NAME = regex.compile(rf"(?<![A-Za-z\d.@/-]){NAME}")
#: What is in front of such a name.
_LABELLED = regex.compile(
    r"(?r)(?:姓\s?名|英文(?:姓?名)|外文(?:姓?名)|护照(?:姓?名)|拼音|名字|本名|原名|申请人|当事人|被处罚人|持证人|患者|旅客|外籍人员|外国人|丈夫|妻子|配偶|父亲|母亲)"
    r"(?:[(（][^()（）]{1,8}[)）])?[:：为系叫]?[ \u3000|\t]{0,6}"
)
#: What follows it: sex, birth, a country, a document.
_SAID = regex.compile(
    r"[,，、(（|\t \u3000]{1,6}(?:[男女](?!\p{Han}{2})|(?:19|20)\d{2}年\d{1,2}月|护照|居留|永居|国籍"
    r"|\p{Han}{2,8}(?:籍|国公民|人)(?=[,，、)）|\t ]))"
)
_LETTERS = regex.compile(r"\p{Lu}\p{L}+[ ,]{1,2}\p{Lu}")
_BEFORE: Final = 24
_BEHIND: Final = 24


def latin_spans(page: NamePage) -> Iterator[Span]:
    """Yield names in Latin letters of two words or more, where something shows that they are a person's."""
    text = page.text
    if not _LETTERS.search(text):
        return
    for match in _NAME.finditer(text):
        start, end = match.span()
        labelled = _LABELLED.match(text, max(0, start - _BEFORE), start)
        if labelled or (start, end) in page.cells_of_names or _SAID.match(text, end, end + _BEHIND):
            yield Span(start, end, match[0], "dotted")

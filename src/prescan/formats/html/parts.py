"""Words in scripts, attributes, comments and meta elements."""

from __future__ import annotations

import html
import re
import urllib.parse
from typing import TYPE_CHECKING, Final

from prescan.formats.digit_runs import LONG_RUN, digits_in
from prescan.formats.html import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Attributes = dict[str, str | None]

_CJK_OR_NUMBER: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|\d{6}")
_CJK: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: Strings and comments of so few characters are only labels.
_SHORT: Final = 3
_LONG_NUMBER: Final = re.compile(r"\d{11}")

#: Attributes without words: layout, addresses, identifiers.
_WORDLESS: Final = frozenset(
    "style class id href src alt action name for d points viewbox srcset charset content integrity face background "
    "http-equiv rel type lang xmlns width height color bgcolor transform fill path longdesc usemap srcdoc".split()
)
_ADDRESSES: Final = frozenset({"href", "src", "action"})
_META_LABELS: Final = {
    "title": "标题",
    "description": "描述",
    "keywords": "关键词",
    "author": "作者",
    "copyright": "版权",
    "source": "来源",
    "url": "网址",
    "articletitle": "文章标题",
    "pubdate": "发布日期",
    "contentsource": "来源",
    "columnname": "栏目名称",
    "columntype": "栏目类型",
    "columnkeywords": "栏目关键词",
    "columndescription": "栏目描述",
    "sitename": "网站名称",
    "sitedomain": "网站域名",
    "siteidcode": "网站标识码",
}
_ASKED: Final = re.compile(r"=([^&#]++)")
#: A mobile or identity number; other values in addresses are search words and page keys.
_VALUE: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?![\dXx])")
_MAY_ASK: Final = re.compile(r"\d{11}|%")
#: The closing quote is optional, so that no character is scanned twice.
_LITERAL: Final = re.compile(r'"((?:[^"\\\n]|\\.)*+)"?|\'((?:[^\'\\\n]|\\.)*+)\'?|`((?:[^`\\]|\\.)*+)`?', re.DOTALL)
#: Attributes in which scripts store data, and base64 strings that scripts decode.
_KEPT: Final = "data-"
_UNPACKED: Final = re.compile(r"\batob\(\s*[\"']([A-Za-z0-9+/=]{24,20000})[\"']")
_UNPACKS: Final = "atob("
_ESCAPE: Final = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\n", "t": "\t"}
#: A string, a comment, or a line comment; not lookalikes in patterns and addresses.
_SPOKEN: Final = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?"
    r"|(?<![\\:])/\*([^*]*+(?:\*(?!/)[^*]*+)*+)|(?<![\\:])//([^\n]*+)",
    re.DOTALL,
)
_LINE_START: Final = re.compile(r"^[ \t]*\*+[ \t]?", re.MULTILINE)
#: Longer matches are code that looks like a comment.
_LONGEST_COMMENT: Final = 5_000
#: A number of a person, or a sentence: more than a note of a developer.
_LEFT_BEHIND: Final = re.compile(
    r"(?<![\w/.-])\d{11,19}[Xx]?(?![\w/.-])|[\u3400-\u9fff，。；：、（）“”《》][\u3400-\u9fff，。；：、（）“”《》\d]{19}"
)
_MARKUP: Final = re.compile(r"<[^<>]*+>|\[(?:if|end)[^\]<>]*+\]?>?")


def may_tell(name: str) -> bool:
    """Return whether an attribute with this name may contain words."""
    return name not in _WORDLESS or name in _ADDRESSES or name == "alt"


def attribute_texts(name: str, value: str) -> Iterable[str]:
    """Return the texts with words or long numbers in an attribute such as title, aria-label, data-* or a tel: link."""
    if name in _ADDRESSES:
        leads = ":" not in value or value.startswith(("http://", "https://"))
        only_leads = leads and ("=" not in value or not _MAY_ASK.search(value))
        return encoded.named_after(value) if only_leads else _address_texts(value)
    if name.startswith(_KEPT) and is_left_behind(packed := encoded.packed_text(value)):
        return (packed,)
    if name == "alt" or value.startswith("data:") or not _CJK_OR_NUMBER.search(value):
        return ()
    return (value,) if "/" not in value or _CJK.search(value) else encoded.named_after(value)


def _address_texts(address: str) -> Iterator[str]:
    """Yield the words in an address: a phone number, strings of a script, numbers in a query."""
    kind, colon, rest = address.partition(":")
    if colon and (kind := kind.strip().lower()) in {"tel", "sms", "mailto"}:
        yield rest
    elif kind == "javascript":
        yield from filter(is_telling, literals(urllib.parse.unquote(rest)))
    elif "=" in address:
        asked = urllib.parse.unquote(address.partition("?")[2])
        yield from (value for value in _ASKED.findall(asked) if _VALUE.search(value))


def meta_text(attributes: Attributes) -> str:
    """Return "label：value" for a meta element that describes the page, or an empty string."""
    name = (
        attributes.get("name")
        or attributes.get("property")
        or attributes.get("itemprop")
        or attributes.get("http-equiv")
        or ""
    )
    content = (attributes.get("content") or "").strip()
    label = _META_LABELS.get(name.lower())
    if not content or not (label or (name and _CJK_OR_NUMBER.search(content))):
        return ""
    return f"{label or name}：{content}"


def script_texts(code: str, attributes: Mapping[str, str | None]) -> list[str]:
    """Return the readable content of a script: JSON as a whole, else its strings with Chinese or long numbers."""
    kind = (attributes.get("type") or "").lower()
    if "json" in kind:
        return [unescaped] if (unescaped := _unescape(code).strip()) else []
    if "template" in kind or kind in {"text/html", "text/plain", "text/x-handlebars"}:
        return list(filter(is_telling, pieces(code)))
    unpacked = map(encoded.packed_text, _UNPACKED.findall(code) if _UNPACKS in code else ())
    packed = list(filter(is_left_behind, unpacked))
    if "\\" not in code and _is_bare(code):
        return packed
    texts = [text for text in literals(code) if "/" not in text or _CJK.search(text)]  # no addresses
    if numbers := encoded.identities(code):
        told = "\n".join((*texts, *remarks(code)))
        texts += [number for number in numbers if number not in told]
    texts += packed
    if any(map(_LONG_NUMBER.search, texts)):
        return [text for text in texts if _CJK_OR_NUMBER.search(text)]
    return [text for text in texts if len(text) > _SHORT and _CJK.search(text)]


def pieces(markup: str) -> list[str]:
    """Return the texts between the tags of a piece of markup."""
    return [text for piece in _MARKUP.split(markup) if (text := html.unescape(piece).strip())]


def literals(code: str) -> list[str]:
    """Return the strings in a script."""
    return [_unescape(double or single or template) for double, single, template in _LITERAL.findall(code)]


def remarks(code: str) -> list[str]:
    """Return the comments of a script or a style sheet that hold Chinese or a long number."""
    if ("/*" not in code and "//" not in code) or _is_bare(code):
        return []
    found = (block or line for block, line in _SPOKEN.findall(code))
    written = (_LINE_START.sub("", text).strip() for text in found if len(text) <= _LONGEST_COMMENT)
    return [text for text in written if len(text) > _SHORT and (_CJK.search(text) or _LONG_NUMBER.search(text))]


def _is_bare(code: str) -> bool:
    """Return whether code is ASCII without a long number, as most is; the pattern would take ten times as long.

    >>> _is_bare("var a = 1234567890;"), _is_bare("var a = '12345678901';"), _is_bare("var a = '甲';")
    (True, False, False)
    """
    return code.isascii() and LONG_RUN not in digits_in(code.encode("ascii"))


def is_left_behind(text: str) -> bool:
    """Return whether text found only in the source may be more than a note of a developer."""
    return _LEFT_BEHIND.search(text) is not None


def kept_texts(strings: Iterable[str]) -> list[str]:
    """Return the readable texts in the strings of a page's stored state."""
    texts = (text for string in strings for text in pieces(string))
    return [text for text in texts if _CJK.search(text) or is_left_behind(text)]


def is_telling(text: str) -> bool:
    """Return whether a text contains Chinese or a long number."""
    return _CJK_OR_NUMBER.search(text) is not None


def comment_text(comment: str) -> str:
    """Return the text of a comment; an empty string if it consists only of markup and conditions."""
    return comment.strip() if any(map(str.isalnum, _MARKUP.sub("", comment))) else ""


def _unescape(text: str) -> str:
    """Resolve the escapes of a JavaScript or JSON string."""
    if "\\" not in text:
        return text
    resolved = _ESCAPE.sub(_escaped, text)
    return resolved.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    return _ESCAPED.get(found[3], found[3])

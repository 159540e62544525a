"""What a web page says beside its tree of visible text: scripts, attributes, comments, metas."""

from __future__ import annotations

import html
import re
import urllib.parse
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.digit_runs import LONG_RUN, digits_in
from prescan.formats.html import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Attributes = dict[str, str | None]

_DEPTH: Final = 2_000
_ATTRIBUTES: Final = 2_000
#: A page this small can do no harm unless it nests or has one very long tag.
_SMALL: Final = 1 << 16
_ATTRIBUTE: Final = r"""[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?+"""
_REST: Final = rf"((?:[\s/=]++|{_ATTRIBUTE})*+)>?"
_RAW: Final = "script|style|textarea|title|iframe|noembed|noframes|xmp"
#: Name and attributes of an element of raw text, which is passed over as comments are; "/" of an end tag, name and
#: attributes of any other tag. Comments and raw text without an end go to the last character.
_TAGS: Final = re.compile(
    r"<!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+)"
    rf"|(?i:<({_RAW})(?=[\s/>])){_REST}[^<]*+(?:<(?!(?i:/\1))[^<]*+)*+"
    rf"|<(/?)([a-zA-Z][^\s/>]*+){_REST}"
)
#: Tags of few attributes, written as programs write them, one after the other with the text between them.
_ORDINARY: Final = re.compile(
    rf"(?:<(?!(?i:{_RAW})[\s/>])/?[a-zA-Z][\w:-]*+(?:\s++[\w:-]++=\"[^\"]*+\"){{0,50}}+\s*+/?>[^<]*+)++"
)
#: What stands between attributes.
_APART: Final = " \t\n\r\f\v/="
_ONE_ATTRIBUTE: Final = re.compile(_ATTRIBUTE)
#: Void elements, and those the parser closes by itself when the next one opens: they never nest by themselves.
_FLAT: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "
    "colgroup caption option optgroup rt rp html head body".split()
)

_BODY: Final = re.compile(r"<(?:body|frameset|/head)[\s>]", re.IGNORECASE)
_NOSCRIPT: Final = re.compile(r"<(/?)noscript(?=[\s>])", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CJK_OR_NUMBER: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|\d{6}")
_CJK: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: Strings and comments of so few characters are names of things.
_SHORT: Final = 3
_LONG_NUMBER: Final = re.compile(r"\d{11}")

#: Attributes that hold no words: looks, places, identifiers of the page's own.
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
#: A mobile or an identity number; other words and keys in addresses are those of searches and pages.
_VALUE: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?![\dXx])")
_MAY_ASK: Final = re.compile(r"\d{11}|%")
#: The closing quote may be missing, so that each character is looked at once.
_LITERAL: Final = re.compile(r'"((?:[^"\\\n]|\\.)*+)"?|\'((?:[^\'\\\n]|\\.)*+)\'?|`((?:[^`\\]|\\.)*+)`?', re.DOTALL)
#: Attributes in which scripts keep data, and what they unpack by themselves.
_KEPT: Final = "data-"
_UNPACKED: Final = re.compile(r"\batob\(\s*[\"']([A-Za-z0-9+/=]{24,20000})[\"']")
_UNPACKS: Final = "atob("
_ESCAPE: Final = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\n", "t": "\t"}
#: A string, a comment, or one to the end of its line; not what is so in a pattern or an address.
_SPOKEN: Final = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?"
    r"|(?<![\\:])/\*([^*]*+(?:\*(?!/)[^*]*+)*+)|(?<![\\:])//([^\n]*+)",
    re.DOTALL,
)
_LINE_START: Final = re.compile(r"^[ \t]*\*+[ \t]?", re.MULTILINE)
#: What is longer is code that looks like a comment.
_LONGEST_COMMENT: Final = 5_000
#: A number of a person, or a sentence: not only a word for who works on the page.
_LEFT_BEHIND: Final = re.compile(
    r"(?<![\w/.-])\d{11,19}[Xx]?(?![\w/.-])|[\u3400-\u9fff，。；：、（）“”《》][\u3400-\u9fff，。；：、（）“”《》\d]{19}"
)
_MARKUP: Final = re.compile(r"<[^<>]*+>|\[(?:if|end)[^\]<>]*+\]?>?")


def declared_charset(data: bytes) -> str:
    """Return the charset a page declares in a meta element or an XML declaration, or an empty string."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode() if found else ""


def without_early_noscript(text: str) -> str:
    """Make noscript elements in the head templates: a parser that runs no scripts would show what is in them."""
    end = found.start() if (found := _BODY.search(text)) else len(text)
    head = text[:end]
    return _NOSCRIPT.sub(r"<\1template", head) + text[end:] if _NOSCRIPT.search(head) else text


def check_shape(text: str) -> None:
    """Raise ReadError for nesting or attribute counts on which the parser would not come back.

    An end tag only counts if its element is open: stray ones would hide the depth.
    """
    opening = text.count("<")  # one character is found far faster than two
    if opening <= _DEPTH or opening - text.count("</") <= _DEPTH:  # not so many tags as could lie in each other
        if len(text) > _SMALL or any(map(_may_hold_many, _long_stretches(text))):
            _check_attributes(text)
        return
    opened: dict[str, int] = {}
    depth = 0
    for raw, inside, end, written, rest in _TAGS.findall(text):
        _check_count(inside or rest)
        name = raw.lower() or written.lower()
        if name in _FLAT or not name:
            continue
        count = opened.get(name, 0)
        if not end:
            opened[name] = count + 1
            depth += 1
            if depth > _DEPTH:
                raise ReadError("archive_limit", "网页标签嵌套过深，疑似异常构造；请用浏览器另存后重扫，或人工阅看")
        elif count:
            opened[name] = count - 1
            depth -= 1


def _check_attributes(text: str) -> None:
    """Raise ReadError if any tag has too many attributes; rows of ordinary tags are passed over at once."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if ordinary := _ORDINARY.match(text, at):
            at = ordinary.end()
        elif tag := _TAGS.match(text, at):
            _check_count(tag[2] or tag[5] or "")
            at = tag.end()
        else:
            at += 1


def _check_count(attributes: str) -> None:
    """Raise ReadError if what stands in a tag are too many attributes."""
    if len(attributes) > _ATTRIBUTES and sum(1 for _ in _ONE_ATTRIBUTE.finditer(attributes)) > _ATTRIBUTES:
        raise ReadError("archive_limit", "网页中一个标签的属性过多，疑似异常构造；请用浏览器另存后重扫，或人工阅看")


def _long_stretches(text: str) -> Iterator[str]:
    """Yield what stands between two angle brackets and is so long that it may be a tag of too many attributes."""
    at, longest = 0, 2 * _ATTRIBUTES
    while at + longest < len(text):
        last = text.rfind("<", at + 1, at + 1 + longest)
        if last < 0:
            last = text.find("<", at + longest)
            last = last if last >= 0 else len(text)
            yield text[at:last]
        at = last


def _may_hold_many(tag: str) -> bool:
    """Tell whether what looks like a long tag may hold too many attributes; most are scripts, or long texts.

    Attributes are set apart by white space or slashes, or stand behind a quoted value, which follows an equals sign.
    Half the number is enough: a tag may go on behind a value with an angle bracket.
    """
    return sum(map(tag.count, _APART)) > _ATTRIBUTES // 2


def may_tell(name: str) -> bool:
    """Tell whether the value of an attribute called `name` may hold words for people."""
    return name not in _WORDLESS or name in _ADDRESSES or name == "alt"


def attribute_texts(name: str, value: str) -> Iterable[str]:
    """Return what an attribute says that holds words or long numbers: title, aria-label, data-*, tel: and mailto:."""
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
    """Yield what an address says beside where it leads: a number to call, words of a script, a value it asks for."""
    kind, colon, rest = address.partition(":")
    if colon and (kind := kind.strip().lower()) in {"tel", "sms", "mailto"}:
        yield rest
    elif kind == "javascript":
        yield from filter(is_telling, literals(urllib.parse.unquote(rest)))
    elif "=" in address:
        asked = urllib.parse.unquote(address.partition("?")[2])
        yield from (value for value in _ASKED.findall(asked) if _VALUE.search(value))


def meta_text(attributes: Attributes) -> str:
    """Return "label：value" of a meta element that says something of the page, or an empty string."""
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
    """Return what a script holds for readers: JSON as a whole, else its strings with Chinese or long numbers."""
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
    """Return what stands between the tags of a piece of a page."""
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
    """Tell whether a code is ASCII without a long number, as most are; the pattern takes ten times as long.

    >>> _is_bare("var a = 1234567890;"), _is_bare("var a = '12345678901';"), _is_bare("var a = '甲';")
    (True, False, False)
    """
    return code.isascii() and LONG_RUN not in digits_in(code.encode("ascii"))


def is_left_behind(text: str) -> bool:
    """Tell whether what only the source says may be more than a note for who works on the page."""
    return _LEFT_BEHIND.search(text) is not None


def kept_texts(strings: Iterable[str]) -> list[str]:
    """Return what the strings that a program keeps of a page say for people."""
    texts = (text for string in strings for text in pieces(string))
    return [text for text in texts if _CJK.search(text) or is_left_behind(text)]


def is_telling(text: str) -> bool:
    """Tell whether a text that is no prose holds Chinese or a long number."""
    return _CJK_OR_NUMBER.search(text) is not None


def comment_text(comment: str) -> str:
    """Return a comment's text, or an empty string if nothing is left of it without markup and conditions."""
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

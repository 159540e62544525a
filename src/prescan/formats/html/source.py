"""The source of a web page before it is parsed: its declared encoding, and checks that the parser will not hang."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPTH: Final = 2_000
_ATTRIBUTES: Final = 2_000
#: A page of this size is only harmful if it is deeply nested or has a very long tag.
_SMALL: Final = 1 << 16
_ATTRIBUTE: Final = r"""[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?+"""
_REST: Final = rf"((?:[\s/=]++|{_ATTRIBUTE})*+)>?"
_RAW: Final = "script|style|textarea|title|iframe|noembed|noframes|xmp"
#: Groups: name and attributes of a raw text element (its text and comments are skipped); "/" of an end tag, name and
#: attributes of any other tag. Unterminated comments and raw text extend to the end.
_TAGS: Final = re.compile(
    r"<!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+)"
    rf"|(?i:<({_RAW})(?=[\s/>])){_REST}[^<]*+(?:<(?!(?i:/\1))[^<]*+)*+"
    rf"|<(/?)([a-zA-Z][^\s/>]*+){_REST}"
)
#: A sequence of tags with few attributes, as programs write them, and the texts between them.
_ORDINARY: Final = re.compile(
    rf"(?:<(?!(?i:{_RAW})[\s/>])/?[a-zA-Z][\w:-]*+(?:\s++[\w:-]++=\"[^\"]*+\"){{0,50}}+\s*+/?>[^<]*+)++"
)
#: Characters between attributes.
_APART: Final = " \t\n\r\f\v/="
_ONE_ATTRIBUTE: Final = re.compile(_ATTRIBUTE)
#: Void elements, and elements that the parser closes when the next one opens: they never nest.
_FLAT: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "
    "colgroup caption option optgroup rt rp html head body".split()
)

_BODY: Final = re.compile(r"<(?:body|frameset|/head)[\s>]", re.IGNORECASE)
_NOSCRIPT: Final = re.compile(r"<(/?)noscript(?=[\s>])", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def declared_charset(data: bytes) -> str:
    """Return the charset a page declares in a meta element or an XML declaration, or an empty string."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode() if found else ""


def without_early_noscript(text: str) -> str:
    """Turn noscript elements in the head into templates, so that the parser does not take them for visible text."""
    end = found.start() if (found := _BODY.search(text)) else len(text)
    head = text[:end]
    return _NOSCRIPT.sub(r"<\1template", head) + text[end:] if _NOSCRIPT.search(head) else text


def check_shape(text: str) -> None:
    """Raise ReadError for nesting or attribute counts with which the parser would hang.

    An end tag only counts if its element is open; stray ones would otherwise hide the depth.
    """
    opening = text.count("<")  # a single character is much faster to find
    if opening <= _DEPTH or opening - text.count("</") <= _DEPTH:  # too few tags to nest too deep
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
    """Raise ReadError if any tag has too many attributes; sequences of ordinary tags are skipped at once."""
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
    """Raise ReadError if there are too many attributes."""
    if len(attributes) > _ATTRIBUTES and sum(1 for _ in _ONE_ATTRIBUTE.finditer(attributes)) > _ATTRIBUTES:
        raise ReadError("archive_limit", "网页中一个标签的属性过多，疑似异常构造；请用浏览器另存后重扫，或人工阅看")


def _long_stretches(text: str) -> Iterator[str]:
    """Yield the stretches between angle brackets that are long enough for too many attributes."""
    at, longest = 0, 2 * _ATTRIBUTES
    while at + longest < len(text):
        last = text.rfind("<", at + 1, at + 1 + longest)
        if last < 0:
            last = text.find("<", at + longest)
            last = last if last >= 0 else len(text)
            yield text[at:last]
        at = last


def _may_hold_many(tag: str) -> bool:
    """Return whether a stretch may be a tag with too many attributes; most are scripts or long texts.

    Attributes are separated by white space or slashes, or follow a quoted value, which follows an equals sign.
    Half the number is enough: a tag may continue after an angle bracket in a value.
    """
    return sum(map(tag.count, _APART)) > _ATTRIBUTES // 2

"""What elements of a page do to its text, by their names."""

from __future__ import annotations

from typing import Final

BLOCK: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main marquee menu nav ol optgroup option p "
    "pre search section select summary table tbody td template textarea tfoot th thead tr ul xmp listing "
    "plaintext".split()
)
PRE: Final = frozenset({"pre", "textarea", "xmp", "listing", "plaintext"})
#: Elements whose text a browser does not show: it stands in for what the browser can do, or describes a drawing.
NOT_SHOWN: Final = frozenset(
    "noscript datalist template audio video canvas desc annotation annotation-xml dialog".split()
)
FRAGMENTS: Final = frozenset({"iframe", "noframes", "noembed"})
GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
#: What opens something that has to be closed again: preformatted text, or a table.
OPENING: Final = PRE | {"table", "template"}
#: Elements that do nothing but hold text, and of these those that are paragraphs of their own.
INLINE: Final = frozenset("a abbr b big cite code em font i ins label mark s samp small span strong sub sup u".split())
BREAKING: Final = BLOCK - PRE - GROUPS - NOT_SHOWN - frozenset({"table", "tr", "td", "th", "frameset"})
SIMPLE: Final = INLINE | BREAKING

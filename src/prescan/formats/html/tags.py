"""Groups of elements by their effect on text."""

from __future__ import annotations

from typing import Final

BLOCK: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main marquee menu nav ol optgroup option p "
    "pre search section select summary table tbody td template textarea tfoot th thead tr ul xmp listing "
    "plaintext".split()
)
PRE: Final = frozenset({"pre", "textarea", "xmp", "listing", "plaintext"})
#: Elements whose text a browser does not show: fallbacks, and descriptions of drawings.
NOT_SHOWN: Final = frozenset(
    "noscript datalist template audio video canvas desc metadata annotation annotation-xml dialog".split()
)
FRAGMENTS: Final = frozenset({"iframe", "noframes", "noembed"})
GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
CELLS: Final = frozenset({"td", "th"})
FORM: Final = frozenset({"input", "button", "textarea"})
FRAMES: Final = frozenset({"frame", "frameset", "iframe"})

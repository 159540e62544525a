"""The nouns: what is read, what is found, what is suggested. No logic beyond derived properties, no I/O.

Offsets are code points into `Document.text`, end exclusive. `repr()` of anything here never shows text of a document.
"""

from __future__ import annotations

from prescan.types.document import (
    CELL_BREAK,
    PARAGRAPH_BREAK,
    PARTS,
    PLACE,
    SOFT_WRAP,
    SPAN,
    Block,
    Document,
    Location,
    Picture,
    Span,
    Unread,
)
from prescan.types.kept import FindingRow
from prescan.types.result import (
    ATTRIBUTE_LABELS,
    ATTRIBUTES,
    CONFIDENCE_LABELS,
    HANDLING_LABELS,
    LEVEL_LABELS,
    LEVELS,
    VERDICT_LABELS,
    Attribute,
    Candidate,
    Confidence,
    Finding,
    Level,
    Part,
    Reason,
    ScanResult,
    Suggestion,
    Suppression,
    Verdict,
    worst_level,
)
from prescan.types.settings import (
    MASK_WORDS,
    Context,
    Limits,
    Settings,
)

__all__ = [
    "ATTRIBUTES",
    "ATTRIBUTE_LABELS",
    "CELL_BREAK",
    "CONFIDENCE_LABELS",
    "HANDLING_LABELS",
    "LEVELS",
    "LEVEL_LABELS",
    "MASK_WORDS",
    "PARAGRAPH_BREAK",
    "PARTS",
    "PLACE",
    "SOFT_WRAP",
    "SPAN",
    "VERDICT_LABELS",
    "Attribute",
    "Block",
    "Candidate",
    "Confidence",
    "Context",
    "Document",
    "Finding",
    "FindingRow",
    "Level",
    "Limits",
    "Location",
    "Part",
    "Picture",
    "Reason",
    "ScanResult",
    "Settings",
    "Span",
    "Suggestion",
    "Suppression",
    "Unread",
    "Verdict",
    "worst_level",
]

"""A brief: the JSON-ready part of a result that the audit store may keep. It has masks, places and keyed hashes only.

Findings are identified by their fingerprint, values and persons by a hash under the key of the office: equal values in
two documents can be matched, but neither document's brief reveals them.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from prescan.report import Options
from prescan.report.shown import Contexts, printable, shown_name
from prescan.scanner.hashed_masks import masked_numbers
from prescan.scanner.page import dates, links, page_meta
from prescan.text.line_edges import line_start
from prescan.types import PERSONAL_CATEGORIES, FindingRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.types import Finding, ScanResult

#: At most so many findings of a rule keep their context; for the others place and mask are enough.
_EXCERPTS_OF_A_RULE: Final = 20
_HASH_BYTES: Final = 16
#: Types whose value identifies one person.
_IDENTITY: Final = frozenset({"resident_id", "disability_certificate", "passport", "foreign_resident_id"})
_OPTIONS: Final = Options()


def brief_of(result: ScanResult, fingerprints: Mapping[str, bytes], key: bytes, data: bytes | None) -> dict[str, Any]:
    """Return the brief of a result.

    `fingerprints` are given by finding id. `data` is the file itself: title, channel, date and links of a web page are
    taken from it; None = not available.
    """
    document, suggestion = result.document, result.suggestion
    html = data is not None and document.media_type == "text/html"
    keyed = _KeyedHash(key)
    page = page_meta(data, lambda text: printable(shown_name(text, _OPTIONS, result))) if html and data else {}
    return {
        "sha256": document.sha256,
        "media_type": document.media_type,
        "chars": len(document.text),
        "title": printable(shown_name(result.title, _OPTIONS, result)) if result.title else None,
        "doc_number": result.doc_number,
        "verdict": result.verdict,
        "suggestion": {
            "attribute": suggestion.attribute,
            "share": round(suggestion.probabilities[suggestion.attribute], 4),
            "abstained": suggestion.abstained,
            "declared": suggestion.declared,
            "conflict": suggestion.conflict,
            "handling": suggestion.handling,
            "catalogue": suggestion.catalogue,
            "basis": list(suggestion.basis),
        }
        if suggestion
        else None,
        "unread": [[item.code, item.detail, shown_name(item.name, _OPTIONS, result)] for item in result.unread],
        "findings": list(_findings(result, fingerprints, keyed)),
        "rules": {one.rule_id: [one.message, list(one.basis), one.advice] for one in result.findings},
        "masks": list(masked_numbers(result, keyed.of)),
        "dates": dates(document.text, page.get("title") or result.title or ""),
        "page": page,
        "links": links(data) if html and data else [],
    }


class _KeyedHash:
    """Makes keyed hashes of values that must not be stored."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, *parts: str) -> str:
        """Return the keyed hash of some strings, in hex."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, hashlib.sha256)[:_HASH_BYTES].hex()


def _findings(result: ScanResult, fingerprints: Mapping[str, bytes], keyed: _KeyedHash) -> Iterator[FindingRow]:
    """Yield a row per finding."""
    contexts = Contexts(result, _OPTIONS)
    counts: Counter[str] = Counter()
    people = _People(result, keyed)
    for finding in result.findings:
        counts[finding.rule_id] += 1
        with_words = counts[finding.rule_id] <= _EXCERPTS_OF_A_RULE
        yield FindingRow(
            fingerprint=fingerprints[finding.id].hex(),
            rule=finding.rule_id,
            type=finding.type,
            category=finding.category,
            level=finding.level,
            confidence=finding.confidence,
            masked=printable(finding.masked),
            # shown_name also masks numbers in the context that are not findings
            excerpt=shown_name(contexts.around(finding), _OPTIONS) if with_words else "",
            place=_place(finding, result, contexts),
            part=finding.location.part,
            evidence=list(finding.evidence) if with_words else [],
            value=people.value(finding),
            person=people.person(finding),
        )


def _place(finding: Finding, result: ScanResult, contexts: Contexts) -> str:
    member = finding.location.member
    words = contexts.place_within(finding.location)
    return f"{printable(shown_name(member, _OPTIONS, result))} {words}" if member else words


class _People:
    """Tells whom a finding is about: the person whose number, else whose name, stands in the same line or table row."""

    def __init__(self, result: ScanResult, keyed: _KeyedHash) -> None:
        self._keys = keyed
        self._text = result.document.text
        self._numbers: dict[int, set[str]] = {}
        self._names: dict[int, set[str]] = {}
        for finding in result.findings:
            if finding.type in _IDENTITY and (value := self.value(finding)):
                self._numbers.setdefault(self._row(finding), set()).add(value)
            elif finding.type == "person_name" and (value := self.value(finding)):
                self._names.setdefault(self._row(finding), set()).add(value)

    def value(self, finding: Finding) -> str | None:
        """Return the keyed hash of a personal value; None for any other finding."""
        if finding.category != "personal" or finding.start is None or finding.end is None:
            return None
        return self._keys.of("value", finding.type, comparable(self._text[finding.start : finding.end]))

    def person(self, finding: Finding) -> str | None:
        """Return the keyed hash of the person a finding is about; None if the row names several."""
        if finding.category not in PERSONAL_CATEGORIES or finding.start is None:
            return None
        if finding.type in _IDENTITY:
            return self.value(finding)
        row = self._row(finding)
        named = self._numbers.get(row) or self._names.get(row) or set()
        if finding.type == "person_name" and len(named) > 1:
            return self.value(finding)
        if named:
            return next(iter(named)) if len(named) == 1 else None
        return self.value(finding)

    def _row(self, finding: Finding) -> int:
        """Return the offset at which the line or table row of a finding begins."""
        return line_start(self._text, finding.start or 0)


def comparable(value: str) -> str:
    """Return a value in the form in which values are compared: NFKC, capitals, letters and digits only.

    >>> comparable("１３８-0013 8000"), comparable("44010119900101001x")
    ('13800138000', '44010119900101001X')
    """
    text = unicodedata.normalize("NFKC", value).upper()
    return "".join(char for char in text if char.isalnum())

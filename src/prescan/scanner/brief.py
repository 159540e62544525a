"""What of a result may be kept: a message of a worker that holds no value, only masks, places and keyed hashes.

A store of many documents is made of these. It knows a finding by its fingerprint, a value and a person by a hash under
the key of the office, so that the same number in two places can be told without either place telling the number.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from prescan.report import Options
from prescan.report.shown import Contexts, place_words, printable, shown_name
from prescan.scanner.hashed_masks import masked_numbers
from prescan.scanner.page import dates, links, page_words
from prescan.text.line_edges import line_start
from prescan.types import FindingRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.types import Finding, ScanResult

#: So many findings of one rule keep the words around them; of the others place and mask are enough.
_EXCERPTS_OF_A_RULE: Final = 20
_HASH_BYTES: Final = 16
#: Types of which a value names one person and no other.
_IDENTITY: Final = frozenset({"resident_id", "disability_certificate", "passport", "foreign_resident_id"})
_PERSONAL: Final = frozenset({"personal", "sensitive_personal"})
_OPTIONS: Final = Options()


def brief(result: ScanResult, marks: Mapping[str, bytes], key: bytes, data: bytes | None) -> dict[str, Any]:
    """Return what a store keeps of a result, as JSON holds it.

    `marks` are the fingerprints by finding id; `data` is the file itself, for the words a page has about itself.
    """
    document, suggestion = result.document, result.suggestion
    html = data is not None and document.media_type == "text/html"
    keys = _Keys(key)
    page = page_words(data, lambda text: printable(shown_name(text, _OPTIONS, result))) if html and data else {}
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
        "findings": list(_findings(result, marks, keys)),
        "rules": {one.rule_id: [one.message, list(one.basis), one.advice] for one in result.findings},
        "masks": list(masked_numbers(result, keys.of)),
        "dates": dates(document.text, page.get("title") or result.title or ""),
        "page": page,
        "links": links(data) if html and data else [],
    }


class _Keys:
    """Keyed hashes of what must not be kept."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, *parts: str) -> str:
        """Return the keyed hash of some words, in hex."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, hashlib.sha256)[:_HASH_BYTES].hex()


def _findings(result: ScanResult, marks: Mapping[str, bytes], keys: _Keys) -> Iterator[FindingRow]:
    """Yield a row a finding."""
    contexts = Contexts(result, _OPTIONS)
    told: Counter[str] = Counter()
    people = _People(result, keys)
    for finding in result.findings:
        told[finding.rule_id] += 1
        with_words = told[finding.rule_id] <= _EXCERPTS_OF_A_RULE
        yield FindingRow(
            mark=marks[finding.id].hex(),
            rule=finding.rule_id,
            type=finding.type,
            category=finding.category,
            level=finding.level,
            confidence=finding.confidence,
            masked=printable(finding.masked),
            # what masks a name hides numbers no rule spoke of too
            excerpt=shown_name(contexts.around(finding), _OPTIONS) if with_words else "",
            place=_place(finding, result),
            part=finding.location.part,
            evidence=list(finding.evidence) if with_words else [],
            value=people.value(finding),
            person=people.person(finding),
        )


def _place(finding: Finding, result: ScanResult) -> str:
    member = finding.location.member
    words = place_words(finding.location)
    return f"{printable(shown_name(member, _OPTIONS, result))} {words}" if member else words


class _People:
    """Whose a value is: the person the row or line names by number, else by name."""

    def __init__(self, result: ScanResult, keys: _Keys) -> None:
        self._keys = keys
        self._text = result.document.text
        self._numbers: dict[int, set[str]] = {}
        self._names: dict[int, set[str]] = {}
        for finding in result.findings:
            if finding.type in _IDENTITY and (value := self.value(finding)):
                self._numbers.setdefault(self._row(finding), set()).add(value)
            elif finding.type == "person_name" and (value := self.value(finding)):
                self._names.setdefault(self._row(finding), set()).add(value)

    def value(self, finding: Finding) -> str | None:
        """Return the keyed hash of a personal value, None of anything else."""
        if finding.category != "personal" or finding.start is None or finding.end is None:
            return None
        return self._keys.of("value", finding.type, folded(self._text[finding.start : finding.end]))

    def person(self, finding: Finding) -> str | None:
        """Return the keyed hash of the person a finding is about; None if the row names nobody or several."""
        if finding.category not in _PERSONAL or finding.start is None:
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
        """Return where the line or table row of a finding begins."""
        return line_start(self._text, finding.start or 0)


def folded(value: str) -> str:
    """Return a value as it compares: NFKC, capital letters, without white space and separators.

    >>> folded("１３８-0013 8000"), folded("44010119900101001x")
    ('13800138000', '44010119900101001X')
    """
    text = unicodedata.normalize("NFKC", value).upper()
    return "".join(char for char in text if char.isalnum())

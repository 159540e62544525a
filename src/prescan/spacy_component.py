"""prescan in a spaCy pipeline: `nlp.add_pipe("prescan")` (extra `nlp`).

    import spacy
    nlp = spacy.blank("zh")                      # any language class, any tokenizer
    nlp.add_pipe("prescan")                      # or config={"settings": "prescan.toml", "spans_key": "疑点"}
    doc = nlp("申请人身份证号110101190203140028。")
    [(span.text, span.label_) for span in doc.spans["prescan"]]
    doc._.prescan["verdict"], doc._.prescan["findings"][0]["level"]

`doc.spans["prescan"]` holds a span for every finding with a place, widened to whole tokens; its label is the finding's
type, its id the finding's id. `doc._.prescan` is the JSON object of the contract: exact offsets (code points of
`doc.text`), levels, masked values, verdict, suggestion. Both survive `doc.to_bytes()`.

spaCy finds the factory by the entry point `spacy_factories`; importing prescan neither needs nor imports spaCy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from prescan.report import Options
from prescan.report.json import as_object
from prescan.scanner import Scanner

if TYPE_CHECKING:
    from spacy.tokens import Span

    from prescan.types import ScanResult

SPANS_KEY: Final = "prescan"


class Prescan:
    """The component: scans the text of a Doc in the caller's process, as `Scanner.scan_text` does."""

    def __init__(self, settings: str | None = None, spans_key: str = SPANS_KEY) -> None:
        """`settings` is the path of a settings file, None the defaults. Raises what Scanner raises."""
        self._settings, self._spans_key = settings, spans_key
        self._scanner = Scanner.from_settings(settings) if settings else Scanner()

    def __call__(self, doc: Doc) -> Doc:
        """Return `doc` with its findings."""
        result = self._scanner.scan_text(doc.text)
        doc.spans[self._spans_key] = SpanGroup(doc, name=self._spans_key, spans=_spans(doc, result))
        doc._.prescan = as_object(result, Options())
        return doc

    def __reduce__(self) -> tuple[type[Prescan], tuple[str | None, str]]:
        """Travel to another process as settings only: rules and models are loaded there (`nlp.pipe(n_process=2)`)."""
        return Prescan, (self._settings, self._spans_key)


def _spans(doc: Doc, result: ScanResult) -> list[Span]:
    """Return a span for every finding with a place, widened to whole tokens."""
    spans = (
        doc.char_span(finding.start, finding.end, finding.type, alignment_mode="expand", span_id=finding.id)
        for finding in result.findings
        if finding.start is not None and finding.end is not None
    )
    return [span for span in spans if span is not None]


@Language.factory(
    "prescan",
    default_config={"settings": None, "spans_key": SPANS_KEY},
    assigns=["doc.spans", "doc._.prescan"],
)
def make_prescan(nlp: Language, name: str, settings: str | None, spans_key: str) -> Prescan:  # noqa: ARG001  spaCy gives both
    """Return the component. Raises SettingsError, RuleError, ModelError."""
    if not Doc.has_extension("prescan"):
        Doc.set_extension("prescan", default=None)
    return Prescan(settings, spans_key)

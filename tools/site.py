"""A hook of mkdocs: pages that stand elsewhere in the repository, and links that lead out of docs/.

The site holds README.zh-CN.md as its first page, and the pages of `ELSEWHERE`; nothing is copied into docs/. A link to
a file that is no page (code, an example) becomes its path, since the site must work without a network.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.structure.files import Files

ROOT: Final = Path(__file__).parents[1]

#: Path in the repository → path in the site.
ELSEWHERE: Final = {
    "README.zh-CN.md": "index.md",
    "rules/README.md": "rule-writing.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "NOTICE": "notice.md",
    "models/attribute/README.md": "models/attribute.md",
    "models/names/README.md": "models/names.md",
    "models/passages/README.md": "models/passages.md",
    "models/levels/README.md": "models/levels.md",
    "models/limits/README.md": "models/limits.md",
    "models/statements/README.md": "models/statements.md",
}
_LINK: Final = re.compile(r"(!?)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def on_files(files: Files, *, config: Any) -> Files:  # noqa: ANN401  of mkdocs
    """Add the pages that stand elsewhere."""
    for source, target in ELSEWHERE.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        if source == "NOTICE":
            text = f"# NOTICE\n\n```text\n{text}```\n"
        files.append(File.generated(config, target, content=relinked(text, source, target)))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Files) -> str:  # noqa: ANN401, ARG001  of mkdocs
    """Mend the links of a page of docs/."""
    if page.file.generated_by:
        return markdown
    return relinked(markdown, f"docs/{page.file.src_uri}", page.file.src_uri)


def relinked(text: str, source: str, target: str) -> str:
    """Return a page of the repository with links that hold at its place in the site."""

    def mended(found: re.Match[str]) -> str:
        picture, said, link = found.groups()
        if link.startswith(("http://", "https://", "#")):
            return found[0]
        path, _, anchor = link.partition("#")
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        inside = ELSEWHERE.get(wanted) or (wanted.removeprefix("docs/") if wanted.startswith("docs/") else None)
        if inside is None or not (posixpath.splitext(inside)[1]):
            return found[0] if picture else said
        back = posixpath.relpath(inside, posixpath.dirname(target) or ".")
        return f"{picture}[{said}]({back}{'#' + anchor if anchor else ''})"

    return _LINK.sub(mended, text)

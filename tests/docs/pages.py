"""The documents as the tests see them: their blocks of code, and what may stay unrun, with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

#: Pages a program writes (each has a test of its own), or that show rather than tell.
WRITTEN: Final = {"docs/rules.md", "docs/licences.md", "docs/foreign-files.md"}
#: Pages whose blocks another test runs.
ELSEWHERE: Final = {
    "README.md": "the same commands as README.zh-CN.md: test_the_readmes_give_the_same_commands",
    "docs/http-api.md": "tests/web/test_desk_docs.py runs them against a server",
}
#: What `<!-- block: … -->` before a block means: why it is not run. Its commands must exist all the same.
CLASSES: Final = {
    "root": "changes the system: users, services, /opt, containers",
    "network": "asks a package index or a web site",
    "served": "needs a running desk; tests/web/ asks one the same",
    "cluster": "needs several machines",
}
#: Commands whose options are checked and that are not run here, and why.
PARSED_ONLY: Final = {
    "serve": "runs until it is stopped; tests/cli/test_serve.py",
    "train": "takes a minute; tests/quality/test_adapt.py",
    "evaluate": "takes minutes; make evaluate",
    "audit decide": "takes a ledger that a unit has filled in; tests/audit/test_report.py",
}
RUN_AS_SHELL: Final = {"sh", "bash"}
#: Languages of blocks that are only read: their form is checked where it has one.
READ: Final = {"text", "toml", "yaml", "nginx", "ini", "json", "mermaid"}

_BLOCK: Final = re.compile(r"(?m)^(?:<!-- block: (\w+) -->\n)?([ ]*)```([\w.-]*)[^\n]*\n(.*?)^\2```[ ]*$", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    page: str
    line: int
    language: str
    kept: str
    """The class that keeps it from being run, or nothing."""
    text: str

    @property
    def place(self) -> str:
        """Return where it stands."""
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Return every page people write or read."""
    listed = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "rules/README.md"]
    listed += [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md"))]
    return listed


def text_of(page: str) -> str:
    """Return a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page in order; one without a language is shell if it begins with a command of ours."""
    text = text_of(page)
    found = []
    for match in _BLOCK.finditer(text):
        kept, indent, language, body = match.groups()
        body = re.sub(rf"(?m)^{indent}", "", body)
        if not language:
            language = "sh" if re.match(r"prescan \w", body) else "text"
        found.append(Block(page, text.count("\n", 0, match.start()) + 1, language, kept or "", body))
    return found

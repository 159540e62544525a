"""What stands for pip in the documents' tests: every extra that is asked for must be one of the project's."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

known = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
extras = set(known["project"]["optional-dependencies"])
asked = {extra for word in sys.argv[1:] for found in re.findall(r"\[([\w,]+)\]", word) for extra in found.split(",")}
if asked - extras:
    sys.exit(f"no such extra: {asked - extras}")

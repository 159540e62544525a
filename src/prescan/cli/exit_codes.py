"""The exit codes of all commands; scripts and pipelines act on them."""

from __future__ import annotations

from typing import Final

OK: Final = 0
#: `scan` and `audit`: there are findings at or above the level of `--fail-on`.
FOUND: Final = 1
#: Other commands: a check failed, or a copy was refused.
FAILED: Final = 1
#: Wrong usage, settings, rules or models; nothing was done.
COULD_NOT_RUN: Final = 2
#: `scan` and `audit`: nothing at that level, but something was not read.
UNREAD: Final = 3

"""How everything the desk stores and shows is written: values masked."""

from __future__ import annotations

from typing import Final

from prescan.report import Options

MASKED: Final = Options()

"""Programs and fonts a test needs: it is skipped without them, and fails in CI, where everything must be there."""

from __future__ import annotations

import os
import shutil
from typing import Final, NoReturn

import pytest

IN_CI: Final = os.environ.get("CI") == "true"


def lacking(what: str) -> NoReturn:
    """Skip the test, or fail it where everything must be there."""
    if IN_CI:
        pytest.fail(f"{what} 未安装，无法核对")
    pytest.skip(f"{what} 未安装")


def program(*names: str) -> str:
    """Return the path of the first of these programs that is there; see `lacking`."""
    return next((path for name in names if (path := shutil.which(name))), None) or lacking(names[0])


def needs(what: str, *, there: bool) -> pytest.MarkDecorator:
    """Return a mark that skips a test where something is not `there`; in CI the test is run, and fails by itself."""
    return pytest.mark.skipif(not there and not IN_CI, reason=f"{what} 未安装")

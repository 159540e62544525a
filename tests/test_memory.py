"""The limit a child process sets itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from prescan import memory

_SOURCE = Path(__file__).parents[1] / "src"
_SCRIPT = """
from prescan import memory
most = memory.limit(300)
print(most, memory.is_near(most))
held = bytearray(250 * 1024 * 1024)
print(memory.is_near(most))
try:
    bytearray(300 * 1024 * 1024)
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address space is counted by Linux")
def test_a_limited_process_knows_when_it_is_near_and_gets_no_more():
    command = [sys.executable, "-c", _SCRIPT]
    ended = subprocess.run(command, env={"PYTHONPATH": str(_SOURCE)}, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == [str(300 << 20), "False", "True", "refused"]


def test_without_a_limit_nothing_is_near():
    assert not memory.is_near(0)

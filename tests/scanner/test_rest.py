"""What was read before a limit is scanned: the whole of it, or, where that takes too long too, a beginning of it."""

from __future__ import annotations

import datetime

import pytest

from prescan.errors import ReadError
from prescan.scanner import rest
from prescan.scanner.received import Received, Request
from prescan.types import Block, Context, Limits, Location, Settings

LATE = ReadError("timeout")
REQUEST = Request("a.txt", Context(), datetime.date(2026, 3, 1), brief=True)


class Slow:
    """Stands for a worker that scans so many characters and no more."""

    def __init__(self, chars: int) -> None:
        self.asked: list[int] = []
        self.said: list[str] = []
        self.settings: list[Settings] = []
        self.ended = 0
        self._chars = chars

    def make(self, settings: Settings) -> Slow:
        self.settings.append(settings)
        return self

    def scan(self, received: Received, request: Request) -> Received:
        self.asked.append(sum(len(block.text) for block in received.blocks))
        self.said = [item.detail for item in received.unread]
        return Received(failure=LATE) if self.asked[-1] > self._chars else Received(result={"brief": request.brief})

    def kill(self) -> None:
        self.ended += 1


def scanned(worker: Slow, sizes: list[int], *, whole: bool = True) -> tuple[Received, Received]:
    received = Received(blocks=[Block("字" * size, Location()) for size in sizes], fully_read=whole, failure=LATE)
    settings = Settings(limits=Limits(seconds=30))
    return rest.scan(received, LATE, REQUEST, settings, worker.make), received


def test_the_whole_is_scanned_where_there_is_time_for_it() -> None:
    worker = Slow(2_000_000)
    second, received = scanned(worker, [500_000, 500_000])
    assert (second.result, worker.asked, worker.ended) == ({"brief": True}, [1_000_000], 1)
    assert (worker.settings[0].names, worker.settings[0].limits.seconds) == ("off", 15)
    assert received.unread[0].detail.endswith("文字已全部读出，检查没有做完：没有查姓名")


@pytest.mark.parametrize(("sizes", "checked"), [([500_000, 500_000], 500_000), ([2_000_000], 600_000)])
def test_else_its_beginning(sizes: list[int], checked: int) -> None:
    worker = Slow(700_000)
    second, received = scanned(worker, sizes)
    assert (second.result, worker.asked, worker.ended) == ({"brief": True}, [sum(sizes), checked], 2)
    assert [item.detail for item in received.unread] == worker.said
    assert worker.said[0].endswith(f"文字已全部读出，只检查了前 {checked} 个字，没有查姓名")
    _, received = scanned(Slow(700_000), sizes, whole=False)
    assert f"只检查了前 {checked} 个字，没有查姓名；已读到前 {sum(sizes)} 个字，其后未读" in received.unread[0].detail


def test_a_shorter_beginning_where_even_that_takes_too_long() -> None:
    worker = Slow(150_000)
    second, _ = scanned(worker, [90_000] * 20)
    assert (second.result, worker.asked) == ({"brief": True}, [1_800_000, 540_000, 90_000])
    assert worker.said[0].endswith("只检查了前 90000 个字，没有查姓名")


def test_what_cannot_be_scanned_at_all_is_said() -> None:
    worker = Slow(0)
    second, received = scanned(worker, [10])
    assert (second.result, worker.asked, worker.ended, received.unread) == (None, [10], 1, [])
    assert second.failure is not None
    assert second.failure.detail.endswith("其中的疑点没有列出")

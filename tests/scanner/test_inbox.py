"""What a worker says is taken as it comes, in whatever pieces, and never waited for beyond the time given."""

from __future__ import annotations

import json
import os
import threading
import time

import pytest

from prescan.scanner.inbox import Inbox
from prescan.scanner.wire import length_prefix


def framed(data: bytes) -> bytes:
    return length_prefix(data) + data


def message(**said: object) -> bytes:
    return framed(json.dumps(said).encode())


@pytest.fixture(params=[True, False], ids=["polled", "listened to"])
def ends(request: pytest.FixtureRequest):
    """Return an inbox on a pipe and what writes into it."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", buffering=0) as stream, os.fdopen(write_end, "wb", buffering=0) as out:
        inbox = Inbox(stream, polled=request.param)
        yield inbox, out
        out.close()
        while inbox.message(soon()):  # who listens must have seen the end before the number of the pipe is given anew
            pass


def soon() -> float:
    return time.monotonic() + 5


def test_messages_come_in_order_however_they_are_cut(ends):
    inbox, out = ends
    whole = message(a=1) + message(b="字") + message(c=3)
    out.write(whole[:3])
    threading.Thread(target=lambda: [out.write(whole[at : at + 5]) for at in range(3, len(whole), 5)]).start()
    assert [inbox.message(soon()) for _ in range(3)] == [{"a": 1}, {"b": "字"}, {"c": 3}]


def test_bytes_that_follow_a_message_belong_to_it(ends):
    inbox, out = ends
    out.write(message(data_follows=True) + framed(b"\0raw") + message(next=1))
    assert inbox.message(soon()) == {"data_follows": True, "data": b"\0raw"}
    assert inbox.message(soon()) == {"next": 1}


def test_time_that_is_over_ends_the_wait_and_loses_nothing(ends):
    inbox, out = ends
    half = message(a=1)
    out.write(half[:6])
    assert inbox.message(time.monotonic() + 0.02) is None
    out.write(half[6:])
    assert inbox.message(soon()) == {"a": 1}


def test_the_end_of_the_process_is_the_end_of_the_messages(ends):
    inbox, out = ends
    out.write(message(a=1) + b"\0\0\0\xffcut")
    out.close()
    assert inbox.message(soon()) == {"a": 1}
    assert inbox.message(soon()) is None
    assert inbox.message(soon()) is None


def test_what_is_no_message_is_the_end_of_the_messages(ends):
    inbox, out = ends
    out.write(framed(b"no json") + message(a=1))
    assert inbox.message(soon()) is None
    assert inbox.message(soon()) is None

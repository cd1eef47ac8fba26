"""The journal as a stream: who reads too slowly is dropped, who waits is kept."""

from __future__ import annotations

import queue
import threading

from lifecycle.cloud.journal import Entry
from lifecycle.endpoint.events import Stream


def entry(number: int) -> Entry:
    return Entry(number, 0.0, "clock", "", "tick")


def test_a_reader_that_is_too_slow_is_dropped() -> None:
    stream = Stream()
    for number in range(5000):
        stream.put(entry(number))
    sent: list[bytes] = []
    stream.run(sent.append)
    # What had come until then is sent; then it ends, and takes nothing more.
    assert 0 < len(sent) <= 1001
    stream.put(entry(1))
    assert stream._waiting.empty()


def test_a_quiet_stream_tells_that_it_is_still_there() -> None:
    stream = Stream(quiet=0.01)
    sent: queue.Queue[bytes] = queue.Queue()
    thread = threading.Thread(target=stream.run, args=(sent.put,))
    thread.start()
    assert [sent.get(timeout=10) for _ in range(3)] == [b": still here\n\n"] * 3
    stream.put(entry(7))
    while not (event := sent.get(timeout=10)).startswith(b"id: 7\n"):
        assert event == b": still here\n\n"
    stream.end()
    thread.join(10)
    assert not thread.is_alive()

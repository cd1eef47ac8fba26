"""The journal as a stream: server-sent events.

Source of the form: the HTML standard, section 9.2, Server-sent events.
"""

from __future__ import annotations

import json
import queue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lifecycle.cloud.journal import Entry

_MOST_WAITING = 1000
_QUIET = 15.0
_KEEP_ALIVE = b": still here\n\n"


class Stream:
    """Entries on their way to one reader; one who reads too slowly is dropped.

    Args:
        before: entries that are sent first.
        quiet: seconds without an entry after which a comment is sent.
    """

    def __init__(self, before: Iterable[Entry] = (), *, quiet: float = _QUIET) -> None:
        """Begin with some entries."""
        self._waiting: queue.Queue[Entry | None] = queue.Queue(_MOST_WAITING)
        self._before = list(before)
        self._quiet = quiet
        self._ended = False

    def put(self, entry: Entry) -> None:
        """Have an entry sent; never waits."""
        if self._ended:
            return
        try:
            self._waiting.put_nowait(entry)
        except queue.Full:
            self.end()

    def end(self) -> None:
        """Send nothing more."""
        self._ended = True
        while True:
            try:
                self._waiting.put_nowait(None)
            except queue.Full:
                self._waiting.get_nowait()
            else:
                return

    def run(self, send: Callable[[bytes], None]) -> None:
        """Send until it ends.

        Raises:
            OSError: the reader is gone.
        """
        send(_KEEP_ALIVE + b"".join(map(written, self._before)))
        self._before.clear()
        while True:
            try:
                entry = self._waiting.get(timeout=self._quiet)
            except queue.Empty:
                send(_KEEP_ALIVE)
                continue
            if entry is None:
                return
            send(written(entry))


def written(entry: Entry) -> bytes:
    """Give an entry of the journal as an event: its number, its kind, and itself as JSON."""
    data = json.dumps(entry.to_json(), separators=(",", ":"))
    return f"id: {entry.number}\nevent: {entry.kind}\ndata: {data}\n\n".encode()

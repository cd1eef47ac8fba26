"""Everything that happens in a cloud, in order.

An entry is a request of a driver, its answer, a call and its answer, a change
of state, a refusal, an event that was ignored, a hook, a rule, a movement of
the clock. Entries are plain values: they can be asserted on, printed, and
written as JSON.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Kind = Literal[
    "call",
    "asked",
    "answer",
    "move",
    "gone",
    "refused",
    "ignored",
    "hook",
    "rule",
    "clock",
    "loaded",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    Attributes:
        number: its place in the journal, from 1.
        time: virtual seconds since the epoch.
        kind: what kind of thing.
        object: what it happened to, as ``image 3``, or "".
        what: the operation, method, driver action or event.
        detail: the rest, by kind: for a move ``from``, ``to``, ``row``; for a
            call ``params``, ``ok``, ``value``, ``code``, ``user``; and so on.
    """

    number: int
    time: float
    kind: Kind
    object: str
    what: str
    detail: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the entry as a JSON value."""
        return asdict(self)


class Journal:
    """The entries of a cloud, oldest first.

    Args:
        enabled: whether anything is noted.

    Attributes:
        enabled: the same.
        limit: how many entries are kept, None for all: the oldest of more are
            dropped, many at a time.
    """

    __slots__ = ("_count", "_entries", "_listeners", "enabled", "limit")

    def __init__(self, *, enabled: bool = True) -> None:
        """Begin an empty journal; one that is not enabled forgets at once."""
        self.enabled = enabled
        self.limit: int | None = None
        self._count = 0
        self._entries: list[Entry] = []
        self._listeners: list[Callable[[Entry], object]] = []

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """Go through the entries, oldest first."""
        return iter(self._entries)

    def __getitem__(self, place: int) -> Entry:
        """Give an entry by its place, as in a list."""
        return self._entries[place]

    def add(self, time: float, kind: Kind, object_: str, what: str, **detail: Any) -> None:
        """Note that something happened."""
        self._count += 1
        entry = Entry(self._count, time, kind, object_, what, detail)
        self._entries.append(entry)
        if self.limit is not None and len(self._entries) > self.limit + self.limit // 8:
            del self._entries[: -self.limit or None]
        for listener in self._listeners:
            listener(entry)

    def of(self, kind: Kind, object_: str | None = None) -> list[Entry]:
        """Give the entries of a kind, of one object (``image 3``) or of all."""
        return [
            entry
            for entry in self._entries
            if entry.kind == kind and object_ in (None, entry.object)
        ]

    def listen(self, listener: Callable[[Entry], object]) -> Callable[[], None]:
        """Have every further entry handed to a function; give a function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def to_json(self) -> list[dict[str, Any]]:
        """Give all entries as a JSON value."""
        return [entry.to_json() for entry in self._entries]

    def restore(self, value: list[dict[str, Any]]) -> None:
        """Take over the entries that `to_json` gave."""
        self._entries = [Entry(**entry) for entry in value]
        self._count = max((entry.number for entry in self._entries), default=0)

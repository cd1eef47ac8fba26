"""What is written on an edge or into a node: short names, and the guards that decide."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.graph import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.drawing.graph import Edge, Graph, Way

_ENDS = {"success": "done", "failure": "failed", "released": "released"}


class Phrase(NamedTuple):
    """Operations that share their guards: what is done, and the guards that decide about it."""

    what: str
    guards: tuple[str, ...]


@lru_cache(maxsize=64)
def phrases_of(graph: Graph) -> Mapping[str, tuple[Phrase, ...]]:
    """Give what each edge and loop of a graph says, by its identifier."""
    labels = Labels(graph)
    return {edge.identifier: labels.phrases(edge) for edge in (*graph.edges, *graph.loops)}


class Labels:
    """The words of a graph."""

    def __init__(self, graph: Graph) -> None:
        """Look at all that the graph holds, to know which guards decide anything in it."""
        edges = (*graph.edges, *graph.loops)
        ways = (*(way for edge in edges for way in edge.ways), *graph.quiet)
        self._said: dict[str, set[str]] = {}
        for way in ways:
            self._said.setdefault(way.operation.name, set()).update(way.row.guards)

    def phrases(self, edge: Edge) -> tuple[Phrase, ...]:
        """Give what an edge says: operations with the same deciding guards share a phrase.

        A guard decides when the graph also has the operation with its opposite.
        """
        by_operation: dict[str, list[Way]] = {}
        for way in edge.ways:
            by_operation.setdefault(way.operation.name, []).append(way)
        by_guards: dict[tuple[str, ...], list[str]] = {}
        for name, ways in by_operation.items():
            by_guards.setdefault(self._deciding(name, ways), []).append(_told(name, ways))
        return tuple(Phrase(joined(names), guards) for guards, names in by_guards.items())

    def _deciding(self, name: str, ways: list[Way]) -> tuple[str, ...]:
        if name.endswith(("_success", "_failure")) and name != "rm_failure":
            return ()
        said = self._said[name]
        common = [guard for guard in ways[0].row.guards if all(guard in w.row.guards for w in ways)]
        return tuple(guard for guard in common if _opposite(guard) in said)


def guards_line(guards: Iterable[str]) -> str:
    """Write guards as a reader reads them.

    >>> guards_line(["has_vms", "not has_source"])
    '[VMs, no source]'
    """
    return f"[{', '.join(map(_guard, guards))}]"


def _guard(guard: str) -> str:
    for written, read in (("not has_", "no "), ("has_", "")):
        if guard.startswith(written):
            guard = read + guard.removeprefix(written)
            break
    return " ".join(_NAMES.get(word, word) for word in guard.replace("_", " ").split())


_NAMES = {"vm": "VM", "vms": "VMs", "source": "SOURCE", "path": "PATH"}


def joined(names: Iterable[str]) -> str:
    """Join names of operations, saying once what they begin or end with.

    >>> joined(["snap delete done", "snap revert done"])
    'snap delete, snap revert done'
    """
    by_end: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        stem, _, end = name.rpartition(" ")
        if end in _ENDS.values():
            by_end.setdefault(end, []).append(stem)
        else:
            by_end.setdefault("", []).append(name)
    _merge_both(by_end)
    plain = by_end.get("", [])
    for end in [end for end in by_end if end]:
        also = [stem for stem in by_end[end] if stem in plain]
        plain[:] = [f"{name} ({end})" if name in also else name for name in plain]
        by_end[end] = [stem for stem in by_end[end] if stem not in also]
    return ", ".join(f"{_stems(stems)} {end}".rstrip() for end, stems in by_end.items() if stems)


def _merge_both(by_end: dict[str, list[str]]) -> None:
    """Let what ends well and badly in the same way be told as ended."""
    both = [stem for stem in by_end.get("done", ()) if stem in by_end.get("failed", ())]
    if not both:
        return
    for end in ("done", "failed"):
        by_end[end] = [stem for stem in by_end[end] if stem not in both]
        if not by_end[end]:
            del by_end[end]
    by_end["ended"] = both


def _stems(stems: list[str]) -> str:
    by_head: dict[str, list[str]] = {}
    for stem in stems:
        head, _, rest = stem.partition(" ")
        by_head.setdefault(head, []).append(rest)
    told = []
    for head, rests in by_head.items():
        rest = " / ".join(rest for rest in rests if rest)
        plain = "" in rests
        told.append(f"{head} ({rest})" if plain and rest else f"{head} {rest}".rstrip())
    return ", ".join(told)


def _told(name: str, ways: list[Way]) -> str:
    name = name.replace("save_as", "save-as").replace("_", " ")
    stem, _, end = name.rpartition(" ")
    if end not in _ENDS:
        return name
    failed = end == "success" and all(way.outcome is Outcome.FAILURE for way in ways)
    return f"{stem} {'failed' if failed else _ENDS[end]}"


def _opposite(guard: str) -> str:
    return guard.removeprefix("not ") if guard.startswith("not ") else f"not {guard}"

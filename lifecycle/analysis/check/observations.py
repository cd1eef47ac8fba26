"""What was observed, read from files: polls of documents over time, or a recorded history."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle.analysis.check.hook_events import Change
from lifecycle.cloud.saving import read as read_cloud
from lifecycle.documents.reading import documents_of_images, image_of
from lifecycle.refusal import InputError
from lifecycle.states import ImageState
from lifecycle.trace.format import FORMAT
from lifecycle.trace.format import read as read_trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.documents.elements import Node
    from lifecycle.image import Image

_DOCUMENTS = (".xml", ".xml.gz")
_LINES = (".jsonl", ".jsonl.gz", ".jsonl.xz")
_SETS = ("VMS", "CLONES", "APP_CLONES", "BACKUP_DISK_IDS")
_EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen at one time.

    Attributes:
        place: where it stands, as ``polls.jsonl:3``.
        images: the images by their ids.
        whole: whether it shows all images, so that one that is missing is gone.
    """

    place: str
    images: dict[int, Image]
    whole: bool


@dataclass(frozen=True, slots=True)
class Event:
    """What a state hook told: where it stands, of which image, and the change."""

    place: str
    image: int
    change: Change


@dataclass(frozen=True, slots=True)
class Observations:
    """Observations of one cloud, in their order.

    Attributes:
        name: what they are called.
        seen: the observations.
        events: what state hooks told.
    """

    name: str
    seen: list[Observation]
    events: list[Event] = field(default_factory=list)

    def images(self) -> list[int]:
        """Give the ids of the images that were seen."""
        return sorted({number for one in self.seen for number in one.images})

    def told(self) -> list[int]:
        """Give the ids of the images that hooks told of."""
        return sorted({event.image for event in self.events})

    def of(self, number: int) -> tuple[list[Image | None], list[str]]:
        """Give what was seen of one image, None where it was not there, and where that stands."""
        relevant = [one for one in self.seen if one.whole or number in one.images]
        return [one.images.get(number) for one in relevant], [one.place for one in relevant]


def read_observations(name: str) -> Iterator[Observations]:
    """Give what was observed of one cloud, or of several where the file holds several histories.

    Args:
        name: a folder with a document a poll (``*.xml``, ``*.xml.gz``, in the
            order of their names), or a file with such documents one behind the
            other, each from a line of its own; or a file of lines
            (``*.jsonl``): each is a poll or an event of a state hook, or it is a
            recorded history; or a saved cloud (``*.json``) with its journal.

    Raises:
        InputError: it cannot be read, or is nothing of the kind.
    """
    path = Path(name)
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.name.endswith(_DOCUMENTS))
        if not files:
            raise InputError("holds no documents (*.xml, *.xml.gz)", file=name)
        yield Observations(name, [one for file in files for one in _documents(str(file))])
    elif path.name.endswith(_LINES):
        yield from _lines(path)
    elif path.name.endswith(".json"):
        yield Observations(name, [], list(_journal(name)))
    else:
        yield Observations(name, list(_documents(name)))


def _documents(name: str) -> Iterator[Observation]:
    """Give the polls of a file: one, or several one behind the other."""
    found = list(documents_of_images(name))
    for number, (images, whole) in enumerate(found, 1):
        place = Path(name).name + (f" ({number} of {len(found)})" if len(found) > 1 else "")
        yield Observation(place, {image.id: image for image in images}, whole)


def _lines(path: Path) -> Iterator[Observations]:
    if not path.name.endswith(".jsonl") or _is_trace(path):
        for history in read_trace(path):
            yield Observations(history.name, list(_steps(history.file, history.steps)))
        return
    events: list[Event] = []
    yield Observations(str(path), list(_polls(path, events)), events)


def _is_trace(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            return FORMAT in lines.readline(1000)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {why}", file=str(path)) from error


def _steps(file: str, steps: list[Any]) -> Iterator[Observation]:
    """Give what a recorded history shows after each of its steps."""
    nodes: dict[int, dict[str, Any]] = {}
    images: dict[int, Image] = {}
    for step in steps:
        for key, changed in ((step.data.get("then") or {}).get("images") or {}).items():
            number = int(key)
            if changed is None:
                nodes.pop(number, None)
                images.pop(number, None)
                continue
            nodes[number] = {**nodes.get(number, {}), **changed}
            images[number] = _image(nodes[number] | {"ID": number}, file, step.line)
        yield Observation(f"{Path(file).name}:{step.line}", dict(images), whole=True)


def _polls(path: Path, events: list[Event]) -> Iterator[Observation]:
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {why}", file=file) from error
    # Not `splitlines`: a name may hold what ends a line elsewhere, as U+2028.
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        value = _parsed(row, file, line)
        if "hook" in value:
            events.append(_event(value["hook"], f"{path.name}:{line}", file, line))
            continue
        whole = "IMAGE_POOL" in value
        views = value["IMAGE_POOL"] if whole else [value.get("IMAGE", value)]
        if not isinstance(views, list) or not all(isinstance(one, dict) for one in views):
            raise InputError("must be a list of images", file=file, line=line, field="IMAGE_POOL")
        seen: dict[int, Image] = {}
        for one in views:
            image = _image(one, file, line)
            if image.id in seen:
                raise InputError("is there twice", file=file, line=line, field=f"IMAGE {image.id}")
            seen[image.id] = image
        yield Observation(f"{path.name}:{line}", seen, whole)


def _event(hook: Any, place: str, file: str, line: int = 0) -> Event:
    match hook:
        case {"ID": int(number), "FROM": str(before), "TO": str(after)} if (
            before in ImageState.__members__ and after in ImageState.__members__
        ):
            return Event(place, number, Change(ImageState[before], ImageState[after]))
    example = '{"ID": 7, "FROM": "LOCKED", "TO": "READY"}'
    raise InputError(f"must be like {example}", file=file, line=line, field="hook")


def _journal(name: str) -> Iterator[Event]:
    """Give what hooks told, out of the journal of a saved cloud."""
    value = read_cloud(name)
    journal = value.get("journal") if isinstance(value, dict) else None
    if not isinstance(journal, list):
        raise InputError("must be a saved cloud with its journal", file=name, field="journal")
    for number, entry in enumerate(journal):
        if not isinstance(entry, dict) or entry.get("kind") != "hook":
            continue
        detail = entry.get("detail")
        detail = detail if isinstance(detail, dict) else {}
        image = str(entry.get("object", "")).removeprefix("image ")
        hook = {
            "ID": int(image) if image.isdecimal() else None,
            "FROM": detail.get("from"),
            "TO": detail.get("to"),
        }
        yield _event(hook, f"entry {entry.get('number', number)}", name)


def _parsed(row: str, file: str, line: int) -> dict[str, Any]:
    try:
        value = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}", file=file, line=line) from error
    if not isinstance(value, dict):
        raise InputError("a poll must be a JSON object", file=file, line=line)
    return value


def _image(view: dict[str, Any], file: str, line: int) -> Image:
    try:
        return image_of(_node(view))
    except InputError as error:
        raise error.at(file, line) from error


def _node(view: dict[str, Any]) -> Node:
    """Give an image's fields as its XML document would have them."""
    node: Node = {"RUNNING_VMS": len(_list(view, "VMS"))}
    node["CLONING_OPS"] = len(_list(view, "CLONES")) + len(_list(view, "APP_CLONES"))
    for name, value in view.items():
        if name in _SETS:
            node[name] = {"ID": [str(one) for one in _list(view, name)]}
        elif name == "SNAPSHOTS" and isinstance(value, list):
            node[name] = {"SNAPSHOT": value} if value else {}
        elif name == "BACKUP_INCREMENTS" and isinstance(value, list):
            node[name] = {"INCREMENT": value} if value else {}
        elif value not in _EMPTY:
            node[name] = str(value) if isinstance(value, int | float) else value
    return node


def _list(view: dict[str, Any], name: str) -> list[Any]:
    value = view.get(name) or []
    if isinstance(value, dict):
        value = value.get("ID", [])
    return value if isinstance(value, list) else [value]

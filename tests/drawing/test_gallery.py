"""The checked-in gallery is what the pinned engine draws of the table today."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle import InputError
from lifecycle.drawing import gallery as module
from lifecycle.drawing.gallery import COMMAND, gallery, write_gallery

GALLERY = Path(__file__).parents[2] / "diagrams" / "views"


def test_the_gallery_is_fresh() -> None:
    fresh = dict(gallery())
    stale = [
        name
        for name, content in fresh.items()
        if not (GALLERY / name).is_file() or (GALLERY / name).read_bytes() != content
    ]
    assert stale == [], f"stale: mend it with: {COMMAND}"
    kinds = {".svg", ".png"}
    left = {file.name for file in GALLERY.iterdir() if file.suffix in kinds} - set(fresh)
    assert left == set(), f"no picture of a standard view: remove {sorted(left)}"


def test_it_is_written_into_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "gallery", lambda: iter([("a.svg", b"<svg/>")]))
    assert write_gallery(tmp_path / "new" / "place") == ["views/a.svg"]
    assert (tmp_path / "new" / "place" / "views" / "a.svg").read_bytes() == b"<svg/>"


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "gallery", lambda: iter([("a.svg", b"<svg/>")]))
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be made"):
        write_gallery(tmp_path / "file" / "place")

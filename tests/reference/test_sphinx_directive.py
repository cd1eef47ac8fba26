"""The directive ``image-lifecycle`` in a site of Sphinx: pictures, pages, mistakes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from lifecycle.files import write_files
from tests.markup.parsing import read_html
from tests.tools import python_path

if TYPE_CHECKING:
    from pathlib import Path

CONF = """\
project = "Site"
html_theme = "basic"
extensions = ["lifecycle.reference.sphinx"]
"""
INDEX = """\
Site
====

.. image-lifecycle::

.. image-lifecycle:: around=CLONE
   :caption: About <clones> & *copies*
   :class: wide
   :name: clones

.. image-lifecycle::
   :about: LOCKED
"""


def build(folder: Path, builder: str, index: str) -> subprocess.CompletedProcess[str]:
    write_files(folder, {"conf.py": CONF, "index.rst": index})
    return subprocess.run(  # noqa: S603 - builds our own site
        [sys.executable, "-m", "sphinx", "-q", "-b", builder, ".", builder],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": python_path()},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_site_shows_pictures_and_pages(tmp_path: Path) -> None:
    done = build(tmp_path, "html", INDEX)
    assert (done.returncode, done.stderr) == (0, "")
    written = (tmp_path / "html" / "index.html").read_text("utf-8")
    read = read_html(written)
    pictures = [values for tag, values in read.tags if tag == "svg"]
    assert [one["role"] for one in pictures] == ["img", "img"]
    assert '<div class="image-lifecycle wide"><svg' in written
    assert "About <clones> & *copies*" in read.text
    assert 'id="clones"' in written
    assert "What leads in" in re.findall("<h2>(.*?)<", written)
    assert ["delete_force", "oneimage delete IMAGE --force"] in [
        row[:2] for table in read.tables for row in table
    ]


def test_where_there_are_no_pictures_it_is_told_in_words(tmp_path: Path) -> None:
    done = build(tmp_path, "text", INDEX)
    assert (done.returncode, done.stderr) == (0, "")
    written = (tmp_path / "text" / "index.txt").read_text("utf-8")
    assert "READY to CLONE by user: clone." in written


def test_a_mistake_is_told_with_the_line(tmp_path: Path) -> None:
    mistakes = {
        ".. image-lifecycle:: around=MARS": "image-lifecycle: around is one of INIT, READY",
        ".. image-lifecycle:: ellipse": "image-lifecycle: no view is named 'ellipse'",
        ".. image-lifecycle::\n   :about: mars": "image-lifecycle: no page tells of 'mars'",
        ".. image-lifecycle:: full\n   :about: READY": (
            "image-lifecycle shows a view or tells about a topic, not both"
        ),
    }
    done = build(tmp_path, "html", "\n\n".join(["Site\n====", *mistakes]) + "\n")
    for line, problem in zip((4, 6, 8, 11), mistakes.values(), strict=True):
        assert f"index.rst:{line}: ERROR: {problem}" in done.stderr
    assert "Traceback" not in done.stderr

"""The pages are what sites take: Sphinx and Hugo build them, and say nothing against them."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from lifecycle.files import write_files
from lifecycle.reference.pictures import drawn
from lifecycle.reference.sentences import page_of
from lifecycle.reference.writing import reference
from lifecycle.states import ImageState
from tests.markup.parsing import Read, read_html
from tests.tools import require

if TYPE_CHECKING:
    from pathlib import Path

HUGO = """\
baseURL = "/"
title = "Site"
disableKinds = ["RSS", "sitemap", "taxonomy", "term"]
refLinksErrorLevel = "ERROR"
"""
LAYOUT = "<html><head><title>{{ .Title }}</title></head><body>{{ .Content }}</body></html>\n"


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(  # noqa: S603 - builds our own pages
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def sphinx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sphinx")
    write_files(
        folder, reference("sphinx") | {"conf.py": 'project = "Site"\nhtml_theme = "basic"\n'}
    )
    command = (sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-b", "html")
    assert run(*command, ".", "built", folder=folder) == ""
    return folder / "built"


def test_sphinx_builds_the_pages_and_warns_of_nothing(sphinx: Path) -> None:
    read = read_page(sphinx / "states.html")
    assert read.tables[0][5] == ["4", "LOCKED", "lock", "FS operation for the Image in process"]
    links = {values.get("href") for tag, values in read.tags if tag == "a"}
    assert "state-locked.html#image-lifecycle-state-locked" in links


def test_hugo_builds_the_pages_and_finds_the_end_of_every_link(tmp_path: Path) -> None:
    hugo = require("hugo", mend="apt-get install hugo")
    content = tmp_path / "content" / "images"
    write_files(content, reference("hugo"))
    write_files(tmp_path, {"config.toml": HUGO})
    write_files(tmp_path / "layouts" / "_default", {"single.html": LAYOUT, "list.html": LAYOUT})
    assert "WARN" not in run(hugo, "--quiet", folder=tmp_path)
    built = tmp_path / "public" / "images"
    assert len(list(built.rglob("index.html"))) == len(reference("hugo"))
    read = read_page(built / "states" / "index.html")
    assert read.tables[0][5] == ["4", "LOCKED", "lock", "FS operation for the Image in process"]
    links = {values.get("href") for tag, values in read.tags if tag == "a"}
    assert "/images/state-locked/" in links


def read_page(file: Path) -> Read:
    return read_html(file.read_text("utf-8"))


@pytest.fixture(scope="module")
def html() -> dict[str, str]:
    return reference("html", partial(drawn, ending=".html"))


def test_html_pages_lead_to_each_other_and_name_each_place_once(html: dict[str, str]) -> None:
    pages = {name: read_html(text) for name, text in html.items()}
    places = set()
    for name, read in pages.items():
        ids = [values["id"] for _, values in read.tags if "id" in values]
        assert sorted(set(ids)) == sorted(ids)
        places |= {f"{name}#{one}" for one in ids} | {name}
    for name, read in pages.items():
        for tag, values in read.tags:
            href = values.get("href") or values.get("xlink:href") or ""
            if tag == "a" and href:
                assert (f"{name}{href}" if href.startswith("#") else href) in places
    assert all(read.tags.count(("h1", {})) == 1 for read in pages.values())


def test_the_states_of_an_html_picture_lead_to_their_pages(html: dict[str, str]) -> None:
    index = html["index.html"]
    picture = index[index.index("<svg") : index.index("</svg>")]
    for state in ImageState:
        assert f'href="{page_of(state)}.html"' in picture

"""What a notebook is given: a picture or a page, in the formats that it can show."""

from __future__ import annotations

import doctest

import pytest

from lifecycle import GONE, Image, ImageState, InputError
from lifecycle.drawing.views import parse_view
from lifecycle.reference import notebook
from lifecycle.reference.notebook import show
from tests.markup.parsing import read_html
from tests.markup.test_writers import HOSTILE


def test_a_view_is_shown_as_a_picture_and_told_in_words() -> None:
    bundle = show("around=CLONE")._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml", "text/plain"]
    assert bundle["image/svg+xml"].startswith("<svg ")
    assert "READY to CLONE by user: clone." in bundle["text/plain"]
    assert show(parse_view("around=CLONE")) == show("around=CLONE")
    assert repr(show("around=CLONE")) == bundle["text/plain"]


def test_a_topic_is_shown_as_a_page() -> None:
    bundle = show("DISABLED")._repr_mimebundle_()
    assert read_html(bundle["text/html"]).tables
    assert bundle["text/markdown"].startswith("# DISABLED\n")


def test_a_notebook_is_given_only_what_it_asks_for() -> None:
    shown = show("clone")
    assert list(shown._repr_mimebundle_(include=["text/html"])) == ["text/html"]
    assert list(shown._repr_mimebundle_(exclude=["text/html"])) == ["text/markdown", "text/plain"]


def test_an_image_is_shown_where_it_stands() -> None:
    image = Image(7, "debian", state=ImageState.LOCKED)
    picture = show(image)._repr_mimebundle_()["image/svg+xml"]
    assert "7 debian" in picture
    assert "around LOCKED" in picture
    image.state = GONE
    assert "its record has left the pool" in repr(show(image))


@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_of_an_image_is_only_shown(name: str) -> None:
    picture = show(Image(7, name, state=ImageState.CLONE))._repr_mimebundle_()["image/svg+xml"]
    assert not {"script", "b"} & {tag for tag, _ in read_html(picture).tags}


def test_what_there_is_not_is_told() -> None:
    with pytest.raises(InputError, match="no page tells of 'mars'"):
        show("mars")


def test_the_example_is_true() -> None:
    failed, attempted = doctest.testmod(notebook)
    assert (failed, attempted > 0) == (0, True)

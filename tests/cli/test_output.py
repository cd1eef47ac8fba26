"""Texts are printed in lines of a terminal, however narrow it is."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from lifecycle.cli.output import print_text


@pytest.mark.parametrize(("width", "longest"), [(20, 20), (3, 5), (1, 5)])
def test_a_text_is_broken_and_indented_in_a_terminal_of_any_width(width: int, longest: int) -> None:
    out = Console(file=io.StringIO(), width=width)
    print_text(out, Text("why: the image is USED"), depth=2)
    assert isinstance(out.file, io.StringIO)
    lines = out.file.getvalue().splitlines()
    assert all(line.startswith("    ") for line in lines if line)
    assert all(line == line.rstrip() for line in lines)
    assert max(map(len, lines)) <= longest
    assert "".join("".join(lines).split()) == "why:theimageisUSED"

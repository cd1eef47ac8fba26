"""The public face of the help for tests: its names, and that its examples are true."""

from __future__ import annotations

import ast
import doctest
from importlib import import_module
from pathlib import Path

import pytest

import lifecycle.testing


def imported_for_type_checkers() -> set[str]:
    """Give the names that the package imports for type checkers only."""
    tree = ast.parse(Path(lifecycle.testing.__file__).read_text("utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize("name", lifecycle.testing.__all__)
def test_a_public_name_can_be_imported_and_says_what_it_is(name: str) -> None:
    assert getattr(lifecycle.testing, name).__doc__


def test_type_checkers_see_the_public_names_and_no_others() -> None:
    assert imported_for_type_checkers() == set(lifecycle.testing.__all__)
    assert dir(lifecycle.testing) == sorted(lifecycle.testing.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'OpenNimbus'"):
        lifecycle.testing.OpenNimbus  # type: ignore[attr-defined]  # noqa: B018 - it must fail


@pytest.mark.parametrize("module", ["client_machine", "opennebula", "strategies"])
def test_the_examples_of_a_module_are_true(module: str) -> None:
    failed, attempted = doctest.testmod(import_module(f"lifecycle.testing.{module}"))
    assert failed == 0
    assert attempted > 0

"""The public face: the names, and the methods of an image that stand for its operations."""

from __future__ import annotations

import ast
import doctest
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import lifecycle
from lifecycle import OPERATIONS, Image, refusal, table
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.triggers import EVENTS, ImageTriggers

NOT_OPERATIONS = {"legal"}


def methods() -> dict[str, inspect.Signature]:
    """Give the public methods of an image that stand beside the table."""
    return {
        name: inspect.signature(member)
        for name, member in vars(ImageTriggers).items()
        if inspect.isfunction(member) and not name.startswith("_")
    }


def imported_for_type_checkers() -> set[str]:
    """Give the names that the package imports for type checkers only."""
    tree = ast.parse(Path(lifecycle.__file__).read_text("utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def exceptions_of(module: object) -> set[str]:
    """Give the names of the exceptions that a module defines."""
    return {
        name
        for name, member in vars(module).items()
        if isinstance(member, type)
        and issubclass(member, Exception)
        and member.__module__ == getattr(module, "__name__", "")
    }


@pytest.mark.parametrize("name", lifecycle.__all__)
def test_a_public_name_can_be_imported_and_is_at_home_in_the_package(name: str) -> None:
    value = getattr(lifecycle, name)
    if isinstance(value, type):
        assert value.__name__ == name
        assert value.__module__.startswith("lifecycle.")


def test_type_checkers_see_the_public_names_and_no_others() -> None:
    assert imported_for_type_checkers() == set(lifecycle.__all__)
    assert dir(lifecycle) == sorted(lifecycle.__all__)


def test_all_exceptions_are_public() -> None:
    assert exceptions_of(refusal) | exceptions_of(table) <= set(lifecycle.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Imago'"):
        lifecycle.Imago  # type: ignore[attr-defined]  # noqa: B018 - that it fails is the point


def test_the_example_of_the_package_is_true() -> None:
    failed, attempted = doctest.testmod(lifecycle)
    assert failed == 0
    assert attempted > 0


def test_an_image_can_be_made_without_the_machine_and_its_library() -> None:
    """`import lifecycle` stays cheap: what costs is imported when an operation is fired."""
    # What was there before (a tool that measures coverage, say) is not ours.
    program = (
        "import sys; before = set(sys.modules); import lifecycle; lifecycle.Image(1, 'a').copy();"
        "print(sorted({'transitions', 'dataclasses', 'inspect'} & set(sys.modules) - before))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - own
    assert done.stdout == "[]\n"


def test_every_operation_is_a_method_and_every_method_an_operation() -> None:
    assert set(methods()) - NOT_OPERATIONS == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_method_takes_what_the_operation_carries_and_says_so(name: str) -> None:
    method = getattr(Image, name)
    parameters = list(methods()[name].parameters.values())[1:]
    documentation = inspect.getdoc(method) or ""
    assert methods()[name].return_annotation == "bool"
    assert len(parameters) <= 1
    for parameter in parameters:
        assert parameter.annotation is not inspect.Parameter.empty
        assert f"    {parameter.name}: " in documentation
    assert ("Args:" in documentation) is bool(parameters)


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - {"delete_force"}))
def test_a_method_is_described_in_the_words_of_the_table(name: str) -> None:
    documentation = inspect.getdoc(getattr(Image, name)) or ""
    assert documentation.splitlines()[0] == OPERATIONS[name].meaning


def test_every_answer_of_a_datastore_driver_is_an_operation() -> None:
    answers = {name for name in OPERATIONS if name.endswith(("_success", "_failure"))}
    assert set(DRIVER_ANSWERS.values()) == {
        name for name in answers if not name.startswith("save_as_")
    }


def test_an_event_is_asked_for_by_the_name_of_its_operation() -> None:
    assert EVENTS["enable"].name == "enable"
    with pytest.raises(KeyError):
        EVENTS["bless"]

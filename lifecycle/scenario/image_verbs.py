"""The commands of ``oneimage``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.scenario.given import Call, Given
from lifecycle.scenario.grammar import Verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LEVELS = {"use": 1, "manage": 2, "admin": 3, "all": 4}
_KEEP = -1


def image_verbs() -> Iterator[Verb]:
    """Give every command of ``oneimage`` that a scenario knows."""
    yield Verb(
        "oneimage create",
        "--name NAME [--type TYPE] [--path PATH] [--source SOURCE] [--size SIZE]"
        " [--format FORMAT] [--persistent] [--prefix PREFIX] [--target TARGET]"
        " [--description TEXT] -d|--datastore DATASTORE [--no_check_capacity] [KEY=VALUE…]",
        _create,
    )
    yield Verb("oneimage clone", "IMAGE NAME [-d|--datastore DATASTORE]", _clone)
    yield Verb("oneimage delete", "IMAGE [--force]", _delete)
    yield Verb("oneimage enable", "IMAGE", _switch("enable", on=True))
    yield Verb("oneimage disable", "IMAGE", _switch("enable", on=False))
    yield Verb("oneimage persistent", "IMAGE", _switch("persistent", on=True))
    yield Verb("oneimage nonpersistent", "IMAGE", _switch("persistent", on=False))
    yield Verb("oneimage chtype", "IMAGE TYPE", _chtype)
    yield Verb("oneimage lock", "IMAGE [-u|--use] [-m|--manage] [-a|--admin] [-l|--all]", _lock)
    yield Verb("oneimage unlock", "IMAGE", lambda g: Call("one.image.unlock", (g.image(),)))
    yield Verb("oneimage rename", "IMAGE NAME", _rename)
    yield Verb("oneimage chown", "IMAGE USER [GROUP]", _chown)
    yield Verb("oneimage chgrp", "IMAGE GROUP", _chgrp)
    yield Verb("oneimage chmod", "IMAGE OCTET", _chmod)
    yield Verb("oneimage update", "IMAGE [-a|--append] [KEY=VALUE…]", _update)
    for word in ("delete", "revert", "flatten"):
        yield Verb(f"oneimage snapshot-{word}", "IMAGE SNAPSHOT", _snapshot(f"snapshot{word}"))


def _create(given: Given) -> Call:
    name = given.text("name")
    template = given.template(
        NAME=name,
        TYPE=given.text("type"),
        PATH=given.text("path"),
        SOURCE=given.text("source"),
        SIZE=given.text("size"),
        FORMAT=given.text("format"),
        PERSISTENT=given.flag("persistent"),
        DEV_PREFIX=given.text("prefix"),
        TARGET=given.text("target"),
        DESCRIPTION=given.text("description"),
    )
    params = (template, given.find("datastore", "datastore"), given.flag("no_check_capacity"))
    return Call("one.image.allocate", params, "image", name)


def _clone(given: Given) -> Call:
    name = given.text("NAME")
    params = (given.image(), name, given.found("datastore", "datastore", _KEEP))
    return Call("one.image.clone", params, "image", name)


def _delete(given: Given) -> Call:
    return Call("one.image.delete", (given.image(), given.flag("force")))


def _switch(call: str, *, on: bool) -> Callable[[Given], Call]:
    return lambda given: Call(f"one.image.{call}", (given.image(), on))


def _chtype(given: Given) -> Call:
    return Call("one.image.chtype", (given.image(), given.text("TYPE")))


def _lock(given: Given) -> Call:
    level = next((number for name, number in _LEVELS.items() if given.flag(name)), 1)
    return Call("one.image.lock", (given.image(), level, False))


def _rename(given: Given) -> Call:
    return Call("one.image.rename", (given.image(), given.text("NAME")))


def _chown(given: Given) -> Call:
    group = given.found("group", "GROUP", _KEEP)
    return Call("one.image.chown", (given.image(), given.find("user"), group))


def _chgrp(given: Given) -> Call:
    return Call("one.image.chown", (given.image(), _KEEP, given.find("group")))


def _chmod(given: Given) -> Call:
    bits = [int(digit) >> place & 1 for digit in given.text("OCTET") for place in (2, 1, 0)]
    return Call("one.image.chmod", (given.image(), *bits))


def _update(given: Given) -> Call:
    append = 1 if given.flag("append") else 0
    return Call("one.image.update", (given.image(), given.template(), append))


def _snapshot(call: str) -> Callable[[Given], Call]:
    return lambda given: Call(f"one.image.{call}", (given.image(), given.snapshot_of_image()))

"""Makes one script of several modules, as a page needs it that may fetch nothing.

The modules import each other by name only, and no name is defined twice: so
they can stand one after the other, those that are imported first.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z_]+)\.js";\n', re.MULTILINE)
_STRAY = re.compile(
    r"^(?:import\b|export (?!const |function |async function |class ))", re.MULTILINE
)
_DEFINED = re.compile(
    r"^(?:export )?(?:const|let|class|function\*?|async function)\s+([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
_EXPORTED = re.compile(
    r"^export (?:const|class|function|async function) ([A-Za-z_$][\w$]*)", re.MULTILINE
)


def modules() -> dict[str, str]:
    """Give the modules of the page by their names, without the ending."""
    folder = resources.files("lifecycle.page") / "scripts"
    found = sorted(folder.iterdir(), key=lambda one: one.name)
    return {
        file.name.removesuffix(".js"): file.read_text("utf-8")
        for file in found
        if file.name.endswith(".js")
    }


def linked(main: str, sources: Mapping[str, str]) -> str:
    """Give one script that does what a module does with all that it imports.

    Args:
        main: the module's name.
        sources: the text of every module by its name.

    Raises:
        ValueError: modules import each other in a circle, import what is not
            exported, or two define the same name.
    """
    order: list[str] = []
    _visit(main, sources, order, ())
    owners: dict[str, str] = {}
    for name in order:
        for defined in _DEFINED.findall(sources[name]):
            if owners.setdefault(defined, name) != name:
                raise ValueError(f"{owners[defined]}.js and {name}.js both define {defined}")
    body = "\n".join(_plain(name, sources[name]).strip() for name in order)
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def _visit(name: str, sources: Mapping[str, str], order: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        raise ValueError(f"modules import each other in a circle: {' → '.join((*path, name))}")
    if name in order:
        return
    for names, other in _IMPORT.findall(sources[name]):
        wanted = {one.strip() for one in names.split(",") if one.strip()}
        missing = wanted - set(_EXPORTED.findall(sources.get(other, "")))
        if missing:
            raise ValueError(
                f"{name}.js imports what {other}.js does not export: {sorted(missing)}"
            )
        _visit(other, sources, order, (*path, name))
    order.append(name)


def _plain(name: str, source: str) -> str:
    """Give a module without its imports and exports."""
    text = _IMPORT.sub("", source)
    stray = _STRAY.search(text)
    if stray is not None:
        line = text.count("\n", 0, stray.start()) + 1
        raise ValueError(f"{name}.js: an import or export that cannot be linked, near line {line}")
    return re.sub(r"^export ", "", text, flags=re.MULTILINE)

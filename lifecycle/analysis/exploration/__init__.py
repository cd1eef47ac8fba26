"""Everything that can happen: to one image, to small clouds, to many images at once.

>>> from lifecycle.analysis.exploration import Bounds, explore_image
>>> graph = explore_image(Bounds(machines=1, clones=0))
>>> stuck = graph.without_way_to(lambda one: one.state.name in {"READY", "gone"})

- :mod:`.configuration` says what of an image matters, and within which bounds.
- :mod:`.outcomes` asks the engine what an operation does to an image.
- :mod:`.one_image` gives the successors of a configuration.
- :mod:`.search` reaches all there is, and answers what never holds, or need not.
- :mod:`.brute_force` reaches the same by calls in a cloud, to be compared with.
"""

from __future__ import annotations

from lifecycle.analysis.exploration.configuration import Bounds, Configuration, Holder, Record
from lifecycle.analysis.exploration.moves import Move
from lifecycle.analysis.exploration.one_image import OneImage, explore_image
from lifecycle.analysis.exploration.search import Edge, Graph, Step, search

__all__ = [
    "Bounds",
    "Configuration",
    "Edge",
    "Graph",
    "Holder",
    "Move",
    "OneImage",
    "Record",
    "Step",
    "explore_image",
    "search",
]

"""Everything that can happen: to one image, to small clouds, to many images at once.

>>> from lifecycle.analysis.exploration import Bounds, explore_image
>>> graph = explore_image(Bounds(machines=1, clones=0))
>>> stuck = graph.without_way_to(lambda one: one.state.name in {"READY", "gone"})

- :mod:`.configuration` says what of an image matters, and within which bounds.
- :mod:`.outcomes` asks the engine what an operation does to an image.
- :mod:`.one_image` gives the successors of a configuration.
- :mod:`.questions` asks what must always be possible for it, or come in the end.
- :mod:`.clouds` does the same with several images, machines, copies and exports, by calls
  in a real cloud; :mod:`.properties` says what should hold there, :mod:`.breaches` what does not.
- :mod:`.findings` gives names to what gets stuck, :mod:`.stories` writes it as scenarios.
- :mod:`.product` explores many images that have nothing to do with each other, with numpy.
- :mod:`.levels` uses all cores, :mod:`.distributed` a Dask cluster.
- :mod:`.search` reaches all there is, and answers what never holds, or need not.
- :mod:`.brute_force` reaches the same by calls in a cloud, to be compared with.
"""

from __future__ import annotations

from lifecycle.analysis.exploration.acts import Act, CloudBounds
from lifecycle.analysis.exploration.breaches import Broken, broken
from lifecycle.analysis.exploration.clouds import CloudConfiguration, SmallCloud, explore_cloud
from lifecycle.analysis.exploration.configuration import Bounds, Configuration, Holder, Record
from lifecycle.analysis.exploration.moves import Move
from lifecycle.analysis.exploration.one_image import OneImage, explore_image
from lifecycle.analysis.exploration.properties import (
    PROPERTIES,
    Property,
    of_images,
    of_machines,
)
from lifecycle.analysis.exploration.questions import QUESTIONS, Answer, Question, ask
from lifecycle.analysis.exploration.search import Edge, Graph, Step, search

__all__ = [
    "PROPERTIES",
    "QUESTIONS",
    "Act",
    "Answer",
    "Bounds",
    "Broken",
    "CloudBounds",
    "CloudConfiguration",
    "Configuration",
    "Edge",
    "Graph",
    "Holder",
    "Move",
    "OneImage",
    "Property",
    "Question",
    "Record",
    "SmallCloud",
    "Step",
    "ask",
    "broken",
    "explore_cloud",
    "explore_image",
    "of_images",
    "of_machines",
    "search",
]

"""Ways from one situation of an image to another, as commands to type.

`plan` and `ways_until` are what callers want; the rest is how it is found: the goals, the moves
that can be made in a cloud, when two clouds are the same for one image, and
the searches.
"""

from __future__ import annotations

from lifecycle.analysis.planning.goals import Goal, parse_goal
from lifecycle.analysis.planning.moves import Move
from lifecycle.analysis.planning.plans import Branch, Plans, Step, Wait, Way, plan, ways_until

__all__ = [
    "Branch",
    "Goal",
    "Move",
    "Plans",
    "Step",
    "Wait",
    "Way",
    "parse_goal",
    "plan",
    "ways_until",
]

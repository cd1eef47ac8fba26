"""What an operation or a call would do somewhere, or why it is refused and what to do instead.

Everything is tried, on copies, with the real engine and in a real cloud; the
words are those of the tables.
"""

from __future__ import annotations

from lifecycle.analysis.explaining.calls import CallExplanation, explain_call
from lifecycle.analysis.explaining.operations import Explanation, Obstacle, explain
from lifecycle.analysis.explaining.states import StateExplanation, explain_state

__all__ = [
    "CallExplanation",
    "Explanation",
    "Obstacle",
    "StateExplanation",
    "explain",
    "explain_call",
    "explain_state",
]

"""Every command that a scenario knows, by its first two words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.scenario.image_verbs import image_verbs
from lifecycle.scenario.other_verbs import other_verbs
from lifecycle.scenario.vm_verbs import vm_verbs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.scenario.grammar import Verb

VERBS: Mapping[str, Verb] = {
    verb.words: verb for verb in (*image_verbs(), *vm_verbs(), *other_verbs())
}
"""Every command by its words: ``oneimage clone``."""

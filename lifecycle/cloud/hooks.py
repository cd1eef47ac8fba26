"""State hooks: what is run when an image's state has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.refusal import InputError
from lifecycle.states import ImageState

if TYPE_CHECKING:
    from lifecycle.image import Image


class HookEvent(NamedTuple):
    """A change of state that reached an image's record.

    Attributes:
        image: the image.
        printed: the state as oned prints it to a hook: USED for USED_PERS too,
            LOCKED_USED for LOCKED_USED_PERS too.
        before: the state at the writing of the record before this one.
        after: the state now.
    """

    image: Image
    printed: str
    before: ImageState
    after: ImageState


HookAction = Callable[[HookEvent], object]
"""What a hook runs."""


class StateHook(NamedTuple):
    """A hook.

    Attributes:
        action: what is run.
        printed: the printed state that it waits for, "" for every one.
    """

    action: HookAction
    printed: str = ""

    def wants(self, event: HookEvent) -> bool:
        """Tell whether it is run for an event.

        Printed names are compared, as oned keeps a hook's state by its printed
        name: a hook on USED_PERS is run for USED too (HookStateImage).
        """
        return self.printed in {"", event.printed}


def state_hook(action: HookAction, state: ImageState | str | None = None) -> StateHook:
    """Make a hook.

    Args:
        action: is called with a `HookEvent`.
        state: a state or its name, in any case; None for every change. INIT is
            no state to wait for, in OpenNebula as here.

    Raises:
        InputError: there is no such state, or it is INIT; or the action cannot be called.
    """
    if not callable(action):
        raise InputError(f"a hook must be something to call, not {action!r}")
    if state is None:
        return StateHook(action)
    name = state.name if isinstance(state, ImageState) else str(state).upper()
    names = [one.name for one in ImageState if one is not ImageState.INIT]
    if name not in names:
        raise InputError(f"{state!r} is no state of a hook; take one of {', '.join(names)}")
    return StateHook(action, ImageState[name].printed)

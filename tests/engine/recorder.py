"""A world that writes down what an image tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifecycle import Image, Otherwise, Refused, Row


class Recorder:
    """What surrounds an image in a test: nothing but a list of what was told.

    Attributes:
        told: what the image told, in order, in words; a write with its state.
    """

    def __init__(self) -> None:
        self.told: list[str] = []

    def fired(self, thing: Any, row: Row, origin: Any) -> None:  # noqa: ANN401 - the protocol's
        self.told.append(f"fired {row.operation}: {origin.name} -> {thing.state.name}")

    def ignored(self, thing: Any, other: Otherwise) -> None:  # noqa: ANN401 - the protocol's
        self.told.append(f"ignored {other.operation} in {thing.state.name}")

    def refused(self, thing: Any, refusal: Refused) -> None:  # noqa: ANN401 - the protocol's
        self.told.append(f"refused {refusal.operation} in {thing.state.name}")

    def inserted(self, image: Image) -> None:
        self.told.append(f"inserted {image.id}")

    def written(self, image: Image) -> None:
        self.told.append(f"written {image.prev_state.name} -> {image.state.name}")

    def dropped(self, image: Image) -> None:
        self.told.append(f"dropped {image.id}")

    def asked(self, image: Image, action: str) -> None:
        self.told.append(f"asked {action} {image.id}")

    def tell_machines(self, image: Image) -> None:
        self.told.append(f"machines {sorted(image.vms)} of {image.state.name}")

    def release_clone(self, source: int, clone: int) -> None:
        self.told.append(f"{source} loses {clone}")

    def start_save_as_copy(self, image: Image) -> None:
        self.told.append(f"copy into {image.id}")

    def end_save_as(self, image: Image) -> None:
        self.told.append(f"no copy into {image.id}")

    def leave_backups(self, image: Image) -> None:
        self.told.append(f"backup {image.id} forgotten")

    def flatten_ended(self, image: Image) -> None:
        self.told.append(f"flatten of {image.id} ended")

    def now(self) -> int:
        return 1_700_000_000

    def date(self) -> str:
        return "Tue Nov 14 22:13:20 2023"

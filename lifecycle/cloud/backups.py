"""What a virtual machine knows of its backups.

Source: ``src/vm/Backups.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHOLE = re.compile(r"[+-]?[0-9]{1,99}")
FULL, INCREMENT = "FULL", "INCREMENT"
POINTERS = ("INCREMENTAL_BACKUP_ID", "LAST_INCREMENT_ID")
_ANSWER = ("LAST_BACKUP_ID", "LAST_BACKUP_SIZE", "LAST_BACKUP_FORMAT")
_FREEZES = ("NONE", "AGENT", "SUSPEND")
_INCREMENT_MODES = ("CBT", "SNAPSHOT")


@dataclass(slots=True)
class Backups:
    """The backups of a machine.

    Attributes:
        config: BACKUP_CONFIG, as documents have it: what was asked for, and
            what oned keeps there of the backup that is under way.
        ids: the backup images.
    """

    config: dict[str, str] = field(default_factory=dict)
    ids: set[int] = field(default_factory=set)

    @property
    def configured(self) -> bool:
        """Whether there is any configuration."""
        return bool(self.config)

    @property
    def mode(self) -> str:
        """FULL or INCREMENT."""
        return INCREMENT if self.config.get("MODE", "").upper() == INCREMENT else FULL

    @property
    def keep_last(self) -> int:
        """How many are kept, 0 for all."""
        return _number(self.config.get("KEEP_LAST"), 0)

    @property
    def chain_image(self) -> int:
        """The image that holds the chain of increments, -1 when there is none."""
        return _number(self.config.get(POINTERS[0]), -1)

    @chain_image.setter
    def chain_image(self, image: int) -> None:
        self.config[POINTERS[0]] = str(image)

    @property
    def last_increment(self) -> int:
        """The youngest increment of the chain, -1 when there is none."""
        return _number(self.config.get(POINTERS[1]), -1)

    @last_increment.setter
    def last_increment(self, number: int) -> None:
        self.config[POINTERS[1]] = str(number)

    @property
    def datastore(self) -> int:
        """Where the backup that is under way goes to, -1 when none is."""
        return _number(self.config.get("LAST_DATASTORE_ID"), -1)

    @datastore.setter
    def datastore(self, number: int) -> None:
        self.config["LAST_DATASTORE_ID"] = str(number)

    @property
    def flattening(self) -> bool:
        """Whether increments are being merged."""
        return self.config.get("ACTIVE_FLATTEN") == "YES"

    @flattening.setter
    def flattening(self, active: bool) -> None:
        self.config["ACTIVE_FLATTEN"] = "YES" if active else "NO"

    @property
    def answer(self) -> tuple[str, str, str]:
        """What the driver said of the backup that ends: its id, size and format."""
        first, size, form = (self.config.get(name, "") for name in _ANSWER)
        return first, size, form

    @answer.setter
    def answer(self, words: tuple[str, str, str]) -> None:
        self.config.update(zip(_ANSWER, words, strict=True))

    def end(self) -> None:
        """Forget the backup that was under way."""
        for name in ("LAST_DATASTORE_ID", *_ANSWER):
            self.config.pop(name, None)

    def reset_chain(self) -> None:
        """Forget the chain of increments: the next backup is a full one."""
        self.chain_image = self.last_increment = -1

    @property
    def disk_ids(self) -> list[int]:
        """The disks that are selected, none for all."""
        return [int(part) for part in self.config.get("DISK_IDS", "").split(",") if part]

    def select_disks(self, disks: Iterable[int]) -> None:
        """Select disks; none at all means all."""
        chosen = sorted(set(disks))
        if chosen:
            self.config["DISK_IDS"] = ",".join(map(str, chosen))
        else:
            self.config.pop("DISK_IDS", None)

    def too_many(self) -> list[int]:
        """Give the oldest images, as many as are more than are to be kept."""
        if self.keep_last == 0 or len(self.ids) <= self.keep_last:
            return []
        return sorted(self.ids)[: len(self.ids) - self.keep_last]

    def configure(
        self, given: dict[str, str], *, can_increment: bool, append: bool, eligible: list[int]
    ) -> str:
        """Take over a BACKUP_CONFIG; give oned's objection, or "".

        Args:
            given: the attributes.
            can_increment: whether the disks allow increments.
            append: whether attributes that are not given stay.
            eligible: the disks that can be backed up.
        """
        config = self.config
        before = (self.disk_ids, config.get("BACKUP_VOLATILE", "NO"))
        keep = given.get("KEEP_LAST")
        if keep is not None and _is_number(keep):
            config["KEEP_LAST"] = str(max(0, int(keep)))
        elif not append:
            config.pop("KEEP_LAST", None)
        self._yes_or_no("BACKUP_VOLATILE", given, append=append)
        if objection := self._configure_disks(given, eligible, append=append):
            return objection
        freeze = given.get("FS_FREEZE", "").upper()
        if freeze or not append:
            config["FS_FREEZE"] = freeze if freeze in _FREEZES else "NONE"
        self._configure_mode(given, can_increment=can_increment, append=append)
        if can_increment and before != (self.disk_ids, config.get("BACKUP_VOLATILE", "NO")):
            self.reset_chain()
        self._yes_or_no("INTERACTIVE", given, append=append)
        if (
            config.get("INTERACTIVE") == "YES"
            and self.mode == INCREMENT
            and config.get("INCREMENT_MODE") == "SNAPSHOT"
        ):
            return "Interactive backups do not support SNAPSHOT increment mode."
        return ""

    def _yes_or_no(self, name: str, given: dict[str, str], *, append: bool) -> None:
        if name in given:
            self.config[name] = "YES" if given[name].upper() == "YES" else "NO"
        elif not append:
            self.config[name] = "NO"

    def _configure_disks(self, given: dict[str, str], eligible: list[int], *, append: bool) -> str:
        if "DISK_IDS" not in given:
            if not append:
                self.select_disks(())
            return ""
        text = given["DISK_IDS"]
        parts = text.split(",") if text else []
        if not all(part.strip().isdigit() for part in parts):
            return f"Invalid DISK_IDS value: {text}"
        chosen = sorted({int(part) for part in parts})
        for disk in chosen:
            if disk not in eligible:
                return f"Invalid DISK_IDS, disk {disk} cannot be backed up"
        self.select_disks(chosen)
        return ""

    def _configure_mode(self, given: dict[str, str], *, can_increment: bool, append: bool) -> None:
        if not can_increment:
            self.reset_chain()
            self.config["MODE"] = FULL
            self.config.pop("INCREMENT_MODE", None)
            return
        word = given.get("MODE", "")
        if not word and append:
            return
        mode = INCREMENT if word.upper() == INCREMENT else FULL
        if mode != INCREMENT or self.mode != INCREMENT:
            self.reset_chain()
        self.config["MODE"] = mode
        how = given.get("INCREMENT_MODE", "").upper()
        if how or not append:
            self.config["INCREMENT_MODE"] = how if how in _INCREMENT_MODES else "CBT"

    def to_json(self) -> dict[str, Any]:
        """Give all of it as a JSON value."""
        return {"config": self.config, "ids": sorted(self.ids)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Backups:
        """Make it again out of what `to_json` gave."""
        return cls(dict(value["config"]), set(value["ids"]))


def _is_number(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and _is_number(text) else default

"""The lifecycle of a virtual machine, no deeper than images feel it.

A second table beside that of the image, read by the same engine.
"""

from __future__ import annotations

from lifecycle.cloud.vm_disk_rows import DISK_ROWS
from lifecycle.cloud.vm_effects import VM_EFFECTS
from lifecycle.cloud.vm_groups import ANY
from lifecycle.cloud.vm_guards import VM_GUARDS
from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.cloud.vm_recovery_rows import RECOVERY_ROWS
from lifecycle.cloud.vm_refusals import VM_REFUSALS
from lifecycle.cloud.vm_rows import VM_ROWS
from lifecycle.table import Table

VM_TABLE = Table(
    name="machine",
    states=ANY,
    final=(),
    operations=VM_OPERATIONS,
    rows=(*VM_ROWS, *RECOVERY_ROWS, *DISK_ROWS),
    otherwise=VM_REFUSALS,
    guards=VM_GUARDS,
    effects=VM_EFFECTS,
)
"""The lifecycle of a machine."""

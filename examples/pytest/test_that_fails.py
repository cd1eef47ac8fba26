"""What a failing test shows: all that happened in its cloud, and how things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lifecycle import Cloud


@pytest.mark.opennebula(answers="hold")
@pytest.mark.opennebula_plan("failure", "CLONE", payload="host unreachable")
def test_a_copy_can_be_deleted(cloud: Cloud) -> None:
    source = cloud.image.allocate('NAME="source" TYPE="DATABLOCK" SIZE="1"', 1)
    cloud.complete("MKFS", source)
    copy = cloud.image.clone(source, "copy")
    cloud.image.delete(copy)
    cloud.image.delete(source)
    assert cloud.images.ids() == []

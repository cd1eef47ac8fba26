"""The fixtures, the markers and the strategies of lifecycle.testing, each at its simplest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from lifecycle import ActionRefused, Cloud
from lifecycle.testing import ClientRefused, OpenNebula, XmlRpcClient, situations

IMAGE = 'NAME="debian" PATH="/images/debian.qcow2" SIZE="2048"'


def test_an_image_is_ready_at_once(cloud: Cloud) -> None:
    image = cloud.image.allocate(IMAGE, 1)
    assert cloud.images[image].state.name == "READY"


@pytest.mark.opennebula(answers="hold")
def test_an_image_is_locked_while_it_is_copied(cloud: Cloud) -> None:
    image = cloud.image.allocate(IMAGE, 1)
    assert cloud.images[image].state.name == "LOCKED"
    cloud.complete("CP", image)
    assert cloud.images[image].state.name == "READY"


@pytest.mark.opennebula_plan("failure", "CP", name="debian", payload="no space left")
def test_a_copy_that_fails(cloud: Cloud) -> None:
    image = cloud.images[cloud.image.allocate(IMAGE, 1)]
    assert image.state.name == "ERROR"
    assert "no space left" in image.template["ERROR"]


@pytest.mark.opennebula(situation={"images": [{"id": 7, "state": "USED", "running_vms": 1}]})
def test_an_image_that_nobody_uses_any_more_and_that_is_used_for_ever(cloud: Cloud) -> None:
    with pytest.raises(ActionRefused, match="There are 1 VMs using it"):
        cloud.image.delete(7)


def test_a_client_that_talks_to_an_endpoint(opennebula: OpenNebula) -> None:
    with XmlRpcClient(opennebula.endpoint, opennebula.session) as client:
        image = client.allocate(IMAGE, 1)
        client.enable(image, enabled=False)
    assert opennebula.cloud.images[image].state.name == "DISABLED"


@pytest.mark.opennebula_fault("one.image.info", error="INTERNAL", text="try later", count=1)
def test_a_call_that_fails_once(opennebula: OpenNebula) -> None:
    with XmlRpcClient(opennebula.endpoint, opennebula.session) as client:
        image = client.allocate(IMAGE, 1)
        with pytest.raises(ClientRefused, match="try later"):
            client.info(image)
        assert client.info(image).name == "debian"


def usage(cloud: Cloud) -> float:
    """Give the share of the images that some machine uses: what is tested next."""
    used = sum(1 for image in cloud.images if image.running_vms)
    return used / max(len(cloud.images), 1)


@settings(max_examples=50, deadline=None)
@given(situations())
def test_a_report_bears_any_situation(any_cloud: Cloud) -> None:
    assert 0 <= usage(any_cloud) <= 1

"""Tests a role against a cloud: that it does its work once, and what it says when that fails."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def play():
    """Play the role with the Ansible of this environment; ONE_URL and the rest are set already."""
    command = [Path(sys.executable).with_name("ansible-playbook"), "-i", "localhost,"]
    interpreter = f"ansible_python_interpreter={sys.executable}"
    done = subprocess.run(
        [*command, "-c", "local", "-e", interpreter, HERE / "site.yml"],
        capture_output=True,
        check=False,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_image_is_made_once(cloud, opennebula):
    code, said = play()
    assert code == 0, said
    assert "changed=1" in said
    assert [image.state.name for image in cloud.images] == ["READY"]
    assert "changed=0" in play()[1]
    assert len(cloud.images) == 1


def test_an_image_that_is_disabled_is_enabled(cloud, opennebula):
    cloud.image.allocate('NAME="debian" PATH="/images/debian.qcow2" SIZE="10"', 1)
    cloud.image.enable(0, False)
    assert "changed=1" in play()[1]
    assert cloud.images[0].state.name == "READY"


@pytest.mark.opennebula_plan("failure", "CP", payload="no space left on device")
def test_a_datastore_that_fails(opennebula):
    code, said = play()
    assert code != 0
    assert "no space left on device" in said


@pytest.mark.opennebula(delay=2, speed=1)
def test_a_datastore_that_takes_two_seconds(cloud, opennebula):
    assert play()[0] == 0
    assert cloud.images[0].state.name == "READY"

"""Drives pyone by the state machine of lifecycle.testing: ``pyone_machine.py ROOT``."""

import sys

sys.path.insert(0, sys.argv[1])

import pyone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from lifecycle.testing import ImageClientMachine, PyoneClient


class DrivePyone(ImageClientMachine):
    def client(self, opennebula):
        return PyoneClient(pyone.OneServer(opennebula.endpoint, session=opennebula.session))


run_state_machine_as_test(
    DrivePyone,
    settings=settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=20,
        stateful_step_count=20,
        suppress_health_check=list(HealthCheck),
    ),
)

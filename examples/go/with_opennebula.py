"""Runs any command with a simulated OpenNebula: ``python3 with_opennebula.py go test ./...``.

The environment tells the command where the cloud is: ONE_XMLRPC and ONE_AUTH
for goca and OpenNebula's own tools, OPENNEBULA_ENDPOINT, OPENNEBULA_USERNAME
and OPENNEBULA_PASSWORD for the Terraform provider, LIFECYCLE_CONTROL and
LIFECYCLE_TOKEN for whatever is to answer drivers, fail calls, or move time.
"""

from __future__ import annotations

import subprocess
import sys

from lifecycle.testing import OpenNebula, Settings


def main(command: list[str]) -> int:
    """Run a command, and give its exit code; where it failed, tell what happened."""
    # Datastores take half a second of real time, so that clients see LOCKED and wait.
    with OpenNebula(Settings(delay=0.5, speed=1)) as opennebula:
        try:
            code = subprocess.run(command, check=False).returncode
        except OSError as error:
            print(f"{command[0]} cannot be run: {error.strerror}", file=sys.stderr)
            return 127
        if code:
            print(opennebula.told(), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["go", "test", "./..."]))

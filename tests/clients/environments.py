"""The environments of the clients: ``python3 -m tests.clients.environments`` makes those that lack.

Each client has one of its own, as their requirements do not go together; what
is in it is pinned in ``requirements/``. They stand in ``.clients``, or in the
folder that LIFECYCLE_CLIENTS names.
"""

from __future__ import annotations

import os
import subprocess
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.tools import required

ROOT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).parent / "requirements"
CLIENTS = sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))
_MADE = "made"
"""The file that is written when an environment is complete."""


def folder() -> Path:
    """Give the folder of the environments."""
    return Path(os.environ.get("LIFECYCLE_CLIENTS") or ROOT / ".clients")


def program(client: str, name: str = "python") -> str:
    """Give the path of a program in a client's environment.

    Where there is no environment of these requirements, the test is skipped on
    a desk, and fails in CI.
    """
    place = folder() / client
    there = _is_made(place, client)
    mend = "python3 -m tests.clients.environments"
    return required(str(place / "bin" / name) if there else None, f"{client} of PyPI", mend=mend)


def _is_made(place: Path, client: str) -> bool:
    made = place / _MADE
    return made.is_file() and made.read_bytes() == _requirements(client).read_bytes()


def _requirements(client: str) -> Path:
    return REQUIREMENTS / f"{client}.txt"


def make(client: str) -> None:
    """Make the environment of a client, unless it is there already."""
    place = folder() / client
    if _is_made(place, client):
        return
    venv.create(place, clear=True, with_pip=True)
    # All that is needed is pinned in the list, and nobody else's pins are to be mixed in.
    pip = [str(place / "bin/python"), "-m", "pip", "install", "--quiet"]
    install = [*pip, "--no-deps", "--no-compile", "--requirement", str(_requirements(client))]
    environment = {name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"}
    subprocess.run(install, check=True, env=environment)
    (place / _MADE).write_bytes(_requirements(client).read_bytes())


def main() -> None:
    """Make the environments of all clients, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, CLIENTS))
    print(f"in {folder()}: {', '.join(CLIENTS)}")


if __name__ == "__main__":
    main()

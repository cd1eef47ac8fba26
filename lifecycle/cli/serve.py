"""``lifecycle serve``."""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifecycle.cli.output import print_line
from lifecycle.cloud.cloud import Cloud
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.endpoint import Endpoint

USUAL_PORT = 2633
"""The port on which oned listens."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=USUAL_PORT,
    show_default=True,
    help="The port; 0 for any that is free.",
)
def command(host: str, port: int) -> None:
    """Answer OpenNebula's XML-RPC until interrupted.

    Prints what clients are to be told: ONE_XMLRPC, the address, and ONE_AUTH,
    a file with the session of oneadmin. Exit code 2: the address cannot be
    listened on; 130: it was interrupted.
    """
    try:
        from lifecycle.endpoint import Endpoint  # noqa: PLC0415 - needs the extra `endpoint`
    except ModuleNotFoundError as error:
        raise InputError(
            f"serve needs {error.name};"
            " install it with: pip install 'opennebula-image-lifecycle[cli,endpoint]'"
        ) from error
    endpoint = Endpoint(Cloud(), host=host, port=port)
    with endpoint, _session_file(endpoint.session) as file:
        _tell(endpoint, file)
        threading.Event().wait()


def _tell(endpoint: Endpoint, file: Path) -> None:
    print_line(f"export ONE_XMLRPC={endpoint.url} ONE_AUTH={file}")


@contextmanager
def _session_file(session: str) -> Iterator[Path]:
    """Give a file with a session, for the time of a block; only its owner may read it."""
    with tempfile.TemporaryDirectory(prefix="lifecycle-") as folder:
        file = Path(folder, "one_auth")
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(session + "\n")
        yield file

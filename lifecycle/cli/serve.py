"""``lifecycle serve``."""

from __future__ import annotations

import os
import shlex
import signal
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifecycle.cli.output import print_line
from lifecycle.cloud.clock import Clock
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.drivers import Plan
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.endpoint import Endpoint
    from lifecycle.page.wording import Wording

USUAL_PORT = 2633
"""The port on which oned listens."""

_MOST_AUTH = 4096


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=USUAL_PORT,
    show_default=True,
    help="The port; 0 for any that is free.",
)
@click.option("--auth", metavar="FILE", help="A file with oneadmin:PASSWORD, as ONE_AUTH names it.")
@click.option(
    "--state", metavar="FILE", help="Keep the cloud in a file, and take it up from there."
)
@click.option(
    "--cloud",
    metavar="FILE",
    help="Begin with a cloud that was saved, or with a situation; a new --state too.",
)
@click.option("--hold", is_flag=True, help="Have the datastores wait to be told how to answer.")
@click.option(
    "--delay",
    type=click.FloatRange(min=0),
    default=0.5,
    show_default=True,
    help="Virtual seconds that a datastore takes.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=1,
    show_default=True,
    help="Virtual seconds per real second; 0: time stands until it is moved.",
)
@click.option(
    "--translation",
    metavar="FILE",
    help="The language of the page: what lifecycle page --texts wrote, translated.",
)
def command(  # noqa: PLR0913 - a command has its options
    *,
    host: str,
    port: int,
    auth: str | None,
    state: str | None,
    cloud: str | None,
    hold: bool,
    delay: float,
    speed: float,
    translation: str | None,
) -> None:
    """Answer OpenNebula's XML-RPC until interrupted.

    Prints what clients are to be told: ONE_XMLRPC, the address; ONE_AUTH, a
    file with the session of oneadmin; the address and the token of the control
    path; and where a browser shows the cloud. Exit code 2: the address cannot
    be listened on, or the file cannot be used; 130: it was interrupted.
    """
    try:
        from lifecycle.endpoint import Endpoint  # noqa: PLC0415 - needs the extra `endpoint`
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        raise InputError(
            f"serve needs {package};"
            " install it with: pip install 'opennebula-image-lifecycle[cli,endpoint]'"
        ) from error
    password = None if auth is None else _password(auth)
    wording = None if translation is None else _wording(translation)

    def fresh() -> Cloud:
        clock = Clock(float(int(time.time())))
        made = Cloud(clock=clock) if cloud is None else Cloud.load(cloud, clock=clock)
        if not hold:
            made.drivers.otherwise = Plan("success", delay=delay)
        return made

    endpoint = Endpoint(
        fresh,
        host=host,
        port=port,
        state=state,
        speed=speed,
        password=password,
        wording=wording,
    )
    with _ending() as ended, endpoint, _session_file(endpoint, auth) as file:
        _tell(endpoint, file)
        ended.wait()


def _wording(file: str) -> Wording:
    # The page is loaded when a browser asks for it.
    from lifecycle.page.wording import read_wording  # noqa: PLC0415 - as said

    return read_wording(file)


def _tell(endpoint: Endpoint, file: Path) -> None:
    print_line(f"export ONE_XMLRPC={endpoint.url} ONE_AUTH={shlex.quote(str(file))}")
    print_line(f"export LIFECYCLE_CONTROL={endpoint.control_url} LIFECYCLE_TOKEN={endpoint.token}")
    # A comment to a shell that evaluates the lines.
    print_line(f"# the page: {endpoint.page_url}")


@contextmanager
def _ending() -> Iterator[threading.Event]:
    """Give what is set when the process is to end."""
    ended = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        yield ended
    finally:
        signal.signal(signal.SIGTERM, before)


def _password(file: str) -> str:
    try:
        with Path(file).open(encoding="utf-8") as source:
            name, colon, password = source.read(_MOST_AUTH).strip().partition(":")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise InputError(f"cannot be read: {why}", file=file) from error
    if name != "oneadmin" or not colon or not password or "\n" in password:
        raise InputError("must hold one line: oneadmin:PASSWORD", file=file)
    return password


@contextmanager
def _session_file(endpoint: Endpoint, auth: str | None) -> Iterator[Path]:
    """Give a file with oneadmin's session: the one that was given, or one for the time being."""
    if auth is not None:
        yield Path(auth).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="lifecycle-") as folder:
        file = Path(folder, "one_auth")
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(endpoint.session + "\n")
        yield file

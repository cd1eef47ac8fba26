"""Many clients at once, and whether what they saw can have happened one after the other.

    python -m benchmarks.load [CLIENTS] [SECONDS]

Each client is a user of its own and makes one call after the other; so the
journal tells in which order the cloud did all calls. That order is right when
no call that had ended stands behind one that began later, and when the same
calls, made one by one in that order in a fresh cloud, are answered alike.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple
from xmlrpc.client import ServerProxy

from lifecycle import Cloud
from lifecycle.documents import text_of
from lifecycle.endpoint import Endpoint

SHARED = 8
"""The images that all clients work on."""


class Made(NamedTuple):
    """A call that a client made: when, and what came of it."""

    began: float
    ended: float
    method: str
    params: tuple[Any, ...]
    answer: tuple[Any, ...]


@dataclass(slots=True)
class Client:
    """A user that makes calls; errors are what no single client would get."""

    uid: int
    session: str
    random: random.Random
    made: list[Made] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class NotLinearError(AssertionError):
    """When the calls cannot have been made one after the other as they were answered."""


def furnished(clients: int) -> Cloud:
    """Make a cloud with a user for each client, and the images that they share."""
    cloud = Cloud()
    cloud.plan("success")
    for number in range(clients):
        cloud.user.allocate(f"client-{number}", f"password-{number}", "core", [0])
    for number in range(SHARED):
        cloud.image.allocate(f'NAME="shared-{number}" PATH="/i" SIZE="1"', 1)
    return cloud


def drive(clients: int, *, seconds: float = 0, calls: int = 0) -> tuple[Cloud, list[Client]]:
    """Have clients make calls for some seconds, or some calls each."""
    cloud = furnished(clients)
    users = [user for user in cloud.users if user.name.startswith("client-")]
    all_clients = [
        Client(user.id, f"{user.name}:{user.password}", random.Random(user.id)) for user in users
    ]
    cloud.journal.limit = 100_000_000
    begin = threading.Barrier(clients)
    with Endpoint(cloud) as endpoint:
        threads = [
            threading.Thread(target=_work, args=(client, endpoint.url, begin, seconds, calls))
            for client in all_clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return cloud, all_clients


def _work(client: Client, url: str, begin: threading.Barrier, seconds: float, calls: int) -> None:
    with ServerProxy(url) as proxy:
        begin.wait()
        end = time.monotonic() + seconds
        number = 0
        while number < calls or time.monotonic() < end:
            method, params = _chosen(client, number)
            began = time.monotonic()
            try:
                answer: Any = getattr(proxy, method)(client.session, *params)
            except Exception as error:  # noqa: BLE001 - whatever it is, it counts
                client.errors.append(f"{method}: {error!r}")
                return
            client.made.append(Made(began, time.monotonic(), method, params, tuple(answer[:3])))
            number += 1


def _chosen(client: Client, number: int) -> tuple[str, tuple[Any, ...]]:
    """Choose a call: reads and writes of what all share, and of what is new."""
    image = client.random.randrange(SHARED + 4)
    unique = f"{client.uid}-{number}"
    on = client.random.random() < 0.5
    return client.random.choice(
        [
            ("one.image.info", (image,)),
            ("one.image.update", (image, f'BY="{unique}"', 1)),
            ("one.image.rename", (image, f"name-{unique}")),
            ("one.image.rename", (image, f"name-{image}")),
            ("one.image.enable", (image, on)),
            ("one.image.persistent", (image, on)),
            ("one.image.lock", (image, 4)),
            ("one.image.unlock", (image,)),
            ("one.image.clone", (image, f"clone-{unique}")),
            ("one.image.delete", (image + SHARED,)),
            ("one.image.allocate", (f'NAME="new-{unique}" PATH="/i" SIZE="1"', 1)),
            ("one.imagepool.info", (-2, image, image + 2)),
        ]
    )


def check(cloud: Cloud, clients: list[Client]) -> int:
    """Hold that the calls can have been made one after the other, and give how many there were.

    Raises:
        NotLinearError: they cannot.
    """
    order = _order(cloud, clients)
    latest = 0.0
    for made in order:
        # Nothing that ended before this began may come behind it.
        if made.ended < latest:
            raise NotLinearError(f"{made} was done after one that began when it had ended")
        latest = max(latest, made.began)
    again = furnished(len(clients))
    sessions = {id(made): client.session for client in clients for made in client.made}
    for made in order:
        reply = again.call(made.method, *made.params, session=sessions[id(made)])
        value = text_of(again, reply.value) if reply.ok else reply.value
        if (reply.ok, value, reply.code) != made.answer:
            raise NotLinearError(f"{made} is answered {reply} when made in its turn")
    if again.to_json(journal=False) != cloud.to_json(journal=False):
        raise NotLinearError(
            "an update was lost: the same calls in the same order make another cloud"
        )
    return len(order)


def _order(cloud: Cloud, clients: list[Client]) -> list[Made]:
    """Give all calls in the order in which the cloud did them."""
    waiting = {client.uid: iter(client.made) for client in clients}
    order = []
    for entry in cloud.journal.of("call"):
        calls = waiting.get(entry.detail["user"])
        if calls is None:
            continue
        made = next(calls, None)
        if made is None or made.method != entry.what:
            raise NotLinearError(f"{entry} was done, and asked by nobody")
        order.append(made)
    if any(next(calls, None) for calls in waiting.values()):
        raise NotLinearError("a call was answered that was never done")
    return order


def main() -> None:
    """Run for as long as was asked, and tell what came of it."""
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    cloud, all_clients = drive(clients, seconds=seconds)
    errors = [error for client in all_clients for error in client.errors]
    spent = [(made.ended - made.began) * 1e3 for client in all_clients for made in client.made]
    codes = Counter(made.answer[2] for client in all_clients for made in client.made)
    print(f"{clients} clients, {seconds:g} s: {len(spent):,} calls, {len(errors)} errors")
    print(f"median {median(spent):.1f} ms, slowest {max(spent):.0f} ms; codes {dict(codes)}")
    for error in errors[:5]:
        print(f"  {error}")
    print(f"linear: {check(cloud, all_clients):,} calls in one order, none lost")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()

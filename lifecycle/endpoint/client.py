"""The control path in Python, for an endpoint that runs in another process."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lifecycle.refusal import InputError, LifecycleError, NotAskedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNKNOWN, _WRONG = 404, 400
_SECONDS = 60.0


class ControlError(LifecycleError):
    """When the control path cannot be reached, or refuses the token."""


class ControlClient:
    """Controls an endpoint that runs in another process.

    >>> from lifecycle.endpoint import ControlClient, Endpoint
    >>> with Endpoint() as endpoint:
    ...     control = ControlClient(endpoint.control_url, endpoint.token)
    ...     control.plan(outcome="failure", action="CP", payload="disk full")
    ...     control.advance(60) - endpoint.cloud.clock.start
    0
    60.0

    Args:
        url: the address that `lifecycle serve` prints as LIFECYCLE_CONTROL.
        token: the word that it prints as LIFECYCLE_TOKEN.
    """

    def __init__(self, url: str, token: str) -> None:
        """Name an endpoint; nothing is sent yet."""
        parts = urlsplit(url)
        self._place, self._path = parts.netloc, parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Give the JSON value that a request is answered with.

        Raises:
            InputError: something in the body cannot be used.
            NotAskedError: no such request is open.
            ControlError: the endpoint cannot be reached, or refuses.
        """
        connection = http.client.HTTPConnection(self._place, timeout=_SECONDS)
        content = None if body is None else json.dumps(body)
        try:
            connection.request(method, self._path + path, content or "", self._headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ControlError(f"the endpoint at {self._place} does not answer: {error}") from error
        finally:
            connection.close()
        return _read(response.status, text)

    def about(self) -> dict[str, Any]:
        """Tell how much there is: images, machines, open requests, plans, faults, the time."""
        return dict(self.ask("GET", ""))

    def requests(self) -> list[dict[str, Any]]:
        """List the open driver requests, oldest first."""
        return list(self.ask("GET", "/requests"))

    def complete(self, request: int, payload: str | None = None) -> None:
        """Have a driver answer the open request of a number well."""
        self.ask("POST", f"/requests/{request}/complete", {"payload": payload})

    def fail(self, request: int, payload: str | None = None) -> None:
        """Have a driver answer the open request of a number badly."""
        self.ask("POST", f"/requests/{request}/fail", {"payload": payload})

    def answer(self, action: str, id_: int, **more: object) -> int | None:
        """Have a driver answer by action and id, asked or not, as `Cloud.answer` does."""
        found = self.ask("POST", "/answers", {"action": action, "id": id_, **more})["request"]
        return None if found is None else int(found)

    def plan(self, **fields: object) -> int:
        """Add a plan, and give its number; its fields are told at `lifecycle.Plan`."""
        return int(self.ask("POST", "/plans", fields)["plan"])

    def clear_plans(self) -> None:
        """Take all plans away."""
        self.ask("DELETE", "/plans")

    def otherwise(self, **fields: object) -> None:
        """Say how what no plan is about is answered."""
        self.ask("PUT", "/otherwise", fields)

    def fault(self, method: str = "*", **fields: object) -> int:
        """Have calls fail, and give the rule's number; its fields are told at `FaultRule`."""
        return int(self.ask("POST", "/faults", {"method": method, **fields})["number"])

    def faults(self) -> list[dict[str, Any]]:
        """List the rules by which calls fail."""
        return list(self.ask("GET", "/faults"))

    def clear_faults(self) -> None:
        """Have no call fail any more."""
        self.ask("DELETE", "/faults")

    def now(self) -> float:
        """Give the virtual time, in seconds since the epoch."""
        return float(self.ask("GET", "/clock")["now"])

    def advance(self, seconds: float) -> float:
        """Let virtual time pass, and give the time that it is then."""
        return float(self.ask("POST", "/clock", {"advance": seconds})["now"])

    def tie(self, speed: float) -> None:
        """Tie virtual time to real time: so many virtual seconds a real second, 0 for none."""
        self.ask("POST", "/clock", {"speed": speed})

    def save(self, *, journal: bool = False) -> dict[str, Any]:
        """Give the whole cloud as a JSON value."""
        return dict(self.ask("GET", "/cloud?journal=yes" if journal else "/cloud"))

    def load(self, cloud: dict[str, Any]) -> None:
        """Put a cloud, the whole of one or just a situation, in the place of the one there is."""
        self.ask("PUT", "/cloud", cloud)

    def reset(self) -> None:
        """Put a fresh cloud in the place of the one there is, and take the fault rules away."""
        self.ask("POST", "/reset", {})

    def journal(self, after: int = 0, kind: str | None = None) -> list[dict[str, Any]]:
        """Give the entries of the journal behind a number, of a kind or of all."""
        more = "" if kind is None else f"&kind={kind}"
        return list(self.ask("GET", f"/journal?after={after}{more}"))

    def events(self, after: int | None = None) -> Iterator[dict[str, Any]]:
        """Give entries of the journal as they come, until the endpoint ends.

        Args:
            after: begin behind the entry of that number; None for what comes from now on.

        Raises:
            ControlError: the endpoint cannot be reached, or refuses.
        """
        connection = http.client.HTTPConnection(self._place, timeout=_SECONDS)
        query = "" if after is None else f"?after={after}"
        try:
            connection.request("GET", f"{self._path}/events{query}", headers=self._headers)
            response = connection.getresponse()
            if response.status != http.client.OK:
                _read(response.status, response.read())
            for line in response:
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))
        except OSError as error:
            raise ControlError(f"the endpoint at {self._place} does not answer: {error}") from error
        finally:
            connection.close()


def _read(status: int, text: bytes) -> Any:
    if status == http.client.REQUEST_ENTITY_TOO_LARGE:
        raise ControlError("what was sent is larger than the endpoint takes")
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ControlError(f"what answers is no control path: HTTP {status}") from error
    if status == http.client.OK:
        return value
    problem = str(value.get("error", "")) if isinstance(value, dict) else ""
    if status == _UNKNOWN:
        raise NotAskedError(problem)
    if status == _WRONG:
        raise InputError(problem)
    raise ControlError(problem or f"HTTP {status}")

"""The page over the running cloud: itself, what it shows, what can be tried, and doing it.

The page is put together when it is first asked for. It holds no secret: what it
shows it asks of the control path, with the token that its user has.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from lifecycle.endpoint import past
from lifecycle.endpoint.attempts import IMAGE, MACHINE, Attempt, Ref, attempts, call_of
from lifecycle.endpoint.http import Response
from lifecycle.endpoint.http import page as error_page
from lifecycle.endpoint.instead import Instead
from lifecycle.endpoint.trials import Seen, Trial, refusal
from lifecycle.endpoint.window import Wish, window
from lifecycle.refusal import InputError, LifecycleError, NotAskedError

if TYPE_CHECKING:
    from lifecycle.endpoint.service import Service
    from lifecycle.page.wording import Wording

log = logging.getLogger(__name__)

_HTML = "text/html; charset=utf-8"
_MOST_DIGITS = 15


class Page:
    """Answers `/` with the page."""

    def __init__(self, wording: Wording | None = None) -> None:
        """Have it made in a language when it is first asked for; None for English."""
        self._wording = wording
        self._lock = threading.Lock()
        self._made: Response | None = None

    def answer(self) -> Response:
        """Give the page, or tell in one line what is missing for it."""
        with self._lock:
            if self._made is None:
                try:
                    self._made = _page(self._wording)
                except ModuleNotFoundError as error:
                    package = (error.name or "").partition(".")[0]
                    log.warning("the page needs %s", package)
                    return error_page(501, f"The page needs the Python package {package}.")
                except LifecycleError as error:
                    return error_page(501, f"The page cannot be made: {error}")
            return self._made


def _page(wording: Wording | None) -> Response:
    # What the page consists of is not looked at before it is needed.
    from lifecycle.page.document import document, policy_of  # noqa: PLC0415 - as said

    page = document(live=True, wording=wording)
    headers = (
        ("Content-Security-Policy", f"{policy_of(live=True)}; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    )
    return Response(body=[page.encode()], type=_HTML, headers=headers)


def ref_of(text: str) -> Ref:
    """Read ``image-3`` or ``machine-0``.

    Raises:
        InputError: it is neither.
    """
    kind, _, number = text.partition("-")
    known = kind in {IMAGE, MACHINE} and number.isascii() and number.isdigit()
    if not known or len(number) > _MOST_DIGITS:
        raise InputError("must be image-N or machine-N", field="on")
    return Ref(kind, int(number))


def seen(
    service: Service,
    *,
    text: str | None,
    state: str | None,
    around: str | None,
    size: int | None,
) -> dict[str, Any]:
    """Give a part of the cloud as the page shows it; `Wish` tells which can be asked for.

    Raises:
        InputError: what is asked for is none of what it can be.
    """
    ref = None if around is None else ref_of(around)
    wish = Wish(text or "", state or "", ref, *(() if size is None else (size,)))
    with service.lock:
        service.catch_up()
        return window(service.cloud, wish)


def tried(service: Service, on: str | None) -> list[dict[str, Any]]:
    """Give what can be tried on an image or a machine, and what would come of it.

    Args:
        service: whose cloud it is; it does not wait while acts are tried.
        on: ``image-3``, ``machine-0``; None for a new image.

    Returns:
        nothing where there is no such image or machine: whoever watches a cloud
        often asks of what has just gone.

    Raises:
        InputError: it is neither.
    """
    target = None if on is None else ref_of(on)
    with service.lock:
        service.catch_up()
        try:
            known = attempts(service.cloud, target)
        except NotAskedError:
            return []
        trial = Trial(service.cloud, target, known)
    return [trial.of(one) for one in known]


def instead(service: Service, on: str | None, key: str | None) -> list[dict[str, Any]] | None:
    """Give the shortest ways to where an act that is refused now is done, each as a ``WayView``.

    Args:
        service: whose cloud it is; it does not wait while ways are looked for.
        on: what the act is done to; for a new image there is no way but itself.
        key: that of the act.

    Returns:
        None where they could not be looked for.

    Raises:
        InputError: one of these is none.
    """
    if on is None or key is None:
        raise InputError("an act needs on, image-N or machine-N, and its key")
    target = ref_of(on)
    with service.lock:
        service.catch_up()
        try:
            looked = Instead(service.cloud, target, key)
        except NotAskedError:
            return None
    return looked.ways()


def done(service: Service, data: dict[str, Any]) -> dict[str, Any]:
    """Do an act as a call or an answer from outside; give what happened as a ``Happening``.

    Args:
        service: does it.
        data: ``on``, what it is done to, None for a new image; ``key``, that of
            the act, as `tried` gave it.

    Raises:
        InputError: one of these is none of what it can be.
        NotAskedError: that cannot be tried now.
        LifecycleError: it cannot be kept; then it is not done.
    """
    on, key = data.get("on"), data.get("key")
    if not isinstance(on, str | None) or not isinstance(key, str):
        raise InputError("an act needs a key, and on: image-N, machine-N or null")
    target = None if on is None else ref_of(on)
    told: list[Seen] = []

    def see(kind: str, thing: Any, rest: Any) -> None:
        told.append((kind, thing, rest))

    with service.lock:
        service.catch_up()
        cloud = service.cloud
        attempt = next((one for one in attempts(cloud, target) if one.key == key), None)
        if attempt is None:
            raise NotAskedError("that cannot be tried any more")
        before = cloud.journal[-1].number if len(cloud.journal) else 0
        cloud.observers.append(see)
        try:
            refused = _do(service, attempt, told)
        finally:
            cloud.observers.remove(see)
        found = past.row(cloud, part) if (part := past.since(cloud, before)) else {}
    own = {"number": before + 1, "who": "oneadmin", "changes": []} | found
    return own | {"what": attempt.label, "accepted": refused is None, "refusal": refused}


def _do(service: Service, attempt: Attempt, told: list[Seen]) -> dict[str, Any] | None:
    """Do it; give the refusal, if it was refused."""
    if attempt.request is not None:
        service.do("end", {"request": attempt.request.number, "ok": attempt.ok})
        return None
    admin = service.cloud.users[0]
    call = call_of(service.cloud, attempt)
    answer: Any = service.call(call.method, [f"{admin.name}:{admin.password}", *call.params])
    ok, value, *rest = answer
    return None if ok else refusal(told, str(value), int(rest[0]))

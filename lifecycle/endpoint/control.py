"""The control path: what no real cloud offers, as JSON over HTTP.

Every request needs the endpoint's token: ``Authorization: Bearer …``. What is
answered is JSON; a mistake is told as ``{"error": "…"}``.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from lifecycle.cloud.calls.system_calls import VERSION
from lifecycle.cloud.codecs import refuse_unknown
from lifecycle.endpoint.events import Stream
from lifecycle.endpoint.http import Request, Response
from lifecycle.endpoint.rules import FaultRule
from lifecycle.refusal import InputError, LifecycleError, NotAskedError

if TYPE_CHECKING:
    from lifecycle.endpoint.learning import Learning
    from lifecycle.endpoint.rules import FaultRules
    from lifecycle.endpoint.service import Service
    from lifecycle.page.wording import Wording

log = logging.getLogger(__name__)

PREFIX = "/control"
"""Where the control path begins."""

Way = Callable[[int | None, Request], Any]
"""Does what a request asks; is given the number in its path."""

_JSON = "application/json"
_EVENTS = "text/event-stream"
_MOST_STREAMS = 32
_MOST_DIGITS = 16


class Control:
    """Answers the control path.

    Args:
        service: what is controlled.
        faults: the rules by which calls fail.
        token: the word that every request must know.
        wording: the language of the page; None for English.
    """

    def __init__(
        self, service: Service, faults: FaultRules, token: str, wording: Wording | None = None
    ) -> None:
        """Answer for a service."""
        self._wording = wording
        self.service, self.faults, self.token = service, faults, token
        self.streams: list[Stream] = []
        self._ways: dict[str, dict[str, Way]] = {
            "": {"GET": self._about},
            "requests": {"GET": self._requests},
            "requests/N/complete": {"POST": partial(self._end, ok=True)},
            "requests/N/fail": {"POST": partial(self._end, ok=False)},
            "answers": {"POST": self._answer},
            "modes": {"POST": self._mode},
            "plans": {"GET": self._plans, "POST": self._add_plan, "DELETE": self._remove_plans},
            "plans/N": {"DELETE": self._remove_plans},
            "otherwise": {"GET": self._get_otherwise, "PUT": self._otherwise},
            "faults": {
                "GET": self._list_faults,
                "POST": self._add_fault,
                "DELETE": self._remove_faults,
            },
            "faults/N": {"DELETE": self._remove_faults},
            "clock": {"GET": self._clock, "POST": self._move_clock},
            "cloud": {"GET": self._save, "PUT": self._load},
            "reset": {"POST": self._reset},
            "journal": {"GET": self._journal},
            "events": {"GET": self._events},
            "window": {"GET": self._window},
            "acts": {"GET": self._acts, "POST": self._act},
            "instead": {"GET": self._instead},
            "lessons": {"GET": self._lessons},
            "questions": {"GET": self._questions},
        }

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        words = tuple(request.path.removeprefix(PREFIX).strip("/").split("/"))
        if not self._knows_token(request, words):
            why = "the token is missing or wrong: Authorization: Bearer TOKEN"
            return _error(401, why, ("WWW-Authenticate", "Bearer"))
        number = next((int(word) for word in words if word.isascii() and word.isdigit()), None)
        shape = "/".join("N" if word.isascii() and word.isdigit() else word for word in words)
        ways = self._ways.get(shape)
        if ways is None:
            return _error(404, f"there is nothing at {PREFIX}/{shape}")
        way = ways.get(request.method)
        if way is None:
            allowed = ", ".join(ways)
            return _error(405, f"only {allowed} can be used here", ("Allow", allowed))
        return _done(way, number, request)

    def _knows_token(self, request: Request, words: tuple[str, ...]) -> bool:
        if words == ("events",) and "Authorization" not in request.headers:
            # A browser's EventSource cannot send a header.
            return self._is_token(_asked(request, "token") or "")
        return self.knows_token(request.headers)

    def knows_token(self, headers: Mapping[str, str]) -> bool:
        """Tell whether the headers of a request have the token."""
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self._is_token(given.strip())

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(errors="replace"), self.token.encode())

    def end_streams(self) -> None:
        """End what is still being sent."""
        for stream in list(self.streams):
            stream.end()

    # What there is

    def _about(self, _: int | None, __: Request) -> Any:
        with self.service.lock:
            cloud = self.service.cloud
            return {
                "version": VERSION,
                "images": len(cloud.images),
                "vms": len(cloud.vms),
                "requests": len(cloud.drivers.open),
                "plans": len(cloud.drivers.plans),
                "faults": len(self.faults),
                "clock": self._time(),
            }

    def _requests(self, _: int | None, __: Request) -> Any:
        with self.service.lock:
            self.service.catch_up()
            drivers = self.service.cloud.drivers
            late = drivers.delayed
            return [
                asdict(one) | {"due": late[one.number].due if one.number in late else None}
                for one in drivers.open
            ]

    def _end(self, number: int | None, request: Request, *, ok: bool) -> Any:
        data = _object(request, ("payload",))
        return {"request": self.service.do("end", {"request": number, "ok": ok, **data})}

    def _answer(self, _: int | None, request: Request) -> Any:
        return {"request": self.service.do("answer", _object(request))}

    def _mode(self, _: int | None, request: Request) -> Any:
        self.service.do("rule", _object(request))
        return {}

    # Plans and faults

    def _plans(self, _: int | None, __: Request) -> Any:
        with self.service.lock:
            return [asdict(plan) for plan in self.service.cloud.drivers.plans]

    def _add_plan(self, _: int | None, request: Request) -> Any:
        return {"plan": self.service.do("plan", _object(request))}

    def _remove_plans(self, number: int | None, _: Request) -> Any:
        self.service.do("unplan", {"plan": number})
        return {}

    def _get_otherwise(self, _: int | None, __: Request) -> Any:
        with self.service.lock:
            return asdict(self.service.cloud.drivers.otherwise)

    def _otherwise(self, _: int | None, request: Request) -> Any:
        self.service.do("otherwise", _object(request))
        return {}

    def _list_faults(self, _: int | None, __: Request) -> Any:
        return [{"number": number, **rule.to_json()} for number, rule in self.faults]

    def _add_fault(self, _: int | None, request: Request) -> Any:
        return {"number": self.faults.add(FaultRule.from_json(_object(request)))}

    def _remove_faults(self, number: int | None, _: Request) -> Any:
        if number is None:
            self.faults.clear()
        else:
            self.faults.remove(number)
        return {}

    # Time

    def _time(self) -> dict[str, Any]:
        self.service.catch_up()
        clock = self.service.cloud.clock
        return {
            "now": clock.now,
            "start": clock.start,
            "next_due": clock.next_due,
            "speed": self.service.speed,
        }

    def _clock(self, _: int | None, __: Request) -> Any:
        with self.service.lock:
            return self._time()

    def _move_clock(self, _: int | None, request: Request) -> Any:
        data = _object(request, ("advance", "speed"))
        if not data:
            raise InputError("needs advance (seconds) or speed (virtual seconds per real second)")
        with self.service.lock:
            if "speed" in data:
                self.service.tie(data["speed"])
            if "advance" in data:
                self.service.do("advance", {"seconds": data["advance"]})
            return self._time()

    # The whole cloud

    def _save(self, _: int | None, request: Request) -> Any:
        with self.service.lock:
            self.service.catch_up()
            return self.service.cloud.to_json(journal=_asked(request, "journal") == "yes")

    def _load(self, _: int | None, request: Request) -> Any:
        self.service.load(_json(request))
        return {}

    def _reset(self, _: int | None, request: Request) -> Any:
        data = _object(request, ("faults",))
        self.service.reset()
        if data.get("faults", True):
            self.faults.clear()
        return {}

    # The journal

    def _journal(self, _: int | None, request: Request) -> Any:
        after = _asked_number(request, "after") or 0
        kind = _asked(request, "kind")
        with self.service.lock:
            self.service.catch_up()
            return [
                entry.to_json()
                for entry in self.service.cloud.journal
                if entry.number > after and kind in (None, entry.kind)
            ]

    def _events(self, _: int | None, request: Request) -> Any:
        if len(self.streams) >= _MOST_STREAMS:
            return _error(503, f"more than {_MOST_STREAMS} are listening already")
        last = request.headers.get("Last-Event-ID")
        after = int(last) if last and last.isascii() and last.isdigit() else None
        after = _asked_number(request, "after") if after is None else after
        with self.service.lock:
            stream = Stream([] if after is None else self.service.missed(after))
            self.streams.append(stream)
            stop = self.service.listen(stream.put)

        def run(send: Callable[[bytes], None]) -> None:
            try:
                stream.run(send)
            finally:
                stop()
                self.streams.remove(stream)

        return Response(type=_EVENTS, headers=(("Cache-Control", "no-store"),), stream=run)

    # What the live page asks for; the page and what it needs are loaded then only.

    def _window(self, _: int | None, request: Request) -> Any:
        from lifecycle.endpoint import live  # noqa: PLC0415 - as said

        text, state = _asked(request, "text"), _asked(request, "state")
        around, size = _asked(request, "around"), _asked_number(request, "size")
        return self._said(live.seen(self.service, text=text, state=state, around=around, size=size))

    def _acts(self, _: int | None, request: Request) -> Any:
        from lifecycle.endpoint import live  # noqa: PLC0415 - as said

        return self._said(live.tried(self.service, _asked(request, "on")))

    def _act(self, _: int | None, request: Request) -> Any:
        from lifecycle.endpoint import live  # noqa: PLC0415 - as said

        return self._said(live.done(self.service, _object(request, ("on", "key"))))

    def _instead(self, _: int | None, request: Request) -> Any:
        from lifecycle.endpoint import live  # noqa: PLC0415 - as said

        return self._said(live.instead(self.service, _asked(request, "on"), _asked(request, "key")))

    def _lessons(self, _: int | None, __: Request) -> Any:
        from lifecycle.endpoint.learning import LESSONS  # noqa: PLC0415 - as said

        return self._learning.answer(LESSONS)

    def _questions(self, _: int | None, __: Request) -> Any:
        from lifecycle.endpoint.learning import QUESTIONS  # noqa: PLC0415 - as said

        return self._learning.answer(QUESTIONS)

    @cached_property
    def _learning(self) -> Learning:
        from lifecycle.endpoint.learning import Learning  # noqa: PLC0415 - as said

        return Learning(self._wording)

    def _said(self, found: Any) -> Any:
        """Give what the page shows in its language."""
        if self._wording is None:
            return found
        from lifecycle.page.said import live_said  # noqa: PLC0415 - as said

        return live_said(found, self._wording)


def _done(way: Way, number: int | None, request: Request) -> Response:
    """Do what a request asks, and give the answer, or the mistake."""
    try:
        done = way(number, request)
    except NotAskedError as error:
        return _error(404, str(error))
    except (LifecycleError, ValueError) as error:
        return _error(400, str(error))
    except Exception:
        # Whatever goes wrong here is a defect; the client is told so in the form it reads.
        log.exception("a request could not be answered: %s %s", request.method, request.path)
        return _error(500, "internal error of the simulator")
    return done if isinstance(done, Response) else answered(done)


def answered(value: Any, status: int = 200) -> Response:
    """Give a JSON value as a response."""
    body = json.dumps(value, separators=(",", ":")).encode() + b"\n"
    return Response(status, [body], _JSON, (("Cache-Control", "no-store"),))


def _error(status: int, text: str, *headers: tuple[str, str]) -> Response:
    response = answered({"error": text}, status)
    response.headers += headers
    return response


def _json(request: Request) -> Any:
    try:
        return json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise InputError(f"the body is not JSON: {error}") from error


def _object(request: Request, known: tuple[str, ...] | None = None) -> dict[str, Any]:
    value = _json(request)
    if not isinstance(value, dict):
        raise InputError("the body must be a JSON object")
    if known is not None:
        refuse_unknown(value, known, "")
    return value


def _asked(request: Request, name: str) -> str | None:
    """Give what the query says of a name."""
    found = parse_qs(request.query, max_num_fields=20).get(name)
    return found[-1] if found else None


def _asked_number(request: Request, name: str) -> int | None:
    text = _asked(request, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS):
        raise InputError(f"must be a whole number, not {text[:20]!r}", field=name)
    return int(text)

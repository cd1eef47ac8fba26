"""Lessons and questions for the live page: made once, when somebody wants them.

They are played by the simulator in clouds of their own; the cloud of the
endpoint is not looked at and not touched. To make the questions takes seconds,
so nothing that others wait for waits for that.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from lifecycle.endpoint.control import answered

if TYPE_CHECKING:
    from lifecycle.endpoint.http import Response
    from lifecycle.page.wording import Wording

log = logging.getLogger(__name__)

LESSONS, QUESTIONS = "lessons", "questions"


class Learning:
    """Gives what the parts of the page show that teach."""

    def __init__(self, wording: Wording | None = None) -> None:
        """Have each made in a language when it is first asked for; None for English."""
        self._wording = wording
        self._locks = {name: threading.Lock() for name in (LESSONS, QUESTIONS)}
        self._made: dict[str, Response] = {}

    def answer(self, name: str) -> Response:
        """Give `LESSONS` or `QUESTIONS` as JSON, or tell in one line what is missing for it."""
        with self._locks[name]:
            if name not in self._made:
                try:
                    self._made[name] = answered(_data(name, self._wording))
                except ModuleNotFoundError as error:
                    package = (error.name or "").partition(".")[0]
                    log.warning("%s need %s", name, package)
                    return answered({"error": f"needs the Python package {package}"}, 501)
            return self._made[name]


def _data(name: str, wording: Wording | None) -> list[dict[str, Any]]:
    # Scenarios need PyYAML, which an endpoint does without.
    from lifecycle.page import learning  # noqa: PLC0415 - as said
    from lifecycle.page.said import said  # noqa: PLC0415 - as said

    found = learning.lessons() if name == LESSONS else learning.questions()
    if wording is None:
        return found
    turned = said({"states": {}, "operations": {}, name: found}, wording)
    return [*turned[name]]

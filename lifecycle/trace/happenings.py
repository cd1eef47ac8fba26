"""What happens in a cloud between two steps, as a trace writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.trace.views import app_view, changes, image_view, template_view, vm_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request

KINDS = {"image": "images", "vm": "vms", "app": "apps", "template": "templates"}
"""What the part of ``then`` about a kind of object is called."""

_ALWAYS_TOLD = {"BACKUP", "DRIVER_CANCEL", "RESTORE"}


class Happenings:
    """Watches a cloud; gives what changed since it was last asked.

    Args:
        cloud: what to watch.
        extra: which additional fields are shown: owner, backup, saveas, apps,
            templates.
        machine_requests: whether requests of machine and transfer drivers are
            shown, as at level 5: those under a rule, and a few always.
    """

    def __init__(
        self, cloud: Cloud, extra: tuple[str, ...] = (), *, machine_requests: bool = True
    ) -> None:
        """Begin to watch."""
        self.cloud = cloud
        self.machine_requests = machine_requests
        owner, backup, saveas = "owner" in extra, "backup" in extra, "saveas" in extra
        self._views: dict[str, Callable[[Any], dict[str, Any]]] = {
            "image": lambda image: image_view(image, owner=owner, backup=backup),
            "vm": lambda vm: vm_view(vm, backup=backup, saveas=saveas),
        }
        if "apps" in extra:
            self._views["app"] = app_view
        if "templates" in extra:
            self._views["template"] = template_view
        self._pools: dict[str, Any] = {
            "image": cloud.images,
            "vm": cloud.vms,
            "app": cloud.apps,
            "template": cloud.templates,
        }
        self._known: dict[tuple[str, int], dict[str, Any]] = {}
        self._touched: dict[tuple[str, int], None] = {}
        self._asked: list[list[Any]] = []
        self._hooks: list[list[Any]] = []
        for kind in self._views:
            for thing in self._pools[kind]:
                self._known[kind, thing.id] = self._views[kind](thing)
        cloud.observers.append(self._see)

    def stop(self) -> None:
        """Watch no longer."""
        self.cloud.observers.remove(self._see)

    def take(self) -> dict[str, Any]:
        """Give the ``then`` of what happened, and begin anew."""
        then: dict[str, Any] = {}
        for kind, number in self._touched:
            thing = self._pools[kind].get(number)
            after = None if thing is None else self._views[kind](thing)
            before = self._known.get((kind, number))
            if after is None:
                if before is None:
                    continue
                del self._known[kind, number]
            else:
                self._known[kind, number] = after
            changed = changes(before, after)
            if changed is None or changed:
                then.setdefault(KINDS[kind], {})[str(number)] = changed
        if self._asked:
            then["asked"] = self._asked
        if self._hooks:
            then["hooks"] = self._hooks
        self._touched, self._asked, self._hooks = {}, [], []
        return then

    def _see(self, kind: str, thing: Any, rest: Any) -> None:
        if kind in self._views:
            self._touched[kind, thing.id] = None
        elif kind == "hook":
            self._hooks.append([thing.id, rest.printed, rest.before.name, rest.after.name])
        elif kind == "asked":
            self._see_request(thing)

    def _see_request(self, request: Request) -> None:
        if request.role == "ds" or request.action == "SAVEAS":
            self._asked.append([request.action, request.id])
        elif (
            request.role == "market"
            or (self.machine_requests and request.action in _ALWAYS_TOLD)
            or (
                self.machine_requests
                and self.cloud.drivers.under_rule(request.role, request.action)
            )
        ):
            self._asked.append([f"{request.role}.{request.action}", request.id])

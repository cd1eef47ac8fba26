"""The calls on marketplaces and their apps: ``one.market.*``, ``one.marketapp.*``.

Sources: ``src/rm/api/MarketPlaceAppAPI.cc`` and ``src/market`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import Any

from lifecycle.cloud import marketplace
from lifecycle.cloud.attributes import number_of, single, text_of
from lifecycle.cloud.authorization import Right, Subject, permissions_for
from lifecycle.cloud.calls import shared
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.objects import App, AppState, AppType, Market
from lifecycle.refusal import ActionRefused, AllocateRefused, InternalRefused


class MarketCalls(CallGroup):
    """The calls on one marketplace."""

    __slots__ = ()

    @remote("market.allocate", "s")
    def allocate(self, template: str) -> int:
        """Make a marketplace and give its id.

        Raises:
            Refused: the name is taken or cannot be used, or no driver is named.
        """
        cloud, caller = self.cloud, self.caller
        attributes: dict[str, Any] = dict(single(parsed(template)))
        self.authorize((Right.CREATE, Subject("MARKETPLACE")))
        name = text_of(attributes, "NAME")
        if objection := objection_to(name):
            raise AllocateRefused(objection, kind="MARKETPLACE")
        taken = cloud.markets.named(name)
        if taken is not None:
            reason = f"NAME is already taken by MARKETPLACE {taken.id}."
            raise AllocateRefused(reason, kind="MARKETPLACE")
        mad = text_of(attributes, "MARKET_MAD")
        if not mad:
            raise AllocateRefused("No MARKET_MAD in template.", kind="MARKETPLACE")
        market = Market(
            cloud.markets.take_id(),
            name,
            caller.uid,
            caller.gid,
            permissions_for(caller),
            mad,
            {key: value for key, value in attributes.items() if key != "NAME"},
        )
        cloud.markets.add(market)
        return market.id


class MarketAppCalls(CallGroup):
    """The calls on one app."""

    __slots__ = ()

    @remote("marketapp.allocate", "si")
    def allocate(self, template: str, market: int) -> int:
        """Export an image into a marketplace, and give the id of the app.

        A refused export leaves its app, in ERROR.

        Raises:
            Refused: the image cannot be exported now, or the template is wrong.
        """
        cloud, caller = self.cloud, self.caller
        attributes: dict[str, Any] = dict(single(parsed(template)))
        self.authorize((Right.CREATE, Subject("MARKETPLACEAPP")))
        place = cloud.markets.get(market)
        if place is None:
            raise InternalRefused(f"Cannot find associated MARKETPLACE ID = {market}")
        name = text_of(attributes, "NAME")
        if objection := objection_to(name):
            raise AllocateRefused(objection, kind="MARKETPLACEAPP")
        taken = cloud.apps.named(name, caller.uid)
        if taken is not None:
            reason = f"NAME is already taken by MARKETPLACEAPP {taken.id}"
            raise AllocateRefused(reason, kind="MARKETPLACEAPP")
        origin = number_of(attributes, "ORIGIN_ID")
        if origin is None:
            reason = "Missing ORIGIN_ID for the MARKETPLACEAPP"
            raise AllocateRefused(reason, kind="MARKETPLACEAPP")
        word = text_of(attributes, "TYPE").upper()
        kind = AppType.__members__.get(word, AppType.UNKNOWN) if word else AppType.IMAGE
        ready = kind in {AppType.VMTEMPLATE, AppType.SERVICE_TEMPLATE}
        dropped = {"NAME", "ZONE_ID", "SOURCE", "SIZE", "MD5", "FORMAT", "REGTIME", "ORIGIN_ID"}
        app = App(
            cloud.apps.take_id(),
            name,
            caller.uid,
            caller.gid,
            market,
            origin,
            kind,
            AppState.READY if ready else AppState.LOCKED,
            permissions_for(caller),
            version=text_of(attributes, "VERSION") or "0.0",
            description=text_of(attributes, "DESCRIPTION"),
            template={key: value for key, value in attributes.items() if key not in dropped},
            regtime=cloud.now(),
        )
        cloud.apps.add(app)
        place.apps.add(app.id)
        cloud.app_written(app)
        marketplace.export(cloud, app)
        return app.id

    @remote("marketapp.delete", "i")
    def delete(self, app: int) -> int:
        """Have an app removed; its image loses it at once.

        Raises:
            Refused: there is none, or rights are missing.
        """
        marketplace.delete(self.cloud, self.existing(self.cloud.apps, app))
        return app

    @remote("marketapp.info", "i", "b")
    def info(self, app: int, decrypt: bool = False) -> App:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give an app.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: App = self.existing(self.cloud.apps, app, Right.USE_NO_LCK)
        return thing

    @remote("marketapp.enable", "ib")
    def enable(self, app: int, enabled: bool) -> int:  # noqa: FBT001 - as on the wire
        """Enable or disable an app that is READY or DISABLED; others stay as they are.

        Raises:
            Refused: there is none, or rights are missing.
        """
        thing: App = self.existing(self.cloud.apps, app)
        if thing.state in {AppState.READY, AppState.DISABLED}:
            thing.state = AppState.READY if enabled else AppState.DISABLED
        self.cloud.app_written(thing)
        return app

    @remote("marketapp.rename", "is")
    def rename(self, app: int, name: str) -> int:
        """Give an app another name.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        thing = shared.may_rename(self, self.cloud.apps, app, name)
        if thing is not None:
            self.cloud.apps.forget_name(thing)
            thing.name = name
            self.cloud.apps.note_name(thing)
            self.cloud.app_written(thing)
        return app

    @remote("marketapp.update", "is", "i")
    def update(self, app: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of an app.

        Raises:
            Refused: the text is no template, or the kind of update is unknown.
        """
        thing: App = self.existing(self.cloud.apps, app)
        if append not in (0, 1):
            raise ActionRefused("Wrong update type")
        given: dict[str, Any] = dict(single(parsed(template)))
        thing.template = {**thing.template, **given} if append else given
        self.cloud.app_written(thing)
        return app

    @remote("marketapp.lock", "ii", "b")
    def lock(self, app: int, level: int, test: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Lock an app against calls: 1 use, 2 manage, 3 admin, 4 all.

        Raises:
            Refused: the level is unknown, or somebody else holds the lock.
        """
        shared.lock(self, self.cloud.apps, app, level, test=test)
        return app

    @remote("marketapp.unlock", "i")
    def unlock(self, app: int) -> int:
        """Take the lock off an app.

        Raises:
            Refused: somebody else holds it.
        """
        shared.unlock(self, self.cloud.apps, app)
        return app

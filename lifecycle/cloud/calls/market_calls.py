"""The calls on marketplaces and their apps: ``one.market.*``, ``one.marketapp.*``.

Sources: ``src/rm/api/MarketPlaceAPI.cc``, ``MarketPlaceAppAPI.cc`` and
``src/market`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import Any

from lifecycle.cloud import marketplace
from lifecycle.cloud.attributes import number_of, single, text_of
from lifecycle.cloud.authorization import Right, Subject, permissions_for
from lifecycle.cloud.calls import shared
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.configuration import MARKET_MADS
from lifecycle.cloud.objects import App, AppState, AppType, Market
from lifecycle.refusal import ActionRefused, AllocateRefused, InternalRefused

_MARKETS, _APPS = "MARKETPLACE", "MARKETPLACEAPP"


class MarketCalls(CallGroup):
    """The calls on one marketplace."""

    __slots__ = ()

    @remote("market.allocate", "s")
    def allocate(self, template: str) -> int:
        """Make a marketplace and give its id.

        Raises:
            Refused: the name is taken or cannot be used, or its driver needs more.
        """
        cloud, caller = self.cloud, self.caller
        attributes: dict[str, Any] = dict(single(parsed(template)))
        self.authorize((Right.CREATE, Subject(_MARKETS)))
        name = text_of(attributes, "NAME")
        mad = text_of(attributes, "MARKET_MAD")
        objection = (
            shared.objection_to_new(cloud.markets, name, end="")
            or ("" if mad else "No marketplace driver (MARKET_MAD) in template.")
            or marketplace.objection_to_driver(mad, attributes)
        )
        if objection:
            raise AllocateRefused(objection, kind=_MARKETS)
        state = text_of(attributes, "STATE").upper()
        dropped = {"NAME", "ZONE_ID", *(("STATE",) if state in {"ENABLED", "DISABLED"} else ())}
        market = Market(
            cloud.markets.take_id(),
            name,
            caller.uid,
            caller.gid,
            permissions_for(caller),
            mad,
            {key: value for key, value in attributes.items() if key not in dropped},
            enabled=state != "DISABLED",
        )
        cloud.markets.add(market)
        return market.id

    @remote("market.info", "i", "b")
    def info(self, market: int, decrypt: bool = False) -> Market:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a marketplace.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: Market = self.existing(self.cloud.markets, market, Right.USE_NO_LCK)
        return thing

    @remote("market.delete", "i")
    def delete(self, market: int) -> int:
        """Delete a marketplace; a public one takes its apps along.

        Raises:
            Refused: it still has apps.
        """
        cloud = self.cloud
        thing: Market = self.existing(cloud.markets, market)
        if thing.apps and not MARKET_MADS[thing.mad].public:
            raise ActionRefused(f"Cannot delete marketplace. marketplace  {market} is not empty.")
        marketplace.drop_apps(cloud, thing)
        cloud.markets.remove(thing)
        shared.forget_rules(cloud, cloud.markets, market)
        return market

    @remote("market.enable", "ib")
    def enable(self, market: int, enabled: bool) -> int:  # noqa: FBT001 - as on the wire
        """Enable a marketplace, or disable it, which drops its apps.

        Raises:
            Refused: there is none, or rights are missing.
        """
        thing: Market = self.existing(self.cloud.markets, market)
        if thing.enabled and not enabled:
            marketplace.drop_apps(self.cloud, thing)
        thing.enabled = enabled
        return market

    @remote("market.update", "is", "i")
    def update(self, market: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of a marketplace.

        Raises:
            Refused: the text is no template, or its driver needs more.
        """
        thing, attributes = shared.new_template(self, self.cloud.markets, market, template, append)
        mad = text_of(attributes, "MARKET_MAD")
        if mad and (objection := marketplace.objection_to_driver(mad, attributes)):
            raise InternalRefused(f"Cannot update template. {objection}")
        thing.mad = mad or thing.mad
        thing.template = {**attributes, "MARKET_MAD": thing.mad}
        return market

    @remote("market.rename", "is")
    def rename(self, market: int, name: str) -> int:
        """Give a marketplace another name.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        shared.rename(self, self.cloud.markets, market, name)
        return market

    @remote("market.chmod", "iiiiiiiiii")
    def chmod(self, market: int, *bits: int) -> int:
        """Change the nine permission bits of a marketplace, owner USE first; -1 keeps.

        Raises:
            Refused: a value is not -1, 0 or 1.
        """
        shared.chmod(self, self.cloud.markets, market, bits)
        return market

    @remote("market.chown", "iii")
    def chown(self, market: int, uid: int, gid: int) -> int:
        """Give a marketplace another owner or group; -1 keeps what there is.

        Raises:
            Refused: there is no such user or group.
        """
        shared.chown(self, self.cloud.markets, market, uid, gid)
        return market


_NOT_UPDATED = ("SOURCE", "SIZE", "MD5", "FORMAT", "REGTIME", "ORIGIN_ID")


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
        self.authorize((Right.CREATE, Subject(_APPS)))
        place = cloud.markets.get(market)
        if place is None:
            raise InternalRefused(f"Cannot find associated MARKETPLACE ID = {market}")
        if "create" not in MARKET_MADS[place.mad].actions:
            raise ActionRefused(f"Create disabled for market: {place.name}")
        name = text_of(attributes, "NAME")
        if objection := shared.objection_to_new(cloud.apps, name, caller.uid, end=""):
            raise AllocateRefused(objection, kind=_APPS)
        origin = number_of(attributes, "ORIGIN_ID")
        if origin is None:
            reason = "Missing ORIGIN_ID for the MARKETPLACEAPP"
            raise AllocateRefused(reason, kind=_APPS)
        word = text_of(attributes, "TYPE").upper()
        kind = AppType.__members__.get(word, AppType.UNKNOWN) if word else AppType.IMAGE
        ready = kind in {AppType.VMTEMPLATE, AppType.SERVICE_TEMPLATE}
        dropped = {"NAME", "ZONE_ID", *_NOT_UPDATED}
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
        cloud = self.cloud
        thing: App = self.existing(cloud.apps, app)
        market = cloud.markets.get(thing.market_id)
        objection = ""
        if market is None:
            objection = f"Cannot find associated  ID = {thing.market_id}"
        elif "delete" not in MARKET_MADS[market.mad].actions:
            objection = f"Delete disabled for market: {market.name}"
        if objection or thing.type is AppType.UNKNOWN:
            raise ActionRefused(f"Cannot delete marketplaceapp. {objection}")
        marketplace.delete(cloud, thing)
        shared.forget_rules(cloud, cloud.apps, app)
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
        thing = shared.rename(self, self.cloud.apps, app, name)
        if thing is not None:
            self.cloud.app_written(thing)
        return app

    @remote("marketapp.chmod", "iiiiiiiiii")
    def chmod(self, app: int, *bits: int) -> int:
        """Change the nine permission bits of an app, owner USE first; -1 keeps.

        Raises:
            Refused: a value is not -1, 0 or 1.
        """
        self.cloud.app_written(shared.chmod(self, self.cloud.apps, app, bits))
        return app

    @remote("marketapp.chown", "iii")
    def chown(self, app: int, uid: int, gid: int) -> int:
        """Give an app another owner or group; -1 keeps what there is.

        Raises:
            Refused: there is no such user or group, or the marketplace is public.
        """
        cloud = self.cloud
        thing, user, group = shared.new_owner(self, cloud.apps, app, uid, gid)
        market = cloud.markets.get(thing.market_id)
        if market is not None and MARKET_MADS[market.mad].public:
            raise InternalRefused(
                f"App {app}: Changing the ownership for an App from the public Marketplace is"
                " not permitted"
            )
        shared.give(cloud.apps, thing, user, group)
        cloud.app_written(thing)
        return app

    @remote("marketapp.update", "is", "i")
    def update(self, app: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of an app.

        Raises:
            Refused: the text is no template, or the kind of update is unknown.
        """
        thing, attributes = shared.new_template(self, self.cloud.apps, app, template, append)
        thing.description = text_of(attributes, "DESCRIPTION")
        thing.version = text_of(attributes, "VERSION")
        for name in _NOT_UPDATED:
            attributes.pop(name, None)
        thing.template = attributes
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

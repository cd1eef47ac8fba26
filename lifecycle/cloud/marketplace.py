"""Marketplace apps: their export from images, and their end.

Sources: ``src/market/MarketPlaceManagerActions.cc`` and
``MarketPlaceManagerProtocol.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import number_of, parse, single, text_of
from lifecycle.cloud.configuration import MARKET_MADS
from lifecycle.cloud.objects import App, AppState, AppType, Market
from lifecycle.cloud.template_text import ParseError
from lifecycle.refusal import InternalRefused, Refused

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud

_FAILED = "Error importing app into marketplace"


def export(cloud: Cloud, app: App) -> None:
    """Ask the market to take an app over from its image.

    Raises:
        InternalRefused: the image cannot be exported now; the app stays, in ERROR.
    """
    image = cloud.images.get(app.origin_id)
    try:
        if app.type is AppType.UNKNOWN:
            raise InternalRefused("Marketplace app type not supported.")
        if app.type is AppType.IMAGE:
            if image is None:
                raise InternalRefused("Image does not exist.")
            image.export(app.id)
    except Refused as refusal:
        _fail(cloud, app, refusal.reason)
        raise
    cloud.ask("market", "IMPORT", app.id, app.name)


def release(cloud: Cloud, app: App) -> None:
    """The image that an app comes from loses it."""
    image = cloud.images.get(app.origin_id)
    if app.type is AppType.IMAGE and image is not None:
        image.export_released(app.id)


def delete(cloud: Cloud, app: App) -> None:
    """Ask the market to remove an app; its image loses it at once while it is LOCKED."""
    if app.type is AppType.IMAGE and app.state is AppState.LOCKED:
        release(cloud, app)
    market = cloud.markets.get(app.market_id)
    if market is not None:
        market.apps.discard(app.id)
    cloud.ask("market", "DELETE", app.id, app.name)


def objection_to_driver(mad: str, attributes: dict[str, Any]) -> str:
    """Say in oned's words why a marketplace cannot have a driver, or ""."""
    if mad not in MARKET_MADS:
        return f'MARKET_MAD_CONF named "{mad}" is not defined in oned.conf'
    for name in MARKET_MADS[mad].required:
        if not text_of(attributes, name):
            return f'MarketPlace template is missing the "{name}" attribute or it\'s empty.'
    return ""


def drop_apps(cloud: Cloud, market: Market) -> None:
    """Drop the records of all apps of a marketplace; no image is told, no driver asked."""
    for number in sorted(market.apps):
        app = cloud.apps.get(number)
        if app is not None:
            cloud.apps.remove(app)
            cloud.app_written(app)
    market.apps.clear()


def answered(cloud: Cloud, action: str, id_: int, payload: str, *, ok: bool) -> None:
    """Take the market's answer at face value."""
    app = cloud.apps.get(id_)
    if app is None:
        return
    if action == "IMPORT":
        _imported(cloud, app, payload, ok=ok)
    elif action == "DELETE":
        cloud.apps.remove(app)
        cloud.app_written(app)


def _imported(cloud: Cloud, app: App, payload: str, *, ok: bool) -> None:
    release(cloud, app)
    if not ok:
        _fail(cloud, app, f"{_FAILED}: {payload}")
        return
    try:
        values = single(parse(b64decode(payload).decode(errors="replace")))
    except ParseError as error:
        _fail(cloud, app, f"{_FAILED}. Parse error: {error}")
        return
    except ValueError:  # it is no base64
        values = {}
    source, md5 = text_of(values, "SOURCE"), text_of(values, "MD5")
    form, size = text_of(values, "FORMAT"), number_of(values, "SIZE")
    if not (source and md5 and form) or size is None:
        _fail(cloud, app, f"{_FAILED}. Missing app attributes.")
        return
    app.source, app.md5, app.format, app.size = source, md5, form, size
    app.state = AppState.READY
    cloud.app_written(app)


def _fail(cloud: Cloud, app: App, reason: str) -> None:
    app.template = app.template | {"ERROR": f"{cloud.date()} : {reason}"}
    app.state = AppState.ERROR
    cloud.app_written(app)

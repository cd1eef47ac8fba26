"""The documents of marketplaces and their apps.

Sources: ``MarketPlace::to_xml`` and ``MarketPlaceApp::to_xml`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import text_of
from lifecycle.documents import markup
from lifecycle.documents.owners import head, name_of

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import App, Market

_ZONE = f"<ZONE_ID>{markup.cdata('0')}</ZONE_ID>"


def market_document(cloud: Cloud, market: Market) -> str:
    """Give MARKETPLACE."""
    return (
        f"<MARKETPLACE>{head(cloud, market)}<NAME>{markup.text(market.name)}</NAME>"
        f"<STATE>{int(not market.enabled)}</STATE>"
        f"<MARKET_MAD>{markup.cdata(market.mad)}</MARKET_MAD>{_ZONE}"
        "<TOTAL_MB>0</TOTAL_MB><FREE_MB>0</FREE_MB><USED_MB>0</USED_MB>"
        f"{markup.ids('MARKETPLACEAPPS', market.apps)}"
        f"{markup.permissions(market.permissions & 0o777)}{markup.template(market.template)}"
        "</MARKETPLACE>"
    )


def app_document(cloud: Cloud, app: App) -> str:
    """Give MARKETPLACEAPP."""
    return (
        f"<MARKETPLACEAPP>{head(cloud, app)}{markup.lock(app.lock_held)}"
        f"<REGTIME>{app.regtime}</REGTIME><NAME>{markup.text(app.name)}</NAME>{_ZONE}"
        f"<ORIGIN_ID>{markup.cdata(app.origin_id)}</ORIGIN_ID>"
        f"<SOURCE>{markup.cdata(app.source)}</SOURCE><MD5>{markup.cdata(app.md5)}</MD5>"
        f"<SIZE>{app.size}</SIZE><DESCRIPTION>{markup.cdata(app.description)}</DESCRIPTION>"
        f"<VERSION>{markup.cdata(app.version)}</VERSION>"
        f"<FORMAT>{markup.cdata(app.format)}</FORMAT>"
        f"<APPTEMPLATE64>{markup.cdata(text_of(app.template, 'APPTEMPLATE64'))}"
        "</APPTEMPLATE64>"
        f"<MARKETPLACE_ID>{app.market_id}</MARKETPLACE_ID>"
        f"<MARKETPLACE>{name_of(cloud.markets, app.market_id)}</MARKETPLACE>"
        f"<STATE>{app.state.value}</STATE><TYPE>{app.type.value}</TYPE>"
        f"{markup.permissions(app.permissions & 0o777)}{markup.template(app.template)}"
        "</MARKETPLACEAPP>"
    )

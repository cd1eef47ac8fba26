"""The commands on users, groups, datastores, marketplaces, their apps, and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.scenario.given import Call, Given
from lifecycle.scenario.grammar import Verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DATASTORES = {
    "IMAGE_DS": {"DS_MAD": "fs", "TM_MAD": "local"},
    "FILE_DS": {"DS_MAD": "fs", "TM_MAD": "local"},
    "SYSTEM_DS": {"TM_MAD": "local"},
    "BACKUP_DS": {"DS_MAD": "rsync", "RSYNC_HOST": "backup", "RSYNC_USER": "oneadmin"},
}
"""The drivers of a datastore of which only the type is told."""

_DRIVERS = ("DS_MAD", "TM_MAD")
_MARKET = {"BASE_URL": "http://market", "PUBLIC_DIR": "/var/www/market"}


def other_verbs() -> Iterator[Verb]:
    """Give the commands that a scenario knows beside those on images and machines."""
    yield Verb("oneuser create", "NAME [PASSWORD] [--group GROUP]", _create_user)
    yield Verb("oneuser delete", "USER", lambda g: Call("one.user.delete", (g.find("user"),)))
    yield Verb("oneuser enable", "USER", _switch("user", on=True))
    yield Verb("oneuser disable", "USER", _switch("user", on=False))
    yield Verb("oneuser addgroup", "USER GROUP", _membership("addgroup"))
    yield Verb("oneuser delgroup", "USER GROUP", _membership("delgroup"))
    yield Verb("onegroup create", "NAME", _create_group)
    yield Verb("onedatastore create", "--name NAME [--type TYPE_DS] [KEY=VALUE…]", _create_store)
    yield Verb("onedatastore delete", "DATASTORE", _delete_store)
    yield Verb("onemarket create", "--name NAME [--mad MAD] [KEY=VALUE…]", _create_market)
    yield Verb("onemarketapp create", "--name NAME --image IMAGE --market MARKET", _create_app)
    yield Verb("onemarketapp export", "APP NAME -d|--datastore DATASTORE", _export)
    yield Verb("onemarketapp delete", "APP", _delete_app)
    yield Verb("onemarketapp enable", "APP", _switch("app", on=True, group="marketapp"))
    yield Verb("onemarketapp disable", "APP", _switch("app", on=False, group="marketapp"))
    yield Verb("onetemplate create", "--name NAME [--disk IMAGE,…] [KEY=VALUE…]", _create_template)
    yield Verb(
        "onetemplate instantiate",
        "TEMPLATE --name NAME [--hold] [--persistent]",
        _instantiate,
    )
    yield Verb("onetemplate delete", "TEMPLATE [--recursive]", _delete_template)


def _create_user(given: Given) -> Call:
    name = given.text("NAME")
    password = given.text("PASSWORD", name)
    groups = [given.find("group", "group")] if given.text("group") else []
    return Call("one.user.allocate", (name, password, "core", groups), "user", name)


def _switch(kind: str, *, on: bool, group: str = "") -> Callable[[Given], Call]:
    return lambda given: Call(f"one.{group or kind}.enable", (given.find(kind), on))


def _membership(word: str) -> Callable[[Given], Call]:
    return lambda given: Call(f"one.user.{word}", (given.find("user"), given.find("group")))


def _create_group(given: Given) -> Call:
    name = given.text("NAME")
    return Call("one.group.allocate", (name,), "group", name)


def _create_store(given: Given) -> Call:
    name, kind = given.text("name"), given.text("type", "IMAGE_DS").upper()
    usual = {} if given.gives(*_DRIVERS) else _DATASTORES.get(kind, {})
    template = given.template(NAME=name, TYPE=kind, **usual)
    return Call("one.datastore.allocate", (template, -1), "datastore", name)


def _delete_store(given: Given) -> Call:
    return Call("one.datastore.delete", (given.find("datastore"),))


def _create_market(given: Given) -> Call:
    name, mad = given.text("name"), given.text("mad", "http")
    usual = _MARKET if mad == "http" and not given.gives(*_MARKET) else {}
    template = given.template(NAME=name, MARKET_MAD=mad, **usual)
    return Call("one.market.allocate", (template,), "market", name)


def _create_app(given: Given) -> Call:
    name = given.text("name")
    template = given.template(NAME=name, ORIGIN_ID=str(given.image("image")), TYPE="IMAGE")
    params = (template, given.find("market", "market"))
    return Call("one.marketapp.allocate", params, "app", name)


def _export(given: Given) -> Call:
    name = given.text("NAME")
    template = given.template(NAME=name, FROM_APP=str(given.find("app")))
    params = (template, given.find("datastore", "datastore"), False)
    return Call("one.image.allocate", params, "image", name)


def _delete_app(given: Given) -> Call:
    return Call("one.marketapp.delete", (given.find("app"),))


def _create_template(given: Given) -> Call:
    name = given.text("name")
    disks = [{"IMAGE_ID": number} for number in given.images("disk")]
    template = given.template(NAME=name, CPU="1", MEMORY="1024", DISK=disks)
    return Call("one.template.allocate", (template,), "template", name)


def _instantiate(given: Given) -> Call:
    name = given.text("name")
    params = (given.find("template"), name, given.flag("hold"), "", given.flag("persistent"))
    return Call("one.template.instantiate", params, "machine", name)


def _delete_template(given: Given) -> Call:
    return Call("one.template.delete", (given.find("template"), given.flag("recursive")))

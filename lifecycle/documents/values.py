"""What a call answers, as it goes over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.authorization import AclRule
from lifecycle.cloud.calls.system_calls import Configuration, DefaultQuotas
from lifecycle.cloud.objects import (
    App,
    Cluster,
    Datastore,
    Group,
    Host,
    Market,
    User,
    VmTemplate,
    Zone,
)
from lifecycle.cloud.pool import Selection
from lifecycle.cloud.vm import VirtualMachine
from lifecycle.documents.accounts import (
    DEFAULT_QUOTAS,
    group_document,
    group_row,
    quotas_document,
    user_document,
    user_row,
)
from lifecycle.documents.configuration import configuration_document
from lifecycle.documents.datastores import datastore_document
from lifecycle.documents.images import image_document, image_row
from lifecycle.documents.machines import vm_document, vm_extended_row, vm_row
from lifecycle.documents.markets import app_document, market_document
from lifecycle.documents.places import cluster_document, host_document, zone_document
from lifecycle.documents.rules import rule_document
from lifecycle.documents.templates import template_document
from lifecycle.image import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.cloud.cloud import Cloud

DOCUMENTS: dict[type, Callable[[Cloud, Any], str]] = {
    AclRule: rule_document,
    App: app_document,
    Cluster: cluster_document,
    Configuration: configuration_document,
    Datastore: datastore_document,
    DefaultQuotas: quotas_document,
    Group: group_document,
    Host: host_document,
    Image: image_document,
    Market: market_document,
    User: user_document,
    VirtualMachine: vm_document,
    VmTemplate: template_document,
    Zone: zone_document,
}
"""How the objects that a call can answer with are written."""

ROWS: dict[type, Callable[[Cloud, Any], str]] = {
    **DOCUMENTS,
    Group: group_row,
    Image: image_row,
    User: user_row,
    VirtualMachine: vm_row,
}
"""How they are written within a pool."""

EXTENDED_ROWS: dict[type, Callable[[Cloud, Any], str]] = {
    **ROWS,
    VirtualMachine: vm_extended_row,
}
"""The same, for a pool of which more was asked for."""

ROOTS = {"TEMPLATE": "VMTEMPLATE"}
"""The names of elements that are called otherwise than their kind."""


def text_of(cloud: Cloud, value: Any) -> str | int | bool:
    """Give what `Cloud.call` answers (``Reply.value``) as it goes over the wire.

    An object (an image, a machine) becomes its document, a selection from a
    pool the document of that pool; texts, numbers and booleans stay as they are.
    """
    if isinstance(value, Selection):
        return "".join(pieces_of(cloud, value))
    write = DOCUMENTS.get(type(value))
    if write is not None:
        return write(cloud, value)
    plain: str | int | bool = value
    return plain


def pieces_of(cloud: Cloud, pool: Selection[Any]) -> Iterator[str]:
    """Give the document of a pool in pieces, an object each, so that it need not be held whole."""
    root = f"{ROOTS.get(pool.kind, pool.kind)}_POOL"
    how = EXTENDED_ROWS if pool.extended else ROWS
    yield f"<{root}>"
    for thing in pool:
        yield how[type(thing)](cloud, thing)
    yield f"{DEFAULT_QUOTAS.get(pool.kind, '')}</{root}>"

"""The document of a datastore.

Source: ``Datastore::to_xml`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.documents import markup
from lifecycle.documents.owners import head

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import Datastore

_LOCATION = "/var/lib/one/datastores"
_CLUSTERS = markup.ids("CLUSTERS", [0])


def datastore_document(cloud: Cloud, store: Datastore) -> str:
    """Give DATASTORE."""
    return (
        f"<DATASTORE>{head(cloud, store)}<NAME>{markup.text(store.name)}</NAME>"
        f"{markup.permissions(store.permissions & 0o777)}"
        f"<DS_MAD>{markup.cdata(store.ds_mad)}</DS_MAD>"
        f"<TM_MAD>{markup.cdata(store.tm_mad)}</TM_MAD>"
        f"<BASE_PATH>{markup.cdata(f'{_LOCATION}/{store.id}')}</BASE_PATH>"
        f"<TYPE>{store.type.value}</TYPE><DISK_TYPE>{store.disk_type}</DISK_TYPE>"
        f"<STATE>{int(not store.enabled)}</STATE>{_CLUSTERS}"
        f"<TOTAL_MB>{store.total_mb}</TOTAL_MB><FREE_MB>{store.free_mb}</FREE_MB>"
        f"<USED_MB>{store.used_mb}</USED_MB>{markup.ids('IMAGES', store.images)}"
        f"{markup.template(store.template)}</DATASTORE>"
    )

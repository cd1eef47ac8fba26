"""The calls that oned answers, in the groups of its XML-RPC interface."""

from typing import TYPE_CHECKING

from lifecycle.cloud.calls.acl_calls import AclCalls
from lifecycle.cloud.calls.datastore_calls import DatastoreCalls
from lifecycle.cloud.calls.group_calls import GroupCalls
from lifecycle.cloud.calls.image_calls import ImageCalls
from lifecycle.cloud.calls.market_calls import MarketAppCalls, MarketCalls
from lifecycle.cloud.calls.pool_calls import (
    ClusterPoolCalls,
    DatastorePoolCalls,
    GroupPoolCalls,
    HostPoolCalls,
    ImagePoolCalls,
    MarketAppPoolCalls,
    MarketPoolCalls,
    TemplatePoolCalls,
    UserPoolCalls,
    VmPoolCalls,
    ZonePoolCalls,
)
from lifecycle.cloud.calls.remote import CallGroup
from lifecycle.cloud.calls.system_calls import (
    ClusterCalls,
    GroupQuotaCalls,
    HostCalls,
    SystemCalls,
    UserQuotaCalls,
    ZoneCalls,
)
from lifecycle.cloud.calls.template_calls import TemplateCalls
from lifecycle.cloud.calls.user_calls import UserCalls
from lifecycle.cloud.calls.vm_calls import VmCalls

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud


class Groups:
    """The groups of calls, named as in the XML-RPC interface."""

    acl: AclCalls
    cluster: ClusterCalls
    clusterpool: ClusterPoolCalls
    datastore: DatastoreCalls
    datastorepool: DatastorePoolCalls
    group: GroupCalls
    grouppool: GroupPoolCalls
    groupquota: GroupQuotaCalls
    host: HostCalls
    hostpool: HostPoolCalls
    image: ImageCalls
    imagepool: ImagePoolCalls
    market: MarketCalls
    marketapp: MarketAppCalls
    marketapppool: MarketAppPoolCalls
    marketpool: MarketPoolCalls
    system: SystemCalls
    template: TemplateCalls
    templatepool: TemplatePoolCalls
    user: UserCalls
    userpool: UserPoolCalls
    userquota: UserQuotaCalls
    vm: VmCalls
    vmpool: VmPoolCalls
    zone: ZoneCalls
    zonepool: ZonePoolCalls


GROUPS: dict[str, type[CallGroup]] = Groups.__annotations__
"""Each group by its name."""


class Calls(Groups):
    """All calls, made as one user.

    ``calls.image.enable(3, True)`` is ``one.image.enable``. A call gives its
    value, or raises `Refused`.
    """

    def __init__(self, cloud: "Cloud", uid: int) -> None:
        """Make calls on a cloud, as the user of an id."""
        self.cloud, self.uid = cloud, uid
        for name, group in GROUPS.items():
            setattr(self, name, group(cloud, uid))

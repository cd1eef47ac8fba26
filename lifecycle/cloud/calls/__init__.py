"""The calls that oned answers, in the groups of its XML-RPC interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.calls.acl_calls import AclCalls
from lifecycle.cloud.calls.datastore_calls import DatastoreCalls
from lifecycle.cloud.calls.group_calls import GroupCalls
from lifecycle.cloud.calls.image_calls import ImageCalls, ImagePoolCalls
from lifecycle.cloud.calls.market_calls import MarketAppCalls, MarketCalls
from lifecycle.cloud.calls.template_calls import TemplateCalls
from lifecycle.cloud.calls.user_calls import UserCalls
from lifecycle.cloud.calls.vm_calls import VmCalls

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud


class Calls:
    """All calls, made as one user.

    Each group is named as in the XML-RPC interface: ``calls.image.enable(3, True)``
    is ``one.image.enable``. A call gives its value, or raises `Refused`.
    """

    def __init__(self, cloud: Cloud, uid: int) -> None:
        """Make calls on a cloud, as the user of an id."""
        self.cloud, self.uid = cloud, uid
        self.acl = AclCalls(cloud, uid)
        self.datastore = DatastoreCalls(cloud, uid)
        self.group = GroupCalls(cloud, uid)
        self.image = ImageCalls(cloud, uid)
        self.imagepool = ImagePoolCalls(cloud, uid)
        self.market = MarketCalls(cloud, uid)
        self.marketapp = MarketAppCalls(cloud, uid)
        self.template = TemplateCalls(cloud, uid)
        self.user = UserCalls(cloud, uid)
        self.vm = VmCalls(cloud, uid)


GROUPS = frozenset(
    {
        "acl",
        "datastore",
        "group",
        "image",
        "imagepool",
        "market",
        "marketapp",
        "template",
        "user",
        "vm",
    }
)
"""The names of the groups."""

"""The error codes with which oned refuses a call, and the words around its texts.

Source: ``include/Request.h`` (codes) and ``src/rm/Request.cc``
(``failure_message``) of OpenNebula 7.4.0.
"""

from __future__ import annotations

from enum import IntEnum


class ErrorCode(IntEnum):
    """The third element of a refused call's answer."""

    AUTHENTICATION = 0x0100
    AUTHORIZATION = 0x0200
    NO_EXISTS = 0x0400
    ACTION = 0x0800
    RPC_API = 0x1000
    INTERNAL = 0x2000
    ALLOCATE = 0x4000
    LOCKED = 0x8000


OBJECT_NAMES = {
    "IMAGE": "image",
    "VM": "virtual machine",
    "DATASTORE": "datastore",
    "USER": "user",
    "GROUP": "group",
    "HOST": "host",
    "TEMPLATE": "virtual machine template",
    "MARKETPLACE": "marketplace",
    "MARKETPLACEAPP": "marketplaceapp",
    "ACL": "ACL",
    "ZONE": "zone",
    "CLUSTER": "cluster",
}
"""What oned calls an object in a message, by its type (``RequestLogger::object_name``)."""

"""A cloud that real clients can be pointed at: OpenNebula's XML-RPC over HTTP.

Needs the extra ``endpoint``. `Endpoint` is all that is needed to start.
"""

from lifecycle.endpoint.client import ControlClient, ControlError
from lifecycle.endpoint.endpoint import Endpoint
from lifecycle.endpoint.http import Limits
from lifecycle.endpoint.rules import FaultRule, FaultRules

__all__ = ["ControlClient", "ControlError", "Endpoint", "FaultRule", "FaultRules", "Limits"]

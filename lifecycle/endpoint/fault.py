"""XML-RPC faults: what is answered to a call that oned's library does not let through.

Source: ``xmlrpc-c/base.h`` of xmlrpc-c 1.33, which OpenNebula 7.4.0 is built with.
"""

from __future__ import annotations

from enum import IntEnum

from lifecycle.refusal import LifecycleError


class FaultCode(IntEnum):
    """The code of a fault."""

    INTERNAL = -500
    TYPE = -501
    INDEX = -502
    PARSE = -503
    NO_SUCH_METHOD = -506
    REFUSED = -507
    LIMIT_EXCEEDED = -509


class Fault(LifecycleError):  # noqa: N818 - as XML-RPC calls it
    """When a call is answered with an XML-RPC fault.

    Attributes:
        code: the fault's code.
        text: its words.
    """

    def __init__(self, code: int, text: str) -> None:
        """Keep the code and the words."""
        super().__init__(text)
        self.code, self.text = int(code), text


def no_such_method(name: str) -> Fault:
    """Give the fault for a call that there is none of."""
    return Fault(FaultCode.NO_SUCH_METHOD, f"Method '{name}' not defined")


def wrong_type(due: str) -> Fault:
    """Give the fault for a parameter of a wrong type; what is due stands in oned's words."""
    return Fault(FaultCode.TYPE, f"Parameter that is supposed to be {due} is not")


def too_few() -> Fault:
    """Give the fault for a call with too few parameters."""
    return Fault(FaultCode.TYPE, "Not enough parameters")


def no_parameters() -> Fault:
    """Give the fault for a call without any parameter, not even the session."""
    return Fault(
        FaultCode.INTERNAL,
        "Unexpected error executing code for particular method, detected by Xmlrpc-c method"
        " registry code.  Method did not fail; rather, it did not complete at all."
        "  Subscript of xmlrpc_c::paramList out of bounds",
    )

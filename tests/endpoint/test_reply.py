"""An answer in the spelling of xmlrpc-c, and never more of it in memory than it takes."""

from __future__ import annotations

import tracemalloc

from lifecycle import Cloud
from lifecycle.endpoint import reply
from lifecycle.endpoint.fault import Fault
from lifecycle.endpoint.service import Service

ADMIN = "oneadmin:opennebula"


def written(value: reply.Answer) -> str:
    text = b"".join(reply.result(value)).decode()
    head = '<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n<params>\r\n<param>'
    assert text.startswith(head)
    return text.removeprefix(head).removesuffix("</param>\r\n</params>\r\n</methodResponse>\r\n")


def test_each_type_has_its_element() -> None:
    assert written(True) == "<value><boolean>1</boolean></value>"
    assert written(5) == "<value><i4>5</i4></value>"
    assert written(reply.Long(-1)) == "<value><i8>-1</i8></value>"
    assert written("a") == "<value><string>a</string></value>"
    assert (
        written([1])
        == "<value><array><data>\r\n<value><i4>1</i4></value>\r\n</data></array></value>"
    )
    assert written({"a": 1}) == (
        "<value><struct>\r\n<member><name>a</name>\r\n"
        "<value><i4>1</i4></value></member>\r\n</struct></value>"
    )


def test_a_text_in_pieces_is_one_text() -> None:
    assert written(iter(["<a>", "&", "\r", "<![CDATA[x]]>", "</a>"])) == (
        "<value><string>&lt;a>&amp;&#x0d;&lt;![CDATA[x]]&gt;&lt;/a></string></value>"
    )
    assert written(iter([])) == "<value><string></string></value>"


def test_what_no_encoding_has_is_replaced() -> None:
    assert written("\ud800") == "<value><string>?</string></value>"
    assert b"faultCode" in b"".join(reply.fault(Fault(-1, "\ud800")))


def test_of_a_whole_pool_there_is_one_copy() -> None:
    cloud = Cloud(journal=False)
    cloud.plan("success")
    for number in range(1500):
        cloud.image.allocate(f'NAME="image-{number}" PATH="/image" SIZE="1"', 1)
    service = Service(cloud)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        body = service.answer_call("one.imagepool.info", [ADMIN, -2, -1, -1])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    size = sum(map(len, body))
    assert size > 2_000_000
    assert peak - before < 1.5 * size

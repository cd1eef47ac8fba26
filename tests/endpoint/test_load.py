"""Many clients at once: no call is lost, none is answered as no order of them could explain."""

from __future__ import annotations

import pytest

from benchmarks import load


def test_what_many_clients_see_happened_one_after_the_other() -> None:
    cloud, clients = load.drive(64, calls=12)
    assert [error for client in clients for error in client.errors] == []
    assert load.check(cloud, clients) == 64 * 12
    methods = {made.method for client in clients for made in client.made if made.answer[0]}
    assert len(methods) >= 8


def test_a_lost_update_is_found() -> None:
    cloud, clients = load.drive(2, calls=10)
    image = cloud.images[0]
    image.template["BY"] = "nobody"
    with pytest.raises(load.NotLinearError, match="an update was lost"):
        load.check(cloud, clients)


def test_an_answer_out_of_turn_is_found() -> None:
    cloud, clients = load.drive(2, calls=10)
    client = clients[0]
    client.made[3] = client.made[3]._replace(answer=(True, "x", 0))
    with pytest.raises(load.NotLinearError, match="when made in its turn"):
        load.check(cloud, clients)


def test_a_call_that_was_done_too_late_is_found() -> None:
    cloud, clients = load.drive(2, calls=10)
    client = clients[0]
    client.made[9] = client.made[9]._replace(ended=client.made[0].began - 1)
    with pytest.raises(
        load.NotLinearError, match="was done after one that began when it had ended"
    ):
        load.check(cloud, clients)

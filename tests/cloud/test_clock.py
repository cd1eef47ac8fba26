"""The virtual clock moves only forward, and what is due at one instant has an order."""

from __future__ import annotations

import pytest

from lifecycle import Clock, ClockError, Cloud


def test_what_is_due_happens_in_the_order_of_time_then_of_scheduling() -> None:
    clock = Clock(1000)
    seen: list[tuple[str, float]] = []
    for delay, name in ((5, "late"), (2, "first"), (2, "second"), (0, "now")):
        clock.schedule(delay, lambda name=name: seen.append((name, clock.now)))  # type: ignore[misc]  # the default binds it now
    assert clock.next_due == 1000
    clock.advance(2)
    assert seen == [("now", 1000), ("first", 1002), ("second", 1002)]
    clock.advance_to(2000)
    assert seen[-1] == ("late", 1005)
    assert (clock.now, clock.elapsed, clock.next_due) == (2000, 1000, None)


def test_what_is_scheduled_on_the_way_happens_on_the_way() -> None:
    clock = Clock(0)
    seen: list[float] = []

    def again() -> None:
        seen.append(clock.now)
        clock.schedule(1, again)

    clock.schedule(1, again)
    clock.advance(3.5)
    assert seen == [1, 2, 3]
    assert clock.scheduled == 1


@pytest.mark.parametrize(
    "seconds", [-1, -1e-9, float("nan"), float("inf"), 10**40, "soon", None, True]
)
def test_the_clock_does_not_go_back_nor_to_no_time(seconds: object) -> None:
    cloud = Cloud()
    with pytest.raises(ClockError):
        cloud.advance(seconds)  # type: ignore[arg-type]  # wrong on purpose
    assert cloud.clock.elapsed == 0


def test_nothing_is_scheduled_in_the_past() -> None:
    with pytest.raises(ClockError, match="cannot schedule something 1 s in the past"):
        Clock().schedule(-1, lambda: None)


def test_a_cloud_tells_the_time_of_its_clock() -> None:
    cloud = Cloud(clock=Clock(0))
    cloud.advance(90)
    assert (cloud.now(), cloud.clock.date("%H:%M:%S")) == (90, "00:01:30")
    image = cloud.image.allocate('NAME="one" PATH="/image" SIZE="1"', 1)
    assert cloud.images[image].regtime == 90

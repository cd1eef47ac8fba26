"""The benchmarks are found by themselves and print one table; speed is never a failure."""

from __future__ import annotations

import inspect
import sys

import pytest

from benchmarks.__main__ import found, main, print_table
from benchmarks.measure import Result, memory, side_by_side

LINES = [
    (Result("a", 2.0, "µs", "b", 10.0, at_least=4), "5.00", ">= 4 times", "ok"),
    (Result("a", 5.0, "µs", "b", 10.0, at_least=4), "2.00", ">= 4 times", "MISSED"),
    (Result("a", 2.0, "ms", at_most=3), "", "<= 3 ms", "ok"),
    (Result("a", 4.0, "ms", "b", 8.0, at_most=3), "2.00", "<= 3 ms", "MISSED"),
    (Result("a", 4.0, "ms"), "", "", ""),
    (Result("a", None, "ms", "b"), "", "", "not installed"),
]


@pytest.mark.parametrize(("result", "ratio", "bar", "verdict"), LINES)
def test_a_result_says_whether_it_took_its_bar(
    result: Result, ratio: str, bar: str, verdict: str
) -> None:
    assert ("" if result.ratio is None else f"{result.ratio:.2f}") == ratio
    assert (result.bar, result.verdict) == (bar, verdict)


@pytest.mark.parametrize("rich", [True, False])
def test_the_table_is_printed_with_rich_or_without(
    rich: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not rich:
        monkeypatch.setitem(sys.modules, "rich.console", None)
    print_table("figures", [line[0] for line in LINES])
    printed = capsys.readouterr().out
    assert printed.count("MISSED") == 2
    assert "b: 10 µs" in printed
    assert ("│" in printed) is rich


def test_every_module_with_a_run_is_a_benchmark(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "engine" in found()
    assert "measure" not in found()
    asked: list[bool] = []

    def run(quick: bool) -> list[Result]:
        asked.append(quick)
        return []

    monkeypatch.setattr("benchmarks.engine.run", run)
    monkeypatch.setattr("sys.argv", ["benchmarks", "--quick", "engine"])
    main()
    assert asked == [True]
    monkeypatch.setattr("sys.argv", ["benchmarks", "nonsense"])
    with pytest.raises(SystemExit):
        main()
    assert "no such benchmark: nonsense" in capsys.readouterr().err


def test_what_is_compared_is_called_in_turns() -> None:
    calls: list[str] = []
    medians = side_by_side(
        {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2, times=1
    )
    assert "".join(calls) == "ab" * 3
    assert all(figure >= 0 for figure in medians.values())


def test_memory_is_what_is_kept() -> None:
    assert memory(lambda: bytes(100_000)) > 99_000


def test_every_benchmark_is_asked_whether_it_is_to_be_quick() -> None:
    for name, run in found().items():
        assert list(inspect.signature(run).parameters) == ["quick"], name

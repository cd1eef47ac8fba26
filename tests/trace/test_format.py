"""A trace that cannot be used is refused with its file, line and field."""

from __future__ import annotations

import gzip
import json
import lzma
import random
from pathlib import Path
from typing import Any

import pytest

from lifecycle.refusal import InputError
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import replay

HEADER = '{"format": "lifecycle-trace/1", "name": "one", "level": 1}\n'
CALL = {"do": "call", "method": "one.image.info", "params": [7], "reply": [False, "x", 0]}
DRIVER = {"do": "driver", "action": "CP", "id": 1, "ok": True, "payload": ""}
TRACES = Path(__file__).parents[1] / "data" / "traces"


def file_with(folder: Path, *lines: object, header: str = HEADER) -> Path:
    path = folder / "one.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text(header + "\n".join(texts), encoding="utf-8")
    return path


def problem_of(path: Path) -> str:
    with pytest.raises(InputError) as raised:
        [replay(history) for history in read(path)]
    message = str(raised.value)
    assert "\n" not in message
    return message.removeprefix(str(path))


def without(step: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key != name}


def test_a_trace_is_read_plain_and_packed(tmp_path: Path) -> None:
    text = (HEADER + json.dumps(DRIVER)).encode()
    (tmp_path / "a.jsonl").write_bytes(text)
    (tmp_path / "b.jsonl.xz").write_bytes(lzma.compress(text))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(text))
    (tmp_path / "d.jsonl").write_bytes(b"\xef\xbb\xbf" + text)  # as some editors begin a file
    (tmp_path / "notes.txt").write_text("not a trace")
    histories = [history for path in find([str(tmp_path)]) for history in read(path)]
    assert [history.name for history in histories] == ["one"] * 4
    assert [history.steps[0].data for history in histories] == [DRIVER] * 4
    assert [history.steps[0].line for history in histories] == [2] * 4


def test_a_file_may_hold_several_histories(tmp_path: Path) -> None:
    path = file_with(tmp_path, DRIVER, HEADER.strip(), DRIVER, DRIVER)
    assert [len(history.steps) for history in read(path)] == [1, 2]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["{"], ":2: not JSON (Expecting property name enclosed in double quotes); is the"),
        (['{"do": "call", "meth'], ":2: not JSON (Unterminated string starting at); is the file"),
        (["[1]"], ":2: a line must be a JSON object"),
        (['{"do": "call", "id": ' + "9" * 5000 + "}"], ":2: not JSON (Exceeds the limit"),
        (["null"], ":2: a line must be a JSON object"),
        (["[" * 100_000], ":2: nested too deeply"),
        ([DRIVER, ""], None),
        ([DRIVER, "", DRIVER], ":3: not JSON"),
        ([{"do": "jump"}], ":2: do: must be call, driver or rule"),
        ([{"do": {}}], ":2: do: must be call, driver or rule"),
        ([{}], ":2: do: must be call, driver or rule"),
        ([without(CALL, "method")], ":2: method: is missing"),
        ([CALL | {"method": 5}], ":2: method: must be str"),
        ([CALL | {"params": {}}], ":2: params: must be list"),
        ([CALL | {"reply": [True]}], ":2: reply: must be [ok, value, code]"),
        ([CALL | {"then": 5}], ":2: then: must be an object or null"),
        ([CALL | {"as": 5}], ":2: as: must be a text or null"),
        ([CALL | {"then": {"images": []}}], ":2: then.images: must be an object"),
        ([CALL | {"then": {"vms": {"3": 5}}}], ":2: then.vms.3: must be an object or null"),
        ([CALL | {"then": {"hooks": [[1], 2]}}], ":2: then.hooks: must be a list of lists of"),
        ([CALL | {"then": {"asked": [[[]]]}}], ":2: then.asked: must be a list of lists of plain"),
        ([DRIVER | {"role": "foo"}], ":2: role: 'foo' is none of ds, tm, vmm, market"),
        ([DRIVER | {"id": True}], ":2: id: must be int"),
        ([DRIVER | {"id": "1"}], ":2: id: must be int"),
        ([DRIVER | {"unsolicited": 1}], ":2: unsolicited: must be true or false or null"),
        ([CALL | {"method": "one.image.fly"}], ":2: method: there is no call one.image.fly"),
        ([CALL | {"params": ["7"]}], ":2: method: one.image.info: parameter 0 must be int, not"),
        ([CALL | {"params": []}], ":2: method: one.image.info takes 1 parameters, 0 given"),
        ([{"format": "other"}], ":2: format: must be"),
    ],
)
def test_a_line_that_is_none_is_refused(
    tmp_path: Path, lines: list[object], problem: str | None
) -> None:
    path = file_with(tmp_path, *lines)
    if problem is None:
        assert len(list(read(path))) == 1
    else:
        assert problem_of(path).startswith(problem)


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", ": the file is empty; a trace begins with a header line"),
        (json.dumps(DRIVER) + "\n", ':1: the first line must be a header with "format"'),
        ('{"format": "lifecycle-trace/9"}\n', ':1: format: must be "lifecycle-trace/1"'),
        ('{"format": "lifecycle-trace/1", "level": "5"}\n', ":1: level: must be int"),
        ('{"format": "lifecycle-trace/1", "name": 5}\n', ":1: name: must be str"),
        ('{"format": "lifecycle-trace/1", "extra": "owner"}\n', ":1: extra: must be list"),
        ('{"format": "lifecycle-trace/1", "extra": ["x"]}\n', ":1: extra: 'x' is none of apps,"),
        ('{"format": "lifecycle-trace/1", "host": "x"}\n', ":1: host: must be a host's id or"),
    ],
)
def test_a_header_that_is_none_is_refused(tmp_path: Path, header: str, problem: str) -> None:
    assert problem_of(file_with(tmp_path, header=header)).startswith(problem)


def test_an_enormous_line_is_refused(tmp_path: Path) -> None:
    path = file_with(tmp_path, json.dumps(DRIVER | {"payload": "x" * 17_000_000}))
    assert problem_of(path) == ":2: the line is longer than 16 MiB"


@pytest.mark.parametrize("suffix", ["jsonl.xz", "jsonl.gz"])
def test_a_packed_file_that_is_cut_off_or_no_such_file_is_refused(
    tmp_path: Path, suffix: str
) -> None:
    pack = lzma.compress if suffix.endswith("xz") else gzip.compress
    lines = "".join(json.dumps(DRIVER | {"payload": str(n)}) + "\n" for n in range(999))
    whole = pack((HEADER + lines).encode())
    for content in (whole[: len(whole) // 2], b"not packed at all"):
        path = tmp_path / f"one.{suffix}"
        path.write_bytes(content)
        assert problem_of(path).startswith(": cannot be read: ")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_bytes(b"\xff\xfe\x00\x80")
    assert problem_of(path).startswith(": cannot be read: ")


def test_a_path_that_is_not_there_and_a_folder_without_traces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        find([str(tmp_path / "nothing")])
    with pytest.raises(InputError, match="no trace files"):
        find([str(tmp_path)])


def spoil(value: dict[str, Any], random_: random.Random) -> None:
    """Put something else at a random place of a step."""
    others: list[Any] = [None, True, -1, 2**70, 0.5, "", "DISK=[A=", [], [[1]], {}, {"a": 1}]
    places: list[tuple[Any, Any]] = []
    inside: Any = value
    while isinstance(inside, dict | list) and inside and (not places or random_.random() < 0.8):
        key = random_.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
        places.append((inside, key))
        inside = inside[key]
    if places:
        container, key = places[-1]
        container[key] = random_.choice(others)


def test_no_spoiled_history_breaks_the_replay(tmp_path: Path) -> None:
    lines = lzma.decompress((TRACES / "level5" / "mixed.jsonl.xz").read_bytes()).splitlines()
    random_ = random.Random(7)
    refusals = []
    for _ in range(150):
        start = random_.randrange(len(lines) - 40)
        steps = [json.loads(line) for line in lines[start : start + 40]]
        for step in random_.sample(steps, 2):
            spoil(step, random_)
        path = file_with(tmp_path, *steps)
        try:
            for history in read(path):
                replay(history, stop_at_first=False)
        except InputError as error:
            refusals.append(str(error))
    assert 20 < len(refusals) < 150
    assert all(refusal.startswith(str(tmp_path)) for refusal in refusals)

"""The packed ground truth is whole, and packing loses nothing."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from tests.data import pack

DATA = Path(__file__).parent / "data"
PACKED = sorted((DATA / "traces").rglob("*.jsonl.xz"))


def history(name: str) -> bytes:
    header = {"format": "lifecycle-trace/1", "source": "a test", "name": name, "level": 1}
    return f'{json.dumps(header)}\n{{"do": "call", "then": {{}}}}\n'.encode()


def test_every_level_and_subject_is_there() -> None:
    names = [path.relative_to(DATA / "traces").as_posix() for path in PACKED]
    assert [name for name in names if "/" not in name] == [
        f"level{number}.jsonl.xz" for number in range(1, 5)
    ]
    assert sum(name.startswith("level5/") for name in names) == 11


@pytest.mark.parametrize("path", PACKED, ids=lambda path: path.name.removesuffix(".jsonl.xz"))
def test_a_packed_file_holds_whole_histories_in_the_order_of_their_names(path: Path) -> None:
    names = []
    for text in pack.split(lzma.decompress(path.read_bytes())):
        header, *steps = [json.loads(line) for line in text.splitlines()]
        assert header["format"] == "lifecycle-trace/1"
        assert f"level{header['level']}" in path.relative_to(DATA).as_posix()
        assert steps
        assert all(step["do"] in {"call", "driver", "rule"} and "then" in step for step in steps)
        names.append(header["name"])
    assert names == sorted(set(names))


def test_packing_keeps_every_byte_and_is_the_same_every_time(tmp_path: Path) -> None:
    source = tmp_path / "source"
    folders = [*(f"level{number}" for number in range(1, 5)), "level5/pools"]
    for folder in folders:
        (source / "traces" / folder).mkdir(parents=True)
        for name in ("b", "a"):
            (source / "traces" / folder / f"{name}.jsonl").write_bytes(history(name))
    (source / "observed").mkdir()
    for table in pack.OBSERVED:
        (source / "observed" / f"{table}.txt").write_bytes(table.encode())

    pack.pack(source, tmp_path / "once")
    pack.pack(source, tmp_path / "again")

    for folder in folders:
        packed = (tmp_path / "once" / "traces" / f"{folder}.jsonl.xz").read_bytes()
        assert pack.split(lzma.decompress(packed)) == [history("a"), history("b")]
        assert packed == (tmp_path / "again" / "traces" / f"{folder}.jsonl.xz").read_bytes()
    for table in pack.OBSERVED:
        packed = (tmp_path / "once" / "observed" / f"{table}.txt.xz").read_bytes()
        assert lzma.decompress(packed) == table.encode()


@pytest.mark.parametrize(
    "text",
    [history("a").rstrip(b"\n"), b"{}\n" + history("a"), history("a") + history("b")],
    ids=["cut off", "no header first", "two histories"],
)
def test_a_file_that_is_not_one_whole_history_is_not_packed(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(text)
    with pytest.raises(ValueError, match="not one whole history"):
        pack.join(tmp_path)


def test_an_empty_folder_is_not_packed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no history"):
        pack.join(tmp_path)

"""A file is written whole or not at all, and what stands there is treated with care."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lifecycle.files import write_file, write_files
from lifecycle.refusal import InputError

POSIX = pytest.mark.skipif(os.name == "nt", reason="links, pipes and modes are things of POSIX")


def test_a_new_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    write_file(tmp_path / "one", "ä\n")
    assert (tmp_path / "one").read_bytes() == "ä\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


@POSIX
def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    target.chmod(0o640)
    link.symlink_to(target)
    write_file(link, "after")
    assert link.is_symlink()
    assert target.read_text() == "after"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@POSIX
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_file(pipe, "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_has_a_name_also_where_it_is_a_pipe() -> None:
    write = "from lifecycle.files import write_file; write_file('/dev/stdout', 'text')"
    command = [sys.executable, "-c", write]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - this Python
    assert (done.returncode, done.stdout, done.stderr) == (0, b"text", b"")


def test_a_name_may_be_as_long_as_a_name_may_be(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_file(path, "text")
    assert path.read_text("utf-8") == "text"


def test_half_of_a_surrogate_pair_is_written_escaped(tmp_path: Path) -> None:
    write_file(tmp_path / "one", "a\ud800b")
    assert (tmp_path / "one").read_bytes() == b"a\\ud800b"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "the name of the file to write is empty"),
        (".", "cannot be written: it is a folder"),
        ("nowhere/one", "cannot be written: No such file or directory"),
        ("one\0two", "cannot be written: "),
    ],
)
def test_what_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as raised:
        write_file(name, "text")
    assert problem in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_what_fails_on_the_way_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "one").write_text("before")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_file(tmp_path / "one", "after")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (tmp_path / "one").read_text() == "before"


def test_a_folder_is_made_and_all_its_files_are_written(tmp_path: Path) -> None:
    write_files(tmp_path / "a" / "b", {"one": "1", "two": "2"})
    assert {path.name: path.read_text() for path in (tmp_path / "a" / "b").iterdir()} == {
        "one": "1",
        "two": "2",
    }


@pytest.mark.parametrize("there_before", [True, False])
def test_of_files_that_cannot_all_be_written_none_is(tmp_path: Path, *, there_before: bool) -> None:
    place = tmp_path / "a" / "b"
    if there_before:
        (place / "two").mkdir(parents=True)
        (place / "one").write_text("before")
        files = {"one": "after", "two": "a folder stands there"}
    else:
        files = {"one": "after", "no/where": "there is no such folder"}
    with pytest.raises(InputError, match=r"a.b: cannot be written: "):
        write_files(place, files)
    if there_before:
        assert (place / "one").read_text() == "before"
        assert sorted(path.name for path in place.iterdir()) == ["one", "two"]
    else:
        assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_name_is_a_mistake() -> None:
    with pytest.raises(InputError, match="the name of the folder to write into is empty"):
        write_files("", {})

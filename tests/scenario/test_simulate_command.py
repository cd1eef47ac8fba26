"""``lifecycle simulate``: what it prints where, what it writes, and how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from lifecycle.cli.commands import root
from lifecycle.refusal import InputError
from tests.scenario.playing import READY

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "lifecycle", "simulate"]
STORY = f"""\
title: A story
text: How it began.
steps:
{READY}\
- say: And how it went on.
- onevm create --name web --disk debian
- oneimage delete debian
- say: The end.
"""
LATER = f"steps:\n{READY}- expect: {{debian: USED, nobody: gone}}\n"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.yaml"
    path.write_text(STORY, encoding="utf-8")
    return path


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(root, ["simulate", *map(str, words)])


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *map(str, words)], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert "Traceback" not in done.stderr
    return done


def on_a_terminal(width: int, *words: str | Path) -> str:
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        environment.pop(name, None)
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, *map(str, words)], stdout=side, env=environment
    ) as process:
        os.close(side)
        printed = b""
        try:
            while chunk := os.read(main, 65536):
                printed += chunk
        except OSError:
            # The other side has closed the terminal.
            pass
        process.wait()
    os.close(main)
    return printed.decode()


def test_a_timeline_has_a_title_texts_rows_and_a_last_line(story: Path) -> None:
    done = invoke(story)
    assert done.exit_code == 0
    assert (
        done.stdout
        == """\
A story

How it began.

   time  who        what                              what came of it
0:00:00  oneadmin   oneimage create --name debian     debian INIT → LOCKED
                      --path /debian -d default       asks datastore: CP debian
0:00:01  datastore  completes CP debian               debian LOCKED → READY

And how it went on.

0:00:02  oneadmin   onevm create --name web --disk    web INIT → PENDING
                      debian                          debian READY → USED, VMs 0→1
0:00:03  oneadmin   oneimage delete debian            refused: Cannot delete image. There are 1 VMs
                                                        using it.
                                                      why: oneimage delete is possible in READY,
                                                        DISABLED, ERROR and DELETE; the image is
                                                        USED
                                                      possible now: oneimage clone; onemarketapp
                                                        create; onevm create, disk-attach, terminate

The end.

4 steps in 0:00:03; 1 refused.
"""
    )


def test_without_a_title_the_table_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(f"steps:\n- say: First.\n{READY}", encoding="utf-8")
    lines = invoke(path).stdout.splitlines()
    assert lines[:3] == [
        "First.",
        "",
        "   time  who        what                              what came of it",
    ]


@pytest.mark.parametrize(("width", "widest"), [(80, 80), (100, 100), (120, 120), (200, 120)])
def test_on_a_terminal_it_has_colours_and_fits(story: Path, width: int, widest: int) -> None:
    printed = on_a_terminal(width, story)
    assert "\x1b[33mLOCKED" in printed
    assert "\x1b[1;31mrefused: " in printed
    lines = [ESCAPE.sub("", line).rstrip() for line in printed.splitlines()]
    assert max(map(len, lines)) <= widest
    assert "   time  who        what" in "\n".join(lines)


def test_a_narrow_terminal_is_no_trouble(story: Path) -> None:
    assert "refused" in ESCAPE.sub("", on_a_terminal(40, story))


@pytest.mark.parametrize("width", [10, 30, 32, 40, 50])
def test_on_a_narrow_terminal_nothing_is_cut_off(story: Path, width: int) -> None:
    printed = ESCAPE.sub("", on_a_terminal(width, story))
    lines = printed.replace("\r", "").splitlines()
    assert "…" not in printed
    assert max(map(len, lines)) <= max(width, 30)
    for column in range(max(map(len, lines))):
        # What is broken stands in the lines of one column, each from the same place on.
        found = "".join(line[column:].split("  ")[0].strip() for line in lines)
        if "datastore" in found:
            break
    else:
        pytest.fail("the driver is not named")
    assert "INIT" in printed


def test_columns_are_not_squeezed_where_nobody_does_anything(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text("steps: [wait: 5]\n", encoding="utf-8")
    assert invoke(path).stdout.splitlines()[:2] == [
        "   time  who  what                                 what came of it",
        "0:00:00       wait 5 s",
    ]


def test_a_long_name_of_a_user_leaves_room_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    name = "n" * 150
    steps = f"- oneuser create {name} secret\n- as {name}: oneimage create --name a -d default\n"
    path.write_text(f"steps:\n{steps}", encoding="utf-8")
    printed = invoke(path).stdout
    assert "…" not in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_elsewhere_it_is_the_same_bytes_whatever_the_width(
    story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run(story).stdout
    for width in ("40", "200"):
        monkeypatch.setenv("COLUMNS", width)
        assert run(story).stdout == expected
    assert max(map(len, expected.splitlines())) <= 100
    assert not any(line.endswith(" ") for line in expected.splitlines())


def test_everything_can_be_had_as_json(story: Path) -> None:
    done = invoke(story, "--json")
    assert done.exit_code == 0
    value = json.loads(done.stdout)
    assert value["title"] == "A story"
    assert [one["kind"] for one in value["moments"]] == [
        "command",
        "answer",
        "say",
        "command",
        "command",
        "say",
    ]


def test_a_trace_is_written_and_replays(story: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    assert invoke(story, "--trace", trace).exit_code == 0
    done = CliRunner().invoke(root, ["replay", str(trace)])
    assert done.exit_code == 0
    assert json.loads(trace.read_text().splitlines()[0])["name"] == "story"
    assert {path.name for path in tmp_path.iterdir()} == {"story.yaml", "trace.jsonl"}


@pytest.mark.parametrize("name", ["", " ", "-"])
def test_a_trace_needs_the_name_of_a_file(story: Path, name: str) -> None:
    done = run(story, "--trace", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "lifecycle: --trace: give a file's name\n"


def test_a_trace_is_not_written_over_the_scenario(story: Path) -> None:
    link = story.with_name("link.jsonl")
    link.symlink_to(story)
    for trace in (story, story.parent / "." / story.name, link):
        done = run(story, "--trace", trace)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            f"lifecycle: {trace}: is the scenario itself; give the trace another name\n"
        )
    assert story.read_text(encoding="utf-8") == STORY
    assert link.is_symlink()


def test_a_trace_may_replace_another_file(story: Path) -> None:
    trace = story.with_name("trace.jsonl")
    trace.write_text("old", encoding="utf-8")
    assert invoke(story, "--trace", trace).exit_code == 0
    assert trace.read_text(encoding="utf-8") != "old"


def test_the_help_tells_of_the_seed_in_a_sentence() -> None:
    printed = " ".join(invoke("--help").stdout.split())
    assert "Use this seed for random numbers, not the scenario's." in printed


def test_a_seed_takes_the_place_of_the_scenarios(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(f"seed: 1\nsteps:\n{READY}", encoding="utf-8")
    assert json.loads(invoke(path, "--json").stdout)["seed"] == 1
    assert json.loads(invoke(path, "--json", "--seed", "2").stdout)["seed"] == 2


def test_a_checkpoint_that_is_not_met_ends_with_1(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(f"steps:\n{READY}- expect: {{debian: USED}}\n- wait: 1 s\n", encoding="utf-8")
    trace = tmp_path / "trace.jsonl"
    for words in ([], ["--json"], ["--trace", str(trace)]):
        done = run(path, *words)
        assert done.returncode == 1
        assert done.stderr == f"lifecycle: {path}:4: debian: expected USED, met READY\n"
        assert "READY" in done.stdout
    assert trace.exists()


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ("steps: [fly]", ":1: steps: unknown command 'fly'; there is: oneimage, onevm, oneuser,"),
        (LATER, ":4: expect: there is no image, machine or app 'nobody'"),
        ("\t", ":1: not YAML: found character '\\t' that cannot start any token; indent with"),
        ("", ": is empty; a scenario has at least steps"),
    ],
)
def test_a_scenario_that_cannot_be_used_ends_with_2_and_leaves_nothing(
    tmp_path: Path, story: str, message: str
) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(story, encoding="utf-8")
    done = run(path, "--trace", tmp_path / "trace.jsonl")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"lifecycle: {path}{message}")
    assert done.stderr.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["story.yaml"]


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    done = run(tmp_path / "none.yaml")
    assert done.returncode == 2
    assert done.stderr == (
        f"lifecycle: {tmp_path}/none.yaml: cannot be read: No such file or directory\n"
    )


def test_a_trace_is_not_written_packed_nor_where_nothing_can_be_written(
    story: Path, tmp_path: Path
) -> None:
    for name, problem in (("a.jsonl.xz", "is written unpacked"), ("no/a.jsonl", "No such file")):
        done = invoke(story, "--trace", tmp_path / name)
        assert isinstance(done.exception, InputError)
        assert problem in str(done.exception)
        assert done.stdout == ""


def test_whoever_stops_reading_gets_no_traceback(story: Path) -> None:
    long = story.with_name("long.yaml")
    long.write_text("steps:\n" + f"- say: {'again ' * 50}\n" * 1000, encoding="utf-8")
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, str(long)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""

"""The command as a whole: its help, its exit codes, and the ways in which it ends early."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "lifecycle"]
WITHOUT = """
import sys
sys.modules[{name!r}] = None
from lifecycle.cli import main
sys.argv = ["lifecycle", *{arguments!r}]
main()
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_help_lists_every_command_and_the_exit_codes() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "Exit codes: 0 all is well; 1 what was asked for does not hold; 2" in done.stdout
    # Each command is a module of its own.
    modules = (ROOT / "lifecycle" / "cli").glob("*.py")
    for command in (path.stem for path in modules if "@click.command" in path.read_text("utf-8")):
        assert f"\n  {command} " in done.stdout
        assert run(command, "-h").stdout.startswith(f"Usage: lifecycle {command} ")


def test_the_version_is_told() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("lifecycle, version ")


def test_a_command_that_there_is_not() -> None:
    done = run("fly")
    assert done.returncode == 2
    assert done.stderr == "lifecycle: No such command 'fly'; see lifecycle --help\n"


@pytest.mark.parametrize("command", ["page", "plan", "serve"])
def test_whoever_uses_a_command_wrongly_is_led_to_the_help_of_that_command(command: str) -> None:
    done = run(command, "--fly")
    assert done.returncode == 2
    assert done.stderr.endswith(f"; see lifecycle {command} --help\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "name", "what", "extra"),
    [
        ("replay", "click", "the command line", "cli"),
        ("replay", "rich", "the command line", "cli"),
        ("page", "yaml", "the command line", "cli"),
        ("timeline", "graphviz", "drawing", "drawing"),
        ("occupancy", "graphviz", "drawing", "drawing"),
    ],
)
def test_without_the_extra_it_tells_how_to_install_it(
    command: str, name: str, what: str, extra: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(name=name, arguments=[command, "nowhere.yaml"])],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"lifecycle: {what} needs {name};"
        f" install it with: pip install 'opennebula-image-lifecycle[{extra}]'\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_what_is_typed_at_length_is_not_repeated_at_length() -> None:
    done = run("diagram", "x" * 10_000)
    assert done.returncode == 2
    assert done.stderr.startswith("lifecycle: no view is named 'xxx")
    assert "there are: full, simplified" in done.stderr
    assert len(done.stderr) < 2100


def test_a_reader_that_goes_away_is_no_mistake_to_shout_about() -> None:
    with subprocess.Popen(
        [*COMMAND, "coverage", "tests/data/traces/level1.jsonl.xz", "--missing"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.skipif(os.name == "nt", reason="signals are a thing of POSIX")
@pytest.mark.parametrize("command", ["learn first-image --show", "explain delete"])
def test_a_terminal_without_letters_for_arrows_gets_words_for_them(command: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [*COMMAND, *command.split()], capture_output=True, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u2192" in done.stdout


def test_an_interrupt_ends_it_in_one_line() -> None:
    # Who started the tests may ignore interrupts, as a shell does for what is in the background.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code += "; from lifecycle.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "coverage", "/dev/stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(
            b'{"format": "lifecycle-trace/1"}\n' * 5_000
        )  # more than a pipe holds: it reads
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read().decode().splitlines()[-1:] == ["lifecycle: interrupted"]
        assert process.wait() == 130


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["replay", "tests/data/traces/level1.jsonl.xz", "--json"]],
)
def test_output_that_cannot_be_written_is_told_in_one_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT
        )
    assert done.returncode == 2
    assert done.stderr == (b"lifecycle: the output cannot be written: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="a thing of POSIX shells")
def test_a_closed_output_is_no_mistake() -> None:
    shell = f"exec {sys.executable} -m lifecycle --version >&-"
    done = subprocess.run(
        ["/bin/sh", "-c", shell], capture_output=True, check=False, cwd=ROOT, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")

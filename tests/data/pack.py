"""Pack recorded histories and observations into the files of this folder.

    python3 pack.py SOURCE TARGET

SOURCE holds ``traces/`` (a folder a level; in ``level5/`` a folder a subject),
``observed/`` and ``wire/``. Under TARGET each folder of histories becomes one
``.jsonl.xz`` file, its histories one behind the other in the order of their
file names; each table of ``observed/`` becomes one ``.txt.xz`` file, each recording of
``wire/`` one ``.jsonl.xz`` file. The same SOURCE gives the same bytes. What was
written is read back and compared.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

HEADER = b'{"format": "lifecycle-trace/1"'
OBSERVED = ("machine-ends", "scenarios", "situations-x-events")


def join(folder: Path) -> bytes:
    """Return the histories of a folder as one text.

    Raises:
        ValueError: if there is none, or one is not whole: it does not begin
            with its only header, or its last line has no end.
    """
    histories = [path.read_bytes() for path in sorted(folder.glob("*.jsonl"))]
    if not histories:
        raise ValueError(f"{folder} holds no history")
    for history in histories:
        headers = sum(line.startswith(HEADER) for line in history.splitlines())
        if headers != 1 or not history.startswith(HEADER) or not history.endswith(b"\n"):
            raise ValueError(f"{folder} holds a file that is not one whole history")
    return b"".join(histories)


def split(text: bytes) -> list[bytes]:
    """Return the histories of a packed text, each with its header line first.

    Raises:
        ValueError: if the text does not begin with a header line.
    """
    histories: list[list[bytes]] = []
    for line in text.splitlines(keepends=True):
        if line.startswith(HEADER):
            histories.append([])
        if not histories:
            raise ValueError("no header line at the beginning")
        histories[-1].append(line)
    return [b"".join(lines) for lines in histories]


def write(path: Path, text: bytes) -> None:
    """Compress a text into a file, and read it back.

    Raises:
        OSError: if what was read is not what was written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME))
    if lzma.decompress(path.read_bytes()) != text:
        raise OSError(f"{path} does not hold what was written to it")


def pack(source: Path, target: Path) -> None:
    """Pack everything that SOURCE holds into files under TARGET."""
    traces = source / "traces"
    levels = [traces / f"level{number}" for number in range(1, 5)]
    subjects = sorted(path for path in (traces / "level5").iterdir() if path.is_dir())
    for folder in [*levels, *subjects]:
        text = join(folder)
        name = folder.relative_to(traces).as_posix()
        write(target / "traces" / f"{name}.jsonl.xz", text)
        print(f"{name}: {len(split(text))} histories")
    for table in OBSERVED:
        text = (source / "observed" / f"{table}.txt").read_bytes()
        write(target / "observed" / f"{table}.txt.xz", text)
        print(f"{table}: {len(text.splitlines())} lines")
    for path in sorted((source / "wire").rglob("*.jsonl")):
        text = path.read_bytes()
        name = path.relative_to(source).with_suffix("").as_posix()
        write(target / f"{name}.jsonl.xz", text)
        print(f"{name}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: pack.py SOURCE TARGET")
    pack(Path(sys.argv[1]), Path(sys.argv[2]))

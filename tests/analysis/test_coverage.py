"""What histories, journals and saved clouds exercise of the tables, and who tells it."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from lifecycle import Cloud
from lifecycle.analysis.coverage import TABLES, Coverage, guards_that_can_fail, parts_of
from lifecycle.cli import main
from lifecycle.refusal import InputError, Refused
from tests.cloud.histories import FILES, machine_on, new_image, ready_image, uploaded_image
from tests.cloud.unrecorded import TRACES, recorded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# The recorded histories

FIGURES = {
    #           rows        refusals  ignored  unmet guards
    "image": ((154, 195), (41, 56), (7, 19), (59, 74)),
    "machine": ((148, 219), (21, 29), (7, 28), (3, 6)),
}
"""What the recorded histories exercise, and how much there is."""

KINDS = ("rows", "refusals", "ignored", "guards")


@pytest.mark.parametrize("table", FIGURES)
def test_the_recorded_histories_exercise_as_much_as_is_written_here(table: str) -> None:
    one = recorded().tables[table]
    assert tuple(getattr(one, kind) for kind in KINDS) == FIGURES[table]


def test_the_figures_are_of_all_tables() -> None:
    assert recorded().tables.keys() == FIGURES.keys() == TABLES.keys()


@pytest.mark.parametrize("table", FIGURES)
def test_a_line_is_either_exercised_or_missing(table: str) -> None:
    one = recorded().tables[table]
    every = parts_of(TABLES[table])
    missing = [part.key for part in one.missing()]
    assert one.lines.keys() | set(missing) == every.keys()
    assert not one.lines.keys() & set(missing)
    assert missing == [key for key in every if key in missing]


def test_a_key_names_one_line_in_all_tables() -> None:
    keys = [row.key for table in TABLES.values() for row in table.rows]
    keys += [other.key for table in TABLES.values() for other in table.otherwise]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_only_what_can_be_refused_has_guards_that_can_be_unmet() -> None:
    pairs = guards_that_can_fail(TABLES["image"])
    assert ("attach", "shareable") in pairs
    assert ("clone", "not has_snapshots") in pairs
    # A driver's answer is never refused.
    assert not [guard for operation, guard in pairs if operation == "cp_success"]


# A cloud that is watched


class Scene(NamedTuple):
    cloud: Cloud
    coverage: Coverage


@pytest.fixture
def scene() -> Scene:
    """A cloud with a KERNEL, 0, and an image that is in use, 1; it is watched from then on."""
    cloud = Cloud()
    uploaded_image(cloud, "KERNEL", FILES)
    machine_on(cloud, ready_image(cloud, persistent=True))
    coverage = Coverage()
    coverage.watch(cloud)
    return Scene(cloud, coverage)


def counted(coverage: Coverage) -> dict[str, int]:
    return {key: count for one in coverage.tables.values() for key, count in one.lines.items()}


def test_a_cloud_is_watched_from_then_on(scene: Scene) -> None:
    assert counted(scene.coverage) == {}
    for _ in range(2):
        scene.cloud.image.rename(0, f"renamed {_}")
    scene.cloud.vm.action("hold", 0)
    assert counted(scene.coverage) == {"rename: any -> stays": 2, "hold: PENDING -> HOLD": 1}


def test_a_refusal_counts_its_line_and_the_unmet_guards(scene: Scene) -> None:
    with pytest.raises(Refused):
        scene.cloud.image.persistent(0, True)
    assert counted(scene.coverage) == {"persistent: any -> refused ACTION [file]": 1}
    assert scene.coverage.tables["image"].unmet == {
        ("persistent", "persistent"): 1,
        ("persistent", "not file"): 1,
    }
    with pytest.raises(Refused):
        machine_on(scene.cloud, 1)
    assert scene.coverage.tables["image"].unmet[("acquire", "shareable")] == 1


def test_a_refusal_by_no_table_counts_nothing(scene: Scene) -> None:
    with pytest.raises(Refused):
        scene.cloud.image.rename(0, "")
    assert counted(scene.coverage) == {}


def test_what_is_ignored_is_counted(scene: Scene) -> None:
    scene.cloud.images[0].release(7)
    assert counted(scene.coverage) == {"release: any -> ignored [not disk]": 1}


# Journals

SILENT = {"write_snapshots: any -> ignored"}
"""What oned ignores without a word, so that a journal does not tell of it."""


def story() -> tuple[Cloud, Coverage]:
    """A cloud in which something of all kinds has happened, watched all the time."""
    cloud, coverage = Cloud(), Coverage()
    coverage.watch(cloud)
    machine_on(cloud, new_image(cloud))
    with pytest.raises(Refused):
        cloud.image.delete(0)
    with pytest.raises(Refused):
        cloud.image.snapshotdelete(0, 0)
    with pytest.raises(Refused):
        cloud.vm.action("stop", 0)
    cloud.complete("MKFS", 0)
    cloud.vm.deploy(0, 0)
    cloud.answer("SAVE", 0, role="vmm", unasked=True)
    cloud.vm.action("terminate-hard", 0)
    return cloud, coverage


def test_a_journal_tells_the_same_as_watching_but_for_what_oned_does_not_speak_of() -> None:
    cloud, watched = story()
    told = Coverage()
    told.add_journal(cloud.journal.to_json())
    for name in TABLES:
        lines = dict(watched.tables[name].lines)
        silent = {key: lines.pop(key) for key in SILENT & lines.keys()}
        assert told.tables[name].lines == lines
        assert told.tables[name].unmet == watched.tables[name].unmet
        assert lines
        assert bool(silent) == (name == "image")


def test_journals_add_up() -> None:
    cloud, _ = story()
    once, twice = Coverage(), Coverage()
    once.add_journal(cloud.journal.to_json())
    for _ in range(2):
        twice.add_journal(cloud.journal.to_json())
    assert counted(twice) == {key: 2 * count for key, count in counted(once).items()}


MOVE = {
    "kind": "move",
    "object": "image 0",
    "what": "rename",
    "detail": {"row": "rename: any -> stays"},
}
CALL = {"kind": "call", "object": "", "what": "one.image.rename"}
REFUSED = {"rule": "chtype: any -> refused ACTION [backup]"}


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ({}, "must be a list of a journal's entries"),
        ([7], "[0]: must be an object"),
        ([MOVE, {"kind": "move"}], "[1].detail: must be an object"),
        ([MOVE | {"kind": 5}], "[0].kind: must be a text"),
        ([MOVE | {"detail": []}], "[0].detail: must be an object"),
        ([MOVE | {"detail": {}}], "[0].detail.row: is no line of the tables"),
        ([MOVE | {"detail": {"row": 5}}], "[0].detail.row: is no line of the tables"),
        ([MOVE | {"detail": {"row": "fly: any"}}], "[0].detail.row: is no line of the tables"),
        ([CALL | {"detail": {"rule": []}}], "[0].detail.rule: is no line of the tables"),
        ([CALL | {"detail": REFUSED | {"unmet": 5}}], "[0].detail.unmet: must be a list"),
        (
            [CALL | {"detail": REFUSED | {"unmet": [{"guards": [5]}]}}],
            "[0].detail.unmet[0].guards: must be a list of texts",
        ),
        (
            [CALL | {"detail": REFUSED | {"unmet": ["backup"]}}],
            "[0].detail.unmet[0].guards: must be a list of texts",
        ),
    ],
)
def test_what_is_no_journal_is_refused_whole(entries: object, problem: str) -> None:
    coverage = Coverage()
    with pytest.raises(InputError) as refused:
        coverage.add_journal(entries)
    assert str(refused.value) == problem
    assert counted(coverage) == {}


def test_entries_of_other_kinds_are_passed_over() -> None:
    coverage = Coverage()
    coverage.add_journal([CALL | {"detail": {"ok": True}}, CALL | {"kind": "new", "detail": {}}])
    assert counted(coverage) == {}


# The command


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """``lifecycle coverage``, without the cost of another process."""

    def command(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["lifecycle", "coverage", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        code = left.value.code
        return Done(code if isinstance(code, int) else 0, *capsys.readouterr())

    return command


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal as a file."""
    path = tmp_path / "journal.json"
    path.write_text(json.dumps(story()[0].journal.to_json()), encoding="utf-8")
    return path


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """The same cloud, saved whole."""
    path = tmp_path / "cloud.json"
    story()[0].save(path)
    return path


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """The first recorded history of level 1, unpacked."""
    lines = lzma.decompress((TRACES / "level1.jsonl.xz").read_bytes()).decode().splitlines()
    headers = [number for number, line in enumerate(lines) if '"format"' in line]
    path = tmp_path / "history.jsonl"
    path.write_text("\n".join(lines[: headers[1]]), encoding="utf-8")
    return path


def test_the_command_prints_the_figures_of_the_recorded_histories() -> None:
    done = subprocess.run(  # noqa: S603 - the command itself, with fixed arguments
        [sys.executable, "-m", "lifecycle", "coverage", str(TRACES)],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.stderr == ""
    assert lines[0] == ["table", "rows", "refusals", "ignored", "unmet", "guards"]
    assert [line[0] for line in lines[1:]] == list(FIGURES)
    for name, *figures in lines[1:]:
        wanted = (f"{done_} of {total}" for done_, total in FIGURES[name])
        assert " ".join(figures) == " ".join(wanted)


def test_json_gives_all_that_is_known(run: Callable[..., Done], journal: Path) -> None:
    done = run(journal, "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert list(found) == ["image", "machine"]
    image = found["image"]
    assert list(image) == [*KINDS, "lines", "missing", "never_unmet"]
    assert image["rows"] == {"exercised": 4, "of": 195}
    assert image["refusals"] == {"exercised": 2, "of": 56}
    assert image["lines"]["acquire: LOCKED -> LOCKED_USED [disk, not persistent]"] == 1
    assert image["lines"]["delete: LOCKED|LOCKED_USED|LOCKED_USED_PERS -> refused INTERNAL"] == 1
    assert "snapshot_flatten: any but READY -> refused ACTION" in image["missing"]
    assert "clone: clonable" in image["never_unmet"]
    assert not set(image["missing"]) & set(image["lines"])
    assert found["machine"]["lines"]["save_success: any -> ignored"] == 1


def test_json_is_the_same_each_time(run: Callable[..., Done], history: Path) -> None:
    assert run(history, "--json") == run("--json", history)


def test_missing_lists_lines_with_their_source_and_guards(
    run: Callable[..., Done], journal: Path
) -> None:
    lines = run(journal, "--missing").out.splitlines()
    place = lines.index("  clone: any but READY|USED|CLONE -> refused ALLOCATE")
    assert lines[place + 1] == ("      source: ImageAPI::clone, ImageManager::can_clone_image")
    assert lines.index("Not exercised of the table image:") < place
    assert lines.index("Not exercised of the table machine:") > place
    assert "  clone: never refused for want of: clonable" in lines
    assert "  acquire: LOCKED -> LOCKED_USED [disk, not persistent]" not in lines
    assert "  snapshot_delete: never refused for want of: snapshot_type" in lines


def test_without_missing_nothing_is_listed(run: Callable[..., Done], journal: Path) -> None:
    assert len(run(journal).out.splitlines()) == 1 + len(TABLES)


def test_a_saved_cloud_tells_what_its_journal_does(
    run: Callable[..., Done], journal: Path, saved: Path
) -> None:
    assert run(saved, "--json") == run(journal, "--json")


def test_histories_and_journals_add_up(
    run: Callable[..., Done], history: Path, journal: Path
) -> None:
    def rows(*files: Path) -> Counter[str]:
        lines: dict[str, Any] = json.loads(run("--json", *files).out)["image"]["lines"]
        return Counter(lines)

    assert rows(history, journal) == rows(history) + rows(journal)
    assert rows(history)


def test_a_folder_is_searched_for_histories(run: Callable[..., Done], history: Path) -> None:
    assert run(history.parent, "--json") == run(history, "--json")


# What cannot be read

HEADER = '{"format": "lifecycle-trace/1", "name": "one"}\n'
PACKED = lzma.compress(HEADER.encode() * 50)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("journal.json", b"{", ":1: not JSON"),
        ("journal.json", b'[\n{"kind": "move",\n', ":3: not JSON"),
        ("journal.json", b"", ":1: not JSON"),
        ("journal.json", b"\xff\xfe\x00", "not JSON"),
        ("journal.json", b"[" * 100_000, "not JSON"),
        ("journal.json", b"5", "is neither a journal nor a saved cloud with one"),
        ("cloud.json", b"{}", "is neither a journal nor a saved cloud with one"),
        ("cloud.json", b'{"journal": 5}', "journal: must be a list of a journal's entries"),
        ("cloud.json", b'{"journal": [{}]}', "journal[0].kind: must be a text"),
        ("journal.json", b"[{}]", "[0].kind: must be a text"),
        ("history.jsonl", b"", "the file is empty"),
        ("history.jsonl", b"[]", ":1: a line must be a JSON object"),
        ("history.jsonl", b"{}", ":1: the first line must be a header"),
        ("history.jsonl", HEADER.encode() + b'{"do": "call"}', ":2: method: is missing"),
        ("history.jsonl", HEADER.encode() + b'{"do": "driver", "acti', ":2: not JSON"),
        ("history.jsonl", b"\x80\x81\x82", "cannot be read"),
        ("history.jsonl.xz", PACKED[:-9], "cannot be read"),
        ("history.jsonl.xz", b"no archive", "cannot be read"),
        ("history.jsonl.gz", b"no archive", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_line(
    run: Callable[..., Done], tmp_path: Path, name: str, content: bytes, place: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    done = run(file, "--json")
    assert done.code == 2
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert done.err.startswith(f"lifecycle: {file}")
    assert place in done.err


@pytest.mark.parametrize("name", ["missing.jsonl", "missing.json", "missing"])
def test_a_file_that_is_not_there_is_named(
    run: Callable[..., Done], tmp_path: Path, name: str
) -> None:
    done = run(tmp_path / name)
    assert done.code == 2
    assert done.err.startswith(f"lifecycle: {tmp_path / name}: ")
    assert done.err.count("\n") == 1


def test_a_folder_without_histories_is_named(run: Callable[..., Done], tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    for folder in (empty, tmp_path):
        done = run(folder)
        assert done.code == 2
        assert done.err.startswith(f"lifecycle: {folder}: no trace files")


def test_a_folder_named_as_a_journal_is_refused(run: Callable[..., Done], tmp_path: Path) -> None:
    folder = tmp_path / "journal.json"
    folder.mkdir()
    done = run(folder)
    assert done.code == 2
    assert done.err.startswith(f"lifecycle: {folder}: cannot be read")


def test_a_call_that_does_not_exist_is_named_with_its_line(
    run: Callable[..., Done], tmp_path: Path
) -> None:
    step = {"do": "call", "method": "one.image.fly", "params": [], "reply": [True, 0, 0]}
    file = tmp_path / "history.jsonl"
    file.write_text(HEADER + json.dumps(step), encoding="utf-8")
    done = run(file)
    assert done.code == 2
    assert done.err.startswith(f"lifecycle: {file}:2: ")


def test_without_a_file_the_usage_is_told(run: Callable[..., Done]) -> None:
    done = run()
    assert done.code == 2
    assert "Missing argument" in done.err

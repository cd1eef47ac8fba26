"""What holds for the project as a whole: its size, its versions, its licence, its texts."""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "lifecycle"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST = 600

# Put together here, so that this file does not mention what it forbids.
FORBIDDEN = tuple(f"/{name}/" for name in ("work", "root"))

SUPPRESSION = re.compile(r"#\s*(?:ruff:\s*)?noqa\b|#\s*type:\s*ignore\b", re.IGNORECASE)
CODED = re.compile(
    r"#\s*(?:ruff:\s*)?noqa:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*"
    r"|#\s*type:\s*ignore\[[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*\]",
)
REASON = re.compile(r"[A-Za-z]{2}")


def project_files() -> list[Path]:
    """Return what git tracks or would; without git, every file outside hidden folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        return [
            ROOT / name for name in names if not is_left_behind(name) and (ROOT / name).is_file()
        ]
    return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def is_left_behind(name: Path) -> bool:
    """Tell whether a path is in a folder where tools keep things of their own."""
    folders = set(name.parts[:-1]) - {".ci"}
    return any(folder.startswith(".") or folder == "__pycache__" for folder in folders)


def text_of(path: Path) -> str:
    """Return the text of a file, nothing for one that is not text."""
    content = path.read_bytes()
    if b"\0" in content:
        return ""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return ""


def unexplained(source: str) -> list[int]:
    """Return the numbers of the lines that silence a tool with no code or no reason."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or not SUPPRESSION.search(token.string):
            continue
        rest, coded = CODED.subn("", token.string)
        if coded != len(SUPPRESSION.findall(token.string)) or not REASON.search(rest):
            found.append(token.start[0])
    return found


def project() -> dict[str, object]:
    """Return the table [project] of pyproject.toml."""
    pyproject: dict[str, dict[str, object]] = tomllib.loads(
        (ROOT / "pyproject.toml").read_text("utf-8")
    )
    return pyproject["project"]


def test_no_module_is_too_long_to_hold_in_the_head() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in MODULES
    }
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_the_changelog_tells_of_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)
    assert headings[:1] in ([project()["version"]], ["Unreleased"])


def test_no_text_mentions_a_path_of_the_machine_it_was_written_on() -> None:
    files = project_files()
    assert Path(__file__) in files
    mentions = [
        f"{path.relative_to(ROOT)}: {path_of_machine}"
        for path in files
        for path_of_machine in FORBIDDEN
        if path_of_machine in text_of(path)
    ]
    assert mentions == []


def test_the_licence_is_apache_2_0_in_full() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "END OF TERMS AND CONDITIONS" in licence
    assert project()["license"] == "Apache-2.0"


def test_the_core_needs_transitions_only() -> None:
    assert project()["dependencies"] == ["transitions>=0.9.3,<1"]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_whatever_silences_a_tool_has_a_code_and_a_reason(module: Path) -> None:
    assert unexplained(module.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("comment", "explained"),
    [
        ("# an ordinary comment", True),
        ("# noqa: S101 - the caller has checked it", True),
        ("# noqa: S101, PLR2004 the caller has checked it", True),
        ("# type: ignore[misc]  # the library has no types", True),
        ("# type: ignore[misc]  # noqa: S101  # the library has no types", True),
        ("# noqa: S101", False),
        ("# noqa", False),
        ("# noqa - everything is wrong here", False),
        ("# ruff: noqa", False),
        ("# type: ignore", False),
        ("# type: ignore[misc]", False),
        ("# type: ignore[misc]  # noqa: S101", False),
        ("# type: ignore[misc]  # noqa  # the library has no types", False),
    ],
)
def test_a_bare_suppression_is_noticed(comment: str, explained: bool) -> None:
    assert (unexplained(f"value = 1  {comment}\n") == []) is explained

"""``lifecycle learn`` at a terminal, with a pipe, and with mistakes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lifecycle.teach.lessons import find, lesson_of, shipped
from lifecycle.teach.question import LETTERS
from lifecycle.teach.quiz import quiz

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "lifecycle", "learn"]


def learn(*arguments: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        input=answers,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )


def test_the_lessons_are_listed() -> None:
    done = learn()
    assert done.returncode == 0
    for name, title in shipped().items():
        assert f"{name} " in done.stdout
        assert title in done.stdout


def test_whoever_knows_everything_is_told_so() -> None:
    questions = lesson_of(find("first-image")).questions
    answers = "".join(f"{LETTERS[one.right]}\n" for one in questions)
    done = learn("first-image", answers=answers)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"{len(questions)} of {len(questions)} right.\n")
    assert done.stdout.count("  right\n") == len(questions)


def test_a_wrong_answer_is_put_right_and_explained() -> None:
    (question,) = quiz(1, seed=3)
    wrong = LETTERS[(question.right + 1) % len(question.choices)]
    done = learn("quiz", "--questions", "1", "--seed", "3", answers=f"what?\n{wrong}\n")
    assert done.returncode == 0, done.stderr
    assert "Answer with a letter: a, b, c, d." in done.stdout
    assert f"no: {question.answer}" in done.stdout
    assert question.because[0] in done.stdout
    assert done.stdout.endswith("0 of 1 right.\n")


def test_what_comes_of_a_wrong_choice_is_shown_beside_the_right_one() -> None:
    *others, way_out = quiz(4, seed=3)
    wrong = (way_out.right + 1) % len(way_out.choices)
    right = [LETTERS[one.right] for asked in others for one in (asked, asked.then) if one]
    done = learn(
        *("quiz", "--questions", "4", "--seed", "3"), answers="\n".join([*right, LETTERS[wrong]])
    )
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    assert f"What happens after yours: {way_out.choices[wrong]}" in told
    for line in (*way_out.replays[way_out.right], *way_out.replays[wrong]):
        assert f"{line}:" in told


def test_what_is_longer_than_a_line_goes_on_below_where_it_began() -> None:
    done = learn("ghosts", "--show")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    place = next(n for n, line in enumerate(lines) if line.startswith("    why:"))
    assert lines[place + 1].startswith("    ")
    assert not [line for line in lines if line != line.rstrip()]


def test_a_lesson_without_a_title_or_a_text_is_called_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "my-lesson.yaml"
    file.write_text("steps:\n  - say: Hello.\n")
    done = learn(str(file))
    assert done.stdout == "my-lesson\n\nHello.\n"


def test_answers_that_end_too_early_end_the_lesson() -> None:
    done = learn("clones", answers="a\n")
    assert done.returncode == 1
    assert done.stdout.endswith(" of 1 right.\n")
    assert done.stderr == ""


def test_a_lesson_is_shown_with_its_answers() -> None:
    done = learn("ghosts", "--show")
    assert done.returncode == 0
    assert done.stdout.count("→ ") >= len(lesson_of(find("ghosts")).questions)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("x",), "no lesson is named 'x'"),
        (("quiz", "--questions", "0"), "questions: must be from 1 to 100"),
        (("pyproject.toml",), "pyproject.toml"),
    ],
)
def test_bad_input_is_told_in_one_line(arguments: tuple[str, ...], problem: str) -> None:
    done = learn(*arguments)
    assert done.returncode == 2
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1

"""``lifecycle learn [LESSON | quiz]``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.text import Text

from lifecycle.cli import DIFFERENT
from lifecycle.cli.output import console, print_text
from lifecycle.page.texts import texts
from lifecycle.teach.lessons import find, lesson_of, shipped
from lifecycle.teach.question import LETTERS
from lifecycle.teach.quiz import quiz
from lifecycle.teach.stories import ending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from lifecycle.teach.lessons import Lesson
    from lifecycle.teach.question import Question

QUIZ = "quiz"

_USUAL = 10
_WIDEST = 100


@click.command()
@click.argument("lesson", required=False, metavar="[LESSON | quiz]")
@click.option("--questions", type=int, default=_USUAL, help="How many questions a quiz has.")
@click.option("--seed", type=int, default=0, help="Another seed asks other questions.")
@click.option("--show", is_flag=True, help="Show the answers instead of asking.")
def command(lesson: str | None, *, questions: int, seed: int, show: bool) -> None:
    """Learn the lifecycle: short lessons with questions, and a quiz.

    LESSON is the name of a lesson, or a scenario of your own: where it has a
    checkpoint, you are asked first. Answer with a letter. Without LESSON the
    lessons are listed. Exit codes: 0 you came to the end, 1 the answers ended
    before, 2 there is no such lesson.
    """
    out = console()
    out.width = min(out.width, _WIDEST)
    if lesson is None:
        _list(out)
    elif lesson == QUIZ:
        _Learner(out, show=show).quiz(quiz(questions, seed), questions)
    else:
        _Learner(out, show=show).lesson(lesson_of(find(lesson), seed))


def _list(out: Console) -> None:
    lessons = shipped()
    wide = max(map(len, lessons)) + 2
    for name, title in lessons.items():
        out.print(Text.assemble((name.ljust(wide), "bold"), title))
    out.print()
    out.print(
        "Begin one: lifecycle learn NAME. Any scenario is a lesson, too: lifecycle learn FILE."
    )
    out.print("See what you know: lifecycle learn quiz.")


class _Learner:
    """Somebody who learns at a terminal, or reads what would be asked.

    Attributes:
        right, asked: the answers so far.
    """

    def __init__(self, out: Console, *, show: bool) -> None:
        self._out = out
        self._show = show
        self._texts = texts()
        self.right = self.asked = 0

    def lesson(self, lesson: Lesson) -> None:
        """Go through a lesson."""
        self._print(lesson.title, "bold")
        if lesson.text:
            self._print()
            self._print(lesson.text.strip(), "italic")
        for part in lesson.parts:
            self._print()
            if part.kind == "say":
                self._print(part.text.strip(), "italic")
                continue
            who = f"{part.who}: " if part.who else ""
            print_text(self._out, Text.assemble((who, "cyan"), (part.text, "bold")))
            for question in part.questions:
                self._ask(question)
                if question.then is not None:
                    self._ask(question.then)
            self._came(part.outcome)
        self._end()

    def quiz(self, questions: Iterable[Question], count: int) -> None:
        """Go through a quiz."""
        for number, question in enumerate(questions, 1):
            if number > 1:
                self._print()
            family = self._texts[f"quiz.family.{question.family}"]
            self._print(f"Question {number} of {count}: {family}", "bold")
            for line in question.story:
                print_text(self._out, Text(line, style="dim"), 1)
            # The outcome tells the why: it comes behind the last question about it.
            given = self._ask(question)
            why = None if question.then is None else self._ask(question.then)
            if given != question.right or (question.then and why != question.then.right):
                self._came(question.because)
            if given is not None and question.replays[given] != question.replays[question.right]:
                self._print(self._texts["quiz.replay.yours"].format(choice=question.choices[given]))
                self._came(ending(question.story, question.replays[given]))
        self._end()

    def _ask(self, question: Question) -> int | None:
        """Ask one question; give the choice that was made, None where answers are shown."""
        self._print(self._texts[f"quiz.ask.{question.ask}"].format(**question.values))
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            self._choice(letter, choice)
        if self._show:
            self._print(f"  → {LETTERS[question.right]}  {question.answer}", "green")
            return None
        given = self._read(question)
        right = given == question.right
        self.asked += 1
        self.right += right
        word = Text("right", "bold green") if right else Text("no", "bold red")
        answer = "" if right else f": {question.answer}"
        self._out.print(Text.assemble("  ", word, answer))
        return given

    def _choice(self, letter: str, choice: str) -> None:
        mark = f"  {letter}  "
        for line in Text(choice).wrap(self._out, max(self._out.width - len(mark), 1)):
            line.rstrip()
            self._out.print(Text.assemble((mark, "bold cyan"), line), soft_wrap=True)
            mark = " " * len(mark)

    def _read(self, question: Question) -> int:
        letters = LETTERS[: len(question.choices)]
        while True:
            click.echo("> ", nl=False)
            sys.stdout.flush()
            line = sys.stdin.buffer.readline() if sys.stdin is not None else b""
            if not line:
                click.echo()
                self._end()
                sys.exit(DIFFERENT)
            given = question.choice(line.decode("utf-8", "replace"))
            if given is not None:
                return given
            self._print(f"  Answer with a letter: {', '.join(letters)}.")

    def _came(self, lines: tuple[str, ...]) -> None:
        for line in lines:
            print_text(self._out, Text(line, style="dim"), 2)

    def _end(self) -> None:
        if self.asked:
            self._print()
            self._print(f"{self.right} of {self.asked} right.", "bold")

    def _print(self, text: str = "", style: str = "") -> None:
        print_text(self._out, Text(text, style=style))

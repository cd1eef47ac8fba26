"""``lifecycle plan --from STATE --to GOAL``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from lifecycle.analysis.planning import Branch, Plans, Step, Wait, Way, plan
from lifecycle.cli import DIFFERENT
from lifecycle.cli.output import print_json
from lifecycle.cli.pages import Page, state_text
from lifecycle.cli.situations import given, situation_options

if TYPE_CHECKING:
    from lifecycle.analysis.planning.plans import Part

_WAYS = 9


@click.command()
@click.option("--from", "begin", metavar="STATE", help="The state, READY unless given.")
@click.option("--to", "goal", required=True, metavar="GOAL", help="The goal, as told above.")
@click.option(
    "--ways",
    type=click.IntRange(1, _WAYS),
    default=1,
    help="How many of the shortest ways to give.",
)
@situation_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(begin: str | None, goal: str, ways: int, *, as_json: bool, **options: Any) -> None:
    """Tell how an image gets from a situation to a goal, as commands to type.

    The goal is a state, several (READY or DISABLED), gone, or any, and what
    else is to hold: "READY with no VMs and no snapshots". Where the state is
    not enough to say what the image is like, options tell the rest.

    Given are the shortest way if all goes well, and one that is guaranteed:
    it works whatever the datastore answers, and whenever. Exit codes: 0 there
    is a way, 1 there is none, 2 the situation or the goal cannot be used.
    """
    situation = given(begin, options)
    found = plan(situation.begin, goal, image=situation.image, ways=ways)
    if as_json:
        print_json(as_value(found))
    else:
        _print(found)
    if not found.possible:
        sys.exit(DIFFERENT)


def _print(found: Plans) -> None:
    with Page() as page:
        page.title(found.begin)
        page.line(Text.assemble("to  ", (found.goal.text, "bold")))
        page.gap()
        if found.already:
            page.line("It is so already.", "green")
            return
        if not found.hoped:
            page.line("There is no way." if found.complete else "No way was found.", "bold red")
            page.items(found.why)
            return
        same = found.guaranteed is not None and _texts(found.guaranteed) == _texts(found.hoped[0])
        if not same:
            for number, way in enumerate(found.hoped):
                page.heading("If all goes well" if number == 0 else "Or")
                _way(page, way)
        if found.guaranteed is not None:
            page.heading(
                "Guaranteed, whatever is answered"
                if found.guaranteed.needs_answers
                else "Guaranteed, and needs no answer"
            )
            _way(page, found.guaranteed)
            return
        page.heading(
            "Guaranteed: none" if found.complete else "Guaranteed: none was found", "bold yellow"
        )
        page.items(found.why)
        if found.trying is not None:
            page.heading("Keeps trying, and works unless the drivers fail for ever")
            _way(page, found.trying)


def _texts(way: Way) -> list[str] | None:
    return [step.move.text for step in way.steps] if len(way.steps) == len(way.parts) else None


def _way(page: Page, way: Way) -> None:
    page.rows(way_rows(way))
    page.gap()


def way_rows(way: Way) -> list[tuple[Text, Text, Text]]:
    """Give a way as numbered lines: what is done, and what comes of it."""
    rows: list[tuple[Text, Text, Text]] = []
    _parts(rows, way.parts, 0, [0])
    return rows


def _parts(
    rows: list[tuple[Text, Text, Text]], parts: tuple[Part, ...], depth: int, count: list[int]
) -> None:
    for part in parts:
        if isinstance(part, Step):
            count[0] += 1
            rows.append((Text(f"{count[0]}", "dim"), _command(part, depth), _comes(part)))
        else:
            _wait(rows, part, depth, count)


def _command(step: Step, depth: int) -> Text:
    text = Text("  " * depth)
    if step.move.typed:
        text.append(step.move.text, "bold")
    else:
        text.append(f"{step.move.who}: ", "cyan")
        text.append(step.move.text)
    for other in step.instead:
        text.append(f"\n{'  ' * depth}  or {other}", "dim")
    return text


def _comes(step: Step) -> Text:
    text = state_text(step.before.name)
    if step.before is not step.after:
        text = Text.assemble(text, " → ", state_text(_shown(step)))
    for other in step.others:
        text.append(f"\n{other}", "dim")
    return text


def _shown(step: Step) -> str:
    return "gone" if step.situation == "gone" else step.after.name


def _wait(rows: list[tuple[Text, Text, Text]], wait: Wait, depth: int, count: list[int]) -> None:
    count[0] += 1
    first = wait.branches[0].answers[0]
    whole = len(wait.branches) == 1
    text = Text("  " * depth)
    text.append(f"{first.who}: ", "cyan")
    text.append(f"{_asked(wait)} answered" + (", either way" if whole else ""))
    came = _comes(wait.branches[0].step) if whole else Text("")
    rows.append((Text(f"{count[0]}", "dim"), text, came))
    if whole:
        _parts(rows, wait.branches[0].parts, depth, count)
        return
    for branch in wait.branches:
        rows.append((Text(""), _answers(branch, depth), _comes(branch.step)))
        if branch.again:
            line = Text(f"{'  ' * (depth + 2)}again from step {branch.again}", "italic")
            rows.append((Text(""), line, Text("")))
        _parts(rows, branch.parts, depth + 2, count)


def _asked(wait: Wait) -> str:
    asked = [move.text.rpartition(" ")[0] for one in wait.branches for move in one.answers]
    return ", ".join(dict.fromkeys(asked)) + " is"


def _answers(branch: Branch, depth: int) -> Text:
    words = " or ".join(move.text for move in branch.answers)
    return Text(f"{'  ' * (depth + 1)}{words}", "cyan")


def as_value(found: Plans) -> dict[str, Any]:
    """Give plans as a JSON value."""
    return {
        "from": found.begin,
        "to": found.goal.text,
        "possible": found.possible,
        "already": found.already,
        "hoped": [_way_value(way) for way in found.hoped],
        "guaranteed": None if found.guaranteed is None else _way_value(found.guaranteed),
        "trying": None if found.trying is None else _way_value(found.trying),
        "why": list(found.why),
        "searched": found.searched,
        "complete": found.complete,
    }


def _way_value(way: Way) -> dict[str, Any]:
    return {
        "most": way.most,
        "needs_answers": way.needs_answers,
        "steps": [_part_value(part) for part in way.parts],
    }


def _part_value(part: Part) -> dict[str, Any]:
    if isinstance(part, Step):
        return _step_value(part)
    return {
        "wait": [
            {
                "answers": [move.text for move in branch.answers],
                **{
                    name: value for name, value in _step_value(branch.step).items() if name in _CAME
                },
                "steps": [_part_value(one) for one in branch.parts],
                "again": branch.again or None,
            }
            for branch in part.branches
        ]
    }


_CAME = ("from", "to", "situation", "others")


def _step_value(step: Step) -> dict[str, Any]:
    move = step.move
    value: dict[str, Any] = {"who": move.who, "text": move.text}
    if move.typed:
        value["call"] = {"method": move.method, "params": list(move.params)}
    else:
        value["answer"] = {"role": move.role, "action": move.action, "id": move.id, "ok": move.ok}
    return value | {
        "from": step.before.name,
        "to": _shown(step),
        "situation": step.situation,
        "others": list(step.others),
        "instead": list(step.instead),
    }

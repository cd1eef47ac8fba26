"""``lifecycle explore image|cloud|many|findings``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from lifecycle.analysis.exploration import Bounds, explore_image
from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.breaches import Broken, broken
from lifecycle.analysis.exploration.brute_force import Reached, reach
from lifecycle.analysis.exploration.clouds import SmallCloud
from lifecycle.analysis.exploration.findings import FINDINGS, Found, find
from lifecycle.analysis.exploration.graphs import (
    cloud_values,
    cloud_words,
    graphml,
    image_values,
    to_json,
)
from lifecycle.analysis.exploration.image_stories import can_be_told, image_story
from lifecycle.analysis.exploration.levels import explore_in_processes
from lifecycle.analysis.exploration.properties import PROPERTIES
from lifecycle.analysis.exploration.questions import QUESTIONS, Answer, ask
from lifecycle.analysis.exploration.stories import files, findings_text, scenario
from lifecycle.cli import DIFFERENT
from lifecycle.cli.output import console, print_json
from lifecycle.files import write_file
from lifecycle.refusal import InputError
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.analysis.exploration import Configuration, Graph, Move
    from lifecycle.analysis.exploration.search import Told

_TYPES = [kind.name for kind in ImageType]
_MEGABYTES = 2000
_PATIENCE = "10 s"

_types = click.option(
    "--type",
    "types",
    multiple=True,
    type=click.Choice(_TYPES, case_sensitive=False),
    help="A type of image; may be given several times.",
)
_faults = click.option("--faults/--no-faults", default=True, help="Whether drivers may fail.")
_symmetry = click.option(
    "--symmetry/--no-symmetry", default=True, help="Whether what is alike counts once."
)
_most = click.option("--most", type=click.IntRange(1), help="Stop at so many configurations.")
_memory = click.option(
    "--memory",
    type=click.IntRange(1),
    default=_MEGABYTES,
    show_default=True,
    help="Stop when so many MB of memory are in use.",
)
_workers = click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    help="How many processes share the work; all cores unless given.",
)
_cluster = click.option(
    "--cluster", metavar="ADDRESS", help="Explore on a Dask cluster, and tell the totals."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
_graph = click.option(
    "--graph", metavar="FILE", help="Write the graph: as GraphML, or as JSON if it ends in .json."
)


@click.group()
def command() -> None:
    """Find everything that can happen.

    To one image, to a small cloud, to many images, or just what gets stuck.
    Exit codes: 0 all was explored; 1 a bound stopped it, or what was asked for
    does not hold; 2 the command cannot be used.
    """


@command.command("image")
@click.option("--machines", type=click.IntRange(0, 6), default=1, show_default=True)
@click.option("--clones", type=click.IntRange(0, 6), default=1, show_default=True)
@click.option("--snapshots", type=click.IntRange(0, 4), default=0, show_default=True)
@_types
@_faults
@click.option("--unasked", is_flag=True, help="Let the datastore answer what nobody asked.")
@_symmetry
@click.option("--verify", is_flag=True, help="Reach the same by calls in a cloud, and compare.")
@click.option("--scenarios", metavar="FOLDER", help="Write a scenario for each that fails.")
@_cluster
@_most
@_memory
@_graph
@_json
def image_command(  # noqa: PLR0913 - one argument for each option
    *,
    machines: int,
    clones: int,
    snapshots: int,
    types: tuple[str, ...],
    faults: bool,
    unasked: bool,
    symmetry: bool,
    verify: bool,
    scenarios: str | None,
    cluster: str | None,
    most: int | None,
    memory: int,
    graph: str | None,
    as_json: bool,
) -> None:
    """Explore one image and who may hold it."""
    if verify and not symmetry:
        raise InputError("goes with symmetry only", field="--verify")
    bounds = Bounds(
        machines,
        clones,
        snapshots,
        _chosen(types) or tuple(ImageType),
        faults=faults,
        unasked=unasked,
        symmetry=symmetry,
    )
    if cluster is not None:
        _on_cluster(cluster, bounds, most, as_json=as_json)
        return
    with _counting() as told:
        reached = explore_image(bounds, most=most, megabytes=memory, told=told)
    _write_graph(graph, reached, image_values, lambda one: one.words())
    answers = [ask(one, reached) for one in QUESTIONS] if reached.complete else []
    if scenarios is not None:
        _write_files(scenarios, _stories(reached, answers, unasked=unasked))
    if as_json:
        asked = [
            {"name": one.question.name, "says": one.question.says, "fails": list(one.fails)}
            for one in answers
        ]
        whole = to_json(reached, image_values, lambda move: move.label)
        print_json(whole | {"questions": asked})
    else:
        _print_image(reached)
        _print_answers(reached, answers)
    if not reached.complete:
        _stop(reached.stopped)
    if verify:
        with _counting() as told:
            slow = reach(bounds, told)
        _compare(reached, slow)


@command.command("cloud")
@click.option("--images", type=click.IntRange(1, 8), default=1, show_default=True)
@click.option("--machines", type=click.IntRange(0, 6), default=1, show_default=True)
@click.option("--apps", type=click.IntRange(0, 4), default=0, show_default=True)
@click.option("--backups", type=click.IntRange(0, 2), default=0, show_default=True)
@click.option("--snapshots", type=click.IntRange(0, 4), default=0, show_default=True)
@_types
@click.option(
    "--persistent",
    type=click.Choice(["yes", "no", "both"]),
    default="both",
    show_default=True,
    help="How images are born.",
)
@click.option("--copies/--no-copies", default=True, help="Whether images are cloned.")
@click.option("--saving", is_flag=True, help="Let disks be saved as images.")
@click.option("--attach", is_flag=True, help="Let images be attached and detached.")
@_faults
@click.option("--unasked", type=click.IntRange(0), default=0, help="So many unasked answers.")
@_symmetry
@click.option("--must", multiple=True, metavar="PROPERTY", help="Exit with 1 if it fails.")
@click.option("--scenarios", metavar="FOLDER", help="Write a scenario for all that fails.")
@_workers
@_cluster
@_most
@_memory
@_graph
@_json
def cloud_command(  # noqa: PLR0913 - one argument for each option
    *,
    images: int,
    machines: int,
    apps: int,
    backups: int,
    snapshots: int,
    types: tuple[str, ...],
    persistent: str,
    copies: bool,
    saving: bool,
    attach: bool,
    faults: bool,
    unasked: int,
    symmetry: bool,
    must: tuple[str, ...],
    scenarios: str | None,
    workers: int,
    cluster: str | None,
    most: int | None,
    memory: int,
    graph: str | None,
    as_json: bool,
) -> None:
    """Explore a small cloud, and tell which properties fail, each with its shortest history."""
    _check_names(must)
    bounds = CloudBounds(
        images,
        machines,
        apps,
        backups,
        snapshots,
        _chosen(types) or (ImageType.OS,),
        {"yes": (True,), "no": (False,), "both": (False, True)}[persistent],
        copies,
        saving,
        attach,
        faults,
        unasked,
        symmetry,
    )
    if cluster is not None:
        _on_cluster(cluster, bounds, most, as_json=as_json)
        return
    small = SmallCloud(bounds)
    with _counting() as told:
        reached = explore_in_processes(small, workers, most=most, megabytes=memory, told=told)
    failing = broken(small, reached)
    _write_graph(graph, reached, cloud_values, cloud_words)
    if scenarios is not None:
        _write_files(
            scenarios, {f"{one.name}.yaml": _story(one, small, reached) for one in failing}
        )
    if as_json:
        print_json(
            to_json(reached, cloud_values, lambda act: act.label)
            | {"broken": [one.to_json() for one in failing]}
        )
    else:
        _print_cloud(reached, failing)
    if not reached.complete:
        _stop(reached.stopped)
    for one in failing:
        if one.fails.name in must:
            _stop(f"does not hold: {one.fails.says}")


@command.command("many")
@click.option("--images", type=click.IntRange(1, 12), default=6, show_default=True)
@click.option("--symmetry/--no-symmetry", default=False, help="Whether images are interchangeable.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@_memory
@_json
def many_command(*, images: int, symmetry: bool, workers: int, memory: int, as_json: bool) -> None:
    """Explore many images that have nothing to do with each other."""
    from lifecycle.analysis.exploration.product import (  # noqa: PLC0415 - it needs numpy
        explore_independent,
        one_image,
    )

    one = one_image()
    rows = []
    for count in range(1, images + 1):
        with _counting() as told:
            found = explore_independent(
                count, one, symmetry=symmetry, workers=workers, megabytes=memory, told=told
            )
        rows.append((count, found.configurations, found.edges, found.steps))
    names = ("images", "configurations", "edges", "steps")
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*(f"{number:,}" for number in row))
    console().print(table)


@command.command("findings")
@click.option("--scenarios", metavar="FOLDER", help="Write a scenario for each, and their list.")
@_json
def findings_command(*, scenarios: str | None, as_json: bool) -> None:
    """Find what gets stuck: how it comes about, and how one gets out."""
    every: list[Found] = []
    with _counting() as told:
        for finding in FINDINGS:
            one = find(finding)
            if one is None:
                _stop(f"{finding.name} was not found within its bounds")
            else:
                every.append(one)
            told(len(every), 0)
    if scenarios is not None:
        _write_files(scenarios, files(every))
    if as_json:
        print_json(findings_text(every))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("finding")
    table.add_column("what it is")
    table.add_column("steps", justify="right")
    table.add_column("way out", justify="right")
    for one in every:
        out = "none" if one.way_out is None else str(len(one.way_out))
        table.add_row(one.finding.name, one.finding.title, str(len(one.acts)), out)
    _print_table(table)


# What is printed


def _print_image(reached: Graph[Move, Configuration]) -> None:
    click.echo(_totals(reached))
    states: dict[str, list[int]] = {}
    for number, one in enumerate(reached.configurations):
        states.setdefault(one.state.name, []).append(number)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("state")
    table.add_column("configurations", justify="right")
    table.add_column("steps to it", justify="right")
    for name, numbers in sorted(states.items()):
        steps = len(reached.history(numbers[0])[1])
        table.add_row(name, f"{len(numbers):,}", f"{steps}")
    console().print(table)


def _print_answers(reached: Graph[Move, Configuration], answers: list[Answer]) -> None:
    for answer in answers:
        says = answer.question.says
        if not answer.fails:
            click.echo(f"\nholds: {says}")
            continue
        nearest = answer.fails[0]
        name, steps = reached.history(nearest)
        history = "; ".join([f"born: {name}", *(step.move.label for step in steps)])
        click.echo(f"\nfails: {says}")
        click.echo(f"  not so of {len(answer.fails):,} of {answer.asked:,}; the nearest:")
        click.echo(f"  {reached.configurations[nearest].words()}")
        click.echo(f"  {history}")


def _stories(
    reached: Graph[Move, Configuration], answers: list[Answer], *, unasked: bool
) -> dict[str, str]:
    """Give the nearest failure of each question that a scenario can tell, by its file."""
    texts = {}
    for answer in answers:
        for number in answer.fails:
            name, steps = reached.history(number)
            if can_be_told(name):
                beginning = reached.configurations[reached.beginnings[name]]
                title = f"{answer.question.name} fails"
                text = image_story(title, name, beginning, steps, unasked=unasked)
                texts[f"{answer.question.name}.yaml"] = text
                break
    return texts


def _print_cloud(reached: Graph[Any, Any], failing: list[Broken]) -> None:
    click.echo(_totals(reached))
    if not failing:
        click.echo(
            "Every property holds."
            if reached.complete
            else "No property fails in what was explored."
        )
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("fails")
    table.add_column("of")
    table.add_column("configurations", justify="right")
    table.add_column("steps to it", justify="right")
    for one in failing:
        table.add_row(
            one.fails.name,
            f"{one.kind} {one.state}",
            f"{one.times:,}",
            str(len(one.acts)),
        )
    _print_table(table)


def _print_table(table: Table) -> None:
    out = console()
    with out.capture() as captured:
        out.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def _totals(reached: Graph[Any, Any]) -> str:
    whole = "" if reached.complete else " (incomplete)"
    count, edges = len(reached.configurations), len(reached.edges)
    return f"{count:,} configurations, {edges:,} edges{whole}"


def _compare(reached: Graph[Move, Configuration], slow: Reached) -> None:
    edges = {
        (reached.configurations[edge.origin], edge.move.label, reached.configurations[edge.target])
        for edge in reached.edges
    }
    if set(reached.configurations) != slow.configurations or edges != slow.edges:
        _stop("calls in a cloud reach something else")
    click.echo(
        f"\nThe same {len(slow.configurations):,} configurations and {len(slow.edges):,} edges"
        f" were reached by {slow.calls:,} calls in a cloud."
    )


def _stop(why: str) -> None:
    click.echo(f"lifecycle: {why}", err=True)
    sys.exit(DIFFERENT)


def _on_cluster(
    address: str, bounds: Bounds | CloudBounds, most: int | None, *, as_json: bool
) -> None:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra of its own

        from lifecycle.analysis.exploration.distributed import (  # noqa: PLC0415 - the same
            explore_distributed,
        )
    except ModuleNotFoundError as missing:
        raise InputError(
            "a cluster needs distributed;"
            " install it with: pip install 'opennebula-image-lifecycle[distributed]'",
            field="--cluster",
        ) from missing
    try:
        client = Client(address, timeout=_PATIENCE)  # type: ignore[no-untyped-call]  # it carries no types
    except (OSError, ValueError) as error:
        raise InputError(f"no scheduler answers at {address}", field="--cluster") from error
    with client, _counting() as told:
        found = explore_distributed(client, bounds, most=most, told=told)
    if as_json:
        print_json(found._asdict())
    else:
        click.echo(
            f"{found.configurations:,} configurations, {found.edges:,} edges,"
            f" the farthest {found.steps} steps away; checksum {found.checksum:016x}"
        )
    if not found.complete:
        _stop(f"more than {most:,} configurations")


# What is written


def _story(one: Broken, small: SmallCloud, reached: Graph[Any, Any]) -> str:
    cloud = small.at(reached.configurations[one.nearest])
    return scenario(f"{one.fails.name} fails of {one.kind} {one.state}", one.acts, cloud)


def _write_graph(
    file: str | None,
    reached: Graph[Any, Any],
    values: Callable[[Any], Any],
    words: Callable[[Any], str],
) -> None:
    if file is None:
        return
    if file.endswith(".json"):
        import json  # noqa: PLC0415 - only here

        text = json.dumps(to_json(reached, values, lambda move: move.label)) + "\n"
    else:
        text = graphml(reached, words, lambda move: move.label)
    write_file(file, text)


def _write_files(folder: str, texts: dict[str, str]) -> None:
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be made: {why}", file=folder) from error
    for name, text in texts.items():
        write_file(place / name, text)


# What is read


def _chosen(types: tuple[str, ...]) -> tuple[ImageType, ...]:
    return tuple(kind for kind in ImageType if kind.name in {name.upper() for name in types})


def _check_names(names: tuple[str, ...]) -> None:
    known = [one.name for one in PROPERTIES]
    for name in names:
        if name not in known:
            raise InputError(f"{name!r} is none of {', '.join(known)}", field="--must")


class _counting:  # noqa: N801 - used as a function is, in a with statement
    """Shows on a terminal how many configurations and edges were found so far."""

    def __init__(self) -> None:
        err = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[found]:,} configurations, {task.fields[edges]:,} edges"),
            TimeElapsedColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        self._task = self._progress.add_task("exploring", total=None, found=0, edges=0)

    def __enter__(self) -> Told:
        """Begin to show."""
        self._progress.start()
        return self._told

    def __exit__(self, *_: object) -> None:
        """Stop to show."""
        self._progress.stop()

    def _told(self, found: int, edges: int) -> None:
        self._progress.update(self._task, found=found, edges=edges)

"""``lifecycle doctor [IMAGES]``."""

from __future__ import annotations

import sys
import time
from collections import Counter
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from lifecycle.analysis.doctor.examine import RULES, can_be_checked, examine, twice, with_outcome
from lifecycle.analysis.doctor.observed import AN_HOUR, Observed
from lifecycle.analysis.doctor.rules import Finding, Rule, Severity
from lifecycle.cli import DIFFERENT
from lifecycle.cli.output import console, counted, print_json, print_text
from lifecycle.documents.live import LiveCloud
from lifecycle.documents.reading import read_apps, read_images, read_machines
from lifecycle.refusal import InputError
from lifecycle.scenario.words import quoted

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.WARNING: "yellow",
    Severity.NOTICE: "cyan",
}
_MOST_SHOWN = 100
_STDIN = "-"


@click.command()
@click.argument("images", required=False, metavar="[IMAGES]")
@click.option("--vms", metavar="FILE", help="What `onevm list -x` printed.")
@click.option("--apps", metavar="FILE", help="What `onemarketapp list -x` printed.")
@click.option("--live", is_flag=True, help="Ask the oned of ONE_XMLRPC and ONE_AUTH; only reads.")
@click.option("--endpoint", metavar="URL", help="Ask this oned, with the credentials of ONE_AUTH.")
@click.option(
    "--patience",
    type=click.IntRange(min=0),
    default=AN_HOUR,
    show_default=True,
    metavar="SECONDS",
    help="How long a datastore may take.",
)
@click.option(
    "--now", type=click.IntRange(min=0), metavar="SECONDS", help="The time, as in REGTIME."
)
@click.option(
    "--fail-on",
    type=click.Choice([one.word for one in Severity]),
    default=Severity.NOTICE.word,
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--all", "everything", is_flag=True, help=f"Print more than {_MOST_SHOWN} findings.")
@click.option("--rules", "only_rules", is_flag=True, help="List what is looked for, and end.")
def command(  # noqa: PLR0913 - a command has as many parameters as options
    *,
    images: str | None,
    vms: str | None,
    apps: str | None,
    live: bool,
    endpoint: str | None,
    patience: int,
    now: int | None,
    fail_on: str,
    as_json: bool,
    everything: bool,
    only_rules: bool,
) -> None:
    """Tell which images are stuck or inconsistent, and what mends them.

    IMAGES is what `oneimage list -x` (or `show -x`) printed, plain or packed with
    gzip; - is standard input. With the machines and the apps it sees more. Get
    all three as oneadmin, images first: what somebody may not see looks gone.
    With --live or --endpoint it asks a running oned itself, twice: what was only
    under way is not reported.

    Exit codes: 0 nothing found, 1 something of at least the severity of
    --fail-on, 2 input that cannot be read.
    """
    if only_rules:
        _print_rules(console())
        return
    clock = int(time.time()) if now is None else now
    if live or endpoint:
        if (images, vms, apps) != (None, None, None):
            raise InputError("files cannot be mixed with --live or --endpoint")
        cloud = LiveCloud.from_environment(endpoint or "")
        observed, findings = twice(lambda: _asked(cloud, clock, patience))
    else:
        observed = _read(images, vms, apps, clock, patience)
        findings = examine(observed)
    if as_json:
        print_json(_as_json(observed, findings))
    else:
        _print(console(), observed, findings, everything=everything)
    least = Severity[fail_on.upper()].value
    if any(one.severity.value >= least for one in findings):
        sys.exit(DIFFERENT)


def _read(
    images: str | None, vms: str | None, apps: str | None, now: int, patience: int
) -> Observed:
    if images is None:
        raise InputError("what is to be examined? name a file of `oneimage list -x`, - or --live")
    if [images, vms, apps].count(_STDIN) > 1:
        raise InputError("only one of IMAGES, --vms and --apps can be standard input")
    return Observed(
        read_images(images),
        None if vms is None else read_machines(vms),
        None if apps is None else read_apps(apps),
        now=now,
        patience=patience,
    )


def _asked(cloud: LiveCloud, now: int, patience: int) -> Observed:
    return Observed(cloud.images(), cloud.machines(), cloud.apps(), now=now, patience=patience)


def _counts(observed: Observed) -> dict[str, int]:
    counts = {"images": len(observed.images)}
    if observed.machines is not None:
        counts["machines"] = len(observed.machines)
    if observed.apps is not None:
        counts["apps"] = len(observed.apps)
    return counts


def _as_json(observed: Observed, findings: list[Finding]) -> dict[str, object]:
    return {
        "format": "lifecycle-doctor/1",
        "examined": _counts(observed),
        "findings": [with_outcome(observed, one).to_json() for one in findings],
        "not_checked": _not_checked(observed),
    }


def _not_checked(observed: Observed) -> list[str]:
    return [
        rule.name
        for rules in RULES.values()
        for rule in rules
        if not can_be_checked(observed, rule)
    ]


def _print(out: Console, observed: Observed, findings: list[Finding], *, everything: bool) -> None:
    shown = findings if everything else findings[:_MOST_SHOWN]
    for (rule, severity), group in groupby(shown, key=lambda one: (one.rule, one.severity)):
        _print_group(out, rule, severity, [with_outcome(observed, one) for one in group])
    if len(shown) < len(findings):
        print_text(out, Text(f"… and {len(findings) - len(shown)} more; --all prints them"))
        print_text(out, Text())
    examined = ", ".join(
        counted(count, kind.removesuffix("s")) for kind, count in _counts(observed).items()
    )
    by_severity = Counter(one.severity for one in findings)
    found = ", ".join(one.counted(by_severity[one]) for one in Severity if by_severity[one])
    line = Text(f"{examined}: ")
    line.append(found or "nothing found", "bold" if found else "green")
    print_text(out, line)
    if missing := _not_checked(observed):
        given = {"--vms": observed.machines, "--apps": observed.apps}
        lacks = " and ".join(option for option, known in given.items() if known is None)
        if lacks:
            print_text(
                out, Text(f"{len(missing)} rules were not checked: they need {lacks}", "dim")
            )


def _print_group(out: Console, rule: Rule, severity: Severity, group: list[Finding]) -> None:
    print_text(out, Text.assemble((rule.name, "bold"), "  ", (severity.word, _STYLES[severity])))
    print_text(out, Text(rule.how, "dim"), 1)
    if rule.example:
        print_text(out, Text(f"Play it: lifecycle simulate examples/{rule.example}", "dim"), 1)
    told = ""
    for one in group:
        name = quoted(one.name)
        head = Text.assemble(f"{one.kind} {one.id} ", (name, "bold"), f" {one.state}")
        print_text(out, head, 1)
        print_text(out, Text(one.trouble.what), 2)
        width = max(map(len, one.trouble.commands), default=0)
        for command, outcome in zip_longest(one.trouble.commands, one.outcome, fillvalue=""):
            words = f"$ {command}".ljust(width + 4) if command else "then "
            print_text(out, Text.assemble((words, "bold"), (outcome, "green")), 2)
        if not one.trouble.commands and severity is Severity.CRITICAL:
            print_text(out, Text("No command leads out of it."), 2)
        if one.trouble.advice != told:
            told = one.trouble.advice
            print_text(out, Text(told), 2)
    print_text(out, Text())


def _print_rules(out: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("rule", "of", "severity", "how it comes about"):
        table.add_column(heading, no_wrap=heading == "rule")
    for kind, rules in RULES.items():
        for rule in rules:
            needs = [need for need in rule.needs if need != "clock"]
            how = rule.how + (f" (needs {' and '.join(needs)})" if needs else "")
            table.add_row(rule.name, kind, Text(rule.severity.word, _STYLES[rule.severity]), how)
    out.print(table)

"""Histories as scenarios that ``lifecycle simulate`` plays, with checkpoints at their end."""

from __future__ import annotations

import json
from textwrap import fill
from typing import TYPE_CHECKING, Any

from lifecycle.analysis.exploration.acts import IMAGES, Act, doings, name_of, perform
from lifecycle.analysis.exploration.copies import put_aside, put_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecycle.analysis.exploration.findings import Found
    from lifecycle.cloud.cloud import Cloud

_WIDTH = 80
_TRIED = ("delete", "disable", "enable")


def story(found: Found) -> str:
    """Give a finding as a scenario; its first lines tell programs what it is about."""
    finding = found.finding
    lines = [
        "# Written by lifecycle explore: no shorter history leads here within its bounds.",
        f"# finding: {finding.name}",
        f"# fails: {finding.fails}",
        f"# object: {found.breach.kind} {object_of(found)}",
        f"# state: {found.breach.state}",
        f"# known: {finding.known}",
        f"# way out: {way_out_in_words(found)}",
        f"title: {finding.title}",
        "text: >",
        _folded(_introduction(found)),
        "steps:",
        *(f"  {act.line}" for act in found.acts),
        f"  - expect: {{{', '.join(expected(found.cloud, found.acts))}}}",
        *(f"  - refused: {text}" for text in refusals(found)),
    ]
    return "\n".join(lines) + "\n"


def scenario(title: str, acts: Iterable[Act], cloud: Cloud) -> str:
    """Give any history as a scenario that ends with how things are then.

    Args:
        title: one line.
        acts: from a fresh cloud.
        cloud: as it is afterwards.
    """
    done = tuple(acts)
    lines = [f"title: {title}", "steps:", *(f"  {act.line}" for act in done)]
    checks = ", ".join(expected(cloud, done))
    return "\n".join([*lines, *([f"  - expect: {{{checks}}}"] if checks else [])]) + "\n"


def as_json(found: Found) -> dict[str, Any]:
    """Give a finding as a JSON value, with its history and its way out."""
    finding = found.finding
    return {
        "name": finding.name,
        "title": finding.title,
        "known": finding.known,
        "fails": finding.fails,
        "says": finding.property.says,
        "kind": found.breach.kind,
        "object": object_of(found),
        "state": found.breach.state,
        "history": [act.label for act in found.acts],
        "way_out": None if found.way_out is None else [act.label for act in found.way_out],
    }


def object_of(found: Found) -> str:
    """Give the name of the image or machine that a finding is about."""
    number, cloud = found.breach.number, found.cloud
    if found.breach.kind == "image":
        return name_of(cloud.images[number], cloud)
    return str(cloud.vms[number].name)


def way_out_in_words(found: Found) -> str:
    """Tell the way out in one line."""
    if found.way_out is None:
        return "none"
    return "; ".join(act.label for act in found.way_out)


def expected(cloud: Cloud, acts: tuple[Act, ...]) -> Iterator[str]:
    """Give a checkpoint for every object of a cloud, and for every image that is gone.

    Args:
        cloud: as it is in the end.
        acts: what made it so; they tell the names of images, but not those of backups.
    """
    named = {word for act in acts if act.makes for word in act.text.split()}
    for number in range(cloud.images.next_id):
        image = cloud.images.get(number)
        if image is None:
            if IMAGES[number] in named:
                yield f"{IMAGES[number]}: gone"
            continue
        vms = ", ".join(cloud.vms[one].name for one in sorted(image.vms))
        fields = f"state: {image.state.name}, vms: [{vms}], clones: {image.cloning_ops}"
        yield f"{name_of(image, cloud)}: {{{fields}}}"
    for vm in cloud.vms:
        yield f"{vm.name}: {vm.state.name}"
    for app in cloud.apps:
        yield f"{app.name}: {app.state.name}"


def refusals(found: Found) -> list[str]:
    """Give the commands on the image of a finding without a way out that are refused there."""
    if found.way_out is not None or found.breach.kind != "image":
        return []
    cloud, name = found.cloud, object_of(found)
    moment = put_aside(cloud)
    tried = {f"oneimage {word} {name}" for word in _TRIED} | {f"oneimage delete {name} --force"}
    refused = []
    for doing in list(doings(cloud, found.finding.bounds, 0)):
        if doing[0].text in tried:
            if not perform(cloud, doing):
                refused.append(doing[0].text)
            put_back(cloud, moment)
    return sorted(refused)


def _introduction(found: Found) -> str:
    finding = found.finding
    what = f"What should hold and does not: {_lower(finding.property.says)}"
    if found.way_out is None:
        return f"{what} No command leads out."
    steps = " Then ".join(f'"{act.label}".' for act in found.way_out)
    return f"{what} The shortest way out is {steps}"


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _folded(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def findings_text(found: Iterable[Found]) -> list[dict[str, Any]]:
    """Give findings as a JSON value, each with the file of its scenario."""
    return [as_json(one) | {"scenario": f"{one.finding.name}.yaml"} for one in found]


def guide(found: Iterable[Found]) -> str:
    """Give the page that lists findings, with how each comes about and how it is left."""
    lines = [
        "# Ways to get stuck",
        "",
        "Each of these was found by `lifecycle explore`: a property that should hold, and the",
        "shortest history within the bounds after which it does not. Play one, draw one, or write",
        "all anew:",
        "",
        "```sh",
        "lifecycle simulate examples/stuck/ghost-in-used.yaml",
        "lifecycle diagram --history examples/stuck/ghost-in-used.yaml --show path -o ghost.svg",
        "lifecycle explore findings --scenarios examples/stuck",
        "```",
        "",
        "The first eight are well known. `findings.json` holds the same for programs.",
        "",
        "| scenario | what it is | steps | the shortest way out |",
        "|---|---|---|---|",
    ]
    for one in found:
        name = one.finding.name
        out = "none" if one.way_out is None else ", ".join(f"`{act.label}`" for act in one.way_out)
        lines.append(f"| [{name}]({name}.yaml) | {one.finding.title} | {len(one.acts)} | {out} |")
    return "\n".join(lines) + "\n"


def files(found: Iterable[Found]) -> dict[str, str]:
    """Give the text of every file that tells of findings, by its name."""
    every = list(found)
    told = {f"{one.finding.name}.yaml": story(one) for one in every}
    told["findings.json"] = json.dumps(findings_text(every), indent=2) + "\n"
    told["README.md"] = guide(every)
    return told

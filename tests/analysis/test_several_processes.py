"""Several processes, here or on a cluster, come to what one comes to."""

from __future__ import annotations

import json
import sys
import warnings
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from lifecycle.analysis.exploration import Bounds, explore_image
from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.clouds import SmallCloud, configuration_of, explore_cloud
from lifecycle.analysis.exploration.distributed import Totals, explore_distributed, totals
from lifecycle.analysis.exploration.levels import explore_in_processes
from lifecycle.cli.commands import root
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOUDS = {
    "with symmetry": CloudBounds(machines=2, persistent=(False,)),
    "without symmetry": CloudBounds(images=2, machines=0, persistent=(False,), symmetry=False),
}


@pytest.mark.parametrize("bounds", CLOUDS.values(), ids=CLOUDS)
def test_two_processes_find_the_same_in_the_same_order(bounds: CloudBounds) -> None:
    alone, together = SmallCloud(bounds), SmallCloud(bounds)
    one = explore_cloud(alone)
    told: list[tuple[int, int]] = []
    two = explore_in_processes(together, 2, told=lambda *counts: told.append(counts), worth=20)
    assert two == one
    assert told[-1] == (len(one.configurations), len(one.edges))
    last = two.configurations[-1]
    assert configuration_of(together.at(last), 0, symmetry=bounds.symmetry) == last


def test_processes_stop_at_a_bound() -> None:
    graph = explore_in_processes(SmallCloud(CloudBounds()), 2, most=20)
    assert not graph.complete
    assert graph.stopped == "more than 20 configurations"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Give a client of a cluster of two workers on this machine."""
    with warnings.catch_warnings():
        # Whatever the cluster's own libraries are told not to do any more is no matter here.
        warnings.simplefilter("ignore")
        with (
            LocalCluster(  # type: ignore[no-untyped-call]  # it carries no types
                n_workers=2,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                host="127.0.0.1",
            ) as cluster,
            Client(cluster) as client,  # type: ignore[no-untyped-call]  # the same
        ):
            yield client


@pytest.mark.parametrize(
    "bounds",
    [Bounds(machines=1, clones=1, types=(ImageType.OS,)), CloudBounds(persistent=(False,))],
    ids=["one image", "a cloud"],
)
def test_a_cluster_of_two_workers_finds_the_same(
    client: Client, bounds: Bounds | CloudBounds
) -> None:
    told: list[tuple[int, int]] = []
    found = explore_distributed(
        client, bounds, partitions=2, told=lambda *counts: told.append(counts)
    )
    if isinstance(bounds, Bounds):
        expected = totals(explore_image(bounds))
    else:
        expected = totals(explore_cloud(SmallCloud(bounds)))
    assert found == expected
    assert told[-1] == (found.configurations, found.edges)


def test_a_cluster_stops_at_a_bound(client: Client) -> None:
    found = explore_distributed(client, CloudBounds(), most=20)
    assert isinstance(found, Totals)
    assert not found.complete
    assert found.configurations > 20


def test_the_command_explores_on_a_cluster(client: Client) -> None:
    address = str(getattr(client.scheduler, "address", ""))
    done = CliRunner().invoke(
        root, ["explore", "cloud", "--persistent", "no", "--cluster", address, "--json"]
    )
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    expected = totals(explore_cloud(SmallCloud(CloudBounds(persistent=(False,)))))
    assert told == expected._asdict()
    arguments = ["explore", "image", "--type", "KERNEL", "--cluster", address, "--most", "3"]
    done = CliRunner().invoke(root, arguments)
    assert done.exit_code == 1
    assert "checksum" in done.stdout
    assert done.stderr == "lifecycle: more than 3 configurations\n"


def test_a_cluster_that_is_none_is_told_in_one_line() -> None:
    done = CliRunner().invoke(root, ["explore", "image", "--cluster", "nonsense://here"])
    assert str(done.exception) == "--cluster: no scheduler answers at nonsense://here"


def test_without_distributed_one_line_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(root, ["explore", "image", "--cluster", "127.0.0.1:1"])
    assert str(done.exception).endswith("pip install 'opennebula-image-lifecycle[distributed]'")

"""A property of one's own, and the shortest history after which it does not hold."""

from lifecycle.analysis.exploration import (
    Bounds,
    CloudBounds,
    Question,
    SmallCloud,
    ask,
    broken,
    explore_cloud,
    explore_image,
    of_machines,
)
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.vm import VirtualMachine
from lifecycle.states import ImageType


def lost_its_source(cloud: Cloud, vm: VirtualMachine) -> bool:
    running = vm.state.name == "RUNNING"
    return running and any(number not in cloud.images for number in vm.image_ids())


# A small cloud in which one answer may come that nobody asked for.
small = SmallCloud(CloudBounds(unasked=1, persistent=(False,)))
graph = explore_cloud(small)
print(f"{len(graph.configurations)} configurations, {len(graph.edges)} edges")
kept = of_machines("images-stay", "The image of a machine that runs stays.", lost_its_source)
for one in broken(small, graph, [kept]):
    print(f"fails: {one.fails.says}")
    for act in one.acts:
        print(f"  {act.label}")

# And something that should come in the end: while the datastore fails now and then, must an
# image that is being copied ever be READY or USED?
copied = Question(
    "copied-in-the-end",
    "When the datastore answers, a new image has its file.",
    lambda one: one.state.name.startswith("LOCKED"),
    lambda one: one.record.source,
    "inevitable",
    lambda move: bool(move.answers),
)
for faults in (True, False):
    image = explore_image(Bounds(clones=0, types=(ImageType.OS,), faults=faults))
    answer = ask(copied, image)
    word = "fails" if answer.fails else "holds"
    print(f"{word}, {'with' if faults else 'without'} faults: {copied.says}")

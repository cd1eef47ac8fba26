"""Plans: how drivers answer by themselves, in virtual time and under a seed.

The first plan that matches a request answers it: by action, by name, after a
delay, the n-th time, with a probability. Nothing waits for the wall clock, and
the same seed gives the same run.
"""

from lifecycle import Cloud


def copies(seed: int) -> list[str]:
    """Have ten images copied by a datastore that fails three times in ten."""
    cloud = Cloud(seed=seed)
    cloud.plan("failure", "CP", probability=0.3)
    cloud.plan("success", "CP")
    for number in range(10):
        cloud.image.allocate(f'NAME = "image-{number}"\nPATH = "/srv/{number}"\n', 1)
    return [image.state.name for image in cloud.images]


print("seed 1:", *copies(1))
assert copies(1) == copies(1)
assert copies(1) != copies(2)

cloud = Cloud()
cloud.plan("failure", "MKFS", skip=1, count=1, payload="the second one fails")
cloud.plan("success", "MKFS", name="slow-*", delay=3600)
cloud.plan("success", "MKFS", delay=10)
for name in ("one", "two", "slow-three"):
    cloud.image.allocate(f'NAME = "{name}"\nTYPE = "DATABLOCK"\nSIZE = "100"\n', 1)


def show(when: str) -> None:
    print(f"{when}:", *(f"{image.name} {image.state.name}" for image in cloud.images), sep="  ")


show("at once")
cloud.advance(10)
show("after 10 s")
cloud.advance(3590)
show("after an hour")

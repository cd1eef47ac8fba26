"""A cloud in a test: the datastore does what the test says, when it says so.

What is tested here is a function that registers an image and waits for it. No
real cloud can be made to fail at will; this one can.
"""

from lifecycle import Cloud, ImageState

DEFAULT_DATASTORE = 1


def register(cloud: Cloud, name: str, path: str, *, patience: int = 60) -> int:
    """Register an image, and give its id when it can be used.

    Raises:
        TimeoutError: the datastore is still busy after some seconds.
        RuntimeError: the datastore failed; the broken image is removed.
    """
    number = cloud.image.allocate(f'NAME = "{name}"\nPATH = "{path}"\n', DEFAULT_DATASTORE)
    image = cloud.image.info(number)
    for _ in range(patience):
        if image.state is ImageState.READY:
            return number
        if image.state is ImageState.ERROR:
            cloud.image.delete(number)
            raise RuntimeError(image.template["ERROR"])
        cloud.advance(1)
        image = cloud.image.info(number)
    raise TimeoutError(f"{name} is still {image.state.name}")


# The datastore copies the file within half a minute.
cloud = Cloud()
plan = cloud.plan("success", "CP", delay=30)
print("registered:", cloud.image.info(register(cloud, "debian", "/srv/debian.qcow2")))

# It fails: the function says why, and leaves nothing behind.
cloud.drivers.plans.remove(plan)
cloud.plan("failure", "CP", delay=5, payload="no space left on device")
try:
    register(cloud, "alpine", "/srv/alpine.qcow2")
except RuntimeError as error:
    print("failed:", error)
assert cloud.images.ids() == [0]

# It never answers.
cloud = Cloud()
try:
    register(cloud, "debian", "/srv/debian.qcow2")
except TimeoutError as error:
    print("gave up:", error)
print("still asked for:", [(one.action, one.name) for one in cloud.drivers.open])

"""A state hook: what OpenNebula runs when an image's state has changed.

The hook here enables every image that gets into ERROR. That is no cure: of an
image that was never copied, a machine cannot be started.
"""

from lifecycle import Cloud, ImageState
from lifecycle.cloud.hooks import HookEvent

cloud = Cloud()


def enable(event: HookEvent) -> None:
    print(f"hook: {event.image.name} went from {event.before.name} to {event.after.name}")
    cloud.image.enable(event.image.id, enabled=True)


cloud.hook(enable, ImageState.ERROR)
debian = cloud.image.allocate('NAME = "debian"\nPATH = "/srv/debian.qcow2"\n', 1)
web = cloud.vm.allocate(f'NAME = "web"\nCPU = 1\nMEMORY = 512\nDISK = [ IMAGE_ID = {debian} ]\n')
cloud.fail("CP", debian)
print("the image:", cloud.images[debian].state.name)
print("the machine:", cloud.vms[web].state.name)

cloud.vm.deploy(web, 0)
print("sent to a host:", cloud.vms[web].state.name)

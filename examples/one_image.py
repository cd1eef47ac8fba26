"""One image, no cloud: the state machine itself, for a unit test or for learning.

An image alone can be put into any state, and its counters guard its operations.
"""

from lifecycle import ActionRefused, Image, ImageState

image = Image(7, "debian", state=ImageState.READY, source="/var/lib/one/debian")

image.acquire(vm=1)
image.acquire(vm=2)
print("two machines took it:", image.state.name, image.running_vms)

try:
    image.delete()
except ActionRefused as refused:
    print("delete is refused:", refused)
assert image.state is ImageState.USED

image.release(vm=1)
print("one let it go:", image.state.name, image.running_vms)
image.release(vm=2)
print("the other too:", image.state.name, image.running_vms)

image.cp_failure("a copy that nobody asked for")
print("a late answer:", image.state.name, "-", image.template["ERROR"])
image.enable()
print("enabled:", image.state.name)

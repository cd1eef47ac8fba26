"""What happened, and why something did not: the journal, and a refusal's reasons.

Both are data, to be asserted on: no text needs to be taken apart.
"""

from collections.abc import Callable

from lifecycle import Cloud, ErrorCode, ImageState, Refused

cloud = Cloud()
data = cloud.image.allocate(
    'NAME = "data"\nTYPE = "DATABLOCK"\nSIZE = "100"\nPERSISTENT = "YES"\n', 1
)
cloud.complete("MKFS", data)
cloud.vm.allocate(f'NAME = "db"\nCPU = 1\nMEMORY = 512\nDISK = [ IMAGE_ID = {data} ]\n')


def refusal_of(call: Callable[[], object]) -> Refused:
    """Make a call that must be refused, and give the refusal."""
    try:
        call()
    except Refused as refused:
        return refused
    raise AssertionError("it was accepted")


refused = refusal_of(lambda: cloud.image.clone(data, "copy"))
print("oned says:", refused)
print("with the error code", refused.code.name, "for", refused.operation)
for unmet in refused.unmet:
    origins = "/".join(state.name for state in unmet.row.origins)
    print("  possible from", origins, "when", ", ".join(unmet.row.guards))
assert refused.code is ErrorCode.ALLOCATE
assert refused.state is ImageState.USED_PERS
assert "release" in refused.legal

print("moves of the image:")
for entry in cloud.journal.of("move", f"image {data}"):
    print(f"  {entry.what}: {entry.detail['from']} -> {entry.detail['to']}")

print("calls:")
for entry in cloud.journal.of("call"):
    print(f"  {entry.what}: {'done' if entry.detail['ok'] else entry.detail['value']}")

"""Any situation can be loaded, also one that no legal history reaches.

Real clouds contain them. Here an image is USED by machine 12, of which nothing
is left: what can be done about it?
"""

from lifecycle import Cloud

cloud = Cloud.from_json(
    {
        "images": [
            {
                "id": 3,
                "name": "debian",
                "state": "USED",
                "vms": [12],
                "source": "/var/lib/one/debian",
            },
        ],
    },
)
image = cloud.images[3]
print("loaded:", image, "machines:", sorted(image.vms))

for method, *params in (
    ("one.image.delete", 3),
    ("one.image.delete", 3, True),
    ("one.image.enable", 3, False),
):
    reply = cloud.call(method, *params)
    assert not reply.ok
    print(reply.value)

# The late failure of a copy is taken at face value, and brings it out of USED.
cloud.answer("CP", 3, ok=False, unasked=True)
print("after a failure that nobody asked for:", image)
cloud.image.delete(3)
cloud.complete("RM", 3)
print("images left:", cloud.images.ids())

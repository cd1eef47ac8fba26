"""The options in which a command is given a situation of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lifecycle.analysis.names import machine_state_of, state_of, type_of
from lifecycle.analysis.situation import Situation
from lifecycle.cloud.cloud import Cloud
from lifecycle.refusal import InputError
from lifecycle.states import ImageState

if TYPE_CHECKING:
    from collections.abc import Callable

_HELD = (
    ("vms", "machines that hold it"),
    ("ghosts", "ids in VMS of machines that exist no more"),
    ("clones", "copies of it under way"),
    ("ghost-clones", "ids in CLONES of images that exist no more"),
    ("apps", "exports of it under way"),
    ("snapshots", "snapshots that it has"),
)


class Given(NamedTuple):
    """A situation, or an image of a cloud that was saved.

    Attributes:
        begin: the situation, or the cloud.
        image: the id of the image in the cloud.
    """

    begin: Situation | Cloud
    image: int


def situation_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what an image is like and who holds it."""
    options = [
        click.option("--type", "type_", metavar="TYPE", help="The type, OS unless given."),
        click.option("--persistent/--nonpersistent", default=None, help="The flag PERSISTENT."),
        *(
            click.option(f"--{name}", type=int, metavar="N", help=f"How many {help_}.")
            for name, help_ in _HELD
        ),
        click.option("--source/--no-source", default=None, help="Whether its file is there."),
        click.option("--forced", is_flag=True, help="FORCE_DELETE was left behind."),
        click.option("--shareable", is_flag=True, help="PERSISTENT_TYPE is SHAREABLE."),
        click.option("--machines", metavar="STATE", help="The state of the machines."),
        click.option(
            "--asked", metavar="ACTION", help="What the datastore has not answered yet (CP, …)."
        ),
        click.option("--nothing-asked", is_flag=True, help="No answer will ever come."),
        click.option("--cloud", metavar="FILE", help="Take the image of a saved cloud."),
        click.option("--image", metavar="ID-OR-NAME", help="Which image of the cloud."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def given(state: str | None, options: dict[str, Any]) -> Given:
    """Give what the options say.

    Args:
        state: the state, None where it was not given.
        options: the values of `situation_options`.

    Raises:
        InputError: they cannot be used.
    """
    file, image = options.pop("cloud"), options.pop("image")
    fields = _fields(options)
    if file is None:
        if image is not None:
            raise InputError("say of which saved cloud, with --cloud FILE", field="--image")
        fields["state"] = state_of(state or ImageState.READY.name)
        return Given(Situation(**fields), 0)
    if state is not None or fields:
        raise InputError(
            "the image of a saved cloud is as it is; leave the rest out", field="--cloud"
        )
    cloud = Cloud.load(file, journal=False)
    return Given(cloud, _image_of(cloud, image, file))


def _fields(options: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in options.items() if value not in (None, False)}
    fields |= {name: False for name in ("persistent", "source") if options[name] is False}
    if "type_" in fields:
        fields["type"] = type_of(fields.pop("type_"))
    if "machines" in fields:
        fields["machines"] = machine_state_of(fields["machines"])
    if "asked" in fields:
        fields["asked"] = fields["asked"].upper()
    if fields.pop("nothing_asked", False):
        fields["asked"] = ""
    return fields


def _image_of(cloud: Cloud, text: str | None, file: str) -> int:
    if text is None:
        if len(cloud.images) == 1:
            return cloud.images.ids()[0]
        raise InputError(f"say which of the {len(cloud.images)} images, with --image ID", file=file)
    if text.isdigit() and len(text) < _MOST_DIGITS and int(text) in cloud.images:
        return int(text)
    named = [image.id for image in cloud.images if image.name == text]
    if len(named) != 1:
        many = "several images are called so" if named else "there is no such image"
        raise InputError(f"{many}: {text!r}; give the id of one", file=file, field="--image")
    return named[0]


_MOST_DIGITS = 10

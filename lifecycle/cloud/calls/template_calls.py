"""The calls on templates of machines: ``one.template.*``.

Source: ``src/rm/api/TemplateAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from lifecycle.cloud import disks
from lifecycle.cloud.attributes import multiple, text_of
from lifecycle.cloud.authorization import Right, Subject, permissions_for
from lifecycle.cloud.calls import image_calls, vm_calls
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.calls.remote import CallGroup, found, remote
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.objects import VmTemplate
from lifecycle.refusal import (
    ActionRefused,
    AllocateRefused,
    InternalRefused,
    NotFoundRefused,
    Refused,
)

_BY_NAME = ("IMAGE", "IMAGE_UNAME", "IMAGE_UID", "OPENNEBULA_MANAGED")


class TemplateCalls(CallGroup):
    """The calls on one template."""

    __slots__ = ()

    @remote("template.allocate", "s")
    def allocate(self, template: str) -> int:
        """Make a template and give its id.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        attributes = multiple(parsed(template))
        self.authorize((Right.CREATE, Subject("TEMPLATE")))
        return self._new(attributes)

    @remote("template.info", "i", "bb")
    def info(self, template: int, extended: bool = False, decrypt: bool = False) -> VmTemplate:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a template.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: VmTemplate = self.existing(self.cloud.templates, template, Right.USE_NO_LCK)
        return thing

    @remote("template.clone", "is", "b")
    def clone(self, template: int, name: str, recursive: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Copy a template, and with recursive its images too; give the id of the copy.

        Raises:
            Refused: the name is taken, or an image cannot be cloned; nothing stays then.
        """
        return self._clone(template, name, "", recursive=recursive, persistent=False)

    @remote("template.delete", "i", "b")
    def delete(self, template: int, recursive: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Delete a template, and with recursive those of its images that can be.

        Raises:
            Refused: there is none, or rights are missing.
        """
        cloud = self.cloud
        thing: VmTemplate = self.existing(cloud.templates, template)
        cloud.templates.remove(thing)
        cloud.template_written(thing)
        if recursive:
            images = {
                image.id
                for disk in _disks(thing)
                if (image := disks.find_image(cloud, disk, self.uid)) is not None
            }
            for image in sorted(images):
                self._try_to_delete(image)
        return template

    def _try_to_delete(self, image: int) -> None:
        try:
            image_calls.delete(self, image, force=False)
        except Refused:
            return

    @remote("template.instantiate", "is", "bsb")
    def instantiate(
        self,
        template: int,
        name: str,
        hold: bool = False,  # noqa: FBT001, FBT002 - as on the wire
        extra: str = "",
        persistent: bool = False,  # noqa: FBT001, FBT002 - as on the wire
    ) -> int:
        """Create a machine of a template and give its id.

        Args:
            template: its id.
            name: of the machine, "" for one of its own.
            hold: whether it is created on hold.
            extra: attributes that replace those of the template.
            persistent: whether it gets a private copy of the template and of its images.

        Raises:
            Refused: an image cannot be cloned or taken, or the name is taken.
        """
        cloud = self.cloud
        thing: VmTemplate = found(cloud.templates, template, cloud.templates.get(template))
        if persistent:
            copy = name or f"{thing.name}-copy"
            number = self._clone(template, copy, extra, recursive=True, persistent=True)
            thing = cloud.templates[number]
            extra = f"CLONING_TEMPLATE_ID={template}\n"
        attributes = deepcopy(thing.template) | multiple(parsed(extra))
        for word in ("NAME", "TEMPLATE_NAME", "TEMPLATE_ID"):
            attributes.pop(word, None)
        attributes |= {"TEMPLATE_NAME": [thing.name], "TEMPLATE_ID": [str(thing.id)]}
        if name:
            attributes["NAME"] = [name]
        rights = [(Right.USE, Subject("TEMPLATE", thing))]
        if extra:
            rights.append((Right.CREATE, Subject("TEMPLATE")))
        try:
            return vm_calls.allocate(self, attributes, hold=hold, rights=tuple(rights))
        except InternalRefused as refusal:
            raise refusal.retold(AllocateRefused, kind="TEMPLATE") from refusal

    def _new(self, attributes: dict[str, list[Any]]) -> int:
        cloud, caller = self.cloud, self.caller
        name = text_of(attributes, "NAME")
        if objection := objection_to(name):
            raise InternalRefused(objection)
        taken = cloud.templates.named(name, caller.uid)
        if taken is not None:
            raise InternalRefused(f"NAME is already taken by TEMPLATE {taken.id}.")
        made = VmTemplate(
            cloud.templates.take_id(),
            name,
            caller.uid,
            caller.gid,
            permissions_for(caller),
            {key: value for key, value in attributes.items() if key != "NAME"},
            cloud.now(),
        )
        cloud.templates.add(made)
        cloud.template_written(made)
        return made.id

    def _clone(
        self, template: int, name: str, extra: str, *, recursive: bool, persistent: bool
    ) -> int:
        cloud = self.cloud
        source: VmTemplate = found(cloud.templates, template, cloud.templates.get(template))
        attributes = deepcopy(source.template) | multiple(parsed(extra))
        attributes["NAME"] = [name]
        self.authorize(
            (Right.USE, Subject("TEMPLATE", source)), (Right.CREATE, Subject("TEMPLATE"))
        )
        number = self._new(attributes)
        if recursive:
            self._clone_images(cloud.templates[number], name, persistent=persistent)
        return number

    def _clone_images(self, made: VmTemplate, name: str, *, persistent: bool) -> None:
        cloud = self.cloud
        copies: list[int] = []
        for place, disk in enumerate(_disks(made)):
            image = disks.find_image(cloud, disk, self.uid)
            number = disk.get("IMAGE_ID", "") if image is None else str(image.id)
            if not number:
                continue
            try:
                copy = image_calls.clone(
                    self, int(number), f"{name}-disk-{place}", -1, persistent=persistent
                )
            except Refused as refusal:
                # Where the image is not there, oned's reason is empty.
                reason = "" if isinstance(refusal, NotFoundRefused) else refusal.reason
                cloud.templates.remove(made)
                cloud.template_written(made)
                for one in copies:
                    self._try_to_delete(one)
                raise ActionRefused(f"Failed to clone images: {reason}") from refusal
            for word in _BY_NAME:
                disk.pop(word, None)
            disk["IMAGE_ID"] = str(copy)
            copies.append(copy)
        cloud.template_written(made)


def _disks(template: VmTemplate) -> list[dict[str, str]]:
    return [one for one in template.template.get("DISK", []) if isinstance(one, dict)]

"""The calls on templates of machines: ``one.template.*``.

Source: ``src/rm/api/TemplateAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from lifecycle.cloud import disk_attributes, disks
from lifecycle.cloud.attributes import kept, multiple, number_of, text_of
from lifecycle.cloud.authorization import Right, Subject, permissions_for
from lifecycle.cloud.calls import image_calls, shared, vm_calls, vm_records
from lifecycle.cloud.calls.remote import CallGroup, found, remote
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.configuration import VM_RESTRICTED
from lifecycle.cloud.objects import VmTemplate
from lifecycle.cloud.restricted import first_changed
from lifecycle.cloud.vm import Disk
from lifecycle.refusal import (
    ActionRefused,
    AllocateRefused,
    AuthorizationRefused,
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
        vm_records.refuse_restricted(self, attributes, "VM Template")
        return self._new(attributes)

    @remote("template.info", "i", "bb")
    def info(self, template: int, extended: bool = False, decrypt: bool = False) -> VmTemplate:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a template; with extended, its disks tell what their images and datastores say.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: VmTemplate = self.existing(self.cloud.templates, template, Right.USE_NO_LCK)
        return self._extended(thing) if extended else thing

    def _extended(self, template: VmTemplate) -> VmTemplate:
        attributes = deepcopy(template.template)
        values = attributes.get("DISK", [])
        disks_of = [one for one in values if isinstance(one, dict)]
        for number, given in enumerate(disks_of):
            image = disks.find_image(self.cloud, given, self.uid)
            if image is not None:
                disk_attributes.describe(self.cloud, Disk(given), image)
            given["DISK_ID"] = str(number)
        return replace(template, template=attributes)

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
        shared.forget_rules(cloud, cloud.templates, template)
        if recursive:
            numbers = {
                number for disk in _disks(thing) if (number := self._image_of(disk)) is not None
            }
            for number in sorted(numbers):
                self._try_to_delete(number)
        return template

    def _image_of(self, disk: dict[str, str]) -> int | None:
        """Give the id of the image that a disk names, whether it is there or not."""
        number = number_of(disk, "IMAGE_ID")
        if number is not None:
            return number
        image = disks.find_image(self.cloud, disk, self.uid)
        return None if image is None else image.id

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
        attributes = self._merged(thing, extra)
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

    @remote("template.update", "is", "i")
    def update(self, template: int, text: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of a template.

        Raises:
            Refused: the text is no template, or names what only administrators may set.
        """
        thing, attributes = shared.new_template(
            self,
            self.cloud.templates,
            template,
            text,
            append,
            several=True,
            restricted=VM_RESTRICTED,
        )
        thing.template = attributes
        self.cloud.template_written(thing)
        return template

    @remote("template.rename", "is")
    def rename(self, template: int, name: str) -> int:
        """Give a template another name.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        thing = shared.rename(self, self.cloud.templates, template, name)
        if thing is not None:
            self.cloud.template_written(thing)
        return template

    @remote("template.chmod", "iiiiiiiiii", "b")
    def chmod(self, template: int, *bits: int) -> int:
        """Change the nine permission bits of a template, owner USE first; -1 keeps.

        A tenth value, True, has the images of its disks changed too.

        Raises:
            Refused: a value is not -1, 0 or 1, or an image cannot be changed.
        """
        thing = shared.chmod(self, self.cloud.templates, template, bits[:9])
        if bits[9:] != (True,):
            return template
        wrong = []
        numbers = {self._image_of(disk) for disk in _disks(thing)} - {None}
        for number in sorted(one for one in numbers if one is not None):
            try:
                image_calls.chmod(self, number, bits[:9])
            except Refused:
                wrong.append(str(number))
        if wrong:
            raise ActionRefused(f"Cannot chmod image: {','.join(wrong)}")
        return template

    @remote("template.chown", "iii")
    def chown(self, template: int, uid: int, gid: int) -> int:
        """Give a template another owner or group; -1 keeps what there is.

        Raises:
            Refused: there is no such user or group, or the new owner has that name already.
        """
        shared.chown(self, self.cloud.templates, template, uid, gid)
        return template

    @remote("template.lock", "ii", "b")
    def lock(self, template: int, level: int, test: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Lock a template against calls: 1 use, 2 manage, 3 admin, 4 all.

        Raises:
            Refused: the level is unknown, or somebody else holds the lock.
        """
        shared.lock(self, self.cloud.templates, template, level, test=test)
        return template

    @remote("template.unlock", "i")
    def unlock(self, template: int) -> int:
        """Take the lock off a template.

        Raises:
            Refused: somebody else holds it.
        """
        shared.unlock(self, self.cloud.templates, template)
        return template

    def _merged(self, template: VmTemplate, extra: str) -> dict[str, list[Any]]:
        """Give a template's attributes, replaced by some more.

        Raises:
            Refused: the text is no template, or names what only administrators may set.
        """
        given = kept(multiple(parsed(extra)))
        base = deepcopy(template.template)
        if given and not self.caller.admin:
            name = first_changed(given, base, VM_RESTRICTED, append=True)
            if name:
                raise AuthorizationRefused(f"User Template includes a restricted attribute {name}")
        return base | given

    def _new(self, attributes: dict[str, list[Any]]) -> int:
        cloud, caller = self.cloud, self.caller
        name = text_of(attributes, "NAME")
        if objection := shared.objection_to_new(cloud.templates, name, caller.uid):
            raise InternalRefused(objection)
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
        attributes = self._merged(source, extra)
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
            number = self._image_of(disk)
            if number is None:
                continue
            try:
                copy = image_calls.clone(
                    self, number, f"{name}-disk-{place}", -1, persistent=persistent
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

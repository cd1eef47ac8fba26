"""The calls on users: ``one.user.*``.

Source: ``src/rm/api/UserAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from lifecycle.cloud.attributes import ParseError
from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls.remote import CallGroup, found, remote
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.objects import User
from lifecycle.cloud.quotas import parse_quotas
from lifecycle.refusal import ActionRefused, AllocateRefused, InternalRefused


class UserCalls(CallGroup):
    """The calls on one user."""

    __slots__ = ()

    @remote("user.allocate", "ss", "sa")
    def allocate(
        self, name: str, password: str, driver: str = "core", groups: list[int] | None = None
    ) -> int:
        """Make a user and give its id; the first group is the primary one.

        Raises:
            Refused: the name is taken or cannot be used, or there is no such group.
        """
        cloud = self.cloud
        self.authorize((Right.CREATE, Subject("USER")))
        if objection := objection_to(name):
            raise AllocateRefused(objection.replace("NAME", "NAME"), kind="USER")
        taken = cloud.users.named(name)
        if taken is not None:
            raise AllocateRefused(f"NAME is already taken by USER {taken.id}.", kind="USER")
        chosen = list(groups) if groups else [1]
        for number in chosen:
            found(cloud.groups, number, cloud.groups.get(number))
        user = User(cloud.users.take_id(), name, password, chosen, driver or "core")
        cloud.users.add(user)
        return user.id

    @remote("user.delete", "i")
    def delete(self, user: int) -> int:
        """Delete a user; what it owns stays.

        Raises:
            Refused: there is none, or it is oneadmin or serveradmin.
        """
        thing: User = self.existing(self.cloud.users, user)
        if user in (0, 1):
            raise ActionRefused(f"Cannot delete user. {thing.name} cannot be deleted.")
        self.cloud.users.remove(thing)
        return user

    @remote("user.info", "i", "b")
    def info(self, user: int, decrypt: bool = False) -> User:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a user, -1 for the one who calls.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        number = self.uid if user == -1 else user
        thing: User = found(self.cloud.users, number, self.cloud.users.get(number))
        if number != self.uid:
            self.authorize((Right.USE_NO_LCK, Subject("USER", thing)))
        return thing

    @remote("user.passwd", "is")
    def passwd(self, user: int, password: str) -> int:
        """Change a password; one's own always may be.

        Raises:
            Refused: there is no such user, or the right to manage it is missing.
        """
        thing: User = found(self.cloud.users, user, self.cloud.users.get(user))
        if user != self.uid:
            self.authorize((Right.MANAGE, Subject("USER", thing)))
        thing.password = password
        return user

    @remote("user.enable", "ib")
    def enable(self, user: int, enabled: bool) -> int:  # noqa: FBT001 - as on the wire
        """Enable or disable a user; one that is disabled cannot call.

        Raises:
            Refused: there is none, or the right to manage it is missing.
        """
        thing: User = self.existing(self.cloud.users, user)
        thing.enabled = enabled
        return user

    @remote("user.addgroup", "ii")
    def addgroup(self, user: int, group: int) -> int:
        """Put a user into one more group.

        Raises:
            Refused: there is no such user or group, or it is in it already.
        """
        thing: User = self.existing(self.cloud.users, user)
        self.existing(self.cloud.groups, group)
        if group in thing.groups:
            raise ActionRefused("User is already in this group")
        thing.groups.append(group)
        return user

    @remote("user.delgroup", "ii")
    def delgroup(self, user: int, group: int) -> int:
        """Take a user out of a group that is not its primary one.

        Raises:
            Refused: there is no such user or group, or it is the primary one.
        """
        thing: User = self.existing(self.cloud.users, user)
        self.existing(self.cloud.groups, group)
        if group == thing.gid:
            raise ActionRefused("Cannot remove user from the primary group.")
        if group not in thing.groups:
            raise ActionRefused("User is not part of this group")
        thing.groups.remove(group)
        return user

    @remote("user.quota", "is")
    def quota(self, user: int, template: str) -> int:
        """Set a user's quotas on datastores (SIZE in MB, IMAGES); -1 means no limit.

        Raises:
            Refused: there is no such user, or the text is no template.
        """
        thing: User = self.existing(self.cloud.users, user, Right.ADMIN)
        try:
            quotas = parse_quotas(template)
        except ParseError as error:
            raise InternalRefused(str(error)) from error
        thing.quotas = thing.quotas | quotas
        return user

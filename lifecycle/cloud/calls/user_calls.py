"""The calls on users: ``one.user.*``.

Sources: ``src/rm/api/UserAPI.cc``, ``src/um/UserPool.cc`` and ``User.cc`` of
OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.authorization import INDIVIDUAL, ONEADMIN, Right, Subject
from lifecycle.cloud.calls import shared
from lifecycle.cloud.calls.remote import CallGroup, found, remote
from lifecycle.cloud.configuration import USER_RESTRICTED
from lifecycle.cloud.names import objection_to, objection_to_password
from lifecycle.cloud.objects import User, new_token
from lifecycle.cloud.quotas import parse_quotas
from lifecycle.cloud.template_text import ParseError
from lifecycle.refusal import ActionRefused, ApiRefused, InternalRefused

if TYPE_CHECKING:
    from lifecycle.cloud.objects import Group

_USERS = 1
_NOT_IN_NAMES = " :\t\n\v\f\r"


class UserCalls(CallGroup):
    """The calls on one user."""

    __slots__ = ()

    @remote("user.allocate", "sss", "a")
    def allocate(
        self, name: str, password: str, driver: str = "core", groups: list[int] | None = None
    ) -> int:
        """Make a user and give its id; the first group is the primary one.

        Raises:
            Refused: the name is taken or cannot be used, or there is no such group.
        """
        cloud, caller = self.cloud, self.caller
        asked = [(Right.CREATE, Subject("USER"))]
        for number in groups or ():
            group = found(cloud.groups, number, cloud.groups.get(number))
            if number != caller.gid:
                asked.append((Right.MANAGE, Subject("GROUP", group)))
        self.authorize(*asked)
        driver = driver or "core"
        objection = objection_to_password(password, driver) or objection_to(name, _NOT_IN_NAMES)
        if objection:
            raise InternalRefused(f"{objection}.")
        if objection := shared.objection_to_new(cloud.users, name):
            raise InternalRefused(objection)
        usual = _USERS if caller.gid == ONEADMIN else caller.gid
        chosen = list(dict.fromkeys(groups or [usual]))
        number = cloud.users.take_id()
        user = User(number, name, password, chosen, driver, template=new_token(number))
        cloud.users.add(user)
        return user.id

    @remote("user.delete", "i")
    def delete(self, user: int) -> int:
        """Delete a user; what it owns stays, the ACL rules about it go.

        Raises:
            Refused: there is none, or it is oneadmin.
        """
        cloud = self.cloud
        thing: User = self.existing(cloud.users, user)
        if user == ONEADMIN:
            raise ActionRefused("Cannot delete user. oneadmin cannot be deleted.")
        cloud.users.remove(thing)
        rules = [rule for rule in cloud.acl_rules if rule.user != INDIVIDUAL | user]
        cloud.acl_rules[:] = rules
        shared.forget_rules(cloud, cloud.users, user)
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

    @remote("user.update", "is", "i")
    def update(self, user: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of a user.

        Raises:
            Refused: the text is no template, or names what only administrators may set.
        """
        thing, attributes = shared.new_template(
            self, self.cloud.users, user, template, append, restricted=USER_RESTRICTED
        )
        thing.template = attributes
        return user

    @remote("user.passwd", "is")
    def passwd(self, user: int, password: str) -> int:
        """Change a password; one's own always may be.

        Raises:
            Refused: there is no such user, or the right to manage it is missing.
        """
        thing: User = found(self.cloud.users, user, self.cloud.users.get(user))
        if user != self.uid:
            self.authorize((Right.MANAGE, Subject("USER", thing)))
        if objection := objection_to_password(password, thing.driver):
            raise ActionRefused(objection)
        thing.password = password
        return user

    @remote("user.enable", "ib")
    def enable(self, user: int, enabled: bool) -> int:  # noqa: FBT001 - as on the wire
        """Enable or disable a user; one that is disabled cannot call.

        Raises:
            Refused: there is none, it is oneadmin, or the right to manage it is missing.
        """
        thing: User = self.existing(self.cloud.users, user)
        if user == ONEADMIN:
            raise ActionRefused("Cannot enable/disable oneadmin user")
        thing.enabled = enabled
        return user

    @remote("user.chgrp", "ii")
    def chgrp(self, user: int, group: int) -> int:
        """Give a user another primary group; it leaves the old one unless it was in both.

        Raises:
            Refused: there is no such user or group, or it is oneadmin.
        """
        if group < 0:
            raise ApiRefused("Wrong group ID")
        cloud = self.cloud
        thing: User = found(cloud.users, user, cloud.users.get(user))
        place: Group = found(cloud.groups, group, cloud.groups.get(group))
        if user == ONEADMIN:
            raise InternalRefused(
                "user [0] oneadmin cannot be moved outside of the group [0] oneadmin"
            )
        self.authorize((Right.MANAGE, Subject("USER", thing)), (Right.USE, Subject("GROUP", place)))
        if thing.gid == group:
            return user
        others = [one for one in thing.groups if one != group]
        thing.groups[:] = [group, *(others if group in thing.groups else others[1:])]
        return user

    @remote("user.addgroup", "ii")
    def addgroup(self, user: int, group: int) -> int:
        """Put a user into one more group.

        Raises:
            Refused: there is no such user or group, or it is in it already.
        """
        thing = self._in_group(user, group)
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
        thing = self._in_group(user, group)
        if group == thing.gid:
            raise ActionRefused("Cannot remove user from the primary group")
        if group not in thing.groups:
            raise ActionRefused("User is not part of this group")
        thing.groups.remove(group)
        return user

    def _in_group(self, user: int, group: int) -> User:
        cloud = self.cloud
        thing: User = found(cloud.users, user, cloud.users.get(user))
        place = found(cloud.groups, group, cloud.groups.get(group))
        self.authorize(
            (Right.MANAGE, Subject("USER", thing)), (Right.MANAGE, Subject("GROUP", place))
        )
        return thing

    @remote("user.quota", "is")
    def quota(self, user: int, template: str) -> int:
        """Set a user's quotas on datastores (SIZE in MB, IMAGES); -1 means no limit.

        Raises:
            Refused: there is no such user, it is oneadmin, or the text is no template.
        """
        thing: User = self.existing(self.cloud.users, user, Right.ADMIN)
        if user == ONEADMIN:
            raise ActionRefused("Cannot set quotas for oneadmin user")
        try:
            quotas = parse_quotas(template)
        except ParseError as error:
            raise ActionRefused(str(error)) from error
        thing.quotas = thing.quotas | quotas
        return user

"""The document of the ACL rules.

Source: ``AclManager::dump`` and ``AclRule::to_xml`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.calls.acl_calls import rule_text
from lifecycle.documents import markup

if TYPE_CHECKING:
    from lifecycle.cloud.authorization import AclRule
    from lifecycle.cloud.cloud import Cloud


def rule_document(_: Cloud, rule: AclRule) -> str:
    """Give ACL, whose numbers are hexadecimal."""
    return (
        f"<ACL><ID>{rule.id}</ID><USER>{rule.user:x}</USER>"
        f"<RESOURCE>{rule.resource:x}</RESOURCE><RIGHTS>{rule.rights:x}</RIGHTS>"
        f"<ZONE>{rule.zone:x}</ZONE><STRING>{markup.text(rule_text(rule))}</STRING></ACL>"
    )

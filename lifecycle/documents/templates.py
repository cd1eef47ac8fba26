"""The document of a template of machines.

Source: ``VMTemplate::to_xml`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.documents import markup
from lifecycle.documents.owners import head

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import VmTemplate


def template_document(cloud: Cloud, template: VmTemplate) -> str:
    """Give VMTEMPLATE."""
    return (
        f"<VMTEMPLATE>{head(cloud, template)}<NAME>{markup.text(template.name)}</NAME>"
        f"{markup.lock(template.lock_held)}{markup.permissions(template.permissions & 0o777)}"
        f"<REGTIME>{template.regtime}</REGTIME>{markup.template(template.template)}</VMTEMPLATE>"
    )

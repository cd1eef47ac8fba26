"""The documents of hosts, clusters and zones.

Sources: ``Host::to_xml``, ``HostShare::to_xml``, ``Cluster::to_xml`` and
``Zone::to_xml`` of OpenNebula 7.4.0. What a host is made of is what the
recorded one was; what it holds follows from the machines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.documents import markup
from lifecycle.documents.quotas import amount_text, number_in

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import Cluster, Host, Zone
    from lifecycle.cloud.vm import VirtualMachine

_MONITORED = 2
_CPU, _MEMORY = 100_000, 1_073_741_824
_NO_DISK = dict.fromkeys(("DISK_USAGE", "FREE_DISK", "MAX_DISK", "USED_DISK"), "0")
_RESERVED = {"RESERVED_CPU": "", "RESERVED_MEM": ""}
_TEMPLATE = {
    "ARCH": "x86_64",
    "CPUSPEED": "2000",
    "HYPERVISOR": "dummy",
    "IM_MAD": "monitord",
    "MODELNAME": "scripted",
    "TOTALCPU": str(_CPU),
    "TOTALMEMORY": str(_MEMORY),
    "VERSION": "7.4.0",
    "VM_MAD": "dummy",
    **_RESERVED,
}


def host_document(cloud: Cloud, host: Host) -> str:
    """Give HOST."""
    machines = [vm for vm in cloud.vms if vm.on_host and host.id == vm.host]
    cluster = cloud.clusters[0].name
    return (
        f"<HOST><ID>{host.id}</ID><NAME>{markup.text(host.name)}</NAME>"
        f"<STATE>{_MONITORED}</STATE><PREV_STATE>{_MONITORED}</PREV_STATE>"
        f"<IM_MAD>{markup.cdata(_TEMPLATE['IM_MAD'])}</IM_MAD>"
        f"<VM_MAD>{markup.cdata(_TEMPLATE['VM_MAD'])}</VM_MAD>"
        f"<CLUSTER_ID>0</CLUSTER_ID><CLUSTER>{markup.text(cluster)}</CLUSTER>"
        f"{_share(machines)}{markup.ids('VMS', [vm.id for vm in machines])}"
        f"{markup.template(_TEMPLATE | {'HOSTNAME': host.name})}<MONITORING/></HOST>"
    )


def _share(machines: list[VirtualMachine]) -> str:
    cpu = sum(number_in(vm, "CPU") for vm in machines) * 100
    memory = sum(number_in(vm, "MEMORY") for vm in machines) * 1024
    return (
        f"<HOST_SHARE><MEM_USAGE>{amount_text(memory)}</MEM_USAGE>"
        f"<CPU_USAGE>{int(cpu)}</CPU_USAGE><TOTAL_MEM>{_MEMORY}</TOTAL_MEM>"
        f"<TOTAL_CPU>{_CPU}</TOTAL_CPU><MAX_MEM>{_MEMORY}</MAX_MEM><MAX_CPU>{_CPU}</MAX_CPU>"
        f"<RUNNING_VMS>{len(machines)}</RUNNING_VMS><VMS_THREAD>1</VMS_THREAD>"
        f"{markup.template(_NO_DISK, 'DATASTORES')}<PCI_DEVICES></PCI_DEVICES>"
        "<NUMA_NODES></NUMA_NODES></HOST_SHARE>"
    )


def cluster_document(cloud: Cloud, cluster: Cluster) -> str:
    """Give CLUSTER; all hosts and datastores are in the first one."""
    hosts = cloud.hosts.ids() if cluster.id == 0 else []
    stores = cloud.datastores.ids() if cluster.id == 0 else []
    return (
        f"<CLUSTER><ID>{cluster.id}</ID><NAME>{markup.text(cluster.name)}</NAME>"
        f"{markup.ids('HOSTS', hosts)}{markup.ids('DATASTORES', stores)}<VNETS></VNETS>"
        f"{markup.template(_RESERVED)}</CLUSTER>"
    )


def zone_document(_: Cloud, zone: Zone) -> str:
    """Give ZONE."""
    endpoints = {"ENDPOINT": zone.endpoint, "ENDPOINT_GRPC": zone.endpoint_grpc}
    return (
        f"<ZONE><ID>{zone.id}</ID><NAME>{markup.text(zone.name)}</NAME><STATE>0</STATE>"
        f"{markup.template(endpoints)}<SERVER_POOL></SERVER_POOL></ZONE>"
    )

"""Documents of OpenNebula are read; what is damaged, foreign or hostile is refused in one line."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from lifecycle.cloud.objects import AppState
from lifecycle.cloud.vm_states import VmState
from lifecycle.documents import reading
from lifecycle.refusal import InputError
from lifecycle.states import ImageState, ImageType
from tests.documents.samples import APP, IMAGES, MACHINES, image_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read(text: str | bytes, tmp_path: Path, what: str = "images") -> list[object]:
    path = tmp_path / "document.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(getattr(reading, f"read_{what}")(str(path)))


def refused(text: str | bytes, tmp_path: Path, what: str = "images") -> InputError:
    with pytest.raises(InputError) as caught:
        read(text, tmp_path, what)
    assert "\n" not in str(caught.value)
    return caught.value


# What a real cloud wrote


def test_a_recorded_pool_of_images_is_read_with_every_field() -> None:
    images = {image.id: image for image in reading.read_images(str(IMAGES))}
    assert len(images) == 47
    assert {image.state for image in images.values()} == set(ImageState) - {ImageState.INIT}
    snapshots = images[46].snapshots
    assert snapshots is not None
    assert [row["NAME"] for row in snapshots.attributes()] == ["first & <snap>", "second"]
    assert snapshots.active_id == 1
    assert snapshots.next_id == 2
    source = images[44]
    assert (source.clones, source.cloning_ops, images[45].cloning_id) == ({45}, 1, 44)
    assert (images[36].vms, images[36].running_vms) == ({1}, 1)
    assert images[42].template["ERROR"].endswith('mkfs: no space <left> & "so"')
    assert images[42].type is ImageType.DATABLOCK
    assert images[38].is_persistent
    assert images[46].permissions == 0o600
    assert images[46].source == "/ds/SNAP"


def test_recorded_machines_and_apps_are_read() -> None:
    machines = {machine.id: machine for machine in reading.read_machines(str(MACHINES))}
    assert {number: machine.state for number, machine in machines.items()} == {
        0: VmState.CLONING,
        1: VmState.CLONING,
        2: VmState.RUNNING,
        3: VmState.PENDING,
    }
    assert machines[2].image_ids() == [37]
    (app,) = reading.read_apps(str(APP))
    assert (app.origin_id, app.state, app.market_id) == (8, AppState.LOCKED, 100)


# Forms that the same document has


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: '<?xml version="1.0" encoding="UTF-8"?>\n' + text,
        lambda text: text.replace("<IMAGE_POOL>", '<IMAGE_POOL xmlns="http://opennebula.org/X">'),
        lambda text: re.sub(r"<(/?)(\w)", r"<\1one:\2", text).replace(
            "<one:IMAGE_POOL>", '<one:IMAGE_POOL xmlns:one="http://opennebula.org/X">'
        ),
        lambda text: re.sub(r">(<\w)", r">\n  \1", text),
        lambda text: text.replace("<IMAGE_POOL>", "").replace("</IMAGE_POOL>", ""),
        lambda text: text.replace("<STATE>", "<NEW><IMAGE><ID>3</ID></IMAGE></NEW><STATE>"),
        lambda text: text.replace("<IMAGE_POOL>", "<IMAGE_POOL><COUNT><OF>1</OF></COUNT>"),
        lambda text: "\ufeff" + text,
        lambda text: gzip.compress(text.encode()),
        lambda text: '<?xml version="1.0" encoding="UTF-16"?>' + text,
    ],
)
def test_the_same_image_in_another_form(
    change: Callable[[str], str | bytes], tmp_path: Path
) -> None:
    text = change(image_document(ID=7, NAME="<![CDATA[de & bian]]>", VMS="<ID>3</ID><ID>4</ID>"))
    if isinstance(text, str) and "UTF-16" in text:
        text = text.encode("utf-16")
    (image,) = read(text, tmp_path)
    assert (image.id, image.name, image.vms) == (7, "de & bian", {3, 4})  # type: ignore[attr-defined]  # an image


def test_an_empty_pool_has_no_images(tmp_path: Path) -> None:
    assert read("<IMAGE_POOL/>", tmp_path) == []


def test_a_state_of_a_machine_that_no_image_feels_is_taken_for_running(tmp_path: Path) -> None:
    text = "<VM><ID>1</ID><NAME>a</NAME><STATE>3</STATE><LCM_STATE>4</LCM_STATE></VM>"
    (machine,) = read(text, tmp_path, "machines")
    assert machine.state is VmState.RUNNING  # type: ignore[attr-defined]  # a machine


def test_images_are_given_as_they_come(tmp_path: Path) -> None:
    pool = "".join(image_document(ID=number) for number in range(200))
    path = tmp_path / "cut.xml"
    path.write_text("<IMAGE_POOL>" + pool.replace("<IMAGE_POOL>", "").replace("</IMAGE_POOL>", ""))
    images = reading.read_images(str(path))
    assert next(images).id == 0
    with pytest.raises(InputError, match="is cut off"):
        list(images)


# What cannot be used


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("   ", "is cut off"),
        ("NAME = debian", "is not well-formed XML: "),
        ('{"IMAGE_POOL": {}}', "is not well-formed XML: "),
        (image_document()[:-40], "is cut off: the document does not end"),
        (image_document().replace("</STATE>", ""), "is not well-formed XML: mismatched tag"),
        (image_document() * 2, "is not well-formed XML: junk after document element"),
        ("<VM_POOL><VM><ID>1</ID></VM></VM_POOL>", "holds 'VM_POOL' where IMAGE_POOL or IMAGE"),
        ("<html><body>502</body></html>", "holds 'html' where IMAGE_POOL or IMAGE is due"),
        ("<IMAGE_POOL>" + "<IMAGE><A>" + "<B>" * 40, "is nested too deeply"),
        (b"\x1f\x8b\x08\x00" + b"\x00" * 20, "cannot be read: "),
        (gzip.compress(image_document().encode())[:-20], "cannot be read: "),
        (
            '<?xml version="1.0" encoding="klingon"?><IMAGE_POOL/>',
            "cannot be read: unknown encoding",
        ),
        (b"<IMAGE_POOL>\xff\xfe</IMAGE_POOL>", "is not well-formed XML: "),
    ],
)
def test_what_is_no_document_of_images(text: str | bytes, problem: str, tmp_path: Path) -> None:
    error = refused(text, tmp_path)
    assert error.file.endswith("document.xml")
    assert error.problem.startswith(problem)


BOMB = """<?xml version="1.0"?>
<!DOCTYPE IMAGE_POOL [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<IMAGE_POOL><IMAGE><NAME>&b;</NAME></IMAGE></IMAGE_POOL>"""
EXTERNAL = """<!DOCTYPE IMAGE_POOL [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<IMAGE_POOL><IMAGE><NAME>&a;</NAME></IMAGE></IMAGE_POOL>"""
REMOTE = '<!DOCTYPE IMAGE_POOL SYSTEM "http://127.0.0.1:1/a.dtd"><IMAGE_POOL/>'


@pytest.mark.parametrize("text", [BOMB, EXTERNAL, REMOTE])
def test_a_document_that_declares_anything_is_refused(text: str, tmp_path: Path) -> None:
    assert refused(text, tmp_path).problem.startswith("declares a DTD or entities")


def test_an_object_without_an_end_fills_no_memory(tmp_path: Path) -> None:
    text = "<IMAGE_POOL><IMAGE><NAME>" + "x" * (17 * 1024 * 1024)
    assert refused(text, tmp_path).problem == "has an object larger than 16 MiB"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ID": None}, "IMAGE without an ID: ID: is missing"),
        ({"ID": "seven"}, "IMAGE without an ID: ID: must be a whole number"),
        ({"ID": -3}, "IMAGE without an ID: ID: must be from 0 to 2147483647"),
        ({"ID": 2**31}, "IMAGE without an ID: ID: must be from 0 to 2147483647"),
        ({"ID": 7, "STATE": None}, "IMAGE 7: STATE: is missing"),
        ({"ID": 7, "STATE": 11}, "IMAGE 7: STATE: 11 is no number of OpenNebula 7.4's"),
        ({"ID": 7, "TYPE": 8}, "IMAGE 7: TYPE: 8 is no number of OpenNebula 7.4's"),
        ({"ID": 7, "RUNNING_VMS": "many"}, "IMAGE 7: RUNNING_VMS: must be a whole number"),
        ({"ID": 7, "RUNNING_VMS": "9" * 5000}, "IMAGE 7: RUNNING_VMS: must be a whole number"),
        ({"ID": 7, "VMS": "<ID>x</ID>"}, "IMAGE 7: VMS: must hold IDs"),
        ({"ID": 7, "VMS": "3"}, "IMAGE 7: VMS: must hold elements"),
        ({"ID": 7, "NAME": "<A>1</A>"}, "IMAGE 7: NAME: must be a text, once"),
        ({"ID": 7, "PERSISTENT": None}, "IMAGE 7: PERSISTENT: is missing"),
    ],
)
def test_a_field_that_counts_and_makes_no_sense(
    fields: dict[str, object], problem: str, tmp_path: Path
) -> None:
    error = refused(image_document(**fields), tmp_path)
    assert str(error).endswith(problem)
    assert error.line == 1


@pytest.mark.parametrize(
    ("what", "text", "problem"),
    [
        ("machines", "<VM><ID>1</ID><STATE>77</STATE></VM>", "VM 1: STATE: 77 is no number"),
        ("machines", "<IMAGE_POOL/>", "holds 'IMAGE_POOL' where VM_POOL or VM is due"),
        (
            "machines",
            "<VM><ID>1</ID><STATE>1</STATE><TEMPLATE><DISK>a</DISK></TEMPLATE></VM>",
            "VM 1: TEMPLATE/DISK: must hold elements",
        ),
        (
            "machines",
            "<VM><ID>1</ID><STATE>1</STATE><TEMPLATE><DISK><DISK_ID>a</DISK_ID></DISK></TEMPLATE></VM>",
            "VM 1: TEMPLATE/DISK/DISK_ID: must be a whole number",
        ),
        ("apps", "<MARKETPLACEAPP><ID>1</ID></MARKETPLACEAPP>", "ORIGIN_ID: is missing"),
    ],
)
def test_machines_and_apps_that_cannot_be_used(
    what: str, text: str, problem: str, tmp_path: Path
) -> None:
    assert problem in str(refused(text, tmp_path, what))


def test_two_images_of_one_id(tmp_path: Path) -> None:
    both = f"{image_document(ID=7)}{image_document(ID=7, STATE=5)}"
    error = refused(both.replace("</IMAGE_POOL><IMAGE_POOL>", "\n"), tmp_path)
    assert (error.line, error.field, error.problem) == (2, "IMAGE 7", "is there twice")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        list(reading.read_images(str(tmp_path / "none.xml")))
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        list(reading.read_images(str(tmp_path)))

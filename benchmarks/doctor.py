"""A hundred thousand images read and examined: seconds of one processor, whoever else uses it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from time import process_time

from benchmarks.measure import ROOT, Result
from lifecycle.analysis.doctor.examine import examine
from lifecycle.analysis.doctor.observed import Observed
from lifecycle.documents.reading import read_images, read_machines

SAMPLE = ROOT / "tests" / "data" / "documents" / "images.xml"
_LATER = 1795544460


def run(quick: bool) -> list[Result]:
    """Measure reading and examining a pool made of the recorded one."""
    count = 10_000 if quick else 100_000
    images = re.findall("<IMAGE>.*?</IMAGE>", SAMPLE.read_text("utf-8"), re.DOTALL)
    with tempfile.TemporaryDirectory() as folder:
        path, machines = Path(folder, "images.xml"), Path(folder, "machines.xml")
        machines.write_text("<VM_POOL/>")
        with path.open("w", encoding="utf-8") as file:
            file.write("<IMAGE_POOL>")
            for number in range(count):
                text = images[number % len(images)]
                file.write(re.sub(r"<ID>\d+</ID>", f"<ID>{number}</ID>", text, count=1))
            file.write("</IMAGE_POOL>")
        start = process_time()
        observed = Observed(
            read_images(str(path)), read_machines(str(machines)), now=_LATER, patience=0
        )
        read_at = process_time()
        found = examine(observed)
        done = process_time()
    assert len(observed.images) == count
    assert found
    return [
        Result(f"examining {count:,} images", done - start, "s", at_most=10 * count / 100_000),
        Result("reading them alone", read_at - start, "s"),
        Result(f"{len(found):,} findings", done - read_at, "s"),
    ]

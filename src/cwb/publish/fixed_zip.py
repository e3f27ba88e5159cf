"""Office files of the same bytes for the same content, whatever the day, the system and the library that packs them."""

from __future__ import annotations

import io
import zipfile

# The earliest day that a zip file can state.
_DAY = (1980, 1, 1, 0, 0, 0)


def fixed_zip(packed: bytes) -> bytes:
    """The parts of a zip file in their order, with no clock time, no trace of a system, and uncompressed: two builds of zlib
    compress the same text into other bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as parts, zipfile.ZipFile(target, "w") as fixed:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, _DAY)
            part.create_system = 0
            fixed.writestr(part, parts.read(name))
    return target.getvalue()

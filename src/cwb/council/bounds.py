"""Bounds on what is read: far above what councils and publishers have, and low enough that no file stops the machine."""

from __future__ import annotations

from pydantic import Field

from cwb.council.sections import Section


class Bounds(Section):
    """How much of one thing is read. What is beyond is refused by name, before it takes the machine's memory."""

    files: int = Field(default=20_000, ge=1, description="files of one source")
    unpacked_bytes: int = Field(default=10_000_000_000, ge=1, description="bytes of an archive once unpacked")
    workbook_bytes: int = Field(default=1_500_000_000, ge=1, description="bytes of a workbook once unpacked")
    ratio: int = Field(
        default=250,
        ge=2,
        description="how many times its size an archive may become once unpacked, from 100 MB on",
    )
    cells: int = Field(
        default=10_000_000,
        ge=1,
        description="cells of a workbook's sheets together, from the first to the last that is filled",
    )
    columns: int = Field(default=2_000, ge=1, description="columns of a file or sheet")
    cell_characters: int = Field(default=100_000, ge=1, description="characters of one cell")
    rows: int = Field(
        default=500_000, ge=1, description="rows or releases of a file of any source but payments and registers"
    )
    json_bytes: int = Field(default=400_000_000, ge=1, description="bytes of a file of JSON")
    json_values: int = Field(default=10_000_000, ge=1, description="values in a file of JSON")
    json_depth: int = Field(default=100, ge=1, le=400, description="how deep lists and objects of JSON may nest")


# What a file is held to of which no settings speak.
DEFAULT = Bounds()

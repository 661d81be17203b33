"""Where the tables lie that `sekisho update` fetched: files named after their date, atlas-2026-11-01.bin."""

from __future__ import annotations

import os

FOLDER: str | None = None  # set by the programs that serve a reader; None: only what came with the program


def file(name: str, ending: str) -> str | None:
    """The newest file of a table, None where there is none."""
    found = versions(name, ending)
    return os.path.join(FOLDER, found[-1]) if FOLDER and found else None


def versions(name: str, ending: str) -> list[str]:
    """The files of a table, the oldest first."""
    if not FOLDER:
        return []
    try:
        listed = os.listdir(FOLDER)
    except OSError:
        return []
    return sorted(one for one in listed if one.startswith(name + "-") and one.endswith(ending))

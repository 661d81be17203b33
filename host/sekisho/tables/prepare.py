"""Make the tables that are mapped: unpack the atlas, compile the public suffixes.

    python -m sekisho.tables.prepare [DIRECTORY]

The build of the package does this (setup.py); a source tree needs it once, into tables/data, where git ignores it.
"""

from __future__ import annotations

import lzma
import os
import struct
import sys
import tempfile
from pathlib import Path

from sekisho.tables import atlas, compile_suffixes, packing

DATA = Path(__file__).with_name("data")
PACKED_ATLAS = "atlas.bin.xz"


def prepare(directory: Path) -> None:
    """Write atlas.bin and suffixes.bin into a directory, unless they are there and up to date.

    Raises OSError when it cannot read or write, ImportError without tldextract and publicsuffixlist, ValueError or
    lzma.LZMAError when the packed atlas is damaged. A file is replaced as a whole or not at all.
    """
    directory.mkdir(parents=True, exist_ok=True)
    packed = (DATA / PACKED_ATLAS).read_bytes()
    target = directory / "atlas.bin"
    if _digest_in(target) != packing.digest(packed):
        replace(target, packing.unpack(packed))
    table = compile_suffixes.compile_table(compile_suffixes.source())
    target = directory / "suffixes.bin"
    if not target.is_file() or target.read_bytes() != table:
        replace(target, table)


def _digest_in(unpacked: Path) -> bytes:
    """Of which packed atlas this one was made; b"" when that cannot be said, or the file is not whole."""
    try:
        with unpacked.open("rb") as file:
            fields = atlas.HEADER.unpack(file.read(atlas.HEADER.size))
    except (OSError, struct.error):
        return b""
    magic, version, _, _, _, size, digest = fields
    whole = (magic, version, size) == (atlas.MAGIC, atlas.FORMAT, unpacked.stat().st_size)
    return bytes(digest) if whole else b""


def replace(target: Path, content: bytes) -> None:
    """Write a file as a whole or not at all. Raises OSError."""
    handle, temporary = tempfile.mkstemp(prefix=target.name + ".", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)  # mkstemp gives 0600: others than the one who installs may run the host
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def main(arguments: list[str]) -> int:
    directory = Path(arguments[0]) if arguments else DATA
    try:
        prepare(directory)
    except (OSError, ImportError, ValueError, lzma.LZMAError) as fault:
        print(f"The tables could not be made: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

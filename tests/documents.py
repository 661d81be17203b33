"""Small files made here for the tests of what opens files: images with codes, PDFs, Office files old and new. All addresses are
reserved ones, and no program in them does anything."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
MACRO = b'Attribute VB_Name = "ThisDocument"\r\nSub AutoOpen()\r\n  Shell "calc http://macro.example/x"\r\nEnd Sub\r\n'
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def code(text: str = "https://login.example/?to=1", symbology: str = "QRCode", scale: int = 4) -> Any:
    """A code as a grey image of Pillow's."""
    import zxingcpp
    from PIL import Image

    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    pixels = memoryview(made.to_image(scale=scale))  # type: ignore[arg-type]
    return Image.frombytes("L", (pixels.shape[1], pixels.shape[0]), bytes(pixels))


def picture(image: Any, form: str = "PNG", **given: Any) -> bytes:
    """An image as a file."""
    out = BytesIO()
    image.save(out, form, **given)
    return out.getvalue()


def pdf(catalogue: str = "", objects: tuple[str | bytes, ...] = (), page: str = "", trailer: str = "") -> bytes:
    """A PDF of one page: objects 1 to 3 are catalogue, pages and page; `objects` are numbered from 4."""
    bodies: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {page} >>".encode(),
        *(one if isinstance(one, bytes) else one.encode("latin-1") for one in objects),
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1,
        trailer.encode(),
        table,
    )
    return bytes(out)


def stream(data: bytes, more: str = "") -> bytes:
    """A PDF stream object, packed."""
    packed = zlib.compress(data)
    return b"<< /Filter /FlateDecode /Length %d %s >>\nstream\n%s\nendstream" % (len(packed), more.encode(), packed)


def open_xml(parts: dict[str, str | bytes]) -> bytes:
    """An Office Open XML file with these parts besides its list of types."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relationships(*targets: tuple[str, str]) -> str:
    """A part of external relationships, each a type and a target."""
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONSHIPS}/{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f"<Relationships>{rows}</Relationships>"


def compressed(source: bytes) -> bytes:
    """An MS-OVBA container of literals alone."""
    out = bytearray(b"\x01")
    for start in range(0, len(source), 3600):
        piece = source[start : start + 3600]
        body = b"".join(b"\0" + piece[at : at + 8] for at in range(0, len(piece), 8))
        out += struct.pack("<H", 0xB000 | len(body) - 1) + body
    return bytes(out)


def compound(streams: dict[str, bytes], clsid: bytes = bytes(16)) -> bytes:
    """A compound file (MS-CFB, version 3) with streams by their paths ("Macros/VBA/dir"). Each is filled up to 4,096 bytes with
    zeros, so that none lies in the mini stream."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "kind": 5, "children": [], "data": b""}]
    known: dict[str, int] = {"": 0}
    for path, data in streams.items():
        above = ""
        for place, name in enumerate(pieces := path.split("/")):
            full = "/".join(pieces[: place + 1])
            if full not in known:
                known[full] = len(entries)
                last = place == len(pieces) - 1
                entries[known[above]]["children"].append(len(entries))
                filled = data.ljust(4096, b"\0") if last else b""
                entries.append({"name": name, "kind": 2 if last else 1, "children": [], "data": filled})
            above = full
    chains: list[int] = []
    sectors: list[bytes] = []

    def put(data: bytes) -> int:
        first = len(sectors)
        count = -(-len(data) // SECTOR)
        for number in range(count):
            sectors.append(data[number * SECTOR : (number + 1) * SECTOR].ljust(SECTOR, b"\0"))
            chains.append(first + number + 1 if number < count - 1 else END)
        return first if count else END

    for entry in entries:
        entry["start"] = put(entry["data"])
    right = {child: after for entry in entries for child, after in pairwise([*entry["children"], FREE])}
    directory = b""
    for number, entry in enumerate(entries):
        name = entry["name"].encode("utf-16-le") + b"\0\0"
        directory += struct.pack(
            "<64sHBBIII16sIQQIQ",
            *(name, len(name), entry["kind"], 1, FREE, right.get(number, FREE)),
            *(entry["children"][0] if entry["children"] else FREE, clsid if number == 0 else bytes(16), 0, 0, 0),
            *(entry["start"] if entry["kind"] == 2 else END if number == 0 else 0, len(entry["data"])),
        )
    start = put(directory)
    tables = -(-(len(chains) + 8) // 128)
    table = [*chains, *([FAT] * tables)]
    place = len(sectors)
    packed = struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, tables, start, 0, 4096),
        *(END, 0, END, 0),
    )
    header += struct.pack("<109I", *range(place, place + tables), *([FREE] * (109 - tables)))
    return header + b"".join(sectors) + packed


def project(source: bytes = MACRO, root: str = "") -> dict[str, bytes]:
    """The streams of a VBA project with one module."""
    return {
        f"{root}VBA/_VBA_PROJECT": b"\xcc\x61",
        f"{root}VBA/dir": b"\x01",
        f"{root}VBA/ThisDocument": b"cache" + compressed(source),
    }


def packaged(name: str) -> bytes:
    """An Ole10Native stream: a file that the packager laid into a document."""
    written = name.encode("cp1252")
    body = b"\x02\0" + written + b"\0C:\\from\\" + written + b"\0\0\0\x03\0\x04\0\0\0C:\\t\0\x04\0\0\0MZxx"
    return struct.pack("<I", len(body)) + body

"""Codes for cameras in an image: QR and its kin, Data Matrix, Aztec, PDF417.

Pillow decodes (five formats, no others), zxing-cpp looks for codes. Runs in the opening process only.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any

from sekisho.opening.records import Records

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
MAX_PIXELS = 40_000_000  # of one frame: four bytes each while it is decoded, and seconds of work
MAX_SIDE = 4000  # pixels: a larger image is made smaller before it is looked at; 0.4 s for the worst
MAX_SIDE_OTHERS = 1500  # for the codes that are not QR, which take ten times as long
MIN_SIDE = 20  # a Micro QR code at two pixels a module
SMALL_SIDE = 400  # below it an image is looked at enlarged as well
FEW_PIXELS_A_MODULE = 3
QUIET_ZONE = 16  # pixels of white around: senders cut off the margin that ISO/IEC 18004 §9.1 demands
MAX_FRAMES = 4
MAX_CODES = 20
SECONDS = 3.0  # of all frames; what is being looked at is looked at to its end


def read(data: bytes) -> list[dict[str, object]]:
    """The image's size and its codes."""
    from PIL import Image, ImageFile

    Image.MAX_IMAGE_PIXELS = None  # the size is judged here, before a pixel is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # a mail program shows what is there
    records = Records()
    if _webp_pixels(data) > MAX_PIXELS:  # its decoder makes room for the canvas when the file is opened
        records.limit("too-many-pixels")
        return records.found
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        records.add("document", format=image.format, width=width, height=height)
        if width * height > MAX_PIXELS:
            records.limit("too-many-pixels")
            return records.found
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is made smaller while it is decoded
        until = monotonic() + SECONDS
        for frame in range(MAX_FRAMES):
            try:
                image.seek(frame)
            except EOFError:
                break
            if image.width * image.height > MAX_PIXELS:  # a frame may enlarge the canvas
                records.limit("too-many-pixels")
                break
            for code in codes(image, width, until):
                records.add("code", **code)
            if monotonic() > until:
                records.limit("time")
                break
    return records.found


def codes(image: Image, width: int, until: float) -> list[dict[str, object]]:
    """Symbology, text and corners of every code in an image; `width` is that of the image that the corners are for, in
    pixels; no new look begins after `until` (time.monotonic)."""
    if min(image.size) < MIN_SIDE:
        return []
    for view in _views(image):
        found = _seen(view, width)
        if found or monotonic() > until:
            return found
    return []


def _views(image: Image) -> Iterator[Image]:
    """What a reader may see of an image, in grey, the likeliest first: on white and on black where it lets the ground
    through, then colour by colour, for codes as light as their ground."""
    from PIL import Image as Module

    image.load()
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    grey = image.mode in ("1", "L", "I", "I;16", "F")
    wanted = "RGBA" if see_through else "L" if grey else "RGB"
    shown = image if image.mode == wanted else image.convert(wanted)
    if max(shown.size) > MAX_SIDE:
        shown = shown.reduce(-(-max(shown.size) // MAX_SIDE))
    if grey and not see_through:
        yield shown
        return
    coloured = shown
    for ground in ("white", "black") if see_through else ():
        coloured = Module.new("RGBA", shown.size, ground)
        coloured.alpha_composite(shown)
        yield coloured.convert("L")
    if not see_through:
        yield coloured.convert("L")
    factor = -(-max(coloured.size) // MAX_SIDE_OTHERS)
    yield from coloured.reduce(factor).split()[:3]


def _seen(view: Image, width: int) -> list[dict[str, object]]:
    """The codes that zxing-cpp finds in a grey image."""
    import zxingcpp
    from PIL import Image as Module
    from PIL import ImageOps

    Format = zxingcpp.BarcodeFormat  # noqa: N806
    sizes = [view]
    if max(view.size) <= SMALL_SIDE:
        enlarged = (view.width * FEW_PIXELS_A_MODULE, view.height * FEW_PIXELS_A_MODULE)
        sizes.append(view.resize(enlarged, Module.Resampling.NEAREST))
    for size in sizes:
        scale = width / size.width
        formats: Any = [Format.QRCode, Format.MicroQRCode, Format.RMQRCode]
        if max(size.size) <= MAX_SIDE_OTHERS:
            formats += [Format.DataMatrix, Format.Aztec, Format.PDF417]
        bordered = ImageOps.expand(size, QUIET_ZONE, 255)
        read = zxingcpp.read_barcodes(bordered, formats=formats, text_mode=zxingcpp.TextMode.Plain)
        if read:
            return [
                {"symbology": str(code.format), "text": code.text, "position": _corners(code.position, scale)}
                for code in read[:MAX_CODES]
            ]
    return []


def _corners(position: object, scale: float) -> list[list[int]]:
    points = (getattr(position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left"))
    return [[max(0, round((place - QUIET_ZONE) * scale)) for place in (point.x, point.y)] for point in points]


def _webp_pixels(data: bytes) -> int:
    """The canvas that an extended WebP file asks for (RFC 9649 §2.7); 0 for every other file."""
    if data[:4] != b"RIFF" or data[8:16] != b"WEBPVP8X":
        return 0
    return (1 + int.from_bytes(data[24:27], "little")) * (1 + int.from_bytes(data[27:30], "little"))

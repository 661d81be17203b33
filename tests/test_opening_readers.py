"""What the readers of images, PDFs and Office files say of small files made here, called directly."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from queue import SimpleQueue
from random import Random
from typing import Any
from zipfile import BadZipFile

import documents
import pytest
from documents import MACRO, code, compound, open_xml, packaged, pdf, picture, project, relationships, stream
from pypdf.errors import PyPdfError

from sekisho.opening import compound as compound_reader
from sekisho.opening import image, office, vba
from sekisho.opening import pdf as pdf_reader
from sekisho.opening.process import Opener
from sekisho.opening.records import MAX_RECORDS, MAX_TEXT, Records
from sekisho.questions import OPENED, Answer, Failed, Question

LINK = "https://login.example/?to=1"


def of(records: list[dict[str, object]], kind: str) -> list[dict[str, object]]:
    """The records of one kind, without the kind's name."""
    return [{key: value for key, value in one.items() if key != "kind"} for one in records if one["kind"] == kind]


def texts(data: bytes) -> list[object]:
    """What the codes of an image say."""
    return [one["text"] for one in of(image.read(data), "code")]


# ---- images ----


def see_through(modules: tuple[int, int, int]) -> Any:
    from PIL import Image, ImageOps

    made = Image.new("RGBA", code().size, (*modules, 0))
    made.putalpha(ImageOps.invert(code()))
    return made


def coloured(dark: tuple[int, int, int], light: tuple[int, int, int]) -> Any:
    from PIL import ImageOps

    return ImageOps.colorize(code(), dark, light)


IMAGES: dict[str, Any] = {
    "png": lambda: picture(code()),
    "jpeg": lambda: picture(code(), "JPEG"),
    "gif": lambda: picture(code(), "GIF"),
    "webp": lambda: picture(code(), "WEBP"),
    "bmp": lambda: picture(code(), "BMP"),
    "of two colours": lambda: picture(code().convert("1")),
    "turned by a quarter": lambda: picture(code().rotate(90)),
    "turned a little": lambda: picture(code().rotate(17, expand=True, fillcolor=255)),
    "light on dark": lambda: picture(code().point(lambda value: 255 - value)),
    "one pixel a module": lambda: picture(code(scale=1)),
    "no margin": lambda: picture(code().crop((16, 16, 116, 116))),
    "black and transparent": lambda: picture(see_through((0, 0, 0))),
    "white and transparent": lambda: picture(see_through((255, 255, 255))),
    "red on green of one brightness": lambda: picture(coloured((200, 0, 0), (0, 102, 0))),
    "the third frame": lambda: picture(code().point(lambda _: 255), "GIF", save_all=True, append_images=[code().rotate(180), code()]),
}  # fmt: skip


@pytest.mark.parametrize("made", IMAGES.values(), ids=IMAGES)
def test_a_code_is_read_however_it_is_drawn(made: Any) -> None:
    """The address in a QR code is found in every format and dress."""
    assert [LINK] == list(dict.fromkeys(texts(made())))


@pytest.mark.parametrize("symbology", ["MicroQRCode", "RMQRCode", "DataMatrix", "Aztec", "PDF417"])
def test_other_codes_are_read(symbology: str) -> None:
    """QR is not the only code that a camera reads."""
    assert ["HTTPS://A.TEST"] == texts(picture(code("HTTPS://A.TEST", symbology)))


def test_every_code_of_an_image_is_read_with_its_place() -> None:
    """Two codes in one image are two records; their corners are those of the image, clockwise from the top left."""
    from PIL import Image

    page = Image.new("RGB", (600, 300), "white")
    page.paste(code(), (10, 10))
    page.paste(code("https://other.example/"), (300, 20))
    first, second = of(image.read(picture(page)), "code")

    assert (LINK, "https://other.example/") == (first["text"], second["text"])
    assert [[26, 26], [126, 26], [126, 126], [26, 126]] == first["position"]


def test_an_image_without_a_code_has_none() -> None:
    """Noise is no code."""
    from PIL import Image

    assert [] == texts(picture(Image.effect_noise((600, 600), 90), "JPEG"))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that is all header."""
    body = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + body + struct.pack(">I", zlib.crc32(b"IHDR" + body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


def test_an_image_of_too_many_pixels_is_not_decoded() -> None:
    """A header that promises ten thousand million pixels is taken at its word, and left."""
    records = image.read(png_of_size(100_000, 100_000))

    assert [{"limit": "too-many-pixels"}] == of(records, "limit")
    assert [{"format": "PNG", "width": 100_000, "height": 100_000}] == of(records, "document")


def test_a_webp_canvas_of_too_many_pixels_is_not_made() -> None:
    """An extended WebP file's canvas is judged before its decoder makes room for it."""
    made = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\x3f\0\xff\x3f\0"

    assert [{"kind": "limit", "limit": "too-many-pixels"}] == image.read(made)


def test_a_cut_image_is_read_as_far_as_it_goes() -> None:
    """A code at the top of an image that ends too early is still seen, as a mail program shows it."""
    from PIL import Image

    page = Image.effect_noise((400, 1200), 60).convert("L")
    page.paste(code(), (10, 10))
    data = picture(page)

    assert [LINK] == texts(data[: len(data) // 2])


# ---- PDF ----


def pdf_of(catalogue: str = "", objects: tuple[str | bytes, ...] = (), page: str = "") -> list[dict[str, object]]:
    return pdf_reader.read(pdf(catalogue, objects, page))


def test_a_links_address_is_read() -> None:
    """An annotation's URI is a link, and nothing else is said of a plain document."""
    records = pdf_of(page="/Annots [<< /Subtype /Link /A << /S /URI /URI (https://a.example/x) >> >>]")

    assert [{"url": "https://a.example/x", "how": "link"}] == of(records, "link")
    assert ["document", "link"] == [one["kind"] for one in records]


ACTIONS: dict[str, tuple[str, dict[str, object]]] = {
    "script at opening": (
        "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        {"action": "JavaScript", "trigger": "open", "target": "app.alert(1)"},
    ),
    "script in the name tree": (
        "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>",
        {"action": "JavaScript", "trigger": "open", "target": "x"},
    ),
    "script on an event": (
        "/AA << /WC << /S /JavaScript /JS (y) >> >>",
        {"action": "JavaScript", "trigger": "event", "target": "y"},
    ),
    "program": (
        "/OpenAction << /S /Launch /Win << /F (cmd.exe) >> >>",
        {"action": "Launch", "trigger": "open", "target": "cmd.exe"},
    ),
    "address at opening": (
        "/OpenAction << /S /URI /URI (https://a.example/) >>",
        {"action": "URI", "trigger": "open", "target": "https://a.example/"},
    ),
    "form": (
        "/OpenAction << /S /SubmitForm /F << /FS /URL /F (https://f.example/) >> >>",
        {"action": "SubmitForm", "trigger": "open", "target": "https://f.example/"},
    ),
    "one after the other": (
        "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /Launch /F (a.exe) >> >>",
        {"action": "Launch", "trigger": "open", "target": "a.exe"},
    ),
}


@pytest.mark.parametrize(("catalogue", "action"), ACTIONS.values(), ids=ACTIONS)
def test_an_action_is_told_with_what_triggers_it(catalogue: str, action: dict[str, object]) -> None:
    """What a document does by itself, what runs it and what it reaches for."""
    assert [action] == of(pdf_of(catalogue), "action")


def test_a_jump_inside_the_document_is_no_action() -> None:
    """Nearly every document opens with a jump to its first page."""
    assert [] == of(pdf_of("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), "action")


def test_what_lies_in_an_object_stream_is_read() -> None:
    """Objects packed into a stream are objects all the same (ISO 32000-2 §7.5.7)."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("/OpenAction << /S /JavaScript /JS (z) >>"))))
    out = BytesIO()
    writer.write(out)

    assert ["z"] == [one["target"] for one in of(pdf_reader.read(out.getvalue()), "action")]


def test_a_file_inside_is_named() -> None:
    """An embedded file has its name said."""
    made = pdf_of(
        "/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /UF (list.exe) /F (x) /EF << /F 4 0 R >> >>] >> >>",
        (stream(b"MZ", "/Type /EmbeddedFile"),),
    )

    assert [{"name": "list.exe", "what": "file"}] == of(made, "embedded")


def test_a_form_that_asks_for_a_password_is_told() -> None:
    """A text field that hides what is typed."""
    made = pdf_of("/AcroForm << /Fields [<< /FT /Tx /T (pw) /Ff 8192 >> << /FT /Tx /T (name) /Ff 0 >>] >>")

    assert [{}] == of(made, "password-field")


def test_an_address_in_the_text_is_read() -> None:
    """Viewers make links of addresses in running text."""
    content = b"BT /F1 12 Tf 10 100 Td (see https://t.example/a now) Tj ET"
    font = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Contents 4 0 R"

    assert [{"url": "https://t.example/a", "how": "text", "page": 1}] == of(
        pdf_of("", (stream(content),), font), "link"
    )


def test_a_code_in_a_picture_is_read() -> None:
    """A QR code on the first page."""
    shown = code()
    image_object = stream(
        shown.tobytes(),
        f"/Type /XObject /Subtype /Image /Width {shown.width} /Height {shown.height} /ColorSpace /DeviceGray /BitsPerComponent 8",
    )
    records = pdf_of("", (image_object,), "/Resources << /XObject << /I 4 0 R >> >>")

    assert [(LINK, 1)] == [(one["text"], one["page"]) for one in of(records, "code")]


@pytest.mark.parametrize(("password", "asked"), [("secret", True), ("", False)])
def test_an_enciphered_document_is_told(password: str, asked: bool) -> None:
    """One that needs a password to be read, and one that anybody can read but not change."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("/OpenAction << /S /JavaScript /JS (z) >>"))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    records = pdf_reader.read(out.getvalue())

    assert [{"password": asked}] == of(records, "encrypted")
    assert asked != bool(of(records, "action"))


@pytest.mark.parametrize("packed", [False, True])
def test_a_torn_document_is_read_in_pieces(packed: bool) -> None:
    """Viewers repair what has lost its table of objects; so links and scripts are looked for in what is left."""
    inside = b"<< /A << /S /URI /URI (https://a.example/x) >> >> << /S /JavaScript /JS (z) >>"
    whole = pdf("", (stream(inside) if packed else inside,))
    records = pdf_reader.read(whole[: whole.index(b"xref")].replace(b"/Root", b"").replace(b"/Catalog", b"/Cat"))

    assert [{"url": "https://a.example/x", "how": "link"}] == of(records, "link")
    assert ["JavaScript"] == [one["action"] for one in of(records, "action")]


def test_a_torn_document_that_acts_at_opening_is_told_to() -> None:
    """Which of its actions that is cannot be told any more, and none of them is taken for a click's."""
    whole = pdf("/OpenAction 4 0 R", ("<< /S /JavaScript /JS (z) >>",))
    records = pdf_reader.read(whole[: whole.index(b"xref")].replace(b"/Root", b"").replace(b"/Catalog", b"/Cat"))

    assert [{"action": "JavaScript", "trigger": "open"}] == of(records, "action")


def test_a_document_that_does_not_name_its_table_is_read_as_viewers_do() -> None:
    """Objects are looked for where the last lines are gone."""
    whole = pdf("/OpenAction << /S /JavaScript /JS (z) >>")
    records = pdf_reader.read(whole[: whole.index(b"startxref")])

    assert [{"action": "JavaScript", "trigger": "open", "target": "z"}] == of(records, "action")
    assert [] == of(records, "limit")


def test_what_is_no_pdf_is_refused() -> None:
    """The child says that it is malformed."""
    with pytest.raises(PyPdfError):
        pdf_reader.read(b"nothing at all")


def test_a_document_that_points_at_itself_has_an_end() -> None:
    """Actions in a ring, and an array of a hundred thousand things."""
    ring = pdf_of("/OpenAction 4 0 R", ("<< /S /JavaScript /JS (a) /Next 4 0 R >>",))
    wide = pdf_of("/Wide [" + "[] " * 40_000 + "]")

    assert 1 == len(of(ring, "action"))
    assert of(wide, "limit")[0]["limit"] in ("too-many-objects", "time")


# ---- Office ----


def test_a_macro_that_runs_by_itself_is_told() -> None:
    """A VBA project in a new file: its automatic names, what it calls, and the addresses in its text."""
    records = office.read(open_xml({"word/vbaProject.bin": compound(project())}))

    assert [{"language": "vba", "auto": ["AutoOpen"], "calls": ["Shell"]}] == of(records, "macro")
    assert [{"url": "http://macro.example/x", "how": "macro"}] == of(records, "link")


def test_a_macro_of_an_old_file_is_told() -> None:
    """The same in a compound file."""
    records = office.read(compound({"WordDocument": bytes(64), **project(root="Macros/")}))

    assert [{"format": "DOC"}] == of(records, "document")
    assert [{"language": "vba", "auto": ["AutoOpen"], "calls": ["Shell"]}] == of(records, "macro")


def test_a_macro_of_an_old_presentation_is_told() -> None:
    """There the project is a compound file packed into a record."""
    packed = zlib.compress(compound(project(b"Attribute VB_Name\r\nSub Auto_Open()\r\n")))
    record = b"\x10\x00\x11\x10" + struct.pack("<II", len(packed) + 4, 0) + packed

    assert ["Auto_Open"] == of(office.read(compound({"PowerPoint Document": record})), "macro")[0]["auto"]


@pytest.mark.parametrize("broken", [b"broken", compound_reader.MAGIC + bytes(600)])
def test_a_project_that_cannot_be_read_is_a_macro(broken: bytes) -> None:
    """A damaged project is no reason for silence, nor one that makes its reader raise."""
    records = office.read(open_xml({"xl/vbaProject.bin": broken}))

    assert [{"language": "vba", "auto": [], "calls": []}] == of(records, "macro")


@pytest.mark.parametrize("source", [b"", b"a", MACRO, bytes(range(256)) * 40])
def test_a_module_is_unpacked(source: bytes) -> None:
    """A container of literals gives its text back."""
    assert source == vba.decompressed(documents.compressed(source))


COPIES = {
    "normal": (
        "012fb000236161616263646582660070616768696a013808616b6c00306d6e6f700671027004107273747576107778797a003c",
        b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa",
    ),
    "most": ("0103b002614500", b"a" * 73),
}


@pytest.mark.parametrize(("packed", "text"), COPIES.values(), ids=COPIES)
def test_copies_are_unpacked(packed: str, text: bytes) -> None:
    """MS-OVBA §3.2.2 and §3.2.3: the specification's own examples."""
    assert text == vba.decompressed(bytes.fromhex(packed))


TARGETS: dict[str, tuple[tuple[str, str], str, dict[str, object]]] = {
    "template": (
        ("attachedTemplate", "https://t.example/a.dotm"),
        "template",
        {"url": "https://t.example/a.dotm"},
    ),
    "template on a share": (
        ("attachedTemplate", "file://198.51.100.7/a.dotm"),
        "template",
        {"url": "file://198.51.100.7/a.dotm"},
    ),
    "object": (
        ("oleObject", "mhtml:https://o.example/x!https://o.example/x"),
        "external",
        {"url": "mhtml:https://o.example/x!https://o.example/x", "what": "oleObject"},
    ),
    "frame": (("frame", "https://f.example/"), "external", {"url": "https://f.example/", "what": "frame"}),
    "link": (("hyperlink", "https://h.example/"), "link", {"url": "https://h.example/", "how": "link"}),
}


@pytest.mark.parametrize(("target", "kind", "record"), TARGETS.values(), ids=TARGETS)
def test_a_relationship_to_elsewhere_is_told(target: tuple[str, str], kind: str, record: dict[str, object]) -> None:
    """What is loaded when the file is opened, and what is only a link."""
    assert [record] == of(office.read(open_xml({"word/_rels/settings.xml.rels": relationships(target)})), kind)


@pytest.mark.parametrize("path", ["file:///C:\\Templates\\Letter.dotx", "Normal.dotm", "C:\\Users\\a\\a.dotx"])
def test_a_template_on_the_authors_own_disk_is_nothing(path: str) -> None:
    """Word writes down the template of every document, wherever it lay."""
    made = open_xml({"word/_rels/settings.xml.rels": relationships(("attachedTemplate", path))})

    assert ["document"] == [one["kind"] for one in office.read(made)]


def test_a_field_that_starts_a_program_is_told() -> None:
    """DDE, cut into several runs as attackers do, and a link written as a field."""
    runs = "".join(f"<w:instrText>{piece}</w:instrText>" for piece in ("DDE", "AUTO c:\\\\cmd", ".exe /k calc"))
    body = f'<w:document><w:fldChar w:fldCharType="begin"/>{runs}<w:fldChar w:fldCharType="end"/>'
    body += '<w:fldSimple w:instr="HYPERLINK &quot;https://h.example/&quot;"/></w:document>'
    records = office.read(open_xml({"word/document.xml": body}))

    assert [{"text": "DDEAUTO c:\\\\cmd.exe /k calc"}] == of(records, "command")
    assert [{"url": "https://h.example/", "how": "link"}] == of(records, "link")


def test_an_excel_4_macro_is_told() -> None:
    """A macro sheet in a new workbook, with the name that runs by itself."""
    names = '<workbook><definedName name="_xlnm.Auto_Open" hidden="1">Macro1!$A$1</definedName></workbook>'
    made = open_xml({"xl/macrosheets/sheet1.xml": "<x><f>EXEC(1)</f></x>", "xl/workbook.xml": names})

    assert [{"language": "xlm", "auto": ["Auto_Open"], "calls": []}] == of(office.read(made), "macro")


def biff(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


def test_an_excel_4_macro_of_an_old_workbook_is_told() -> None:
    """A sheet of the kind of macros, and the built-in name Auto_Open."""
    sheet = (0x85, bytes(4) + b"\x01\x01" + b"\x02\0m1")
    name = (0x18, b"\x20\0" + bytes(1) + b"\x01" + bytes(11) + b"\x01")
    made = compound({"Workbook": biff((0x809, bytes(16)), sheet, name, (0x0A, b""))})

    assert [{"language": "xlm", "auto": ["Auto_Open"], "calls": []}] == of(office.read(made), "macro")


@pytest.mark.parametrize(
    "streams",
    [
        {"EncryptionInfo": b"\x04", "EncryptedPackage": b"x"},
        {"WordDocument": bytes(11) + b"\x01" + bytes(50)},
        {"Workbook": biff((0x809, bytes(16)), (0x2F, bytes(6)))},
    ],
    ids=["new", "Word", "Excel"],
)
def test_an_enciphered_file_is_told(streams: dict[str, bytes]) -> None:
    """New and old ways to encipher."""
    assert 1 == len(of(office.read(compound(streams)), "encrypted"))


def test_a_program_inside_is_named() -> None:
    """A packaged file in an old and in a new document."""
    inside = compound({"\x01Ole10Native": packaged("bill.exe")})
    old = office.read(compound({"WordDocument": bytes(64), "ObjectPool/_1/\x01Ole10Native": packaged("bill.exe")}))
    new = office.read(open_xml({"word/embeddings/oleObject1.bin": inside}))

    assert [{"name": "bill.exe", "what": "ole"}] == of(old, "embedded") == of(new, "embedded")


def rtf_object(name: bytes, native: bytes) -> bytes:
    body = struct.pack("<III", 0x501, 2, len(name) + 1) + name + b"\0" + struct.pack("<III", 0, 0, len(native)) + native
    return body.hex().encode()


def test_an_rtf_object_that_acts_is_told() -> None:
    """The Equation Editor's object, its digits strewn with words that Word skips."""
    digits = rtf_object(b"Equation.3", b"x")
    made = b"{\\rtf1{\\object\\objemb\\objupdate{\\*\\objdata " + digits[:9] + b"\\bin0 \r\n" + digits[9:] + b"}}}"

    assert [{"name": "Equation.3", "what": "equation", "update": True}] == of(office.read(made), "embedded")


def test_an_rtf_template_from_elsewhere_is_told() -> None:
    """Written plainly, and in escapes."""
    plain = office.read(b"{\\rtf1{\\*\\template https://t.example/a}}")
    escaped = office.read(b"{\\rtf1{\\*\\template \\u104?\\u116?\\u116?p://t.example/a}}")

    assert [{"url": "https://t.example/a"}] == of(plain, "template")
    assert [{"url": "http://t.example/a"}] == of(escaped, "template")


def test_an_rtf_field_is_read() -> None:
    """A link, and a command."""
    made = b'{\\rtf1{\\field{\\*\\fldinst HYPERLINK "https://h.example/"}{\\fldrslt x}}{\\field{\\*\\fldinst DDEAUTO cmd "/k"}}}'
    records = office.read(made)

    assert [{"url": "https://h.example/", "how": "link"}] == of(records, "link")
    assert [{"text": 'DDEAUTO cmd "/k"'}] == of(records, "command")


def test_a_message_of_outlook_is_read() -> None:
    """Its text's addresses and its attachments' names."""
    made = compound(
        {
            "__properties_version1.0": b"",
            "__substg1.0_1000001F": "see https://m.example/ now".encode("utf-16-le"),
            "__attach_version1.0_#00000000/__substg1.0_3707001F": "bill.html".encode("utf-16-le"),
        }
    )
    records = office.read(made)

    assert [{"url": "https://m.example/", "how": "text"}] == of(records, "link")
    assert [{"name": "bill.html", "what": "file"}] == of(records, "embedded")


def test_a_file_in_a_onenote_section_is_named() -> None:
    """A script behind a picture of a button."""
    made = office.ONENOTE + bytes(40) + "open me.hta\0".encode("utf-16-le") + b"\0" + office.FILE_DATA + bytes(40)

    assert [{"name": "open me.hta", "what": "file"}] == of(office.read(made), "embedded")


def test_open_document_is_read() -> None:
    """A link, and a macro library."""
    body = '<o xmlns:xlink="x"><a xlink:href="https://h.example/"/></o>'
    made = open_xml(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body, "Basic/Standard/A.xml": "<m/>"}
    )
    records = office.read(made)

    assert [{"url": "https://h.example/", "how": "link"}] == of(records, "link")
    assert [{"language": "basic", "auto": [], "calls": []}] == of(records, "macro")


def test_a_bomb_is_unpacked_as_far_as_the_limit() -> None:
    """A part of a hundred million bytes, and one with entities that multiply."""
    bomb = open_xml({"word/document.xml": b"<a>" + bytes(10) + b" " * 30_000_000})
    laughs = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c; https://e.example/</a>'

    assert [{"limit": "too-large"}] == of(office.read(bomb), "limit")
    assert [] == of(office.read(open_xml({"word/document.xml": laughs})), "link")


def test_what_is_no_office_file_is_refused() -> None:
    """The child says that it is malformed."""
    with pytest.raises(BadZipFile):
        office.read(b"nothing")


# ---- all ----


def test_records_are_bounded() -> None:
    """In count and in length; the last one says so."""
    records = Records()
    for number in range(2 * MAX_RECORDS):
        records.add("link", url=f"https://{number}.example/" + "a" * 10_000)

    assert MAX_RECORDS + 1 == len(records.found)
    assert {"kind": "limit", "limit": "too-many-records"} == records.found[-1]
    assert MAX_TEXT == len(str(records.found[0]["url"]))


SEEDS: list[tuple[Any, Any]] = [
    *((image.read, made) for made in IMAGES.values()),
    (pdf_reader.read, lambda: pdf(*ACTIONS["script in the name tree"][:1], (stream(b"BT (a) Tj ET"),), "/Contents 4 0 R")),
    (office.read, lambda: open_xml({"word/vbaProject.bin": compound(project()), "word/document.xml": "<a>b</a>"})),
    (office.read, lambda: compound({"WordDocument": bytes(64), **project(root="Macros/")})),
    (office.read, lambda: compound({"Workbook": biff((0x809, bytes(16)), (0x85, bytes(9)), (0x18, bytes(20)))})),
    (office.read, lambda: b"{\\rtf1{\\object{\\*\\objdata " + rtf_object(b"Package", packaged("a.exe")) + b"}}}"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_damaged_files_give_records_or_an_exception(number: int) -> None:
    """Bytes changed, cut out and doubled: what comes back is plain JSON, or an ordinary exception, which the child catches."""
    reader, make = SEEDS[number]
    whole = make()
    for seed in range(40):
        random = Random(seed)
        data = bytearray(whole)
        for _ in range(random.randrange(1, 12)):
            at = random.randrange(len(data))
            if random.random() < 0.7:
                data[at] = random.randrange(256)
            elif random.random() < 0.5:
                del data[at : at + random.randrange(1, 60)]
            else:
                data[at:at] = data[at : at + random.randrange(1, 60)]
        try:
            records = reader(bytes(data))
        except Exception:
            continue
        assert len(records) <= MAX_RECORDS + 1
        assert records == json.loads(json.dumps(records))


CHILD: dict[str, tuple[str, Any, str]] = {
    "image": ("image", IMAGES["webp"], "code"),
    "pdf": ("pdf", lambda: pdf(*ACTIONS["program"][:1]), "action"),
    "new office file": ("office", lambda: open_xml({"word/vbaProject.bin": compound(project())}), "macro"),
    "old office file": ("office", lambda: compound({"WordDocument": bytes(64), **project(root="Macros/")}), "macro"),
}


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    made = Opener(deadline=60.0)  # until a child that hangs is given up; nothing is measured
    yield made
    made.close()


def opened(opener: Opener, reader: str, data: bytes) -> Answer | Failed:
    inbox: SimpleQueue[Answer | Failed] = SimpleQueue()
    question = Question(OPENED, reader, sha256(data).hexdigest())
    opener.open("test", question, lambda: data, lambda _, state: inbox.put(state))
    return inbox.get(timeout=60)


@pytest.mark.parametrize(("reader", "make", "kind"), CHILD.values(), ids=CHILD)
def test_the_readers_work_where_nothing_is_allowed(opener: Opener, reader: str, make: Any, kind: str) -> None:
    """In the opening process, without network, files to write and much memory, they say what they say here."""
    state = opened(opener, reader, make())

    assert isinstance(state, Answer)
    assert kind in [record["kind"] for record in state.records if isinstance(record, dict)]


def test_a_large_image_stays_within_the_childs_memory(opener: Opener) -> None:
    """The largest image that is decoded at all, of four bytes a pixel, and a code in it."""
    from PIL import Image

    page = Image.new("RGBA", (6300, 6300), "white")
    page.paste(code(scale=8), (3000, 4000))
    state = opened(opener, "image", picture(page))

    assert isinstance(state, Answer)
    assert LINK in [record.get("text") for record in state.records if isinstance(record, dict)]

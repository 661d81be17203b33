"""What kind of file bytes are, by how they begin; and what a name's extension makes a computer do with them.

as-of 2026-11-22. Sources: the formats' own specifications (PKWARE APPNOTE, RFC 1952, RFC 8878, ISO 32000, [MS-CFB],
[MS-SHLLINK], [MS-ONESTORE], ECMA-119, ...) and the media types that IANA has registered. Microsoft's lists of attachments
that Outlook blocks and of extensions that Windows runs ("Blocked attachments in Outlook", PATHEXT).
"""

from __future__ import annotations

from sekisho.named import NamedTuple

# Groups: what opening such a file amounts to.
PROGRAM, SCRIPT, SHORTCUT, DISK_IMAGE = "program", "script", "shortcut", "disk-image"
ARCHIVE, DOCUMENT, PDF, IMAGE, HTML, TEXT, MAIL, MEDIA, OTHER = (
    *("archive", "document", "pdf", "image", "html", "text", "mail", "media", "other"),
)
RUNS = frozenset((PROGRAM, SCRIPT, SHORTCUT))  # a double click gives the computer away


class FileType(NamedTuple):
    """A kind of content. `reader` names the module of sekisho.opening that can say more of it; "" where none can."""

    media_type: str
    group: str
    reader: str


HEAD = 36_000  # bytes that `detect` looks at: an ISO 9660 volume says what it is at 32,769

_ARCHIVE, _IMAGE, _OFFICE = "archive", "image", "office"
_BEGINNINGS: tuple[tuple[bytes, FileType], ...] = (
    (b"MZ", FileType("application/vnd.microsoft.portable-executable", PROGRAM, "")),
    (b"\x7fELF", FileType("application/x-elf", PROGRAM, "")),
    (b"\xfe\xed\xfa\xce", FileType("application/x-mach-binary", PROGRAM, "")),
    (b"\xfe\xed\xfa\xcf", FileType("application/x-mach-binary", PROGRAM, "")),
    (b"\xce\xfa\xed\xfe", FileType("application/x-mach-binary", PROGRAM, "")),
    (b"\xcf\xfa\xed\xfe", FileType("application/x-mach-binary", PROGRAM, "")),
    (b"\xca\xfe\xba\xbe", FileType("application/java-vm", PROGRAM, "")),
    (b"dex\n", FileType("application/vnd.android.dex", PROGRAM, "")),
    (b"\x00asm", FileType("application/wasm", PROGRAM, "")),
    (b"\x4c\x00\x00\x00\x01\x14\x02\x00", FileType("application/x-ms-shortcut", SHORTCUT, "")),
    (b"ITSF", FileType("application/vnd.ms-htmlhelp", SCRIPT, "")),
    (
        b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3",
        FileType("application/onenote", DOCUMENT, _OFFICE),
    ),
    (b"vhdxfile", FileType("application/x-vhdx", DISK_IMAGE, "")),
    (b"conectix", FileType("application/x-vhd", DISK_IMAGE, "")),
    (b"PK\x03\x04", FileType("application/zip", ARCHIVE, _ARCHIVE)),
    (b"PK\x05\x06", FileType("application/zip", ARCHIVE, _ARCHIVE)),
    (b"PK\x07\x08PK", FileType("application/zip", ARCHIVE, _ARCHIVE)),
    (b"7z\xbc\xaf\x27\x1c", FileType("application/x-7z-compressed", ARCHIVE, _ARCHIVE)),
    (b"Rar!\x1a\x07", FileType("application/vnd.rar", ARCHIVE, _ARCHIVE)),
    (b"\x1f\x8b\x08", FileType("application/gzip", ARCHIVE, _ARCHIVE)),
    (b"BZh", FileType("application/x-bzip2", ARCHIVE, _ARCHIVE)),
    (b"\xfd7zXZ\x00", FileType("application/x-xz", ARCHIVE, _ARCHIVE)),
    (b"\x28\xb5\x2f\xfd", FileType("application/zstd", ARCHIVE, "")),
    (b"MSCF\x00\x00\x00\x00", FileType("application/vnd.ms-cab-compressed", ARCHIVE, _ARCHIVE)),
    (b"\x60\xea", FileType("application/x-arj", ARCHIVE, "")),
    (b"\x78\x9f\x3e\x22", FileType("application/vnd.ms-tnef", ARCHIVE, _ARCHIVE)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType("application/x-ole-storage", DOCUMENT, _OFFICE)),
    (b"{\\rt", FileType("application/rtf", DOCUMENT, _OFFICE)),
    (b"%PDF-", FileType("application/pdf", PDF, "pdf")),
    (b"\x89PNG\r\n\x1a\n", FileType("image/png", IMAGE, _IMAGE)),
    (b"\xff\xd8\xff", FileType("image/jpeg", IMAGE, _IMAGE)),
    (b"GIF8", FileType("image/gif", IMAGE, _IMAGE)),
    (b"II*\x00", FileType("image/tiff", IMAGE, "")),
    (b"MM\x00*", FileType("image/tiff", IMAGE, "")),
    (b"\x00\x00\x01\x00", FileType("image/vnd.microsoft.icon", IMAGE, "")),
    (b"8BPS", FileType("image/vnd.adobe.photoshop", IMAGE, "")),
    (b"%!PS", FileType("application/postscript", DOCUMENT, "")),
    (b"ID3", FileType("audio/mpeg", MEDIA, "")),
    (b"OggS", FileType("audio/ogg", MEDIA, "")),
    (b"FWS", FileType("application/x-shockwave-flash", PROGRAM, "")),
    (b"CWS", FileType("application/x-shockwave-flash", PROGRAM, "")),
    (b"-----BEGIN PGP", FileType("application/pgp-encrypted", OTHER, "")),
    (b"BEGIN:VCALENDAR", FileType("text/calendar", TEXT, "")),
    (b"BEGIN:VCARD", FileType("text/vcard", TEXT, "")),
    (b"[InternetShortcut]", FileType("application/x-mswinurl", SHORTCUT, "")),
)
_WEBP = FileType("image/webp", IMAGE, _IMAGE)
_RIFF = FileType("application/x-riff", MEDIA, "")
_BMP = FileType("image/bmp", IMAGE, _IMAGE)
_MP4 = FileType("video/mp4", MEDIA, "")
_HEIF = FileType("image/heif", IMAGE, "")
_ISO = FileType("application/vnd.efi.iso", DISK_IMAGE, _ARCHIVE)
_UDF = FileType("application/x-udf", DISK_IMAGE, "")
_TAR = FileType("application/x-tar", ARCHIVE, _ARCHIVE)
_ACE = FileType("application/x-ace-compressed", ARCHIVE, "")
_LHA = FileType("application/x-lzh-compressed", ARCHIVE, "")
_OOXML = FileType("application/vnd.openxmlformats-officedocument", DOCUMENT, _OFFICE)
_ODF = FileType("application/vnd.oasis.opendocument", DOCUMENT, _OFFICE)
_JAR = FileType("application/java-archive", PROGRAM, _ARCHIVE)
_APK = FileType("application/vnd.android.package-archive", PROGRAM, _ARCHIVE)
_MSI = FileType("application/x-msi", PROGRAM, "")
_HTML = FileType("text/html", HTML, "")
_SVG = FileType("image/svg+xml", HTML, "")  # a page that looks like a picture: it may hold scripts
_XML = FileType("text/xml", TEXT, "")
_SHELL = FileType("text/x-script", TEXT, "")  # "#!": no double click runs it on a reader's desktop
_TEXT = FileType("text/plain", TEXT, "")
_MAIL = FileType("message/rfc822", MAIL, "mail")
_MAIL_FIELDS = (
    "received",
    "return-path",
    "from",
    "date",
    "message-id",
    "mime-version",
    "delivered-to",
    "x-mozilla-status",
    "subject",
    "to",
)
_MSI_CLASS = bytes.fromhex(
    "84100c0000000000c000000000000046"
)  # the root storage's CLSID of a Windows Installer package
_HTML_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<meta ", b"<form", b"<table")
_BOMS = (b"\xef\xbb\xbf",)


def detect(data: bytes) -> FileType | None:
    """What the bytes are; None where nothing is known of them."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            if kind.media_type == "application/zip":
                return _zip(data)
            if kind.group == PROGRAM and beginning == b"MZ" and len(data) < 64:
                return None  # two letters are not yet a program
            if beginning == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and _MSI_CLASS in data[: 1 << 16]:
                return _MSI
            return kind
    if data.startswith(b"RIFF"):
        return _WEBP if data[8:12] == b"WEBP" else _RIFF
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return _BMP
    if data[4:8] == b"ftyp":
        return _HEIF if data[8:12] in (b"heic", b"heix", b"mif1", b"avif") else _MP4
    if data[257:262] == b"ustar":
        return _TAR
    if data[7:14] == b"**ACE**":
        return _ACE
    if data[2:5] in (b"-lh", b"-lz") and data[6:7] == b"-":
        return _LHA
    if data[32_769:32_774] == b"CD001":
        return _ISO
    if data[32_769:32_774] == b"BEA01":
        return _UDF
    return _text(data[:4096])


def _zip(data: bytes) -> FileType:
    """What a ZIP file is the container of (ECMA-376, ODF 1.2 part 3, JAR): by the names in it that the container demands."""
    head, tail = data[:4096], data[-65_536:]
    if b"[Content_Types].xml" in head or b"[Content_Types].xml" in tail:
        return _OOXML
    if b"mimetypeapplication/vnd.oasis.opendocument" in head:
        return _ODF
    if b"AndroidManifest.xml" in tail:
        return _APK
    if b"META-INF/MANIFEST.MF" in head:
        return _JAR
    return FileType("application/zip", ARCHIVE, _ARCHIVE)


def _text(head: bytes) -> FileType | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode("utf-8")
    for bom in _BOMS:
        head = head.removeprefix(bom)
    if not head or b"\0" in head:
        return None
    start = head.lstrip()[:2048].lower()
    if start.startswith(b"#!"):
        return _SHELL
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in start):
        return _SVG
    if start.startswith(_HTML_MARKS) or (
        start.startswith((b"<", b"\xc2\xa0")) and any(m in start for m in _HTML_MARKS)
    ):
        return _HTML
    if start.startswith(b"<?xml"):
        return _XML
    name, colon, _ = start[:80].partition(b":")
    if colon and name.decode("latin-1") in _MAIL_FIELDS and b"\nfrom:" in b"\n" + start and b"\nto:" in b"\n" + start:
        return _MAIL
    control = sum(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head)
    return _TEXT if control * 50 < len(head) else None


# What a name's extension makes a computer do with the file. What is not here decides nothing.
_EXTENSIONS = {
    PROGRAM: "exe com scr pif msi msp mst cpl dll ocx sys drv jar apk xap appx msix appxbundle msixbundle appinstaller "
    "application gadget deb rpm dmg pkg app command xll wll bpl",
    SCRIPT: "js jse vbs vbe wsf wsh wsc sct hta ps1 ps1xml ps2 psm1 psc1 psd1 bat cmd msh msh1 msh2 mshxml reg inf ins isp "
    "chm hlp shb shs pyw pyz pyzw ahk au3 scpt applescript msc mhtml-hta xbap vb diagcab theme themepack slk iqy",
    SHORTCUT: "lnk url scf library-ms search-ms searchconnector-ms settingcontent-ms appref-ms website desklink pcd rdp webloc "
    "desktop job mapimail",
    DISK_IMAGE: "iso img vhd vhdx udf bin.iso daa toast",
    ARCHIVE: "zip 7z rar tar gz tgz bz2 tbz xz txz zst cab arj ace lzh lha z r00 zipx uue xxe",
    DOCUMENT: "doc docx docm dot dotx dotm xls xlsx xlsm xlsb xlt xltx xltm xlam xla ppt pptx pptm pps ppsx ppsm pot potx "
    "potm rtf odt ods odp one onepkg pub vsd vsdx mdb accdb hwp jtd ps eps xps",
    PDF: "pdf",
    IMAGE: "png jpg jpeg jpe jfif gif bmp tif tiff webp ico heic heif avif psd",
    HTML: "html htm shtml xhtml xht svg svgz mht mhtml",
    TEXT: "txt csv tsv log ics vcs vcf xml json md ini asc sig p7s patch diff",
    MAIL: "eml msg mbox",
    MEDIA: "mp3 mp4 wav avi mov mpg mpeg m4a m4v ogg wmv wma flac 3gp amr",
}
_GROUPS: dict[str, str] = {}


def group_of(extension: str) -> str:
    """The group of an extension (lower case, no dot); "" for one that is not known."""
    if not _GROUPS:
        _GROUPS.update({one: group for group, every in _EXTENSIONS.items() for one in every.split()})
    return _GROUPS.get(extension, "")

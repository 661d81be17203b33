"""Mails made worse: bytes changed, cut, doubled and swapped, and changes that know what a mail is made of.

All of it follows from the `Random` that is given: the same seed makes the same mail of the same sources.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache
from random import Random

from grammars import (
    CHARSETS,
    TYPES,
    address,
    content_field,
    date,
    encoded_word,
    field,
    html,
    parameter,
    received,
    results,
    url,
)

TOKENS = (
    *(b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\n\n", b" ", b"\t", b"\n ", b"\x1b$B", b"\x1b(B", b"\x1b$", b"\xff", b"\x80"),
    *(b"(", b")", b"<", b">", b'"', b"\\", b"[", b"]", b"{", b"}", b";", b":", b",", b"@", b"%", b"=", b"?=", b"=?", b"&#"),
    *(b"=?utf-8?q?", b"=?utf-8?B?", b"=?iso-2022-jp?B?GyRC?=", b"=?x?x?x?=", b"=?utf7?q?+AGE-?=", b';a*0*="', b";charset=", b"%zz"),
    *(b"Received: ", b"Received: from a ([", b"From: ", b"To: ", b"Date: ", b"Subject: ", b"Content-Type: ", b"List-Id: "),
    *(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"--b\n", b"--b--", b"Content-Type: message/rfc822\n\n"),
    *(b"Content-Type: text/html\n\n", b"Content-Transfer-Encoding: base64\n\n", b"Content-Transfer-Encoding: x-uue\n\nbegin 644 x\n"),
    *(b"<!--", b"-->", b"<![CDATA[", b"<a href=", b'<a href="http://', b"<table><td>", b"<base href=//x>", b"&#x110000;", b"<svg>"),
    *(b"http://", b"https://www.amazon.co.jp.", b"//[::1]:", b"http://0x7f.1/", b"http://a@b@", b"{EMAIL64}", b"%7B", b"xn--", b"http://\xe3\x81\x82"),
    *(b"[IPv6:", b"[203.0.113.1]", b"999.999.999.999", b"::ffff:1.2.3.4", b"; 99 Foo 99999 99:99:99 +9999", b"1 Jan 2024 00:00:00 +0000"),
    *("添付ファイル".encode(), "は、ウイルス".encode(), "。".encode(), "\u202e".encode(), "\ufeff".encode(), "\u0301\u0323".encode(), b"has been removed"),
    *("メール".encode("iso2022_jp"), "メール".encode("cp932"), "メール".encode("euc_jp"), "ｶﾞ".encode("cp932")),
)  # fmt: skip
MAX_SIZE = 200_000
_FIELD = re.compile(rb"^[!-9;-~]+:[^\n]*(?:\n[ \t][^\n]*)*\n", re.MULTILINE)
_DELIMITER = re.compile(rb"^--[^\r\n]{1,80}$", re.MULTILINE)
_BOUNDARY = re.compile(rb'boundary="?([^"\r\n;]{1,80})', re.IGNORECASE)
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/]{20,76}={0,2}\r?\n){2,}", re.MULTILINE)
_URL = re.compile(rb"https?://[^\s\"'<>]{1,300}")
_CHARSET = re.compile(rb'charset="?[\w-]+', re.IGNORECASE)
_ENCODING = re.compile(rb"(?<=Content-Transfer-Encoding: )[\w-]+", re.IGNORECASE)
_NAME = re.compile(rb'(?:file)?name="?[^"\r\n;]+"?', re.IGNORECASE)
_WORDS = re.compile(rb"(?:From|To|Subject|Reply-To|Cc): [^\r\n]*", re.IGNORECASE)
_TAG = re.compile(rb"<[a-zA-Z/][^<>]*>")
_RECEIVED = re.compile(rb"^Received: [^\n]*\n(?:[ \t][^\n]*\n)*", re.MULTILINE)

Change = Callable[[Random, bytes, bytes], bytes]


def mutated(random: Random, source: bytes, other: bytes, steps: int) -> bytes:
    """`source` after some changes; `other` is a mail that pieces are taken from."""
    data = source
    for _ in range(steps):
        change = random.choice(OF_PARTS) if random.random() < 0.3 else of_bytes
        data = change(random, data, other)[:MAX_SIZE]
    return data


def of_bytes(random: Random, source: bytes, other: bytes) -> bytes:
    """One change that knows nothing of mail, but for its tokens."""
    data = bytearray(source)
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.choice((1, 1, 2, 5, 20, 100, 1000)))
    kind = random.randrange(10)
    if kind == 0:
        data[at:end] = b""
    elif kind == 1:
        data[at:at] = data[at:end] * random.choice((1, 2, 10, 50))
    elif kind == 2:
        data[at:end] = random.randbytes(end - at)
    elif kind == 3:
        begin = random.randrange(len(other) + 1)
        data[at:end] = other[begin : begin + random.choice((1, 10, 100, 1000))]
    elif kind == 4:
        data[at:at] = random.choice(TOKENS) * random.choice((1, 1, 1, 2, 10, 200))
    elif kind == 5:
        data[at:at] = b"".join(random.choice(TOKENS) for _ in range(random.randrange(1, 12)))
    elif kind == 6 and random.random() < 0.3:
        del data[at:]
    elif kind == 7:
        return source.replace(b"\n", random.choice((b"\r\n", b"\r", b"\n")))
    elif kind == 8:
        data[at:at] = random.choice(_containers())[1][:2000]
    elif data and at < len(data):
        data[at] ^= 1 << random.randrange(8)
    return bytes(data)


def _somewhere(random: Random, pattern: re.Pattern[bytes], source: bytes) -> tuple[int, int]:
    """One of the places that a pattern finds; the beginning, where there is none."""
    found = [match.span() for match, _ in zip(pattern.finditer(source), range(200), strict=False)]
    return random.choice(found) if found else (0, 0)


def _put(source: bytes, place: tuple[int, int], new: bytes) -> bytes:
    return source[: place[0]] + new + source[place[1] :]


def repeat_field(random: Random, source: bytes, other: bytes) -> bytes:
    """A field of this mail, or a made one, up to ten thousand times."""
    start, end = _somewhere(random, _FIELD, source)
    one = source[start:end] if end - start < 400 and random.random() < 0.6 else field(random)
    return one * random.choice((2, 20, 200, 10_000)) + source


def move_fields(random: Random, source: bytes, other: bytes) -> bytes:
    """Fields of another mail's header at the head of this one's."""
    fields = _FIELD.findall(other[:20_000]) or [b"A: b\n"]
    return b"".join(random.choice(fields) for _ in range(random.randrange(1, 12))) + source


def long_line(random: Random, source: bytes, other: bytes) -> bytes:
    """A value of tens of kilobytes without a fold."""
    start, _ = _somewhere(random, _FIELD, source)
    at = source.find(b":", start) + 1
    return _put(source, (at, at), random.choice(TOKENS) * (random.choice((500, 5_000, 60_000)) // 4))


def line_ends(random: Random, source: bytes, other: bytes) -> bytes:
    """Some line ends bare CR, NUL or none, the rest as they were."""
    ends = (b"\r", b"\0", b"\n\0", b"\r\r\n", b"", b"\x0b", b"\x0c", b"\xc2\x85", b" \n")
    pieces = source.split(b"\n")
    share = random.choice((0.01, 0.2, 0.9))
    return b"".join(piece + (random.choice(ends) if random.random() < share else b"\n") for piece in pieces)


def boundaries(random: Random, source: bytes, other: bytes) -> bytes:
    """A boundary that is another, begins like another, is empty or its own delimiter; a delimiter lost, doubled, in each other."""
    start, end = _somewhere(random, _DELIMITER, source)
    line = source[start:end] or b"--b"
    kind = random.randrange(5)
    if kind == 0:
        return _put(
            source, (start, end), random.choice((b"", line + b"--", line[:-1], line + b"x", line + b" \t", b" " + line))
        )
    if kind == 1:
        return _put(source, (start, start), (line + b"\n") * random.choice((1, 50, 2000)))
    if kind == 2:
        inner = b"Content-Type: multipart/mixed; boundary=" + line[2:] + b"\n\n" + line + b"\n"
        return _put(source, (start, start), line + b"\n" + inner * random.choice((1, 5, 200)))
    match = _BOUNDARY.search(source)
    if match is None:
        return TYPES[0] + b"; boundary=b\n\n--b\n" + source
    name = random.choice((b"", b'"', b"a" * 300, match[1][:-1], match[1] + b"--", b"\xff", b"=_" + match[1], b"b\\"))
    return _put(source, match.span(1), name)


def charsets(random: Random, source: bytes, other: bytes) -> bytes:
    """The wrong charset on a text."""
    return _put(source, _somewhere(random, _CHARSET, source), b"charset=" + random.choice(CHARSETS))


def encodings(random: Random, source: bytes, other: bytes) -> bytes:
    """Another transfer encoding than the part is in, or what is no character of it."""
    if random.random() < 0.5:
        words = (b"base64", b"quoted-printable", b"7bit", b"x-uuencode", b"binary", b"base64 ", b"b64", b"", b"yenc")
        return _put(source, _somewhere(random, _ENCODING, source), random.choice(words))
    start, end = _somewhere(random, _BASE64, source)
    at = random.randrange(start, end + 1)
    broken = random.choice((b"=", b"====", b"\n\n", b"*", b" =\n", b"=3", b"=ZZ", b"=\r", b"=0", b"A", b"-_", b"\0"))
    return _put(source, (at, at), broken * random.choice((1, 3, 300)))


def words(random: Random, source: bytes, other: bytes) -> bytes:
    """An encoded word, mostly broken, in a field for words."""
    start, end = _somewhere(random, _WORDS, source)
    at = random.randrange(start, end + 1)
    return _put(source, (at, at), b" ".join(encoded_word(random) for _ in range(random.choice((1, 2, 40)))))


def parameters(random: Random, source: bytes, other: bytes) -> bytes:
    """A file's name in continuations, charsets and percent signs that do not fit."""
    return _put(
        source,
        _somewhere(random, _NAME, source),
        b";".join(parameter(random) for _ in range(random.choice((1, 3, 60)))),
    )


def messages(random: Random, source: bytes, other: bytes) -> bytes:
    """The mail in messages, or a message in the mail."""
    inside, times = random.choice(((source, 1), (source, 30), (source[:300], 200), (other, 1)))
    head = content_field(
        random, random.choice((b"message/rfc822", b"message/delivery-status", b"message/partial", b"MESSAGE/global"))
    )
    if random.random() < 0.3:
        return head + b"Content-Transfer-Encoding: base64\n\n" + b64encode(head + b"\n" + inside)
    return (head + b"\n") * times + inside


def alternatives(random: Random, source: bytes, other: bytes) -> bytes:
    """This mail and the other as parts of one."""
    kind = random.choice((b"mixed", b"alternative", b"related", b"digest", b"signed", b"report", b"x"))
    return b"Content-Type: multipart/" + kind + b"; boundary=m\n\n--m\n" + source + b"\n--m\n" + other + b"\n--m--\n"


def elements(random: Random, source: bytes, other: bytes) -> bytes:
    """HTML in HTML: deep, unclosed, hidden, styled, commented."""
    start, end = _somewhere(random, _TAG, source)
    if end == 0:
        return b"Content-Type: text/html\n\n" + html(random) + source
    return _put(source, random.choice(((start, end), (end, end))), html(random))


def links(random: Random, source: bytes, other: bytes) -> bytes:
    """An address that browsers read in their own way."""
    start, end = _somewhere(random, _URL, source)
    at = random.randrange(start, end + 1)
    return _put(source, random.choice(((start, end), (at, end), (at, at))), url(random))


def hops(random: Random, source: bytes, other: bytes) -> bytes:
    """Received lines, real ones and made ones, before, between and below each other."""
    start, end = _somewhere(random, _RECEIVED, source)
    kind = random.randrange(3)
    if kind == 0:
        return _put(source, (start, start), b"".join(received(random) for _ in range(random.choice((1, 3, 80)))))
    if kind == 1:
        taken = _somewhere(random, _RECEIVED, other)
        return _put(source, (end, end), other[slice(*taken)])
    at = random.randrange(start, end + 1)
    return _put(source, (at, at), received(random)[10:-1])


def trust(random: Random, source: bytes, other: bytes) -> bytes:
    """Fields of authentication, of dates and of addresses, made."""
    made = (
        lambda: results(random),
        lambda: b"Date: " + date(random) + b"\n",
        lambda: b"From: " + address(random) + b"\n",
    )
    start, _ = _somewhere(random, _FIELD, source)
    return _put(source, (start, start), b"".join(random.choice(made)() for _ in range(random.choice((1, 2, 10)))))


def files(random: Random, source: bytes, other: bytes) -> bytes:
    """A file's bytes changed below its base64; or a file of any kind, damaged, joined to the mail."""
    start, end = _somewhere(random, _BASE64, source)
    if end and random.random() < 0.4:
        kept = source[start:end]
        letters = b"".join(kept.split()).replace(b"=", b"")
        content = b64decode(letters[: len(letters) // 4 * 4])
        return _put(source, (start, end), _lines(damaged(random, content)))
    name, content = random.choice(_containers())
    head = b"Content-Type: multipart/mixed; boundary=f\n\n--f\n" + source[: MAX_SIZE // 2] + b"\n--f\n"
    head += b'Content-Disposition: attachment; filename="' + name.encode() + b'"\nContent-Transfer-Encoding: base64\n\n'
    return head + _lines(damaged(random, content)) + b"--f--\n"


def known_words(random: Random, source: bytes, other: bytes) -> bytes:
    """What our own readers look for."""
    at = random.randrange(len(source) + 1)
    joint = random.choice((b"", b" ", b"\n", b".", b": "))
    return _put(
        source, (at, at), joint.join(random.choice(dictionary()) for _ in range(random.choice((1, 2, 10, 300))))
    )


def damaged(random: Random, content: bytes) -> bytes:
    """A file with a few bytes changed, cut out, doubled, or its end lost."""
    data = bytearray(content)
    for _ in range(random.choice((0, 1, 2, 5, 20))):
        at = random.randrange(len(data) + 1)
        kind = random.randrange(5)
        if kind == 0:
            del data[at : at + random.choice((1, 8, 200))]
        elif kind == 1:
            data[at:at] = data[at : at + random.choice((1, 8, 200))] * random.choice((1, 2, 50))
        elif kind == 2 and random.random() < 0.2:
            del data[at:]
        elif kind == 3:
            data[at : at + 4] = random.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80"))
        elif at < len(data):
            data[at] = random.randrange(256)
    return bytes(data)


def _lines(content: bytes) -> bytes:
    text = b64encode(content)
    return b"".join(text[at : at + 76] + b"\n" for at in range(0, len(text), 76))


@cache
def _containers() -> list[tuple[str, bytes]]:
    """A small file of every kind that is opened: (name, content)."""
    from archives import CABINET, HOLDING
    from documents import code, compound, open_xml, packaged, pdf, picture, project, stream

    archives = {"zip": "zip", "7z": "7z", "rar": "rar", "tar": "tar", "iso": "iso", "win": "dat"}
    made = [(f"a.{archives.get(name[:3], 'zip')}", content) for name, content in HOLDING.items()]
    script = "/OpenAction << /S /JavaScript /JS (app.launchURL\\('https://login.example/'\\)) >>"
    return [
        *made,
        ("a.cab", CABINET),
        ("a.png", picture(code())),
        ("a.gif", picture(code("https://login.example/", scale=2), "GIF")),
        ("a.webp", picture(code(), "WEBP")),
        ("a.jpg", picture(code("tel:110", scale=3), "JPEG")),
        ("a.pdf", pdf(script, (stream(b"BT (https://a.example/) Tj ET"),), "/Contents 4 0 R")),
        ("a.docm", open_xml({"word/vbaProject.bin": compound(project()), "word/document.xml": "<a>https://b.example/</a>"})),
        ("a.doc", compound({"WordDocument": bytes(64), **project(root="Macros/")})),
        ("a.rtf", b"{\\rtf1{\\field{\\*\\fldinst HYPERLINK http://c.example/}}{\\object{\\*\\objdata 0105}}}"),
        ("a.one", packaged("a.exe")),
        ("a.html", b"<script>location='https://d.example/'</script><input type=password>"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nDESCRIPTION:http://e.example/\r\nEND:VCALENDAR\r\n"),
        ("a.eml", b"From: a@a.example\r\nContent-Type: text/html\r\n\r\n<a href=http://f.example/>x</a>\r\n"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script><a href='http://g.example/'/></svg>"),
        ("a.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(60)),
    ]  # fmt: skip


@cache
def dictionary() -> list[bytes]:
    """The texts that stand in the sources of our own readers, tables and facts: what they compare a mail with."""
    import ast

    from workbench import PACKAGE

    found: set[bytes] = set()
    for folder in ("mail", "mail/html", "tables", "facts", "facts/verification", "opening"):
        for path in sorted((PACKAGE / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                value = node.value if isinstance(node, ast.Constant) else None
                word = value.encode("utf-8", "replace") if isinstance(value, str) else value
                if isinstance(word, bytes) and 1 < len(word) < 40:
                    found.add(word)
    return sorted(found)


OF_PARTS: tuple[Change, ...] = (
    repeat_field,
    move_fields,
    long_line,
    line_ends,
    boundaries,
    charsets,
    encodings,
    words,
    parameters,
    messages,
    alternatives,
    elements,
    links,
    hops,
    trust,
    files,
    known_words,
)

"""Mails that can be read in more than one way, by table and by seed: what counts is how Thunderbird reads them.

Every readable piece has a word of its own and a link to `<word>.example`, so that a link names the piece it stands in.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import quopri
import random
from collections.abc import Iterator
from functools import cache

from .mails import Mail

JAPANESE = "お知らせ"
DRAWN = 60  # mails put together at random
SEED = 5


def plain(word: str) -> bytes:
    """Running text with one link."""
    return f"Word {word}: https://{word}.example/\n".encode()


def html(word: str) -> bytes:
    """A link in an attribute, and one that only plain text has."""
    return f'<p>Word {word}: <a href="https://{word}.example/">here</a> https://{word}-bare.example/</p>\n'.encode()


def part(fields: bytes, body: bytes) -> bytes:
    return fields + (b"\n" if fields and not fields.endswith(b"\n") else b"") + b"\n" + body


def plain_part(word: str) -> bytes:
    return part(b"Content-Type: text/plain", plain(word))


def html_part(word: str) -> bytes:
    return part(b"Content-Type: text/html", html(word))


def joined(boundary: bytes, *parts: bytes, preamble: bytes = b"", epilogue: bytes = b"", close: bytes = b"--") -> bytes:
    """A multipart body (RFC 2046 §5.1.1)."""
    inside = b"".join(b"--" + boundary + b"\n" + one for one in parts)
    return preamble + inside + b"--" + boundary + close + b"\n" + epilogue


def multipart(kind: str, boundary: str, *parts: bytes) -> bytes:
    """A whole multipart entity: its field, and its body."""
    return part(f'Content-Type: multipart/{kind}; boundary="{boundary}"'.encode(), joined(boundary.encode(), *parts))


def message(word: str, body: bytes | None = None) -> bytes:
    """What a message/rfc822 part holds."""
    inner = plain_part(word) if body is None else body
    return b"From: Inner <inner@inner.example>\nSubject: Inner\n" + inner


def base64_of(data: bytes) -> bytes:
    return base64.encodebytes(data)


def uuencoded(data: bytes, name: str = "a.txt") -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 " + name.encode() + b"\n" + lines + b"`\nend\n"


Entity = tuple[str, bytes]  # a name, and header fields, an empty line and a body


def charsets() -> Iterator[Entity]:
    """What is declared against what it is."""
    labels = ("", "us-ascii", "utf-8", "UTF8", "iso-8859-1", "shift_jis", "iso-2022-jp", "euc-jp", "gb2312", "utf-7")
    labels += ("utf-16", "x-unknown", "utf-8;;", '"utf-8', "'utf-8'", "utf-8 (comment)", "=?utf-8?q?utf-8?=")
    for label, codec in itertools.product(labels, ("utf-8", "cp932", "iso-2022-jp", "euc-jp")):
        said = f"; charset={label}" if label else ""
        name = f"charset {label or 'none'} is {codec}"
        text = f"{JAPANESE}本日の件 https://kanji.example/ です\n"
        yield name, part(f"Content-Type: text/plain{said}".encode(), text.encode(codec))
    for label, codec in itertools.product(("utf-8", "shift_jis", "utf-7"), ("utf-8", "cp932")):
        source = f'<meta charset="{label}"><p>{JAPANESE} <a href="https://kanji.example/">ここ</a></p>\n'
        yield f"charset meta {label} is {codec}", part(b"Content-Type: text/html", source.encode(codec))
    for label in (
        "cp037",
        "utf-32",
        "utf-16-le",
        "utf-16le",
        "utf16",
        "unicode",
        "hz",
        "hz-gb-2312",
        "iso-2022-kr",
        "big5",
    ):
        yield f"charset {label} is ASCII", part(f"Content-Type: text/plain; charset={label}".encode(), plain("ascii"))
    for label in (
        "utf7",
        "unicode-1-1-utf-7",
        "csUnicode11UTF7",
        "x-unicode-2-0-utf-7",
        "utf-7-imap",
        "none",
        "us-ascii",
    ):
        said = "" if label == "none" else f"; charset={label}"
        hidden = b"+AGgAdAB0AHAAcwA6AC8ALw-seven.example/\n"
        yield f"charset {label} is UTF-7", part(f"Content-Type: text/plain{said}".encode(), hidden)
    seven = b"Word seven: +AGgAdAB0AHAAcwA6AC8ALw-seven.example/\n"
    yield "charset utf-7 hides a scheme", part(b"Content-Type: text/plain; charset=utf-7", seven)
    seven = b"<p>Word seven: +ADw-a href=https://seven.example/+AD4-here+ADw-/a+AD4-</p>\n"
    yield "charset utf-7 hides a tag", part(b"Content-Type: text/html; charset=utf-7", seven)
    sixteen = "Word sixteen: https://sixteen.example/\n".encode("utf-16")
    encoded = b"Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64"
    yield "charset utf-16 in base64", part(encoded, base64_of(sixteen))
    twice = b"Content-Type: text/plain; charset=utf-8; charset=shift_jis"
    yield "charset twice", part(twice, f"{JAPANESE} https://kanji.example/\n".encode())
    yield "charset continued", part(b"Content-Type: text/plain; charset*0=ut; charset*1=f-8", f"{JAPANESE}\n".encode())
    yield "charset extended", part(b"Content-Type: text/plain; charset*=us-ascii'en'utf-8", f"{JAPANESE}\n".encode())


def types() -> Iterator[Entity]:
    """One part whose type can be read as HTML or not."""
    values = (
        *("text/html", "TEXT/HTML", "Text/Html ; x=y", "text / html", "text/html charset=utf-8", "text/html; charset"),
        *("text/html;;", ";text/html", "(c) text/html", "text/html (c)", "text/(c)html", '"text/html"', "'text/html'"),
        *("text/html, text/plain", "text/plain, text/html", "html", "text", "/html", "text/", "text/html/plain"),
        *("text\\/html", "text/x-html", "text/xhtml", "application/xhtml+xml", "application/html", "text/xml"),
        *("text/htm", "=?utf-8?q?text/html?=", "?text/html", "", " ", "\n text/html", "text/\n html", "text\n /html"),
        *(
            "text/html;\n\tcharset=utf-8",
            'text/html; charset="utf-8',
            "text/html\x0b",
            "text/html\x00; x=y",
            "text//html",
        ),
        *("text/html; name=a.txt", "text/plain; name=a.html", "application/octet-stream; name=a.html", "*/*"),
        *("application/octet-stream; name=a.txt", "application/octet-stream; name=a.eml", "application/octet-stream"),
        *(
            "x-unknown/x-unknown; name=a.html",
            "application/x-unknown-content-type; name=a.html",
            "unknown; name=a.html",
        ),
        *("text/html=", "text/html:", "text/html\r", "text/html,charset=utf-8", "<text/html>", "text/html?", "a b"),
        *("text/vnd.html", "text/unknown", "text/markdown", "text/css", "text/csv", "text/javascript", "text/rtf"),
        *(
            "text/x-amp-html",
            "text/sgml",
            "application/pgp",
            "message/html",
            "multipart/html",
            "image/html",
            "audio/html",
        ),
    )
    for value in values:
        yield f"type {value!r}", part(b"Content-Type: " + value.encode(), html("html"))
    fields = (
        *("Content-Type: text/plain\nContent-Type: text/html", "Content-Type: text/html\nContent-Type: text/plain"),
        *("Content-Type : text/html", "Content-Type\t: text/html", "content-TYPE:text/html", "Content-Type text/html"),
        *("Content_Type: text/html", " Content-Type: text/html", "X-A: b\n Content-Type: text/html"),
        *("X-A:\nContent-Type: text/html", "X-A\nContent-Type: text/html", "X-A: b\n \nContent-Type: text/html"),
        *("X-A: b\n\t\nContent-Type: text/html", "Content-Type:\n\n text/html", "Content-Type:\n \n text/html"),
        *(
            "X-A: b\rContent-Type: text/html",
            "X-A: b\r\nContent-Type: text/html\r",
            "X-A: b\x00\nContent-Type: text/html",
        ),
        *("Content-Type: text/plain\rContent-Type: text/html", "\u00e9: x\nContent-Type: text/html"),
        *(":\nContent-Type: text/html", ": x\nContent-Type: text/html", "Content-Type: text/html\nno colon here"),
        *("Content-Type:text/html\n folded on", "Content-Type: ;\n\tcharset=utf-8", "Content-Type:\nX: text/html"),
        *("MIME-Version: 2.0\nContent-Type: text/html", "MIME-Version: (x) 1.0\nContent-Type: text/html"),
        *(
            "Content-Type: text/html\nContent-Disposition: attachment",
            "Content-Disposition: attachment; filename=a.html",
        ),
        *(
            "Content-Type: text/html\nContent-Disposition: attachment; filename=a.txt",
            "Content-Type: text/html\nSubject: x",
        ),
        *("Content-Type: text/html\nContent-Disposition: odd; filename=a.html", "Content-Base: https://base.example/"),
    )
    for lines in fields:
        yield f"field {lines!r}", part(lines.encode(), html("html"))


def encodings() -> Iterator[Entity]:
    """The transfer encoding against what the body is."""
    source, kind = html("html"), b"Content-Type: text/html\n"
    bodies = {
        "base64": base64_of(source),
        "quoted-printable": quopri.encodestring(source.replace(b"https", b"htt=70s")),
    }
    bodies["quoted-printable"] = source.replace(b"=", b"=3D").replace(b"https", b"h=74tps")
    for right, body in bodies.items():
        spelt = (right, right.upper(), f" {right} ", f"{right};", f"{right}; x=y", f"{right} (c)", f"(c) {right}")
        spelt += (
            f'"{right}"',
            f"{right}, 7bit",
            f"7bit, {right}",
            f"x-{right}",
            f"{right}\n x",
            f"\n {right}",
            f"'{right}'",
        )
        for value in (
            *spelt,
            right.replace("-", "") if "-" in right else "base-64",
            right[:-1],
            f"{right}.",
            f"=?utf-8?q?{right}?=",
            "8bit",
            "",
            "binary",
        ):
            yield f"encoding {value!r} is {right}", part(kind + f"Content-Transfer-Encoding: {value}".encode(), body)
        for first, second in itertools.permutations((right, "7bit"), 2):
            lines = f"Content-Transfer-Encoding: {first}\nContent-Transfer-Encoding: {second}".encode()
            yield f"encoding {first} and {second} is {right}", part(kind + lines, body)
        yield f"encoding none is {right}", part(kind, body)
    lying = kind + b"Content-Transfer-Encoding: "
    yield "encoding base64 is 7bit", part(lying + b"base64", source)
    yield "encoding quoted-printable is 7bit", part(lying + b"quoted-printable", source)
    clean = base64.b64encode(source)
    half = len(source) // 2
    broken = {
        "garbage between": b"\n".join(clean[at : at + 40] + b"!*-_" for at in range(0, len(clean), 40)),
        "padding in the middle": base64.b64encode(source[: half - half % 3 + 1])
        + base64.b64encode(source[half - half % 3 + 1 :]),
        "padding and lines": base64_of(source[: half - half % 3 + 2]) + base64_of(source[half - half % 3 + 2 :]),
        "no padding": clean.rstrip(b"="),
        "too much padding": clean.rstrip(b"=") + b"=====",
        "one letter more": clean.rstrip(b"=") + b"A",
        "other alphabet": clean.replace(b"+", b"-").replace(b"/", b"_"),
        "a blank after each": b" ".join(clean[at : at + 1] for at in range(len(clean))),
        "text before": b"This is base64:\n" + clean,
        "text behind": clean + b"\n\n-- \nThis is the list\n",
        "a line of equals": clean[:40] + b"\n====\n" + clean[40:],
        "one equals inside": clean[:41] + b"=" + clean[41:],
        "bytes above 127": clean[:40] + b"\xff\xfe" + clean[40:],
        "carriage returns": clean[:40] + b"\r" + clean[40:],
        "empty lines": clean[:40] + b"\n\n\n" + clean[40:],
    }
    for name, body in broken.items():
        yield f"base64 {name}", part(lying + b"base64", body + b"\n")
    odd = {
        "soft break": b'<a href=3D"https://so=\nft.example/">x</a>',
        "soft break with blanks": b'<a href=3D"https://so=  \t\nft.example/">x</a>',
        "soft break CRLF": b'<a href=3D"https://so=\r\nft.example/">x</a>',
        "soft break CR": b'<a href=3D"https://so=\rft.example/">x</a>',
        "lower case": b'<a href=3d"https://=6cow.example/">x</a>',
        "no hexadecimal": b'<a href=3D"https://n=oh.example/">x</a> =ZZ',
        "half an escape": b'<a href=3D"https://half.example/">x</a> =4',
        "equals at the end": b'<a href=3D"https://end.example/">x</a>=',
        "bare equals": b'<a href="https://bare.example/">x</a>',
        "bare equals and digits": b'<a href="https://bare.example/?a=20b=3Dc">x</a>',
        "NUL": b'<a href=3D"https://n=00ul.example/">x</a>',
        "bytes above 127": b'<a href=3D"https://high.example/">\xe3\x81\x82</a>',
        "blanks at the end": b'<a href=3D"https://blank.example/ \n x">x</a>',
        "double": b'<a href=3D"https://d=3D6Fuble.example/">x</a>',
    }
    for name, body in odd.items():
        yield f"quoted-printable {name}", part(lying + b"quoted-printable", body + b"\n")
    text = b"Content-Type: text/plain\n"
    for label in ("x-uuencode", "uuencode", "x-uue", "uue", "X-UUENCODE"):
        yield f"encoding {label}", part(text + f"Content-Transfer-Encoding: {label}".encode(), uuencoded(plain("uu")))
    yield "uuencode in plain text", part(text, plain("before") + uuencoded(plain("uu")) + plain("after"))
    yield "uuencode without a type", part(b"", plain("before") + uuencoded(plain("uu")) + plain("after"))
    yield "uuencoded HTML without a type", part(b"", plain("before") + uuencoded(html("uu"), "a.html") + plain("after"))
    yield "uuencode not ended", part(b"", plain("before") + uuencoded(plain("uu"))[:-6])
    yield "begin in a sentence", part(b"", b"begin 644 the work\n" + plain("after"))
    yield "yenc without a type", part(b"", plain("before") + b"=ybegin line=128 size=5 name=a.txt\nabc\n=yend size=3\n")
    yield (
        "binhex without a type",
        part(b"", b"(This file must be converted with BinHex 4.0)\n\n:abc:\n" + plain("after")),
    )
    inside = joined(b"b", plain_part("one"), html_part("two"))
    typed = b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: "
    for value in (b"base64", b"quoted-printable", b"8bit", b"x-unknown"):
        yield f"multipart said to be {value.decode()}", part(typed + value, inside)
    yield "multipart in base64", part(typed + b"base64", base64_of(inside))
    yield "multipart in quoted-printable", part(typed + b"quoted-printable", quopri.encodestring(inside))


def boundaries() -> Iterator[Entity]:
    """Where one part ends and the next begins."""
    two = (plain_part("one"), html_part("two"))
    declared = {
        'boundary="b"': b"b",
        "boundary=b": b"b",
        "boundary='b'": b"b",
        "boundary='b' ": b"'b'",
        'boundary="b "': b"b",
        'boundary="b  "': b"b ",
        'boundary=" b"': b" b",
        'boundary=" b" ': b"b",
        "boundary = b": b"b",
        "BOUNDARY=b": b"b",
        'boundary="a=?b"': b"a=?b",
        "boundary=a=b": b"a=b",
        "boundary=a/b": b"a/b",
        "boundary=a b": b"a",
        "boundary=a b ": b"a b",
        'boundary="a\\b"': b"ab",
        'boundary="a\\b" ': b"a\\b",
        'boundary="a\\"b"': b'a"b',
        'boundary="a;b"': b"a;b",
        'boundary="b': b"b",
        'boundary="b;x=y': b"b",
        'boundary=b"': b"b",
        "boundary=b (comment)": b"b",
        "boundary=(comment)b": b"b",
        "boundary=b;boundary=c": b"b",
        "boundary=c;boundary=b": b"b",
        "boundary*=us-ascii'en'b": b"b",
        "boundary*=b": b"b",
        "boundary*0=a;boundary*1=b": b"ab",
        "boundary*1=b;boundary*0=a": b"ab",
        "boundary*0*=us-ascii''%61;boundary*1=b": b"ab",
        "boundary=b;boundary*=us-ascii''c": b"b",
        "boundary=c;boundary*=us-ascii''b": b"b",
        "boundary=c;boundary*0=a;boundary*1=b": b"ab",
        "boundary=ab;boundary*0=c": b"ab",
        "boundary==?utf-8?q?b?=": b"b",
        "boundary==?utf-8?q?b?= ": b"=?utf-8?q?b?=",
        "boundary=B": b"b",
        "boundary=": b"",
        'boundary=""': b"",
        "x=y": b"b",
        "boundary": b"b",
        "boundary:b": b"b",
        "x=y boundary=b": b"b",
        "x=y,boundary=b": b"b",
        "\n boundary=b": b"b",
        'boundary="a\n b"': b"a b",
        'boundary="a\n b" ': b"ab",
        'boundary="--b"': b"--b",
        'boundary="b--"': b"b--",
        'boundary="-"': b"-",
        'boundary="' + "x" * 200 + '"': b"x" * 200,
        'boundary="' + "x" * 80 + '"': b"x" * 70,
        'boundary="\u3042"': "\u3042".encode(),
        'x="; boundary=c"; boundary=b': b"b",
        'x="\\"; boundary=c"; boundary=b': b"b",
        "x=(; boundary=c); boundary=b": b"b",
    }
    for said, used in declared.items():
        yield (
            f"boundary {said!r} is {used[:80]!r}",
            part(f"Content-Type: multipart/mixed; {said}".encode(), joined(used, *two)),
        )
    kind = b"Content-Type: multipart/mixed; boundary=b"
    one, second = two
    bodies = {
        "blanks behind the delimiter": b"--b \t\n" + one + b"--b  \n" + second + b"--b-- \n",
        "text behind the delimiter": b"--b x\n" + one + b"--b\n" + second + b"--b--\n",
        "text behind the close delimiter": joined(b"b", one, close=b"--x", epilogue=plain("epilogue")),
        "blanks before the delimiter": b" --b\n" + one + b"--b\n" + second + b"--b--\n",
        "three dashes": b"---b\n" + one + b"--b\n" + second + b"--b--\n",
        "one dash to close": joined(b"b", one, second, close=b"-", epilogue=plain("epilogue")),
        "three dashes to close": joined(b"b", one, second, close=b"---", epilogue=plain("epilogue")),
        "dashes apart": joined(b"b", one, second, close=b" --", epilogue=plain("epilogue")),
        "preamble": joined(b"b", *two, preamble=plain("preamble")),
        "HTML preamble with a field": joined(b"b", *two, preamble=b"Content-Type: text/html\n\n" + html("preamble")),
        "epilogue": joined(b"b", *two, epilogue=plain("epilogue")),
        "parts behind the close": joined(b"b", one, epilogue=joined(b"b", second)),
        "no close": joined(b"b", one, close=b"") + html_part("two"),
        "no close, no line end": b"--b\n" + one + b"--b\n" + second.rstrip(b"\n"),
        "no parts": plain("preamble"),
        "only a close": b"--b--\n" + plain("epilogue"),
        "no empty line": joined(b"b", b"Content-Type: text/html\n" + html("two")),
        "no fields": joined(b"b", b"\n" + plain("one"), second),
        "no fields and no empty line": joined(b"b", plain("one"), second),
        "fields alone": joined(b"b", b"Content-Type: text/html\n", second),
        "empty part": joined(b"b", b"", second),
        "blanks for an empty line": joined(b"b", b"Content-Type: text/html\n \n" + html("two")),
        "glued to the text": b"--b\n" + one.rstrip(b"\n") + b"--b\n" + second + b"--b--\n",
        "CR alone": joined(b"b", *two).replace(b"\n", b"\r"),
        "CRLF": joined(b"b", *two).replace(b"\n", b"\r\n"),
        "CR before the delimiter": b"--b\n" + one + b"x\r--b\n" + second + b"--b--\n",
        "CR behind the delimiter": b"--b\r" + one + b"--b\r" + second + b"--b--\n",
        "CR CR LF": joined(b"b", *two).replace(b"\n", b"\r\r\n"),
        "LF CR": joined(b"b", *two).replace(b"\n", b"\n\r"),
        "NUL in the delimiter": b"--b\x00\n" + one + b"--b\n" + second + b"--b--\n",
        "quoted delimiter": b"> --b\n" + one + b"--b\n" + second + b"--b--\n",
        "form feed behind": b"--b\x0c\n" + one + b"--b\x0b\n" + second + b"--b--\n",
        "no-break space behind": b"--b\xc2\xa0\n" + one + b"--b\n" + second + b"--b--\n",
        "blank lines first": b"\n\n\n" + joined(b"b", *two),
        "type of the part twice": joined(b"b", part(b"Content-Type: text/plain\nContent-Type: text/html", html("two"))),
        "From line in the part": joined(b"b", b"From someone\nContent-Type: text/html\n\n" + html("two")),
        "fold first in the part": joined(b"b", b" x\nContent-Type: text/html\n\n" + html("two")),
        "no colon first in the part": joined(b"b", b"nothing\nContent-Type: text/html\n\n" + html("two")),
        "an empty line before the fields": joined(b"b", b"\nContent-Type: text/html\n\n" + html("two")),
    }
    for name, body in bodies.items():
        yield f"delimiter {name}", part(kind, body)
    nested = {
        "same boundary": multipart("mixed", "b", multipart("alternative", "b", *two), plain_part("three")),
        "inner begins like the outer": multipart("mixed", "b", multipart("mixed", "bb", *two), plain_part("three")),
        "outer begins like the inner": multipart("mixed", "bb", multipart("mixed", "b", *two), plain_part("three")),
        "inner not closed": multipart(
            "mixed",
            "b",
            part(b"Content-Type: multipart/mixed; boundary=c", joined(b"c", *two, close=b"")),
            plain_part("three"),
        ),
        "outer close inside": part(
            b"Content-Type: multipart/mixed; boundary=b",
            b"--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n" + one + b"--b--\n--c\n" + second + b"--c--\n",
        ),
        "outer delimiter inside": part(
            b"Content-Type: multipart/mixed; boundary=b",
            b"--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
            + one
            + b"--b\n"
            + second
            + b"--c\n"
            + plain_part("three")
            + b"--b--\n",
        ),
        "dashes make the other": part(
            b'Content-Type: multipart/mixed; boundary="b"',
            b'--b\nContent-Type: multipart/mixed; boundary="b--"\n\n--b--\n'
            + one
            + b"--b----\n--b\n"
            + second
            + b"--b--\n",
        ),
        "in a message": multipart(
            "mixed",
            "b",
            part(b"Content-Type: message/rfc822", message("", multipart("mixed", "b", *two))),
            plain_part("three"),
        ),
        "message not closed": multipart(
            "mixed",
            "b",
            part(
                b"Content-Type: message/rfc822",
                message("", part(b"Content-Type: multipart/mixed; boundary=c", b"--c\n" + one + b"--c\n" + second)),
            ),
            plain_part("three"),
        ),
        **{f"{levels} deep": deep(levels, html_part("deep")) for levels in (10, 25, 60, 63, 64, 65, 66, 70, 100)},
    }
    for name, entity in nested.items():
        yield f"nested {name}", entity
    twice = b"Content-Type: multipart/mixed; boundary=c\nContent-Type: multipart/mixed; boundary=b"
    yield "boundary of the second field", part(twice, joined(b"b", *two))
    yield "boundary of the first field", part(twice, joined(b"c", *two))


def deep(levels: int, leaf: bytes) -> bytes:
    """A part inside that many multiparts."""
    for level in range(levels):
        leaf = multipart("mixed", f"level{level}x", leaf)
    return leaf


def structures() -> Iterator[Entity]:
    """Which of several parts is shown."""
    one, two = plain_part("one"), html_part("two")
    attached = b"Content-Disposition: attachment; filename=a.html\nContent-Type: text/html"
    kinds = (
        "mixed",
        "alternative",
        "related",
        "digest",
        "parallel",
        "report",
        "signed",
        "encrypted",
        "unknown",
        "form-data",
    )
    for kind in (*kinds, "appledouble", "header-set", "byteranges", "MIXED", "", "x-mixed-replace"):
        yield f"multipart/{kind}: text, HTML", multipart(kind, "b", one, two)
        yield f"multipart/{kind}: HTML, text", multipart(kind, "b", two, one)
    rows = {
        "two HTML alternatives": multipart("alternative", "b", two, html_part("three")),
        "two text alternatives": multipart("alternative", "b", one, plain_part("three")),
        "alternative with an unknown last": multipart(
            "alternative", "b", one, two, part(b"Content-Type: application/x-odd", b"x")
        ),
        "alternative with a calendar last": multipart(
            "alternative", "b", one, two, part(b"Content-Type: text/calendar", calendar("three"))
        ),
        "alternative with enriched last": multipart(
            "alternative", "b", two, part(b"Content-Type: text/enriched", plain("three"))
        ),
        "alternative with AMP": multipart(
            "alternative", "b", one, part(b"Content-Type: text/x-amp-html", html("three")), two
        ),
        "alternative with an attachment": multipart("alternative", "b", one, part(attached, html("two"))),
        "alternative of one": multipart("alternative", "b", one),
        "alternative with a mixed": multipart(
            "alternative", "b", one, multipart("mixed", "c", two, plain_part("three"))
        ),
        "alternative with a related": multipart(
            "alternative", "b", one, multipart("related", "c", two, html_part("three"))
        ),
        "alternative with a message": multipart(
            "alternative", "b", one, part(b"Content-Type: message/rfc822", message("three"))
        ),
        "alternative without a type": multipart("alternative", "b", part(b"", plain("one")), two),
        "related: two HTML": multipart("related", "b", two, html_part("three")),
        "related with a start": part(
            b'Content-Type: multipart/related; boundary=b; start="<s>"',
            joined(b"b", two, part(b"Content-Type: text/html\nContent-ID: <s>", html("three"))),
        ),
        "related with an alternative": multipart(
            "related", "b", multipart("alternative", "c", one, two), html_part("three")
        ),
        "mixed: two HTML": multipart("mixed", "b", two, html_part("three")),
        "mixed: HTML attached": multipart("mixed", "b", one, part(attached, html("two"))),
        "mixed: HTML as octets": multipart(
            "mixed", "b", one, part(b"Content-Type: application/octet-stream; name=a.html", html("two"))
        ),
        "mixed: HTML as odd octets inline": multipart(
            "mixed",
            "b",
            one,
            part(b"Content-Type: application/x-odd\nContent-Disposition: inline; filename=a.html", html("two")),
        ),
        "mixed: text attached": multipart(
            "mixed", "b", one, part(b"Content-Disposition: attachment; filename=a.txt", plain("two"))
        ),
        "mixed: enriched": multipart(
            "mixed", "b", one, part(b"Content-Type: text/enriched", b"<bold>Word</bold> two https://two.example/ <<x\n")
        ),
        "enriched": part(
            b"Content-Type: text/enriched", b"<bold>Word</bold> two: https://two.example/ <x-odd>three</x-odd>\n"
        ),
        "richtext": part(b"Content-Type: text/richtext", b"<bold>Word</bold> two: https://two.example/<nl>three\n"),
        "SVG": multipart(
            "mixed",
            "b",
            one,
            part(
                b"Content-Type: image/svg+xml",
                b'<svg xmlns="http://www.w3.org/2000/svg"><a href="https://two.example/"><text>Word two</text></a></svg>',
            ),
        ),
        "calendar alone": part(b"Content-Type: text/calendar; method=REQUEST", calendar("one")),
        "calendar mixed": multipart(
            "mixed", "b", one, part(b"Content-Type: text/calendar; method=REQUEST; charset=utf-8", calendar("two"))
        ),
        "vCard": multipart("mixed", "b", one, part(b"Content-Type: text/vcard", card("two"))),
        "vCard attached": multipart(
            "mixed",
            "b",
            one,
            part(b"Content-Type: text/x-vcard; name=a.vcf\nContent-Disposition: attachment", card("two")),
        ),
        "PGP inline": part(
            b"Content-Type: text/plain",
            b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
            + plain("one")
            + b"-----BEGIN PGP SIGNATURE-----\n\niQ==\n=AAAA\n-----END PGP SIGNATURE-----\n"
            + plain("two"),
        ),
        "signed by S/MIME": part(
            b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=b',
            joined(
                b"b",
                two,
                part(
                    b"Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64",
                    b"AAAA\n",
                ),
            ),
        ),
        "signed by PGP": part(
            b'Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256; boundary=b',
            joined(
                b"b",
                two,
                part(
                    b"Content-Type: application/pgp-signature",
                    b"-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n",
                ),
            ),
        ),
        "delivery report": part(
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            joined(
                b"b",
                one,
                part(b"Content-Type: message/delivery-status", plain("two")),
                part(b"Content-Type: text/rfc822-headers", message("three")),
            ),
        ),
    }
    yield from rows.items()
    for kind in (
        "rfc822",
        "RFC822",
        "global",
        "news",
        "partial; id=a; number=1",
        "external-body; access-type=x",
        "delivery-status",
        "x-odd",
        "http",
    ):
        typed = f"Content-Type: message/{kind}".encode()
        yield f"message/{kind} alone", part(typed, message("two"))
        yield f"message/{kind} mixed", multipart("mixed", "b", one, part(typed, message("two")))
    url = b'Content-Type: message/external-body; access-type=URL; URL="https://two.example/"'
    yield "external body with a URL", multipart("mixed", "b", one, part(url, b"Content-Type: text/html\n\n"))
    rfc822 = b"Content-Type: message/rfc822\n"
    for label, body in (
        ("base64", base64_of(message("two"))),
        ("quoted-printable", message("two").replace(b"=", b"=3D")),
    ):
        yield (
            f"message in {label}",
            multipart("mixed", "b", one, part(rfc822 + b"Content-Transfer-Encoding: " + label.encode(), body)),
        )
    plainly = (
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: x-odd",
    )
    for lines in (*plainly, b"Content-Disposition: attachment; filename=a.eml", b"Content-Disposition: inline"):
        yield f"message with {lines.decode()}", multipart("mixed", "b", one, part(rfc822 + lines, message("two")))
    yield "message in a message", part(rfc822, message("", part(rfc822, message("two"))))
    yield "message of HTML", multipart("mixed", "b", one, part(rfc822, message("", two)))
    yield (
        "message with a mailbox line",
        multipart("mixed", "b", one, part(rfc822, b"From x@x.example Mon Jan 1\n" + message("two"))),
    )
    yield "message after empty lines", multipart("mixed", "b", one, part(rfc822, b"\n\n" + message("two")))
    yield "message of no fields", multipart("mixed", "b", one, part(rfc822, b"\n" + plain("two")))
    yield (
        "message as octets",
        multipart("mixed", "b", one, part(b"Content-Type: application/octet-stream; name=a.eml", message("two"))),
    )
    yield (
        "message as octets in base64",
        multipart(
            "mixed",
            "b",
            one,
            part(
                b"Content-Type: application/octet-stream; name=a.eml\nContent-Transfer-Encoding: base64",
                base64_of(message("two")),
            ),
        ),
    )
    yield (
        "digest of messages",
        multipart("digest", "b", part(b"", message("one")), part(b"Content-Type: text/plain", plain("two"))),
    )


def calendar(word: str) -> bytes:
    """An invitation with a link in each property that may hold one (RFC 5545), one of them folded."""
    return (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:x@x.example\n"
        "DTSTART:20240401T010000Z\nDTEND:20240401T020000Z\nDTSTAMP:20240401T000000Z\nORGANIZER:mailto:x@x.example\n"
        f"SUMMARY:Word {word}\nURL:https://{word}.example/\nLOCATION:https://{word}-place.example/\n"
        f"DESCRIPTION:See https://{word}-desc\n ription.example/\\nand more\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode()


def card(word: str) -> bytes:
    """A business card with a link (RFC 6350)."""
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:Word {word}\nN:{word};;;;\nURL:https://{word}.example/\nEND:VCARD\n".encode()


def texts() -> Iterator[Entity]:
    """Where a link begins and ends in running text."""
    rows = (
        *(
            "<URL:https://one.example/a>",
            "<https://one.example/a b>",
            "<https://one.example/a\nb>",
            '"https://one.example/a b"',
        ),
        *(
            "(https://one.example/a)",
            "(https://one.example/a(b))",
            "https://one.example/a(b)c)",
            "[https://one.example/a]",
        ),
        *(
            "[x](https://one.example/a)",
            "{https://one.example/}",
            "https://one.example/a[b]",
            "https://[2001:db8::1]/a",
        ),
        *("'https://one.example/a'", "https://one.example/a'b", "`https://one.example/a`", "*https://one.example/a*"),
        *("_https://one.example/a_", "/https://one.example/a/", "|https://one.example/a|", "https://one.example/a|b"),
        *("https://one.example/a.", "https://one.example/a,", "https://one.example/a;", "https://one.example/a!?"),
        *("https://one.example/a-", "https://one.example/a:", "https://one.example/a...", "https://one.example/a,b;c"),
        *("https://one.example/a>b", "https://one.example/a<b", "https://one.example/a\\b", "https://one.example/a^b"),
        *(
            "https://one.example。次に",
            "https://one.example/をご覧",
            "https://one.exampleをご覧",
            "「https://one.example/a」です",
        ),
        *(
            "（https://one.example/a）です",
            "https://one.example/a、次",
            "https://one.example/a　次",
            "次はhttps://one.example/a",
        ),
        *(
            "https://日本.example/a",
            "https://one.example/日本",
            "https://one.exampleの.two.example/",
            "https://one．example/",
        ),
        *(
            "ｈｔｔｐｓ://one.example/",
            "https：//one.example/",
            "https:／／one.example/",
            "ｈｔｔｐｓ：／／ｏｎｅ．ｅｘａｍｐｌｅ／",
        ),
        *(
            "https://ｏｎｅ.example/",
            "https://one.example\u00a0next",
            "https://one.example/\u200bx",
            "https://one.example/\u3000x",
        ),
        *(
            "www.one.example",
            "www.one.example/a",
            "WWW.one.example",
            "xwww.one.example",
            "次はwww.one.example",
            "www.one.exampleです",
        ),
        *(
            "ftp.one.example/a",
            "ftp://one.example/a",
            "one.example/a",
            "one.example",
            "www.",
            "www..one",
            "a.www.one.example",
        ),
        *(
            "HTTPS://ONE.EXAMPLE/",
            "https:one.example",
            "https:/one.example",
            "https:///one.example/",
            "xhttps://one.example/",
        ),
        *("1https://one.example/", "-https://one.example/", "a.https://one.example/", "https://https://one.example/"),
        *(
            "https://a@one.example/",
            "https://two.example@one.example/",
            "http://one.example:8080/a",
            "https://one.example:",
        ),
        *("a@one.example", "<a@one.example>", "mailto:a@one.example", "a@one", "https://two.example/?a=b@one.example"),
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "tel:123",
            "file:///etc/passwd",
            "news:one.example",
            "hxxps://one.example/",
        ),
        *(
            "https://one.example/a\nb",
            "https://one.example/a=\nb",
            "> https://one.example/a\n> b",
            "https://\none.example/",
        ),
        *(
            "https://one.example/%E3%81%82",
            "https://one.example/?a=1&b=2",
            "https://one.example/#a",
            "https://one.example?a",
        ),
        *(
            "https://one.example/a\u201d",
            "\u201chttps://one.example/a\u201d",
            "https://one.example/a\u2026",
            "https://one.example/a…次",
        ),
        *(
            "https://one.example/a\tb",
            "https://one.example/a\x0bb",
            "https://one.example/a\x0cb",
            "https://one.example/a\x01b",
        ),
        *(
            "https://192.0.2.1/a",
            "https://3221225985/a",
            "https://one.example/\u202ea",
            "https://one\u00ad.example/",
            "https://xn--wgv71a.example/",
        ),
        *(
            "https://one_two.example/",
            "https://-one.example/",
            "https://one..example/",
            "https://one.example./",
            "https://*.one.example/",
        ),
        *(
            "https://one.example/{x}",
            "https://one.example/a%",
            "https://%6fne.example/",
            "https://one.example\\two.example/",
        ),
    )
    for row in rows:
        yield f"text {row!r}", part(b"Content-Type: text/plain; charset=utf-8", f"See {row} there\n".encode())
    flowed = b"Content-Type: text/plain; charset=utf-8; format=flowed"
    for name, fields in (
        ("flowed", flowed),
        ("delsp", flowed + b"; delsp=yes"),
        ("fixed", b"Content-Type: text/plain"),
    ):
        for row in (
            "https://one.example/a \nb",
            "<https://one.example/a \nb>",
            "> https://one.example/a \n> b",
            "https://one.exam \nple/",
        ):
            yield f"{name} {row!r}", part(fields, f"See {row} there\n".encode())


HEAD = b"From: Sender <sender@plain.example>\nTo: reader@reader.example\nSubject: %s\nDate: Mon, 1 Apr 2024 10:00:00 +0900\n"


def heads() -> Iterator[tuple[str, bytes]]:
    """The top of the message itself: whole sources, for no form is right here."""
    typed = b"MIME-Version: 1.0\nContent-Type: text/html\n"
    fields = HEAD % b"heads"
    body = html("html")
    yield "head without an empty line", fields + typed + body
    yield "head in CR", (fields + typed + b"\n").replace(b"\n", b"\r") + body
    yield "head in CRLF, body in LF", (fields + typed + b"\n").replace(b"\n", b"\r\n") + body
    yield "head in LF, body in CRLF", fields + typed + b"\n" + body.replace(b"\n", b"\r\n")
    yield "head in CR CR LF", (fields + typed + b"\n").replace(b"\n", b"\r\r\n") + body
    yield "head with a blank in the empty line", fields + typed + b" \n" + body
    yield "head with a mailbox line", b"From x@x.example Mon Jan  1 00:00:00 2024\n" + fields + typed + b"\n" + body
    yield (
        "head with a quoted mailbox line",
        b">From x@x.example Mon Jan  1 00:00:00 2024\n" + fields + typed + b"\n" + body,
    )
    yield (
        "head with a mailbox line inside",
        fields + b"From x@x.example Mon Jan  1 00:00:00 2024\n" + typed + b"\n" + body,
    )
    yield "head with a fold first", b" folded\n" + fields + typed + b"\n" + body
    yield "head with a sentence inside", fields + b"a sentence without its sign\n" + typed + b"\n" + body
    yield "head with bytes above 127", fields + b"X-\xff\xfe: \xe3\x81\x82\n" + typed + b"\n" + body
    yield "head without MIME-Version", fields + b"Content-Type: text/html\n\n" + body
    yield "head with a type in the body", fields + b"\n" + typed + b"\n" + body
    yield "head of 2,000 fields", fields + b"X-A: b\n" * 2000 + typed + b"\n" + body
    yield "head with a fold of 100,000 letters", fields + b"X-A: " + b"a" * 100_000 + b"\n" + typed + b"\n" + body
    yield "head with 500 folds", fields + b"X-A: b" + b"\n b" * 500 + b"\n" + typed + b"\n" + body
    yield "head ends in NUL", fields + typed + b"\x00\n" + body
    yield "head with a form feed", fields + b"\x0c\n" + typed + b"\n" + body
    yield "head and nothing else", fields + typed


def drawn() -> Iterator[Entity]:
    """Parts in parts, with fields written in one of their odd forms; the seed makes them the same every time."""
    dice = random.Random(SEED)
    for number in range(DRAWN):
        words = (f"w{number}x{count}" for count in itertools.count())
        yield f"drawn {number}", _drawn(dice, words, 0)


def _drawn(dice: random.Random, words: Iterator[str], depth: int) -> bytes:
    if depth < 3 and dice.random() < (1, 0.5, 0.3)[depth]:
        kind = dice.choice(("mixed", "mixed", "alternative", "related", "digest", "x-odd"))
        boundary = dice.choice(("b", "bb", "b b", "B", f"b{depth}", "-b-"))
        written = dice.choice(
            ('boundary="%s"', 'x=y; boundary="%s"', 'Boundary = "%s"', 'boundary="%s"; x', '\n\tboundary="%s"')
        )
        parts = [_drawn(dice, words, depth + 1) for _ in range(dice.randint(1, 3))]
        body = joined(boundary.encode(), *parts, close=dice.choice((b"--", b"--", b"-- ", b"", b"--x")))
        if dice.random() < 0.2:
            body = plain(next(words)) + body
        return part(
            f"Content-Type: multipart/{kind}; {written % boundary}".encode(),
            body + (plain(next(words)) if dice.random() < 0.2 else b""),
        )
    if depth and dice.random() < 0.15:
        return part(b"Content-Type: message/rfc822", message("", _drawn(dice, words, depth + 1)))
    word = next(words)
    kind, body = dice.choice((("text/plain", plain(word)), ("text/html", html(word))))
    written = dice.choice(
        (
            "Content-Type: %s",
            "content-type:%s",
            "Content-Type: %s; charset=utf-8",
            "X-A: b\nContent-Type: %s",
            "Content-Type : %s",
        )
    )
    fields = (written % kind).encode()
    match dice.randint(0, 5):
        case 0:
            return part(fields + b"\nContent-Transfer-Encoding: BASE64", base64_of(body))
        case 1:
            return part(
                fields + b"\nContent-Transfer-Encoding: Quoted-Printable",
                body.replace(b"=", b"=3D").replace(b"ex", b"e=\nx"),
            )
        case 2:
            return part(
                fields + b"\nContent-Disposition: " + dice.choice((b"inline", b"attachment; filename=a.html", b"odd")),
                body,
            )
        case _:
            return part(fields, body)


@cache
def mails() -> tuple[Mail, ...]:
    """Every one of them, its name as its subject's number: nothing in a header is sure to be read."""
    found: list[Mail] = []
    for made in (charsets, types, encodings, boundaries, structures, texts, drawn):
        for name, entity in made():
            head = HEAD % f"{len(found)}".encode() + b"MIME-Version: 1.0\n"
            found.append(Mail(name, head + (entity[1:] if entity.startswith(b"\n\n") else entity)))
    found += [Mail(name, source) for name, source in heads()]
    assert len({mail.name for mail in found}) == len(found)
    return tuple(found)

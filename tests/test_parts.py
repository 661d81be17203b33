"""Which parts a message has and which words and links they hold, where the standards leave that open or are not followed.

What Thunderbird makes of the same is asked in tests/thunderbird; these are the readings it gave, and what it was not asked.
"""

import base64
from hashlib import sha256

import pytest

from sekisho.mail import content_lines, mime, text_links, words
from sekisho.mail.message import Message

ONE = b"Content-Type: text/plain\n\none\n"
TWO = b"Content-Type: text/html\n\n<a href='https://two.example/'>two</a>\n"


def mixed(boundary: bytes, *parts: bytes, end: bytes = b"--\n") -> bytes:
    return b"".join(b"--" + boundary + b"\n" + part for part in parts) + b"--" + boundary + end


def shown(source: bytes) -> list[str]:
    """The words of every part that shows words."""
    return [part.text.strip() for part in Message(source).texts]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b'Content-Type: multipart/mixed; boundary="b"\n\n' + mixed(b"b", ONE, TWO), ["one", "two"]),
        (b"Content-Type: multipart/mixed; boundary=\n\n" + mixed(b"", ONE, TWO), ["one", "two"]),
        (b"Content-Type: multipart/mixed; boundary==?utf-8?q?b?=\n\n" + mixed(b"=?utf-8?q?b?=", ONE), ["one"]),
        (b"Content-Type: multipart/mixed; boundary=\xff\n\n" + mixed(b"\xff", ONE), ["one"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + mixed(b"b", ONE, end=b"-- \x0b\x0c\n"), ["one"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--bb\n" + mixed(b"b", ONE), ["one"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + mixed(b"b", ONE) + mixed(b"b", TWO), ["one"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + mixed(b"b", ONE), ["", "one"]),
        (b"Content-Type: text/html (comment)\n\n<i>x</i>", ["x"]),
        (b"Content-Type: text/html, text/plain\n\n<i>x</i>", ["x"]),
        (b"Content-Type: ?text/html\n\n<i>x</i>", ["x"]),
        (b"Content-Type: application/octet-stream; name=a.HTML\n\n<i>x</i>", ["x"]),
        (b"Content-Type: application/octet-stream; name=a.pdf\n\n<i>x</i>", []),
        (b"Content-Type: text/rtf\n\nx", []),
        (b"Content-Type: message/delivery-status\n\nx", ["x"]),
        (b"Content-Type: message/partial; id=a\n\nx", []),
        (b"Content-Type: text/x-amp-html\n\n<i>x</i>", ["x"]),
        (b"Content-Type: text/enriched\n\n<bold>x</bold> << y", ["x < y"]),
        (b"Content-Type: text/richtext\n\n<bold>x</bold><nl>y <lt>", ["x\ny <"]),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64 (c)\n\neA==", ["x"]),
        (b"Content-Transfer-Encoding: uue\n\nbegin 644 a\n!>```\n`\nend\n", ["x"]),
        (b"Content-Transfer-Encoding: quoted-printable\n\na=\rb\nc=3D", ["ab\nc="]),
        (b"Content-Type: message/global\n\nSubject: x\n\none", ["one"]),
        (b"Content-Type: text/plain; format=flowed\n\na \nb\n> c \n> d\n-- \ne", ["a b\n> c d\n-- \ne"]),
        (b"Content-Type: text/plain; format=flowed; delsp=yes\n\na \nb", ["ab"]),
        (b"Content-Type: text/plain; charset=cp037\n\nx", ["x"]),
        (b"Content-Type: text/plain; charset=utf-7\n\n+AHg-", ["+AHg-\nx"]),
    ],
)
def test_words_are_those_that_thunderbird_shows(source: bytes, expected: list[str]) -> None:
    """Types, boundaries and encodings, written in ways that no standard has."""
    assert expected == shown(source)


def test_of_like_boundaries_the_inner_part_takes_the_line() -> None:
    """Where an inner multipart has its parent's boundary, its delimiters are its own until it is closed."""
    inner = b"Content-Type: multipart/mixed; boundary=b\n\n" + mixed(b"b", ONE, TWO)
    outer = b"Content-Type: multipart/mixed; boundary=b\n\n" + mixed(b"b", inner, ONE)

    assert [(0, False), (1, False), (2, True), (2, True), (1, True)] == [
        (part.depth, part.leaf) for part in Message(outer).parts
    ]


def test_an_encoded_message_is_taken_apart() -> None:
    """Its parts say where they stand, and come before what follows the message."""
    inner = b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + mixed(b"b", ONE, TWO)
    encoded = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(inner)
    source = b"Content-Type: multipart/mixed; boundary=c\n\n" + mixed(b"c", encoded, b"\nthree\n")
    message = Message(source)

    assert [0, 1, 2, 3, 3, 1] == [part.depth for part in message.parts]
    assert ["one", "two", "three"] == [part.text.strip() for part in message.texts]
    assert inner == message.parts[3].held
    assert ["two.example"] == [link.url[8:-1] for part in message.texts for link in part.links]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"eA==eQ==", b"xy"),
        (b"eHk=eHk=", b"xyxy"),
        (b"e H\nk*", b"xy"),
        (b"eHh4e", b"xxx"),
        (b"=eA=eA==", b"\x01x"),
        (b"====eA==", b"\0x"),
        (b"", b""),
    ],
)
def test_base64_goes_on_behind_padding(text: bytes, expected: bytes) -> None:
    """Two texts encoded apart and joined are one, as Thunderbird reads them."""
    assert expected == words.base64_bytes(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.exampleの.b.example/x", ["https://a.example", "https://a.exampleの.b.example/x"]),
        ("https://a.example。b.example/", ["https://a.example", "https://a.example。b.example/"]),
        ("https://例え.jpをご覧", ["https://例え.jp"]),
        ("https://a．example/x", ["https://a．example/x"]),
        ("<https://b .example/>", ["https://b .example/".replace(" ", "")]),
        ("<https://a.example/x\ny>", ["https://a.example/x"]),
        ("https:a.example/x https:/b.example", ["https:a.example/x", "https:/b.example"]),
        ("http: no link", []),
        ("ｈｔｔｐｓ：／／ａ．ｅｘａｍｐｌｅ／ｘ です", ["https://a.example/x"]),
        ("https：／／a.example/", ["https://a.example/"]),
        ("（https://a.example/）", ["https://a.example/"]),
        ("xhttps://a.example/ xwww.a.example", []),
    ],
)
def test_links_to_another_host_are_given_beside(text: str, expected: list[str]) -> None:
    """What Thunderbird makes a link of leads elsewhere than what a reader takes for the link: both are told."""
    assert expected == text_links.find(text)


CALENDAR = """BEGIN:VCALENDAR
UID:https://uid.example/
SUMMARY:A talk\\, at ten
DESCRIPTION;ALTREP="https://alt.example/":See https://desc
 ription.example/\\nand more
LOCATION:Room 1
X-GOOGLE-CONFERENCE:https://meet.example/x
X-ALT-DESC;FMTTYPE=text/html:<a href="https://html.example/">x</a>
ATTACH;FMTTYPE=application/pdf:https://files.example/a.pdf
RRULE:FREQ=DAILY
"""


def test_a_calendar_says_what_a_reader_is_shown() -> None:
    """Unfolded, unescaped, with every link that is not a mere name."""
    text, html = content_lines.read(CALENDAR.replace("\n", "\r\n"))

    assert text.splitlines() == [
        "A talk, at ten",
        "See https://description.example/",
        "and more",
        "https://alt.example/",
        "Room 1",
        "https://meet.example/x",
        "https://files.example/a.pdf",
    ]
    assert html == '<a href="https://html.example/">x</a>'


def test_a_calendars_html_is_read_for_its_links() -> None:
    """X-ALT-DESC is what Outlook shows."""
    message = Message(b"Content-Type: text/calendar\n\n" + CALENDAR.encode())

    assert ["https://html.example/"] == [link.url for part in message.texts for link in part.links]


def test_a_card_says_what_a_reader_is_shown() -> None:
    """RFC 6350; a group may stand before a property."""
    card = (
        'BEGIN:VCARD\nFN:A B\nitem1.URL:https://a.example/\nPHOTO;X="a:b":https://b.example/p\nUID:urn:x\nEND:VCARD\n'
    )

    assert ("A B\nhttps://a.example/\nhttps://b.example/p", "") == content_lines.read(card)


def nested(levels: int) -> bytes:
    levelled = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(levels))
    return b"".join(levelled) + ONE


TYPED = b"Content-Type: multipart/mixed; boundary=b\n\n"


@pytest.mark.parametrize(
    ("source", "parts", "defect"),
    [
        (nested(10_000), mime.MAX_DEPTH + 1, "parts-too-deep"),
        (TYPED.replace(b"\n\n", b"\n\n--b\n") * 10_000, mime.MAX_PARTS, "too-many-parts"),
        (b"Content-Type: message/rfc822\n\n" * 10_000, mime.MAX_DEPTH + 1, "parts-too-deep"),
        (TYPED + b"--b\n\nx\n" * 100_000, mime.MAX_PARTS, "too-many-parts"),
        (TYPED + b"--b\n" * 100_000, mime.MAX_PARTS, "too-many-parts"),
        (TYPED + b"--b\nno field\n" * 100_000, mime.MAX_PARTS, "too-many-parts"),
        (TYPED + b"--bb\n" * 100_000, 1, "multipart-without-parts"),
        (TYPED + b"-" * 1_000_000, 1, "multipart-without-parts"),
        (b"Content-Type: multipart/mixed; boundary=\n\n" + b"--\n" * 100_000, mime.MAX_PARTS, "too-many-parts"),
        (b"X: " + b"a" * 10_000_000 + b"\n\nx", 1, "header-too-long"),
        (b"X: a" + b"\n a" * 1_000_000 + b"\n\nx", 1, "header-too-long"),
        (b"A: b\n" * 100_000 + b"\nx", 1, "too-many-fields"),
    ],
)
def test_what_is_too_much_is_left_out_and_said(source: bytes, parts: int, defect: str) -> None:
    """Depth, number, header: bounded, whatever the sender does."""
    message = Message(source)

    assert parts == len(message.parts)
    assert defect in message.defects


def test_messages_encoded_in_each_other_are_bounded() -> None:
    """Base64 in base64 is undone to the depth that parts have; what does not shrink, four times over."""
    inner = b"Content-Type: text/plain\n\nx"
    for _ in range(15):
        inner = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(inner)
    level = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n"
    flat = Message(level * 60 + b"x" * 100_000)

    assert ["x"] == shown(inner)
    assert len(flat.parts) < 10
    assert "parts-too-deep" in flat.defects


def test_attached_messages_are_among_the_files() -> None:
    """As Thunderbird lists them: with hash and size, called by their subject where they have no name, taken apart all the same."""
    inner = b"Subject: =?utf-8?q?caf=C3=A9?=\n\nhttps://inside.example/\n"
    encoded = b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(inner)
    message = Message(
        b"Subject: out\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        + inner
        + b"\n--b\nContent-Type: message/rfc822; name=kept.eml\n"
        + encoded
        + b"--b--\n"
    )

    assert [(sha256(inner).hexdigest(), len(inner), "café")] * 2 == [
        (file.sha256, file.size, message.title(file.part)) for file in message.files
    ]
    assert [None, "kept.eml"] == [file.part.filename for file in message.files]
    assert 2 == sum("https://inside.example/" in part.text for part in message.texts)


def test_messages_in_messages_are_hashed_in_bounded_work() -> None:
    """Each holds all that are in it: what is hashed stays a few times the message's size, and what is left out is said."""
    message = Message(b"Content-Type: message/rfc822\n\n" * 60 + b"a" * 100_000)

    assert sum(file.size for file in message.files) <= 4 * message.size
    assert "too-many-attachments" in message.defects

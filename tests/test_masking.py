"""A raw message for somebody else: what is the reader's is cut out wherever a message can hold it, and the rest stays as it is."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from quopri import encodestring
from urllib.parse import quote

import pytest
from workbench import SAMPLES, mails, name

from sekisho.mail import masking
from sekisho.mail.message import Message
from sekisho.paint.veil import MASK, Own, Veil

READER = "mori@office.example"
VEIL = Veil(
    Own(
        addresses=(READER, "hanako.yamada@post.example"),
        domains=("office.example",),
        names=("山田 花子", "Hanako Yamada"),
    )
).text


def message(encoding: str, charset: str) -> bytes:
    """A mail that has its reader in every place that it can."""
    token = b64encode(READER.encode()).decode()
    text = f"山田花子様\n{READER} のメールボックス\nhttps://bad.example/?e={token}\nHanako Yamada\n"
    made = EmailMessage(policy.SMTP)
    made["To"] = f"山田 花子 <{READER}>"
    made["Delivered-To"] = READER
    made["Subject"] = f"山田 花子様: {READER} の容量"
    made["List-Unsubscribe"] = f"<mailto:leave-{READER.replace('@', '=')}@list.example>"
    made["X-Long"] = "word " * 30 + READER + " word" * 30
    made.set_content(text, charset=charset, cte=encoding)
    made.add_alternative(f"<p>{quote(READER)}</p>{text}", "html", charset=charset, cte=encoding)
    made.add_attachment(b"PK\3\4 whatever " + READER.encode(), "application", "zip", filename=f"{READER}.zip")
    made.add_attachment(b"\x89PNG\r\n\x1a\n nothing", "image", "png", filename="logo.png")
    made.add_attachment(b"\x89PNG\r\n\x1a\n for " + READER.encode(), "image", "png", filename="card.png")
    return made.as_bytes()


WRITTEN = [
    ("base64", "utf-8"),
    ("quoted-printable", "utf-8"),
    ("8bit", "utf-8"),
    ("7bit", "iso-2022-jp"),
    ("base64", "shift_jis"),
    ("8bit", "euc-jp"),
]


@pytest.mark.parametrize(("encoding", "charset"), WRITTEN)
def test_a_masked_message_has_nothing_of_the_reader_and_the_same_shape(encoding: str, charset: str) -> None:
    """As another reader sees it, the standard library's; the rest of the words is still there."""
    source = message(encoding, charset)
    masked, whole = masking.masked(source, VEIL)
    read = message_from_bytes(masked, policy=policy.default)
    words = [str(part.get_content()) for part in read.walk() if part.get_content_maintype() == "text"]
    seen = "\n".join([*words, *(f"{field}: {value}" for part in read.walk() for field, value in part.items())])

    assert whole
    for secret in (READER, "office.example", "山田", "花子", "Yamada", b64encode(READER.encode()).decode(), "mori="):
        assert secret not in seen
        assert secret.encode() not in masked
    assert len(Message(source).parts) == len(Message(masked).parts)
    assert "のメールボックス" in seen and "https://bad.example/?e=" in seen and MASK in seen
    assert [masking.ADDRESS] == [one.address for one in Message(masked).addresses("to")]


def test_files_are_left_out_but_for_pictures_that_say_nothing() -> None:
    """What is packed cannot be looked through; its hash stays, by which others know it."""
    masked, _ = masking.masked(message("base64", "utf-8"), VEIL)
    read = message_from_bytes(masked, policy=policy.default)
    packed, logo, card = [part.get_content() for part in read.iter_attachments()]

    assert b"\x89PNG\r\n\x1a\n nothing" == logo
    for left_out in (packed, card):
        assert b"SHA-256" in left_out and READER.encode() not in left_out


def test_a_message_inside_is_masked_too_also_an_encoded_one() -> None:
    """A forwarded mail names its reader as well."""
    inner = message("base64", "utf-8")
    outer = (
        b"To: " + READER.encode() + b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b\r\nContent-Type: message/rfc822\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encodestring(inner) + b"\r\n--b--\r\n"
    )
    masked, whole = masking.masked(outer, VEIL)
    read = Message(masked)

    assert whole and len(Message(outer).parts) == len(read.parts)
    assert all(VEIL(text.text) == text.text for text in read.texts)
    assert all(READER.encode() not in (part.held or masked) for part in read.parts)


def test_a_text_in_sixteen_bits_is_masked() -> None:
    """Where no octet of it is ASCII."""
    text = f"{READER} のメールボックス".encode("utf-16")
    head = b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    masked, _ = masking.masked(head + b64encode(text), VEIL)

    assert f"{MASK} のメールボックス" == Message(masked).texts[0].text.strip()


def test_what_cannot_be_cut_out_takes_the_body_with_it() -> None:
    """A veil that finds something everywhere leaves nothing to send, and says so."""
    source = SAMPLES[0].read_bytes()
    masked, whole = masking.masked(source, lambda text: text + "x")

    assert (b"", False) == (masked, whole)


def test_a_long_text_is_cut() -> None:
    """So that looking through it ends."""
    source = b"Subject: x\r\n\r\n" + b"nothing here\r\n" * 50_000
    masked, whole = masking.masked(source, VEIL)

    assert whole and len(masked) < masking.MAX_TEXT + 100
    assert b"left out" in masked[-60:]


@pytest.mark.parametrize("mail", mails(), ids=name)
def test_any_message_masks_without_its_recipients(mail: Path) -> None:
    """Every replay, with all of its recipients taken for the reader: nothing of them is left, nothing raises."""
    source = mail.read_bytes()
    read = Message(source)
    own = [one.address.lower() for field in ("to", "cc") for one in read.addresses(field) if one.domain]
    veil = Veil(Own(addresses=tuple(own))).text
    masked, _ = masking.masked(source, veil)

    for text in (
        *(field.text for field in Message(masked).header.fields),
        *(part.text for part in Message(masked).texts),
    ):
        assert veil(text) == text


def test_what_names_nobody_stays_as_it_is() -> None:
    """Nothing to hide: the message is the same, byte by byte, but for Thunderbird's own lines on top."""
    for sample in SAMPLES:
        source = sample.read_bytes()

        assert (source, True) == masking.masked(b"X-Mozilla-Status: 0001\n" + source, Veil(Own()).text)


HEAD = b"From: a@evil.example\r\nMIME-Version: 1.0\r\n"


def test_a_file_name_in_pieces_is_put_together_first() -> None:
    """RFC 2231 lets a name go over several parameters; none of them alone says whose it is."""
    source = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment; filename*0=hanako.yam;\r\n filename*1=ada-post.example.txt\r\n\r\nx\r\n--b--\r\n"
    )
    veil = Veil(Own(domains=("hanako.yamada-post.example",))).text
    masked, whole = masking.masked(source, veil)
    [part] = [part for part in Message(masked).parts if part.filename]

    assert whole
    assert b"hanako" not in masked and b"post.example" not in masked
    assert part.filename == f"{MASK}.txt"


@pytest.mark.parametrize("text", [READER, b64encode(READER.encode()).decode()], ids=["plain", "base64"])
def test_what_stands_beside_the_parts_is_read_over_the_ends_of_its_lines(text: str) -> None:
    """No program shows it, and it is in the file all the same."""
    split = f"{text[:9]}\r\n{text[9:]}\r\n".encode()
    source = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + split + b"--b\r\n\r\nhello\r\n--b--\r\n" + split
    )
    masked, whole = masking.masked(source, VEIL)

    assert whole and b"hello" in masked
    assert text[:9].encode() not in masked and text[9:].encode() not in masked


def test_a_text_is_read_in_another_charset_than_the_one_it_names_too() -> None:
    """Programs guess; a label does not hide a name."""
    source = HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n" + "山田花子様\r\n".encode()
    masked, _ = masking.masked(source, VEIL)

    assert "花子".encode() not in masked


@pytest.mark.parametrize("kind", [b"text/plain", b"image/png"])
@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"x-uuencode"])
def test_what_a_decoder_passes_over_is_looked_through(encoding: bytes, kind: bytes) -> None:
    """What is no base64 is skipped (RFC 2045 section 6.8), and read by whoever opens the source."""
    source = HEAD + b"Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\naGVsbG8=\r\n%s\r\n" % (
        kind,
        encoding,
        READER.encode(),
    )
    masked, _ = masking.masked(source, VEIL)

    assert masked and READER.encode() not in masked


def test_a_picture_is_kept_only_where_it_is_small_and_does_not_say_the_name() -> None:
    """What is drawn in a large one, such as a code to scan, cannot be looked through; of any, its description can."""
    for data in (b"\x89PNG\r\n\x1a\n" + "山田花子".encode(), b"\x89PNG\r\n\x1a\n" + bytes(masking.MAX_PICTURE)):
        made = EmailMessage(policy.SMTP)
        made.set_content("x")
        made.add_attachment(data, "image", "png", filename="card.png")
        masked, whole = masking.masked(made.as_bytes(), VEIL)
        [card] = message_from_bytes(masked, policy=policy.default).iter_attachments()

        assert whole and b"SHA-256" in card.get_content()


def test_fields_without_end_are_left_out() -> None:
    """One of them, or all behind so many; the message stays one, and says it."""
    long = (
        HEAD
        + b"Subject: "
        + b"=?utf-8?B?eHh4eHh4?=\r\n " * 20_000
        + b"\r\nTo: "
        + READER.encode()
        + b"\r\n\r\nhello\r\n"
    )
    many = HEAD + b"".join(b"X-%d: %s\r\n" % (at, READER.encode()) for at in range(20_000)) + b"\r\nhello\r\n"
    masked, whole = masking.masked(long, VEIL)

    assert whole and b"Subject: [left out" in masked and b"hello" in masked
    assert len(masking.masked(many, VEIL)[0]) < 2 * masking.MAX_HEADER
    for source in (long, many):
        assert READER.encode() not in masking.masked(source, VEIL)[0]


def test_many_long_texts_are_cut_together() -> None:
    """So that a thousand parts cost no more than some."""
    part = b"--b\r\nContent-Type: text/plain\r\n\r\n" + b"nothing here\r\n" * 3000
    source = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 20 + b"--b--\r\n"
    masked, whole = masking.masked(source, VEIL)

    assert whole and len(masked) < masking.MAX_TEXTS + 20 * 200
    assert len(Message(source).parts) == len(Message(masked).parts)

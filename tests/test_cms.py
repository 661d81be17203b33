"""What an S/MIME signature encloses is taken apart like the mail that Thunderbird shows of it."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import failures, report_of_source, wrong

from sekisho.mail import cms, masking, own_seals
from sekisho.mail.message import Message

INSIDE = (
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p>Please confirm: <a href="http://login.shop.example.net/verify">your account</a> (yui@office.example)</p>\r\n'
)
# As OpenSSL 3 writes them (cms -sign -nodetach, with and without -stream), the certificates and the signature left out.
SIGNED_DATA, DATA = bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010701")
VERSION, ALGORITHMS = bytes.fromhex("020101"), bytes.fromhex("310d300b0609608648016503040201")


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def ber(tag: int, content: bytes) -> bytes:
    return bytes([tag, 0x80]) + content + b"\0\0"


def signed(content: bytes, how: str = "whole") -> bytes:
    if how == "whole":
        inner = der(0x30, DATA + der(0xA0, der(0x04, content)))
        return der(0x30, SIGNED_DATA + der(0xA0, der(0x30, VERSION + ALGORITHMS + inner + der(0x31, b""))))
    pieces = b"".join(der(0x04, content[at : at + 50]) for at in range(0, len(content), 50))
    octets = ber(0x24, ber(0x24, pieces[:104]) + der(0x24, pieces[104:])) if how == "nested" else ber(0x24, pieces)
    inner = ber(0x30, DATA + ber(0xA0, octets))
    algorithms = ber(0x31, ALGORITHMS[2:]) if how == "nested" else ALGORITHMS
    return ber(0x30, SIGNED_DATA + ber(0xA0, ber(0x30, VERSION + algorithms + inner + der(0x31, b""))))


def mail(body: bytes, content_type: bytes = b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> bytes:
    return (
        b"Received: from mail.shop.example (mail.shop.example [203.0.113.9]) by mx.office.example (Postfix) with ESMTPS id 5C1E02\r\n"
        b"\tfor <yui@office.example>; Tue, 10 May 2022 06:12:44 +0900\r\n"
        b"From: a@shop.example\r\nTo: yui@office.example\r\nSubject: Hello\r\nDate: Tue, 10 May 2022 06:12:40 +0900\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: " + content_type + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body)
    )


@pytest.mark.parametrize("options", [["-binary"], ["-binary", "-stream"], ["-binary", "-nocerts"]])
def test_what_openssl_signs_is_read(options: list[str], tmp_path: Path) -> None:
    """As a real program writes it, with a signature and a certificate behind the content; detached, nothing is inside."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=a", "-keyout", key, "-out", certificate]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], check=True, capture_output=True
    )

    def written(*more: str) -> bytes:
        command = ["openssl", "cms", "-sign", "-outform", "DER", "-signer", certificate, "-inkey", key, *options, *more]
        return subprocess.run(command, input=INSIDE, check=True, capture_output=True).stdout

    assert INSIDE == cms.signed_content(written("-nodetach"))
    assert "-stream" in options or cms.signed_content(written()) is None


@pytest.mark.parametrize("how", ["whole", "in pieces", "nested"])
def test_the_content_is_read_in_every_encoding(how: str) -> None:
    assert INSIDE == cms.signed_content(signed(INSIDE, how))


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        b"application/x-pkcs7-mime",
        b"application/pkcs7-mime; smime-type=enveloped-data",
        b"application/octet-stream; name=smime.p7m",
    ],
)
def test_its_links_and_words_are_looked_at(content_type: bytes) -> None:
    """Whatever the sender calls it, as Thunderbird's decoder does; the file itself is no attachment then."""
    report = report_of_source(mail(signed(INSIDE), content_type))

    assert [link["host"] for link in report["links"]] == ["login.shop.example.net"]
    assert [] == report["attachments"] == failures(report) == wrong(report)
    assert ["smime-signed"] == [seal.kind for seal in own_seals.find(Message(mail(signed(INSIDE), content_type)))]


def test_a_signature_in_a_signature_is_read_to_its_depth() -> None:
    """One in another, a hundred times: Thunderbird's limit of depth ends it, and the report stands."""
    body, head = (
        INSIDE,
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: binary\r\n\r\n",
    )
    twice = signed(head + signed(INSIDE))
    assert ["login.shop.example.net"] == [link["host"] for link in report_of_source(mail(twice))["links"]]
    for _ in range(100):
        body = head + signed(body, "in pieces")
    report = report_of_source(mail(signed(body, "in pieces")))
    assert [] == failures(report) == wrong(report)


@pytest.mark.parametrize(
    "body", [b"", b"\x30", b"\x30\x80", signed(INSIDE)[:20], signed(INSIDE).replace(SIGNED_DATA, DATA), der(0x30, SIGNED_DATA + der(0xA0, der(0x30, VERSION + ALGORITHMS + der(0x30, DATA))))],
    ids=["nothing", "cut", "open", "head", "other", "detached"],
)  # fmt: skip
def test_what_encloses_nothing_stays_a_file_and_is_said_to_be_unread(body: bytes) -> None:
    message = Message(mail(body))

    assert cms.signed_content(body) is None
    assert ["smime-enclosed"] == [seal.kind for seal in own_seals.find(message)]
    assert message.parts[0].leaf and len(message.parts) == 1


def test_what_is_cut_off_is_read_as_far_as_it_came() -> None:
    for how in ("whole", "in pieces", "nested"):
        whole = signed(INSIDE, how)
        cut = cms.signed_content(whole[: whole.index(b"your account")])
        assert cut is not None and INSIDE.startswith(cut) and b"login.shop.example.net" in cut


def test_masked_for_others_it_is_left_out() -> None:
    """What the signature's certificate says can't be looked through: the enclosed mail goes with it, the rest stays."""
    made, whole = masking.masked(mail(signed(INSIDE)), lambda text: text.replace("yui@office.example", "********@****"))

    assert whole and b"Subject: Hello" in made
    assert b"yui" not in base64.b64decode(made.partition(b"base64\r\n\r\n")[2] + b"==") and b"yui@" not in made


@given(st.binary(max_size=200), st.integers(0, 120), st.sampled_from(["whole", "in pieces", "nested"]))
def test_no_bytes_break_it(noise: bytes, at: int, how: str) -> None:
    whole = signed(INSIDE, how)
    for data in (noise, whole[:at] + noise + whole[at:], whole[:at] + noise + whole[at + len(noise) :]):
        read = cms.signed_content(data)
        assert read is None or len(read) <= len(data)


def test_its_cost_grows_with_its_size() -> None:
    """Empty pieces, open values without end, lengths of lengths."""

    def cost(count: int, piece: bytes) -> float:
        data = signed(INSIDE, "in pieces")
        at = data.index(b"\x24\x80") + 2
        start = process_time()
        cms.signed_content(data[:at] + piece * count)
        return process_time() - start

    for piece in (b"\x04\x00", b"\x24\x80", b"\x24\x80\0\0", b"\x24\x02\x04\x00", b"\x24\x88"):
        small = min(cost(20_000, piece) for _ in range(3))
        assert min(cost(80_000, piece) for _ in range(3)) < 8 * small + 0.05, piece

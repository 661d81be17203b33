"""Encrypted, signed and attached messages: what can be read is, what cannot is said to be so; and how fast a panel is painted."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import running, tidy
from .mails import Mail, made, mbox, samples
from .reader import Reader

CIPHERTEXT = base64.encodebytes(bytes(range(256)) * 4)
OPENPGP = made(
    "openpgp",
    b"--=-e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--=-e\nContent-Type: application/octet-stream\n\n"
    b"-----BEGIN PGP MESSAGE-----\n\n" + CIPHERTEXT + b"-----END PGP MESSAGE-----\n--=-e--\n",
    b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="=-e"\n',
    2,
)
SIGNED = made(
    "signed",
    b"--=-s\nContent-Type: text/plain; charset=UTF-8\n\nSee https://www.plain.example/signed for more.\n"
    b"--=-s\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\n"
    + CIPHERTEXT
    + b"--=-s--\n",
    b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="=-s"\n',
    4,
)
FORWARDED = made(
    "forwarded",
    b"--=-f\nContent-Type: text/plain; charset=UTF-8\n\nIs this one real?\n"
    b'--=-f\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename="suspicious.eml"\n\n'
    + samples()["kagoya"].raw
    + b"\n--=-f--\n",
    b'Content-Type: multipart/mixed; boundary="=-f"\n',
    5,
)
LINKS = made(
    "links",
    b"".join(b"https://host%d.example/path/%d?id=%d\n" % (n, n, n) for n in range(200)),
    b"Content-Type: text/plain; charset=UTF-8\n",
    6,
)
PASSWORD = "kept"


def openssl(*words: str | Path, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


def enveloped(name: str, folder: Path, day: int) -> Mail:
    """Encrypted with S/MIME for a key of its own, which lies in `folder` as NAME.p12."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subject = "/CN=Reader/emailAddress=reader@reader.example"
    openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2", "-subj", subject, "-keyout", key),
        *("-addext", "keyUsage=digitalSignature,keyEncipherment", "-out", certificate),
    )
    openssl(
        *("pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", folder / f"{name}.p12"),
        *("-passout", f"pass:{PASSWORD}"),
    )
    inside = b"Content-Type: text/plain\r\n\r\nTo be seen by the reader alone\r\n"
    sealed = openssl("smime", "-encrypt", "-aes256", "-outform", "DER", certificate, given=inside)
    fields = (
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n"
        b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=smime.p7m\n"
    )
    return made(name, base64.encodebytes(sealed), fields, day)


def enclosed(name: str, folder: Path, day: int) -> Mail:
    """Inside its S/MIME signature, in pieces, by somebody whom nobody vouches for."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2", "-subj", "/CN=Sender"),
        *("-keyout", key, "-out", certificate),
    )
    inside = b"Content-Type: text/plain\r\n\r\nSee https://www.plain.example/enclosed for more.\r\n"
    signed = openssl(
        *("cms", "-sign", "-nodetach", "-binary", "-stream", "-outform", "DER"),
        *("-signer", certificate, "-inkey", key),
        given=inside,
    )
    fields = (
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
        b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=smime.p7m\n"
    )
    return made(name, base64.encodebytes(signed), fields, day)


class Sealed(NamedTuple):
    foreign: Mail
    own: Mail
    enclosed: Mail
    folder: Path
    all: list[Mail]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    folder = tmp_path_factory.mktemp("smime")
    foreign, own = enveloped("smime-foreign", folder, 7), enveloped("smime-own", folder, 8)
    inside = enclosed("smime-enclosed", folder, 9)
    return Sealed(foreign, own, inside, folder, [OPENPGP, SIGNED, FORWARDED, LINKS, foreign, own, inside])


@pytest.fixture(scope="module")
def kinds(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool, sealed: Sealed) -> Iterator[Reader]:
    with running(program, tmp_path_factory.mktemp("kinds"), "en", alone, {"Kinds": mbox(sealed.all)}) as reader:
        yield reader


@pytest.fixture(scope="module")
def japanese_kinds(
    program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool, sealed: Sealed
) -> Iterator[Reader]:
    with running(program, tmp_path_factory.mktemp("kinds-ja"), "ja", alone, {"Kinds": mbox(sealed.all)}) as reader:
        reader.thunderbird.set_pref("ui.systemUsesDarkTheme", 1)
        yield reader


@pytest.fixture
def reader(kinds: Reader, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with tidy(kinds, request) as one:
        yield one


def opened(reader: Reader, mail: Mail, click: Callable[[], object] | None = None) -> str:
    """The panel's words about that mail, whose source came to the host byte for byte; `click`: not the button above it."""
    reader.open_folder("Kinds", 7)
    reader.select(mail)
    reader.displayed(mail, whole=click is None)
    # By then the header has room for what Thunderbird says of it, and the button stays where it is.
    reader.run("await until('a verdict', () => marks().every(one => one?.title.startsWith('Sekisho: ')))")
    (click or reader.click_display_button)()
    reader.until_done()
    assert reader.report()["message"]["sha256"] == mail.sha256
    return str(reader.run("return await within(panels().at(-1), `return document.body.textContent`)"))


def test_encrypted_mail(reader: Reader) -> None:
    """The host gets the ciphertext, not what Thunderbird could make of it; the header is read, and the panel says what was not."""
    words = opened(reader, OPENPGP)
    assert "The mail is encrypted (OpenPGP). What is inside, links and files too, was not checked." in words
    assert "mx.plain.example" in words
    reader.picture("kind-openpgp")


SMIME = {
    "en": "The mail is encrypted (S/MIME). What is inside, links and files too, was not checked.",
    "ja": "メールは暗号化されています(S/MIME)。中身は、リンクや添付ファイルも含めて調べていません。",
}


def test_smime_mail_for_somebody_else(reader: Reader, sealed: Sealed) -> None:
    """Thunderbird shows a page of its own in its place, without the header and its button, and never says that it shows the
    message (153). The button in the main toolbar and the list's menu are there."""
    words = opened(reader, sealed.foreign, reader.click_main_button)
    assert reader.run("return about().msgLoaded") is False, "it is shown now: shown.js need not be so patient"
    assert SMIME["en"] in words
    assert "mx.plain.example" in words
    reader.picture("kind-smime-foreign")
    reader.close_panels()
    reader.choose_in_list(sealed.foreign)
    assert SMIME["en"] in reader.until_done()["text"]


def test_smime_mail_that_thunderbird_can_read(reader: Reader, sealed: Sealed) -> None:
    """The reader's key is there: Thunderbird shows the text; the host still gets the source and says what it did not read."""
    reader.run(
        """
        const {FileUtils} = ChromeUtils.importESModule("resource://gre/modules/FileUtils.sys.mjs");
        const certificates = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
        const failed = certificates.importPKCS12File(new FileUtils.File(args[0]), args[1]);
        if (failed) throw new Error(`not imported: ${failed}`);
        """,
        str(sealed.folder / "smime-own.p12"),
        PASSWORD,
    )
    words = opened(reader, sealed.own)
    shown = "return about().document.getElementById('messagepane').contentDocument.body.textContent"
    assert "To be seen by the reader alone" in reader.run(shown)
    assert SMIME["en"] in words
    assert "To be seen" not in words


def test_smime_mail_in_japanese(japanese_kinds: Reader, sealed: Sealed, request: pytest.FixtureRequest) -> None:
    with tidy(japanese_kinds, request) as reader:
        assert SMIME["ja"] in opened(reader, sealed.foreign, reader.click_main_button)
        reader.picture("kind-smime-foreign-dark")


def test_signed_mail(reader: Reader) -> None:
    """What is signed is read like any mail: its link is there."""
    assert "plain.example" in opened(reader, SIGNED)
    assert [link["registrable_domain"] for link in reader.report()["links"]] == ["plain.example"]


def test_mail_inside_its_signature(reader: Reader, sealed: Sealed) -> None:
    """Thunderbird shows it, whoever signed it: its link is there, and nothing is said to be unread."""
    words = opened(reader, sealed.enclosed)
    shown = "return about().document.getElementById('messagepane').contentDocument.body.textContent"
    assert "www.plain.example/enclosed" in reader.run(shown)
    assert [link["registrable_domain"] for link in reader.report()["links"]] == ["plain.example"]
    assert "signed this mail (S/MIME)" in words
    assert "not read here" not in words
    reader.picture("kind-smime-enclosed")


def test_attached_message(reader: Reader) -> None:
    """Opened from the message that carries it, it has its own mark and its own panel, made of its own source."""
    opened(reader, FORWARDED)
    reader.close_panels()
    reader.run(
        """
        const {AttachmentInfo} = ChromeUtils.importESModule("resource:///modules/AttachmentInfo.sys.mjs");
        const found = await until("attachment", () => about().currentAttachments?.find(one => one.contentType == "message/rfc822"));
        found.open(about().browsingContext);
        """
    )
    button = """[...Services.wm.getEnumerator('mail:messageWindow')].at(-1)?.messageBrowser.contentWindow.document
      .querySelector(`[data-extensionid="${EXTENSION}"]`)"""
    try:
        where = reader.run(
            f"""
            return await until("a window or a tab", () => {{
              if (tabmail.currentTabInfo.mode.name == "mailMessageTab" && mark(displayButton())?.badge == "!") return "tab";
              if (mark({button})?.badge == "!") return "window";
            }});
            """
        )
        reader.click_on("displayButton()" if where == "tab" else button)
        panel = reader.until_done()
        assert panel["level"] == "danger"
        assert "w-support.jp" in panel["headline"]
        reader.picture("kind-attached-message")
    finally:
        reader.run("for (const one of Services.wm.getEnumerator('mail:messageWindow')) one.close()")


def test_how_long_a_frame_takes_to_paint(reader: Reader, measured: Callable[[str, str, float], None]) -> None:
    """From a report in hand to its words laid out on the page; printed, not judged: machines differ."""
    opened(reader, LINKS)
    report = reader.report()
    assert len(report["links"]) == 200
    first, again = reader.run(
        """
        return await within(panels().at(-1), `
          const [{view}, {replace}] = await Promise.all(["view.js", "dom.js"].map(one => import(browser.runtime.getURL(one))));
          const say = (key, ...values) => browser.i18n.getMessage(key, values), place = document.querySelector("#panel");
          const paint = () => { const begun = performance.now(); replace(place, view(args[0], say)); place.offsetHeight; return performance.now() - begun; };
          place.replaceChildren();
          const first = paint();
          return [first, [paint(), paint(), paint()].sort((one, other) => one - other)[1]];`, args[0]);
        """,
        report,
    )
    measured("en", "a report of 200 links -> painted, at first", first / 1000)
    measured("en", "the same once more", again / 1000)

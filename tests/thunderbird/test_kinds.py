"""Encrypted, signed and attached messages: what can be read is, what cannot is said to be so; and how fast a panel is painted."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import FOLDERS, running, tidy
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
MAILS = [OPENPGP, SIGNED, FORWARDED, LINKS]


@pytest.fixture(scope="module")
def kinds(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[Reader]:
    FOLDERS["Kinds"] = lambda: mbox(MAILS)
    with running(program, tmp_path_factory.mktemp("kinds"), "en", alone, ["Inbox", "Kinds"]) as reader:
        yield reader


@pytest.fixture
def reader(kinds: Reader, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with tidy(kinds, request) as one:
        yield one


def opened(reader: Reader, mail: Mail) -> str:
    """The panel's words about that mail, whose source came to the host byte for byte."""
    reader.open_folder("Kinds", len(MAILS))
    reader.select(mail)
    reader.displayed(mail)
    # By then the header has room for what Thunderbird says of it, and the button stays where it is.
    reader.run("await until('a verdict', () => marks().every(one => one?.title.startsWith('Sekisho: ')))")
    reader.click_display_button()
    reader.until_done()
    assert reader.report()["message"]["sha256"] == mail.sha256
    return str(reader.run("return await within(panels().at(-1), `return document.body.textContent`)"))


def test_encrypted_mail(reader: Reader) -> None:
    """The host gets the ciphertext, not what Thunderbird could make of it; the header is read, and the panel says what was not."""
    words = opened(reader, OPENPGP)
    assert "The mail is encrypted (OpenPGP). What is inside was not read here." in words
    assert "mx.plain.example" in words
    reader.picture("kind-openpgp")


def test_signed_mail(reader: Reader) -> None:
    """What is signed is read like any mail: its link is there."""
    assert "plain.example" in opened(reader, SIGNED)
    assert [link["registrable_domain"] for link in reader.report()["links"]] == ["plain.example"]


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
            }}, 20000);
            """
        )
        reader.screen.click(reader.point("displayButton()" if where == "tab" else button))
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

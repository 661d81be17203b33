"""What the panel and the report say of files that were opened: mails of the replays, through the real process."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from documents import code, pdf, picture
from workbench import LOCALES, NOW, REPLAYS, primitives, replays, report_of

from sekisho.engine import analyse
from sekisho.facts.attachments import MAX_OPENED, to_open
from sekisho.facts.opened import addresses
from sekisho.mail.message import Message
from sekisho.report import as_json
from sekisho.settings import Settings

SAID = {
    "qr-link/fires": "It holds a code to scan (QR Code), which says: https://login.example/mfa",
    "qr-link/fires-pdf": "Page 1 holds a code to scan (QR Code), which says: https://login.example/hr",
    "office-macros/fires-auto-open": "The macro starts by itself: AutoOpen",
    "office-macros/fires-excel-4": "It holds a program, an Excel 4 macro.",
    "external-template/fires": "When it is opened, it loads its template from https://files.example/t.dotm",
    "external-template/fires-object": "When it is opened, it loads a part of itself from mhtml:https://files.example/x.html!https://files.example/x.html",
    "pdf-actions/fires-script": "When it is opened, it runs a script. (app.alert(1))",
    "pdf-actions/fires-launch": "At a click, it starts a program or opens a file. (bill.exe)",
    "encrypted-document/fires": "It can't be read without its password.",
    "encrypted-document/quiet-only-printing": "It is protected against changes; anybody can read it.",
    "document-acts/fires-equation": "It holds an object for Word's old equation editor, which attacks make use of.",
    "document-acts/fires-dde": "A field in it starts a program: DDEAUTO c:\\\\x.exe none",
    "document-acts/fires-program-inside": "A file lies in it: order.exe",
}


def sentences(mail: str, locale: str = "en") -> list[str]:
    """The sentences of the attachments' block."""
    panel = report_of(REPLAYS / f"{mail}.eml", locale)["panel"]
    body = next(block["body"] for block in panel if block["block"] == "attachments")
    return [item["text"] for item in primitives(body) if item["kind"] == "sentence"]


@pytest.mark.parametrize(("mail", "said"), SAID.items(), ids=SAID)
def test_what_was_found_is_a_sentence(mail: str, said: str) -> None:
    """Below the file's card, in the reader's language."""
    assert said in sentences(mail)
    assert len(sentences(mail)) == len(sentences(mail, "ja"))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_has_its_words(locale: str) -> None:
    """No key of a sentence is shown in its place."""
    mails = {f"{mail.parent.name}/{mail.stem}" for mail in replays()} & set(SAID)

    assert set(SAID) == mails
    assert [] == [text for mail in mails for text in sentences(mail, locale) if "opened." in text]


def test_a_link_inside_a_file_is_a_link_of_the_mail() -> None:
    """It is taken apart, says of what kind it is and in which part it lies."""
    report = report_of(REPLAYS / "qr-link/fires-pdf.eml")

    assert [("https://login.example/hr", "qr", "part:2")] == [
        (link["url"], link["kind"], link["where"]) for link in report["links"]
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.example/x", ["https://a.example/x"]),
        ("HTTPS://A.EXAMPLE/X", ["HTTPS://A.EXAMPLE/X"]),
        ("login.example/mfa", ["http://login.example/mfa"]),
        ("MEBKM:TITLE:x;URL:http://a.example/;;", ["http://a.example/"]),
        ("WIFI:T:WPA;S:office;P:none;;", []),
        ("BEGIN:VCARD\nFN:A\nEND:VCARD", []),
        ("4006381333931", []),
    ],
)
def test_a_codes_address(text: str, found: list[str]) -> None:
    """What a camera would open; other texts are none."""
    assert found == addresses({"text": text})


def test_a_locked_document_is_locked_in_the_report() -> None:
    """`encrypted` is true of a document as of an archive, and one finding says so."""
    report = report_of(REPLAYS / "encrypted-document/fires.eml")

    assert [True] == [file["encrypted"] for file in report["attachments"]]
    assert ["encrypted-document"] == [one["id"] for one in report["findings"] if one["id"].startswith(("enc", "lock"))]


def test_ornaments_do_not_keep_a_document_from_being_opened() -> None:
    """Among too many pictures the document and the largest picture are opened, and one picture many times over counts once."""
    letter = EmailMessage()
    letter.set_content("See the files.")
    for number in range(2 * MAX_OPENED):
        letter.add_attachment(
            b"GIF89a" + bytes([number]) * 30, maintype="image", subtype="gif", filename=f"{number}.gif"
        )
        letter.add_attachment(b"GIF89a the same", maintype="image", subtype="gif", filename="same.gif")
    letter.add_attachment(picture(code()), maintype="image", subtype="png", filename="code.png")
    letter.add_attachment(pdf(), maintype="application", subtype="pdf", filename="bill.pdf")
    message = Message(letter.as_bytes())
    asked = to_open(message)
    names = {message.files[number].part.filename for number, _ in asked}

    assert {"code.png", "bill.pdf"} <= names
    assert MAX_OPENED == len({question for _, question in asked})
    assert asked == sorted(asked)
    report = as_json(analyse(message, {}, Settings(), NOW).report)
    left = [file for number, file in enumerate(report["attachments"]) if number not in dict(asked)]
    assert left and {("failed", "too-many")} == {(file["opened"], file["failed"]) for file in left}

"""The blocks `links` and `attachments` as people see them: in every painter, grouped, with words beside every mark."""

import io
from html import unescape
from typing import Any

import pytest
from workbench import REPLAYS, primitives, report_of, report_of_source

from sekisho.paint import terminal
from sekisho.paint.export import export

HEAD = b"From: Hiroba <news@hiroba.example>\r\nTo: mori@office.example\r\nSubject: News\r\nMIME-Version: 1.0\r\n"
TRICKS = [
    "brand-in-link/fires-subdomain",
    "userinfo-in-link/fires-brand-before-the-at",
    "unfilled-placeholder/fires",
    "link-knows-reader/fires-base64",
    "disguised-address/fires-one-number",
    "unusual-port/fires-2083",
]


def block(report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A block's body; [] when it is not there."""
    return next((one["body"] for one in report["panel"] if one["block"] == name), [])


def page(html: str, **given: Any) -> dict[str, Any]:
    """The report of a mail with this HTML part."""
    return report_of_source(HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode(), **given)


def in_the_open(body: list[dict[str, Any]]) -> list[str]:
    """The URLs of the links outside of folds."""
    items = [item for one in body if one["kind"] == "list" for entry in one["items"] for item in entry]
    return [item["url"] for item in items if item["kind"] == "dissection"]


def painted(report: dict[str, Any]) -> dict[str, str]:
    """The panel in every painter of the host, without line ends."""
    shown = io.StringIO()
    terminal.paint(report, shown, 400)
    texts = {"terminal": shown.getvalue(), **{form: export(report, form)[1] for form in ("html", "markdown")}}
    return {form: " ".join(unescape(text).replace("\\", "").split()) for form, text in texts.items()}


@pytest.mark.parametrize("mail", TRICKS)
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_every_painter_says_in_words_what_it_marks(mail: str, locale: str) -> None:
    """A notable piece has its words in each painter: colour and strokes alone would not reach everybody."""
    path = next(REPLAYS.glob(f"{mail}*.eml"))
    report = report_of(path, locale)
    shown = [one for one in primitives(block(report, "links")) if one["kind"] == "dissection"]
    notes = [piece["note"] for one in shown for piece in one["segments"] if piece["note"]]

    assert notes
    for text in painted(report).values():
        assert [] == [note for note in notes if " ".join(note.split()) not in text]


def test_a_role_of_tomorrow_is_plain_text() -> None:
    """A painter shows the pieces of roles that it does not know."""
    report = page('<a href="https://a.example/x">x</a>')
    for one in primitives(block(report, "links")):
        for piece in one.get("segments", ()):
            piece["role"] = "tomorrows"
            piece["note"] = "a new kind of piece"

    for text in painted(report).values():
        assert "a new kind of piece" in text


def test_a_newsletter_is_one_card() -> None:
    """Sixty links to one owner are one link in the open, and the number of the others."""
    links = "".join(f'<a href="https://click.hiroba.example/{number}">read</a>' for number in range(60))
    body = block(page(links), "links")

    assert ["https://click.hiroba.example/0"] == in_the_open(body)
    assert ["More links of the same owner: 59"] == [
        one["summary"] for one in primitives(body) if one["kind"] == "fold" and "same owner" in one["summary"]
    ]
    assert 60 == sum(one["kind"] == "dissection" for one in primitives(body))


def test_the_suspicious_link_stands_first() -> None:
    """What a finding rests on comes before what came before it in the mail, and is never folded away."""
    many = "".join(f'<a href="https://www.place{number}.example/">x</a>' for number in range(20))
    odd = "https://www.hiroba.example@evil.example/login"

    assert odd == in_the_open(block(page(f'{many}<a href="{odd}">x</a>'), "links"))[0]


def test_many_owners_are_a_fold_with_their_names() -> None:
    """Beyond a few, owners of whom nothing is to be said are named in one line."""
    many = "".join(f'<a href="https://www.place{number}.example/">x</a>' for number in range(9))
    body = block(page(many), "links")

    assert 3 == len(in_the_open(body))
    assert any("place3.example, place4.example, place5.example …" in one.get("summary", "") for one in body)


def test_what_is_only_loaded_is_one_line() -> None:
    """Pictures lead nowhere; their owners learn that the mail was opened."""
    body = block(page('<img src="https://p.count.example/1.gif" width="1" height="1"><p>Hello</p>'), "links")

    assert [] == in_the_open(body)
    fold = next(one for one in body if one["kind"] == "fold")
    assert "Loads pictures and the like from 1 places (count.example)" == fold["summary"]
    assert any("learns that the mail was opened" in one.get("text", "") for one in fold["body"])


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (
            '<form action="https://a.example/go"><input name="p" type="password"></form>',
            "This is a form in the mail itself",
        ),
        ('<meta http-equiv="refresh" content="0;url=https://a.example/"><p>Hello</p>', "No click needed"),
        ('<p>Hello</p><a href="https://a.example/" style="display:none">x</a>', "Not visible in the mail."),
        ('<p>Hello</p><a href="https://a.example/" style="display:none">x</a>', "Its words, which nobody sees: “x”."),
        ('<a href="http://0xcb007109/">x</a>', "0xcb007109 is another way to write the address 203.0.113.9."),
        ('<a href="https://xn--80ak6aa92e.example/">x</a>', "xn--80ak6aa92e.example is how computers write"),
    ],
)
def test_how_a_link_works_is_said(html: str, said: str) -> None:
    """Forms, links that nobody clicks or sees, and names and addresses in disguise are said in a sentence."""
    texts = [one.get("text", "") for one in primitives(block(page(html), "links"))]

    assert [text for text in texts if text.startswith(said)]


def test_a_link_in_a_file_names_the_file() -> None:
    """A code in a picture is a link like any other, with the picture's name."""
    report = report_of(REPLAYS / "qr-link" / "fires.eml")
    texts = [one.get("text", "") for one in primitives(block(report, "links"))]

    assert [text for text in texts if text.startswith("From a QR code") and "scan.png" in text]


def test_a_turned_name_is_shown_as_it_looks_and_as_it_is() -> None:
    """Of a name with a right-to-left override both readings are said."""
    report = report_of(REPLAYS / "disguised-name" / "fires-turned-round.eml")
    body = block(report, "attachments")
    texts = [one.get("text", "") for one in primitives(body)]

    assert "invoice⟨U+202E⟩fdp.exe" in texts
    assert [text for text in texts if "“invoiceexe.pdf”, but ends in .exe" in text]


def test_a_text_that_runs_is_no_text() -> None:
    """Of a script the name alone tells that it is one."""
    head = b'Content-Type: text/plain; name="a.vbs"\r\nContent-Disposition: attachment; filename="a.vbs"\r\n\r\nx = 1'
    texts = [one.get("text", "") for one in primitives(block(report_of_source(HEAD + head), "attachments"))]

    assert "It is a script (5 bytes)." in texts


def test_pictures_of_the_letter_are_folded() -> None:
    """Logos are files too; they don't push a file that matters out of sight."""
    picture = (
        b"--b\r\nContent-Type: image/gif\r\nContent-Disposition: inline; filename=logo%d.gif\r\n\r\nGIF89a"
        b"\x01\x00\x01\x00\x80\x00\x00;\r\n"
    )
    source = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(picture % n for n in range(5))
    source += (
        b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=prices.csv\r\n\r\na,b\r\n--b--\r\n"
    )
    body = block(report_of_source(source), "attachments")

    shown = [item["text"] for entry in body[0]["items"] for item in entry if item["kind"] == "heading"]
    assert ["prices.csv"] == shown
    assert "Pictures that are part of the letter: 5" == body[1]["summary"]

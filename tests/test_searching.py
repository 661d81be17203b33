"""Where plain searching stands for a pattern, for speed, it finds what the pattern finds: made-up texts of what is hard for it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.facts import disguise, lures, namesakes
from sekisho.mail import fields, folding, likeness, mime, text_links, url_contents
from sekisho.mail.html import parse
from sekisho.mail.html.walk import _one_blank
from sekisho.tables import made

HARD = [
    "a",
    "e",
    "Z",
    "0",
    "12",
    "500",
    ".",
    "@",
    "/",
    ":",
    "--",
    "?",
    "_",
    "word.",
    "x@y.example",
    "http://a.example/",
    "HTTPS://B.example",
    "ftp://c.example",
    "http:d.example",
    "www.e.example",
    "://localhost",
    "{x}",
    "{{y}}",
    "0123456789abcdef0123456789abcdef",
    "İ",
    "K",
    "ß",
    "é",
    "ア",
    "ー",
    "漢字",
    "かな",
    "ｱ",
    "１２",
    "ｈｔｔｐ",
    "𝐀",
    "\u200b",
    "\xad",
    "\xa0",
    "\u3000",
    "$",
    "£",
]
BLANKS = [" ", "  ", "\n", "\r", "\r\n", "\t", "\f", "\x0b", "\x1c"]
texts = st.lists(st.sampled_from([*HARD, *BLANKS, *BLANKS]), max_size=60).map("".join)
ascii_texts = texts.map(lambda text: text.encode("ascii", "ignore").decode("ascii"))
tried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of theirs


@tried
@given(texts)
def test_blanks(text: str) -> None:
    assert re.sub("[ \t\n\f\r]+", " ", text) == _one_blank(text)


@tried
@given(
    st.lists(
        st.sampled_from(["word", " ", "\n", "\u00a0", "<b>", "</b>", "<br>", "<p>", "<pre>\n x </pre>"]), max_size=40
    )
)
def test_lines_of_a_page_are_the_same_however_its_words_are_divided(pieces: list[str]) -> None:
    source = "".join(pieces)
    assert parse(source).text == parse(source.replace("word", "w<i></i>or<i></i>d")).text


@tried
@given(texts)
def test_line_ends(text: str) -> None:
    source = text.encode("utf-8")
    for field in fields.parse(b"A: " + source).fields:
        line = (b"A: " + source)[field.end :]
        assert not line or re.match(rb"\r\n|\n|\r", line)
        assert not re.search(rb"(?:\r\n|\n|\r(?!\n))(?![ \t])", (b"A: " + source)[field.start : field.end])


@tried
@given(st.lists(st.sampled_from(["--b", "x", "\n", "\r\n", "\r", " ", "\n\n"]), max_size=40))
def test_delimiters(pieces: list[str]) -> None:
    body = "".join(pieces).encode("ascii")
    source = b"Content-Type: multipart/mixed; boundary=b\n\n" + body
    begun = re.findall(rb"(?:(?<=[\r\n])|\A)--b *(?![^\r\n])", body)
    assert len(begun) == len(mime.parse(source, fields.parse(source)).parts) - 1


@tried
@given(texts)
def test_words_of_lures(text: str) -> None:
    lower = text.lower()
    assert re.findall("[a-z]+", lower) == lures._words(lower)


CHOICES = {
    (language, choice)
    for language in lures.GAP
    for row in lures._patterns(language)[0]
    for piece in (made.unpacked(row) if isinstance(row, bytes) else row)[3]
    for choice in piece
}


@tried
@given(
    st.lists(st.one_of(st.sampled_from(sorted(CHOICES, key=str)), st.sampled_from(HARD)), max_size=8),
    st.data(),
)
def test_marks_of_lures(said: list[tuple[str, lures._Choice] | str], data: st.DataObject) -> None:
    """A word of a pattern that stands in a text is never missed for want of its mark, however the text is cut."""
    between = st.sampled_from(["", " ", ", ", "s ", "-", "0"])
    written = [one if isinstance(one, str) else one[1][0] for one in said]
    text = folding.fold("".join(f"{one}{data.draw(between)}" for one in written)).text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lures, "LONG", data.draw(st.sampled_from([1, 7, 1 << 15])))
        assert text == "".join(lures._pieces(text))
        for language, choice in (one for one in said if not isinstance(one, str)):
            found = lures._piece(text, choice, 0, len(text))
            assert found is None or choice[2] in lures._known(text, language)


@tried
@given(texts)
def test_beyond_ascii(text: str) -> None:
    assert "".join(letter for letter in text if letter > "\x7f") == folding.beyond_ascii(text)


@tried
@given(texts)
def test_words_of_a_name_s_text(text: str) -> None:
    plain = text.lower().encode("ascii", "ignore").decode("ascii")
    assert re.findall("[a-z0-9]+", plain) == namesakes._words(plain)


@tried
@given(texts)
def test_words_of_likeness(text: str) -> None:
    assert likeness._token().findall(text) == likeness._words(text)


@tried
@given(texts)
def test_what_varies(text: str) -> None:
    whole = " ".join(
        likeness._varying().sub(" ", word) if any(sign in word for sign in ".@{") else word for word in text.split(" ")
    )
    assert whole == likeness._lasting(text)


@tried
@given(ascii_texts)
def test_folding_ascii(text: str) -> None:
    """A letter that is not ASCII, far behind, has the text read by the patterns for all letters."""
    short, long = folding.fold(text), folding.fold(text + " . " + "\u4e00")
    assert long.text.startswith(short.text.rstrip())
    size = len(short.text.rstrip())
    assert [short.origin(at) for at in range(size)] == [long.origin(at) for at in range(size)]


@tried
@given(texts)
def test_links_in_text(text: str) -> None:
    for pattern in (text_links._plain(), text_links._to_the_blank()):
        begins = text_links._begins(text.lower(), len(text))
        found = [match.span() for match in text_links._matches(pattern, text, begins)]
        assert [match.span() for match in pattern.finditer(text)] == found


@tried
@given(texts)
def test_hashes(text: str) -> None:
    assert url_contents._may_be_hashed(text.lower()) or not url_contents._hash().search(text.lower())


@tried
@given(texts)
def test_words_without_addresses(text: str) -> None:
    by_pattern = re.sub(r"https?://\S+|\S+@\S+", " ", text).split()
    assert by_pattern == disguise._without_addresses(text).split()

"""HTML as a browser reads it: every way out, what is seen and what is not, and no more work than the size is worth."""

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from random import Random

import pytest
from selectolax.lexbor import LexborHTMLParser

from sekisho.mail import html, text_links
from sekisho.mail import message as message_module
from sekisho.mail.html import LEADING, pieces
from sekisho.mail.message import Message

A = "http://a.example/"


def read(source: str) -> list[tuple[str, str]]:
    return [(link.kind, link.url) for link in html.parse(source).links]


@pytest.mark.parametrize(
    ("source", "links"),
    [
        (f"<area href={A}>", [("link", A)]),
        (f"<form action={A}><input formaction={A}i type=submit></form>", [("form", A), ("form", A + "i")]),
        (f"<meta http-equiv=Refresh content='5; URL=\"{A}\"'>", [("refresh", A)]),
        (f"<meta http-equiv=refresh content='0 {A}'>", [("refresh", A)]),
        (f"<base href={A}x/y><a href=../z>q</a>", [("base", A + "x/y"), ("link", A + "z")]),
        (f"<a href=/z>q</a><base href={A}x/y>", [("link", A + "z"), ("base", A + "x/y")]),
        (f"<a href=?z>q</a><a href=z>q</a><base href={A}x/y>", [("link", A + "x/y?z"), ("link", A + "x/z"), ("base", A + "x/y")]),
        ("<a href=/nowhere>q</a>", [("link", "/nowhere")]),
        (f"<svg><a xlink:href={A}>q</a><image href={A}i /></svg>", [("link", A), ("image", A + "i")]),
        (f"<img src={A}1 srcset='{A}2 1x, {A}3,4 2x'>", [("image", A + "1"), ("image", A + "2"), ("image", A + "3,4")]),
        (f"<table background={A}><td><video poster={A}p src={A}v>", [("image", A), ("image", A + "p"), ("media", A + "v")]),
        (f"<object data={A}></object><embed src={A}e><iframe src={A}f>", [("frame", A), ("frame", A + "e"), ("frame", A + "f")]),
        (f"<script src={A}></script><link rel=stylesheet href={A}s>", [("script", A), ("style", A + "s")]),
        (f"<style>@import '{A}s'; b {{background: url( {A}i )}}</style>", [("style", A + "s"), ("image", A + "i")]),
        (f"<p style='background:url({A})'>", [("image", A)]),
        (f"<iframe srcdoc='&lt;a href={A}&gt;q&lt;/a&gt;'></iframe>", [("link", A)]),
        (f"<a href='javascript:open(\"{A}\")'>q</a>", [("link", f'javascript:open("{A}")'), ("link", A)]),
        (f"<a href='java&#10;script:open(\"{A}\")'>q</a>", [("link", f'javascript:open("{A}")'), ("link", A)]),
        (f"<p onclick='open(\"{A}\")'><script>go('http:\\/\\/b.example\\/')</script>", [("script", A), ("script", "http://b.example/")]),
        (f"<a href='data:text/html,%3Ca%20href={A}%3Eq'>q</a>", [("link", f"data:text/html,%3Ca%20href={A}%3Eq"), ("link", A)]),
        (f"<template><a href={A}>q</a></template>", [("link", A)]),
        (f"<noscript><a href={A}>q</a></noscript>", [("link", A)]),
        (f"<a href=' {A[:9]}\n{A[9:]} '>q</a>", [("link", A)]),
        (f"<!-- <a href={A}> --><textarea><a href={A}></textarea><title><a href={A}></title>", []),
        (f"<a title='>' href={A}>q", [("link", A)]),
        (f"<a href={A} href=http://b.example/>q", [("link", A)]),
    ],
)  # fmt: skip
def test_every_way_out_is_found(source: str, links: list[tuple[str, str]]) -> None:
    """Where a part leads and what it loads, in the order of the source, told apart."""
    assert links == read(source)


@pytest.mark.parametrize(
    ("source", "shown", "hidden"),
    [
        ("<p>Dear <b>Ms</b> Example,<br>pay <i>now</i>.</p><p>Bye", "Dear Ms Example,\npay now.\nBye", ""),
        ("<div>a\n  b</div> <div>c</div>", "a b\nc", ""),
        ("<pre>a\n b</pre>", "a\n b", ""),
        ("<td>a<td>b<tr><td>c", "abc", ""),
        ("<table><td>a<td>b<tr><td>c</table>", "a\nb\nc", ""),
        ("x<div style='display: NONE'>y</div>", "x", "y"),
        ("x<div style='display:none!important;display:block'>y</div>", "x", "y"),
        ("x<div style='visibility:hidden'>y<b style='visibility:visible'>z</b></div>", "x\nz", "y"),
        ("x<p style='font-size:0'>y<span style='font-size:12px'>z</span>", "x\nz", "y"),
        ("x<p style='font:1px/1px Arial'>y", "x", "y"),
        ("x<p style='font-size:2px'>y", "x\ny", ""),
        ("x<p style='opacity:0'>y", "x", "y"),
        ("x<p style='opacity:.5'>y", "x\ny", ""),
        ("x<p style='max-height:0;overflow:hidden'>y", "x", "y"),
        ("x<p style='max-height:0'>y", "x\ny", ""),
        ("x<p style='position:absolute;left:-9999px'>y", "x", "y"),
        ("x<p style='text-indent:-9999px'>y", "x", "y"),
        ("x<p style='mso-hide:all'>y", "x", "y"),
        ("x<p hidden>y", "x", "y"),
        ("x<p style='color:#FFF'>y", "x", "y"),
        ("x<p style='color:#fefefe'>y", "x", "y"),
        ("x<table bgcolor=navy><td style='color:white'>y</table>", "x\ny", ""),
        ("x<table bgcolor=336699><td><font color='#336699'>y</font></table>", "x", "y"),
        ("x<div style='background:url(i.png)'><p style='color:white'>y</div>", "x\ny", ""),
        ("x<p style='color:transparent'>y", "x", "y"),
        ("<body bgcolor=black text=white>y", "y", ""),
        ("<style>.h, #i {display:none} p.j {font-size:0px}</style>x<b class='a h'>y</b><b id=i>z</b><p class=j>w", "x", "yz\nw"),
        ("<style>@media (max-width:600px){.h{display:none}}</style>x<b class=h>y</b>", "xy", ""),
        ("<style>@media screen{.h{display:none}}</style>x<b class=h>y</b>", "x", "y"),
        ("<style media=print>.h{display:none}</style>x<b class=h>y</b>", "xy", ""),
        ("<style>.h{display:none}</style>x<b class=h style='display:inline'>y</b>", "xy", ""),
        ("<style>.h{display:none}</style>x<style>p .h{display:inline}</style><b class=h>y</b>", "xy", ""),
        ("<style>div.a p{background:#000}</style><p style='color:white'>y", "y", ""),
        ("<style>/*</style>x*/.h{display:none}</style>", "x*/.h{display:none}", ""),
        ("<noscript>n</noscript><template>t</template><script>s</script>", "n", "t"),
    ],
)  # fmt: skip
def test_what_is_seen_is_told_from_what_is_not(source: str, shown: str, hidden: str) -> None:
    """Sentences stay whole, blocks stand in lines of their own, and hidden words are kept apart."""
    made = html.parse(source)

    assert (shown, hidden) == (made.text, made.hidden)


@pytest.mark.parametrize(
    ("source", "hidden", "text"),
    [
        (f"<a href={A}>q</a>", False, "q"),
        (f"<a href={A}></a>", True, ""),
        (f"<a href={A}> <b> </b></a>", True, ""),
        (f"<a href={A} style='display:block;width:9px;height:9px'></a>", False, ""),
        (f"<a href={A}><img src=i alt='Pay now' width=99></a>", False, "Pay now"),
        (f"<a href={A}><img src=i width=1 height=1></a>", True, ""),
        (f"<p style='font-size:0'><a href={A}><img src=i></a>", False, ""),
        (f"<p style='font-size:0'><a href={A}>q</a>", True, "q"),
        (f"<p style='display:none'><a href={A}><img src=i></a>", True, ""),
        (f"<div style='color:#fff'><a href={A}>q</a></div>", False, "q"),
        (f"<div style='color:#fff'><a href={A} style='color:inherit'>q</a></div>", True, "q"),
        (f"<map hidden><area href={A} alt=q></map>", True, "q"),
        (f"<template><a href={A}>q</a></template>", True, "q"),
        (f"<a href={A}>a<table><td><a href={A}>b</a></table>", False, "a"),
    ],
)  # fmt: skip
def test_a_link_that_nobody_sees_is_known_as_such(source: str, hidden: bool, text: str) -> None:
    """A link without words or picture, or one that style takes away, is no link to a reader."""
    first = html.parse(source).links[0]

    assert (hidden, text) == (first.hidden, first.text)


def test_pictures_that_are_seen_are_counted_with_their_size() -> None:
    """An image-only body can be told from a tracking pixel."""
    made = html.parse(
        "<img src=a width=600 height='40px' alt=x><img src=b style='width:9em'><img src=c width=1><img src=d hidden>"
    )

    assert [("a", 600.0, 40.0, "x"), ("b", 144.0, None, "")] == [tuple(image) for image in made.images]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("//b.example/p", "http://b.example/p"),
        ("\\\\b.example/p", "http://b.example/p"),
        ("./p", "http://a.example/x/p"),
        ("../../../p", "http://a.example/p"),
        ("#p", "#p"),
        ("mailto:x@a.example", "mailto:x@a.example"),
    ],
)
def test_a_relative_link_leads_from_the_base(source: str, url: str) -> None:
    """RFC 3986 §5.2, with the backslashes that browsers take for slashes."""
    assert ("link", url) in read(f"<base href=http://a.example/x/y?q#f><a href='{source}'>q</a>")


KANJI = "①髙 請求書"


@pytest.mark.parametrize(
    ("label", "meta", "codec"),
    [
        ("", "shift_jis", "cp932"),
        ("", "euc-jp", "euc_jp"),
        ("", "utf-8", "utf-8"),
        ("utf-8", "shift_jis", "utf-8"),
        ("shift_jis", "utf-8", "cp932"),
        ("us-ascii", "", "utf-8"),
        ("shift_jis", "", "utf-8-sig"),
        ("", "", "utf-16"),
    ],
)
def test_a_text_is_decoded_as_declared_or_guessed(label: str, meta: str, codec: str) -> None:
    """The header's label first, then the text's own, then what the bytes look like; a byte order mark outweighs all."""
    words = KANJI[3:] if codec == "euc_jp" else KANJI  # JIS X 0208 has neither of the first two
    body = f"<meta http-equiv=Content-Type content='text/html; charset={meta}'><p>{words}".encode(codec)
    head = f"Content-Type: text/html; charset={label}" if label else "Content-Type: text/html"
    message = Message(head.encode() + b"\nContent-Transfer-Encoding: base64\n\n" + b64encode(body))

    assert [words] == [part.text for part in message.texts]


def test_a_label_of_another_alphabet_is_taken_from_the_text() -> None:
    """What cannot be guessed is believed."""
    body = "<meta charset=windows-1251><p>Привет".encode("cp1251")

    assert ["Привет"] == [part.text for part in Message(b"Content-Type: text/html\n\n" + body).texts]


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
@pytest.mark.parametrize("codec", ["utf-8", "cp932", "iso2022_jp", "utf-16"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_links_behind_a_megabyte_of_text_are_found(kind: str, codec: str, encoding: str) -> None:
    """What is too long to be shown is searched, stretch by stretch, in whatever it is written."""
    links = [f"http://a{number}.example/" for number in range(18)]
    filler = "<p>" + "ご請求書" * 9_000 + "</p>\n"
    body = "".join(f"{filler}<a href={link} >\n" for link in links).encode(codec)
    if encoding != "8bit":
        body = encodebytes(body) if encoding == "base64" else b2a_qp(body)
    label = {"iso2022_jp": "iso-2022-jp", "cp932": "shift_jis"}.get(codec, codec)
    head = f"Content-Type: {kind}; charset={label}\nContent-Transfer-Encoding: {encoding}\n\n"
    message = Message(head.encode() + body)
    part = message.texts[0]

    assert set(links) == {link.url for link in part.links} | set(text_links.find(part.text))
    assert ["html-cut" if kind == "text/html" else "text-cut"] == message.defects


def of_parts(*bodies: bytes) -> Message:
    parts = b"".join(b"--x\nContent-Type: text/html\n\n" + body + b"\n" for body in bodies)
    return Message(b"Content-Type: multipart/mixed; boundary=x\n\n" + parts + b"--x--\n")


def test_no_part_of_html_is_pushed_out_by_longer_ones() -> None:
    """Of all parts together a megabyte is read; a short one is read whole wherever it stands, of long ones as much as of each other."""
    long = b"<p>" + b"word " * 100_000 + f"<a href={A}>".encode()
    message = of_parts(*[long] * 6, b"<p>short", long)
    lengths = [len(part.text) for part in message.texts]

    assert "short" == message.texts[6].text
    assert {lengths[0]} == {length for place, length in enumerate(lengths) if place != 6}
    assert message_module.MAX_HTML - 2_000 * len(lengths) < sum(lengths) <= message_module.MAX_HTML
    assert [[A]] * 6 == [[link.url for link in part.links] for part in message.texts if part.text != "short"][:6]
    assert ["html-cut"] == message.defects


def test_what_fits_in_all_is_read_whole() -> None:
    """Ten parts of 100 kB, and one of a megabyte in base64, are no more than is read."""
    body = b"<p>" + b"word " * 20_000

    assert [] == of_parts(*[body] * 10).defects
    assert [body.decode()[3:].strip()] * 10 == [part.text for part in of_parts(*[body] * 10).texts]


@pytest.mark.parametrize(
    ("source", "links"),
    [
        (f"<a href={A}>q", [("link", A)]),
        (f"<A\nHREF='{A}'>q", [("link", A)]),
        (f'<a href \n= \t"{A}">q', [("link", A)]),
        (f"<a href={' ' * 300}{A}>q", [("link", A)]),
        (f"<a href{' ' * 300}={A}>q", [("link", A)]),
        (f"<a href='{A}{'x' * 9_000}'>q", [("link", (A + "x" * 9_000)[:4096])]),
        (f"<form Action={A}><button formaction = {A}b>", [("form", A), ("form", A + "b")]),
        (f"<script src={A}></script>", [("image", A)]),
        (f"<meta http-equiv=refresh content=\"0; URL='{A}'\">", [("refresh", A)]),
        (f"<iframe srcdoc='&lt;a href=&quot;{A}&quot;&gt;'>", [("link", A)]),
        (f"<a href={A}?b=c&amp;d=e>q", [("link", A + "?b=c&d=e")]),
        (f"<a href={A}><a href={A}><a href={A}>", [("link", A)]),
        (f"<img ſrc={A} actıon={A}>", []),
        (f"<p thref={A} url={A} = href {A}> a == href= > = {A}", []),
    ],
)
def test_what_is_not_read_is_searched_for_links_and_forms(source: str, links: list[tuple[str, str]]) -> None:
    """However it is written; what is met again is told once."""
    assert links == [(link.kind, link.url) for link in html.parse("", iter([source])).links]


# ------------------------------------------------------------------ bounds

BOMBS = {
    "open, never closed": "<div>",
    "formatting": "<b><div></b>",
    "formatting without end": "<b id=1><i><p>x",
    "closed in vain": "<div></x>",
    "cells without table": "<div><td>",
    "paragraphs in buttons": "<button><font>",
    "other tables": "<table><td></div>",
    "foreign": "<svg><foreignObject><div>",
    "foreign style": "<div><svg><style></div></style>",
    "framesets": "<frameset><xmp></xmp>",
    "forms": "<form><div></form>",
    "bodies": "<body><div></body>",
    "headings": "<h1><div><h2></h1>",
    "dialogs": "<p><dialog>",
    "lists": "<li><ul></li>",
    "comments with tags": "<div><!--</div>-->",
    "attributes with tags": "<div><b title='</div>'></b>",
}


@pytest.mark.parametrize("unit", BOMBS.values(), ids=BOMBS)
def test_no_tags_fool_the_estimate_of_depth(unit: str) -> None:
    """The tree of each piece is no deeper than a little more than twice the bound, however the tags are written."""
    left_out: list[tuple[int, int]] = []
    found = list(pieces.cut(unit * 6_000, left_out))

    assert len(unit) * 6_000 == sum(len(piece.source) for piece in found) + sum(end - begin for begin, end in left_out)
    assert len(found) > 1
    assert max(depth(piece.whole) for piece in found) < 2.5 * pieces.MAX_DEPTH


def test_no_soup_of_tags_fools_the_estimate_of_depth() -> None:
    """The same for tags at random, repeated."""
    random = Random(5)
    names = re.findall(
        r"\w+", "a b font span p div table tr td form li ul dl dd button svg math title style select h1 h3 body object"
    )
    for _ in range(60):
        unit = "".join(f"<{random.choice(('', '', '/'))}{random.choice(names)}>" for _ in range(random.randint(1, 6)))
        for piece in pieces.cut(unit * 4_000, []):
            assert depth(piece.whole) < 2.5 * pieces.MAX_DEPTH, unit


SOUP = re.findall(
    r"[^ ]+",
    "<p> </p> <div> </div> <b{n}> <b> </b> <i> </i> <font{n}> <font{n}> </font> <nobr{n}> <td> </td> <table> </table> <a{n}> </a> "
    "<li> <button> <select> <svg> <object> <!-- --> <br> <style> </style> <b/x='>'{n}> <b/x=<{n}> x x",
)


def test_what_is_not_cut_makes_nothing_large() -> None:
    """What is counted without reading the tags is never lower than what the parser makes of them."""
    random = Random(7)
    whole = 0
    for _ in range(300):
        unit, times = random.choices(SOUP, k=random.randint(1, 8)), random.randint(100, 900)
        head = "<p>" + "".join(f"<b id={n}>" for n in range(random.randint(0, 30)))
        source = head + "".join("".join(unit).replace("{n}", f" id={n % 40}") for n in range(times))
        if len(source) < pieces.MAX_PLAIN_LENGTH and source.count("<") < pieces.MAX_PLAIN:
            continue
        made = list(pieces.cut(source, []))
        if [source] != [piece.whole for piece in made]:
            continue
        whole += 1
        assert depth(source) <= pieces.MAX_DEPTH + 3
        # What closing in vain makes besides is a few elements a tag.
        assert len(LexborHTMLParser(source).css("*")) <= pieces.MAX_MADE + 8 * source.count("<"), unit
    assert whole > 50


@pytest.mark.parametrize(
    "tag",
    [
        "<b " + " ".join(f"x{n}" for n in range(9_000)) + ">",
        "<b x='>' " + " ".join(f"x{n}" for n in range(9_000)) + ">",
        "<b " + " ".join(f"<x{n}" for n in range(3_900)) + " x>",
        "<b x=<" + " x=< ".join(f"y{n}" for n in range(1_900)) + ">",
    ],
    ids=lambda tag: tag[:9],
)
def test_a_tag_of_many_attributes_is_shortened(tag: str) -> None:
    """Each of them is compared with those before it."""
    left_out: list[tuple[int, int]] = []
    made = list(pieces.cut("<p>x</p>" * 300 + tag + "y" * 9_000, left_out))

    assert left_out
    assert all(
        len(node.attributes) <= pieces.MAX_ATTRIBUTES
        for piece in made
        for node in LexborHTMLParser(piece.whole).css("b")
    )


def depth(source: str) -> int:
    """Of the tree that the parser makes."""
    root = LexborHTMLParser(source).root
    open_: list[int] = []
    deepest = 0
    for node in root.traverse() if root is not None else ():
        above = node.parent
        while open_ and (above is None or open_[-1] != above.mem_id):
            open_.pop()
        open_.append(node.mem_id)
        deepest = max(deepest, len(open_))
    return deepest


@pytest.mark.parametrize(
    "before",
    [
        "<br>" * 30_000,
        "<p>x" * 30_000,
        "<div>" * 9_000,
        "<b>" * 200_000,
        "<a href=http://b.example/>x</a>" * 9_000,
        "<!---->" * 200_000,
        "<b " + " ".join(f"x{n}" for n in range(20_000)) + ">",
        "<p>" + " " * html.MAX_SOURCE,
        "<iframe srcdoc='<p>'></iframe>" * 900,
        "\0" * 9_000,
    ],
    ids=lambda before: before[:12],
)
def test_what_stands_behind_a_bomb_is_found(before: str) -> None:
    """Nothing is hidden by putting much before it."""
    assert ("link", A) in read(before + f"<a href={A}>q</a>")


def test_a_flat_large_source_is_read_whole_and_in_pieces_as_in_one() -> None:
    """Beyond a piece's size nothing is lost: no words, no links, no state of what hides them."""
    rows = "".join(f"<p>Row {n} <a href=http://a.example/{n}>here</a>" for n in range(9_000))
    made = html.parse(f"<div><p>x<div style='display:none'>{rows}</div><p>end")

    assert () == made.defects
    assert "x\nend" == made.text
    assert 9_000 == len(made.links)
    assert all(link.hidden for link in made.links)
    assert "Row 8999 here" in made.hidden


@pytest.mark.parametrize(
    "head", ["<title>x</title>", "<style>p{}</style>", "<textarea>x</textarea>", "<svg><title>x</title></svg>"]
)
def test_a_piece_begins_in_no_element_that_has_ended(head: str) -> None:
    """What is text only to its end tag is not put before a later piece, which would be swallowed by it."""
    made = html.parse(head + "<p>x</p>" * 9_000 + f"<a href={A}>q</a>")

    assert [("link", A, False)] == [(link.kind, link.url, link.hidden) for link in made.links]


def test_a_link_seen_after_it_was_hidden_is_told_again_in_a_later_piece() -> None:
    """Only what is repeated at the beginning of a piece is not told twice."""
    made = html.parse(f"<p hidden><a href={A}>q</a></p>" + "<p>x</p>" * 9_000 + f"<a href={A}>q</a>")

    assert [True, False] == [link.hidden for link in made.links]


def test_a_long_source_without_a_tag_is_text() -> None:
    """There is nothing to count in it."""
    made = html.parse("word " * 20_000)

    assert ("word " * 20_000).strip() == made.text


def test_links_beyond_the_number_kept_are_counted() -> None:
    """A hundred thousand links are said to be too many, and how many were left out."""
    made = html.parse("".join(f"<a href=http://a.example/{n}>" for n in range(12_000)))

    assert (10_000, 2_000) == (len(made.links), made.left_out)
    assert ("too-many-links",) == made.defects


def test_what_only_loads_is_no_link_that_leads() -> None:
    """The kinds that findings look at."""
    assert {"link", "form", "refresh"} == set(LEADING)

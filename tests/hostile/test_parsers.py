"""Each parser alone: it never raises, and four times the input costs about four times as much."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import TOKENS
from traces import NOISE, TIMES, TRACES, growth

from sekisho import profile
from sekisho.facts import disguise, lures, telephone
from sekisho.lookup import whois
from sekisho.mail import (
    address,
    authres,
    charset,
    content_lines,
    date,
    dkim,
    domain,
    fields,
    folding,
    html,
    impersonal,
    ip,
    likeness,
    masking,
    mime,
    page,
    received,
    text_links,
    url,
    url_contents,
    url_expressions,
    words,
    wrappers,
)
from sekisho.mail.message import Message
from sekisho.mail.normal import PIECE, normalized
from sekisho.opening import rich_text
from sekisho.opening.records import Records
from sekisho.tables import atlas, brands, gateway_notices, suffixes


def _parts(source: bytes) -> object:
    parts = mime.parse(source, fields.parse(source)).parts
    return [(mime.content(source, part), [*mime.text(source, part, 1000)[1]]) for part in parts]


def _url(text: str) -> None:
    read = url.parse(text)
    if read is not None:
        assert read.url == "".join(segment.text for segment in read.segments)
        assert "http://" not in url.defang(read)


def _page(source: bytes) -> object:
    return page.read(source, "text/html")


def _rtf(source: bytes) -> None:
    rich_text.read(source, Records())


def _masked(source: bytes) -> object:
    return masking.masked(source, lambda text: text)


def _lures(source: bytes) -> object:
    return lures.read(Message(source))


def _likeness(source: bytes) -> object:
    return likeness.of(Message(source))


def _undone(text: str) -> None:
    read = url.parse(text)
    if read is not None:
        wrappers.undo(read)
        impersonal.of(read, read.segments, ["me@office.example"])


def _contents(text: str) -> object:
    known = url_contents.people(["me@office.example"])
    return url_contents.addresses(text, known), [*url_contents.nested(text)], [*url_contents.tokens(text)]


OF_BYTES: dict[str, Callable[[bytes], Any]] = {
    "fields": fields.parse,
    "status lines": fields.status_lines,
    "words": words.decode_words,
    "base64": words.base64_bytes,
    "parameters": words.parameters,
    "address": address.parse,
    "charset": charset.guess,
    "ISO-2022-JP": charset.iso_2022_jp,
    "mime": _parts,
    "message": lambda source: Message(source).texts,
    "page": _page,
    "masking": _masked,
    "lures": _lures,
    "likeness": _likeness,
    "preferences": profile._prefs,
    "WHOIS": lambda source: whois.date_of(whois.clean(whois.text_of_answer(source))),
}
OF_TEXT: dict[str, Callable[[str], Any]] = {
    "date": date.parse,
    "folding": folding.fold,
    "results": authres.read,
    "Received-SPF": authres.read_spf,
    "tags": dkim.tags,
    "expressions": url_expressions.expressions,
    "telephone": telephone.numbers,
    "WHOIS": lambda text: (whois._plain(text), whois._jprs(text)),
    "wrappers": lambda text: (_undone(text), _undone(f"https://www.google.com/url?q={text}")),
    "contents of a URL": _contents,
    "received": received.parse,
    "html": html.parse,
    "url": _url,
    "url in text": lambda text: [_url(found) for found in text_links.find(text)],
    "placeholders": url.placeholders,
    "domain": domain.registrable,
    "normalise": domain.normalise,
    "unicode form": domain.unicode_form,
    "same organisation": lambda text: domain.same_organisation(text, "a.example.com"),
    "ip": lambda text: (ip.is_global(ip.canonical(text)), ip.canonical(text) and ip.is_private(ip.canonical(text))),
    "gateway notices": gateway_notices.find,
    "brands": brands.named_in,
    "public suffix": suffixes.public_suffix,
    "registrable domain": suffixes.registrable_domain,
    "atlas": atlas.lookup,
}
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
bytes_ = st.binary(max_size=400) | st.lists(st.sampled_from(TOKENS) | st.binary(max_size=8), max_size=30).map(b"".join)
texts = (
    st.text(max_size=200)
    | bytes_.map(lambda source: source.decode("utf-8", "replace"))
    | bytes_.map(lambda source: source.decode("latin-1"))
    | st.from_regex(r"[0-9A-Za-z.:%\[\]@/\\-]{0,60}", fullmatch=True)
)


@pytest.mark.parametrize("parse", OF_BYTES.values(), ids=OF_BYTES)
def test_no_bytes_make_a_parser_raise(parse: Callable[[bytes], Any]) -> None:
    """Every byte string is read as far as it can be."""

    @settings(patiently)
    @given(source=bytes_)
    def never_raises(source: bytes) -> None:
        parse(source)

    never_raises()


@pytest.mark.parametrize("parse", OF_TEXT.values(), ids=OF_TEXT)
def test_no_text_makes_a_parser_raise(parse: Callable[[str], Any]) -> None:
    """Every text is read as far as it can be."""

    @settings(patiently)
    @given(text=texts)
    def never_raises(text: str) -> None:
        parse(text)

    never_raises()


@settings(patiently)
@given(
    source=bytes_,
    label=st.text(max_size=30) | st.sampled_from(["utf7", "rot13", "hex", "idna-", "utf-16", "cp932", "mbcs", "\0"]),
)
def test_no_charset_makes_decoding_raise(source: bytes, label: str) -> None:
    """Any bytes under any label are text that UTF-8 can hold."""
    charset.decode(source, label).encode("utf-8")


@settings(patiently)
@given(
    words_=st.lists(st.text("aé ｶﾞか゛\u3099\u0301\u0323각ᄀ한日ﬁÅ", max_size=40), max_size=60),
    form=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
def test_a_long_text_is_normalised_as_a_whole_would_be(words_: list[str], form: str) -> None:
    """In pieces, where no heap of marks is longer than one."""
    text = " ".join(words_) * 8

    assert unicodedata.normalize(form, text) == normalized(form, text)


def test_a_heap_of_marks_is_cut() -> None:
    """What sorts them by insertion would take seconds."""
    heap = "a" + "\u0301\u0323" * PIECE * 3

    assert len(heap) == len(normalized("NFD", heap))


# ------------------------------------------------------------------ growth

REPEATED: dict[str, tuple[Callable[[Any], Any], bytes, bytes, bytes]] = {
    # what is measured: before, repeated, after
    "words, never closed": (words.decode_words, b"", b"=?utf-8?q?x", b""),
    "words, with marks inside": (words.decode_words, b"", b"=?utf-8?q?a?b", b""),
    "words, closed": (words.decode_words, b"", b"=?utf-8?q?x?= ", b""),
    "parameters, quotes": (words.parameters, b"a/b", b';a="', b""),
    "parameters, backslashes": (words.parameters, b'a/b;a="', b"\\", b""),
    "parameters, blanks": (words.parameters, b"a/b;", b" ", b""),
    "parameters, continued": (words.parameters, b"a/b", b";a*0*=x%", b""),
    "addresses, parentheses": (address.parse, b"", b"(", b""),
    "addresses, angles": (address.parse, b"", b"<", b""),
    "addresses, commas": (address.parse, b"", b",a@b", b""),
    "addresses, escapes": (address.parse, b"", b"\x1b", b""),
    "fields, folds": (fields.parse, b"A: b\n", b" \n", b""),
    "fields, no colon": (fields.parse, b"", b"a\n", b""),
    "fields, CR": (fields.parse, b"A: b", b"\r", b""),
    "status lines": (fields.status_lines, b"", b"X-Mozilla-Status: 0001\n", b""),
    "ISO-2022-JP": (charset.iso_2022_jp, b"", b"\x1b$B", b""),
    "half-width kana": (charset.guess, b"", b"\xb1", b""),
    "mime, nested": (_parts, b"", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b""),
    "mime, delimiters": (_parts, b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\n", b""),
    "mime, delimiters in a line": (_parts, b"Content-Type: multipart/mixed; boundary=b\n\n\n", b"--b", b""),
    "mime, uuencode": (_parts, b"Content-Transfer-Encoding: x-uue\n\n", b"begin 644 x\n", b""),
    "html, comments": (html.parse, b"", b"<!--", b""),
    "html, declarations": (html.parse, b"", b"<![CDATA[<![", b""),
    "html, depth": (html.parse, b"", b"<div>", b""),
    "html, attributes": (html.parse, b"<a ", b"x=y ", b">"),
    "html, quotes": (html.parse, b"", b'<a href="', b""),
    "html, entities": (html.parse, b"", b"&#9999999999;&am", b""),
    "html, links in tables": (html.parse, b"", b"<a href=x><table><td>", b"x" * 100_000),
    "html, formatting": (html.parse, b"", b"<b id=x></p>x<p>", b""),
    "html, one line": (html.parse, b"", b"x", b""),
    "URLs": (text_links.find, b"", b"http://a.example/ ", b""),
    "URLs, brackets": (text_links.find, b"http://x", b")", b""),
    "URLs, IDN": (text_links.find, b"", "http://日本.example/ ".encode(), b""),
    "URLs, schemes": (text_links.find, b"", b"http://", b""),
    "URLs, hosts": (text_links.find, b"", "http://a.exampleの。b.example/ ".encode(), b""),
    "URLs, no slashes": (text_links.find, b"", b"http:", b""),
    "URLs, between marks": (text_links.find, b"", b'"http: x', b""),
    "URLs, full-width": (text_links.find, b"", "ｈｔｔｐ：／／".encode(), b""),
    "calendar, quotes": (content_lines.read, b"", b'X:":"', b""),
    "calendar, folds": (content_lines.read, b"X:", b"\n a", b""),
    "base64, padding": (words.base64_bytes, b"", b"QQ==", b""),
    "mime, alike": (_parts, b"Content-Type: multipart/mixed; boundary=b\n\n", b"--bb\n", b""),
    "mime, no fields": (_parts, b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\nx\n", b""),
    "mime, messages": (_parts, b"", b"Content-Type: message/rfc822\n\n", b""),
    "URLs, no end": (text_links.find, b"http://x/", b"a", b""),
    "placeholders": (url.placeholders, b"", b"{email", b""),
    "placeholders, escaped": (url.placeholders, b"", b"%7Bname", b""),
    "notices, attachments": (gateway_notices.find, b"removed ", "添付ファイル".encode(), b""),
    "notices, causes": (gateway_notices.find, b"removed ", "添付ファイルは、ウイルス".encode(), b""),
    "notices, files": (gateway_notices.find, b"removed ", b"file a.", b""),
    "notices, blanks": (gateway_notices.find, "removed 添付ファイル".encode(), b" ", b""),
    "notices, blanks behind a name": (gateway_notices.find, b"removed a.b", b" ", b""),
    "brands": (brands.named_in, b"", b"amazon-", b""),
    "brands, marks": (brands.named_in, b"a", "\u0301\u0323".encode(), b""),
    "folding, marks": (folding.fold, b"a", "\u0301\u0323".encode(), b""),
    "folding, accents": (folding.fold, b"", "a\u0301".encode(), b""),
    "folding, spaced letters": (folding.fold, b"", b"a ", b""),
    "hosts, marks": (domain.normalise, b"a", "\u0301\u0323".encode(), b".example"),
    "results, comments": (authres.read, b"a.example; spf=pass ", b"((", b""),
    "results, properties": (authres.read, b"a.example; spf=pass ", b"smtp.a=b ", b""),
    "results, quotes": (authres.read, b"a.example; ", b'"\\', b""),
    "Received-SPF": (authres.read_spf, b"pass (", b"a) client-ip=1; (", b""),
    "tags": (dkim.tags, b"", b"a=b; ", b""),
    "tags, never ended": (dkim.tags, b"b=", b" \t", b""),
    "pages": (_page, b"", b"<meta http-equiv=refresh content='0;url=", b""),
    "pages, scripts": (_page, b"<script>", b"location = \"", b""),
    "expressions": (url_expressions.expressions, b"http://a.example/", b"%2525/../", b""),
    "telephone numbers": (telephone.numbers, b"", b"(03) -0 ", b""),
    "RTF": (_rtf, b"{\\rtf1", b"{\\*\\fldinst HYPERLINK x", b""),
    "RTF, objects": (_rtf, b"{\\rtf1", b"{\\object{\\*\\objdata 0105", b""),
    "WHOIS": (whois._plain, b"", b"a: b\n: \n", b""),
    "WHOIS of JPRS": (whois._jprs, b"", "a. [登録年月日] [".encode(), b""),
    "preferences": (profile._prefs, b"", b'user_pref("mail.a", "\\', b""),
    "masking": (_masked, b"To: a@b.example\n\n", b"=?utf-8?q?a <a@b.example> ", b""),
    "masking, stars": (_masked, b"To: <", b"*", b""),
    "masking, fields": (_masked, b"", b"X: a@b.example\n", b""),
    "lures": (_lures, b"Subject: x\n\n", "アカウントは24時間以内に停止されます。".encode(), b""),
    "lures, no end": (_lures, b"Subject: x\n\n", b"your account will be ", b""),
    "likeness": (_likeness, b"Subject: x\n\n", b"a b1 c ", b""),
    "wrappers": (_undone, b"https://www.google.com/url?q=", b"http%3A%2F%2Fa.example%2F%3Fq%3D", b""),
    "vocabulary": (disguise._vocabulary, b"", b"{EMAIL64}", b""),
    "addresses in a link": (_contents, b"", b"me%2540office.", b""),
}  # fmt: skip
TAKES_TEXT = frozenset(
    (
        *(html.parse, content_lines.read, text_links.find, url.placeholders, gateway_notices.find, brands.named_in),
        *(folding.fold, domain.normalise, authres.read, authres.read_spf, dkim.tags, url_expressions.expressions),
        *(telephone.numbers, whois._plain, whois._jprs, _undone, _contents, disguise._vocabulary),
    )
)
SLOWER = 8  # times as long may four times as much take


@pytest.mark.parametrize("name", REPEATED)
def test_four_times_the_input_costs_no_more_than_eight_times(name: str) -> None:
    """A sender cannot buy minutes with kilobytes: the cost grows with the size, not with its square."""
    parse, before, repeated, after = REPEATED[name]
    count = 60_000 // len(repeated)

    def cost(times: int) -> float:
        source: Any = before + repeated * times + after
        if parse in TAKES_TEXT:
            source = source.decode("utf-8")
        spent = []
        for _ in range(3):
            start = process_time()
            parse(source)
            spent.append(process_time() - start)
        return min(spent)

    assert cost(4 * count) < SLOWER * cost(count) + NOISE


@pytest.mark.parametrize("name", TRACES)
def test_a_megabyte_of_received_costs_under_five_quarters_of_it(name: str) -> None:
    """Reading, learning, walking and weighing grow with the header, not with its square."""
    quarter, whole = growth(name)

    assert whole < TIMES * quarter + NOISE


def test_the_measure_of_growth_sees_a_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that looks at everything again for each piece is found."""
    slow = (lambda source: [source.count(b"(", at) for at in range(0, len(source), 50)], b"", b"(", b"")
    monkeypatch.setitem(REPEATED, "slow", slow)

    with pytest.raises(AssertionError):
        test_four_times_the_input_costs_no_more_than_eight_times("slow")


def test_the_cost_of_a_received_line_is_bounded_in_steps() -> None:
    """However its parentheses stand, a line is read in a number of steps that its length bounds."""

    def steps(text: str) -> int:
        count = 0

        def trace(*_: object) -> Any:
            nonlocal count
            count += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            received.parse(text)
        finally:
            sys.settrace(before)
        return count

    for piece in ("(", ")", "(()", "(a [1.2.3.4]) ", "by x ", "with smtp ", '"', ";", "(HELO x) ", "ident=a@"):
        line = "from a (b [203.0.113.9]) by c "
        assert steps(line + piece * 1200) < SLOWER * steps(line + piece * 300), piece

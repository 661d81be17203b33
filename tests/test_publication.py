"""What leaves for strangers: nothing of the reader's own is in it, in no writing; the articles' samples as they are published."""

import base64
import codecs
import hashlib
import html
import json
import quopri
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbench import FRAMES, LOCALES, NOW, SAMPLES, mails, name, report_of, report_of_source, schema

from sekisho import settings as settings_module
from sekisho.paint.article_words import TEXT
from sekisho.paint.export import FORMATS, export
from sekisho.paint.publication import for_strangers
from sekisho.paint.veil import MASK, Own, Veil

ADDRESS = "hanako.tsukino@mizuiro-works.example"
DOMAIN = "mizuiro-works.example"
OTHER = "tsukino1987@gmail.com"
NAME = "Hanako Tsukino"
KANJI = "月野 花子"
IP, IPV6 = "198.51.100.23", "2001:db8:7::25"
HOST = "mailgate7.provider.example"
CHOSEN = {"own_addresses": [ADDRESS, OTHER], "own_names": [NAME, KANJI]}
SETTINGS = settings_module.read(CHOSEN)[0]


def octets(text: str) -> bytes:
    return text.encode()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


WRITINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "mixed": str.swapcase,
    "wide": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "unseen": lambda text: "\u200b".join(text),
    "folded": lambda text: f"{text[:5]}\r\n {text[5:]}",
    "defanged": lambda text: text.replace(".", "[.]"),
    "base64": lambda text: base64_of(octets(text)),
    "base64-1": lambda text: base64_of(b"u" + octets(text) + b"-"),
    "base64-2": lambda text: base64_of(b'{"e":"' + octets(text) + b'"}'),
    "base64-url": lambda text: base64.urlsafe_b64encode(b"\xfb\xff" + octets(text)).decode().rstrip("="),
    "base64-twice": lambda text: base64_of(octets(base64_of(octets(text)))),
    "base64-lower": lambda text: base64_of(octets(text)).lower().rstrip("="),
    "base64-utf16": lambda text: base64_of(text.encode("utf-16-le")),
    "base64-folded": lambda text: f"{base64_of(octets(text))[:9]}\r\n {base64_of(octets(text))[9:]}",
    "base32": lambda text: base64.b32encode(octets(text)).decode().rstrip("="),
    "hex": lambda text: octets(text).hex(),
    "hex-signs": lambda text: octets(text).hex(":"),
    "hex-of-base64": lambda text: octets(base64_of(octets(text))).hex().upper(),
    "percent": quote,
    "percent-all": lambda text: "".join(f"%{byte:02X}" for byte in octets(text)),
    "percent-twice": lambda text: quote("".join(f"%{byte:02x}" for byte in octets(text))),
    "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in octets(text)),
    "references": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "references-hex": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "javascript": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "reversed": lambda text: text[::-1],
    "verp": lambda text: f"bounce-{text.replace('@', '=')}@mailer.example",
    "plus": lambda text: f"news+{text.replace('@', '+')}",
    "subdomain": lambda text: f"{text.replace('@', '.at.').replace(' ', '-')}.evil.example",
    "hyphens": lambda text: text.replace("@", "-at-").replace(".", "-"),
    "word-b": lambda text: f"=?utf-8?B?{base64_of(octets(text))}?=",
    "word-q": lambda text: "=?utf-8?Q?" + "".join(f"={byte:02X}" for byte in octets(text)) + "?=",
    "json": lambda text: json.dumps({"user": text}),
}
HASHES = ("md5", "sha1", "sha224", "sha256", "sha512")


def digest(name: str, text: str) -> bytes:
    return hashlib.new(name, octets(text)).digest()


for _hash in HASHES:
    WRITINGS[_hash] = partial(lambda name, text: digest(name, text.lower()).hex(), _hash)
    WRITINGS[f"{_hash}-base64"] = partial(lambda name, text: base64_of(digest(name, text)), _hash)

SECRETS = {"address": ADDRESS, "other": OTHER, "domain": DOMAIN, "name": NAME, "ip": IP}
# Of these a hash is no mark of anybody: a table of all of them is soon made, but no program for mailings sends it.
HASHED = ("address", "other")

PLACES: dict[str, Callable[[str], tuple[str, str]]] = {
    "subject": lambda said: (f"Subject: Notice {flat(said)} for you\r\n", ""),
    "name": lambda said: (f'From: "Support {flat(said)}" <support@evil.example>\r\n', ""),
    "from": lambda said: (f"From: <{token(said)}@evil.example>\r\n", ""),
    "reply": lambda said: (f"Reply-To: <{token(said)}@evil.example>\r\n", ""),
    "return-path": lambda said: (f"Return-Path: <{token(said)}@evil.example>\r\n", ""),
    "message-id": lambda said: (f"Message-ID: <{token(said)}@evil.example>\r\n", ""),
    "helo": lambda said: (f"Received: from {token(said)} (pool.evil.example [203.0.113.77]) by relay.evil.example; Mon, 1 Jun 2026 09:00:00 +0900\r\n", ""),
    "claimed": lambda said: (f"Received: from a.evil.example ([203.0.113.78]) by b.evil.example with SMTP id {token(said)} ({flat(said)}) for <{token(said)}>; Mon, 1 Jun 2026 08:59:00 +0900\r\n", ""),
    "field": lambda said: (f"X-Campaign: {flat(said)}\r\nX-{token(said)[:60]}: 1\r\nList-Unsubscribe: <https://evil.example/u?{token(said)}>\r\n", ""),
    "path": lambda said: ("", f"https://w.evil.example/login/{token(said)}/index.php"),
    "query": lambda said: ("", f"https://w.evil.example/login?e={token(said)}&x=1#{token(said)}"),
    "host": lambda said: ("", f"https://{label(said)}.evil.example/login"),
    "text": lambda said: ("", f"Dear {said}, your password expires within 24 hours. Verify your account now, {said}."),
    "nested": lambda said: ("", f"https://evil.example/r?u=https%3A%2F%2Fw.evil.example%2F{quote(token(said), safe='')}"),
}  # fmt: skip


def flat(said: str) -> str:
    """What can stand in a field: no end of a line but a folded one."""
    return said.replace("\u200b", "")


def token(said: str) -> str:
    """What can stand in a link or an id."""
    return re.sub(r"[\s<>\"]+", "", flat(said))


def label(said: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", said).strip(".-")[:200]


def mail(said: dict[str, str]) -> bytes:
    """A phishing mail to the reader that says each of these texts at its place."""
    fields, lines = "", []
    given = {"from", "name"} & said.keys()
    for place, text in said.items():
        field, line = PLACES[place](text)
        if place == "name" and "from" in given:
            continue
        fields += field
        lines.append(line)
    if not given:
        fields += "From: Support <support@evil.example>\r\n"
    own = (
        f"Delivered-To: {ADDRESS}\r\n"
        f"Received: from {HOST} ({HOST} [{IPV6}]) by store.{DOMAIN} ([{IP}]) with LMTP id 77 for <{ADDRESS}>; Mon, 1 Jun 2026 09:00:09 +0900\r\n"
        f"Received: from mx.evil.example (mx.evil.example [203.0.113.9]) by {HOST} (Postfix) with ESMTPS id 4bXyZ9 for <{ADDRESS}>; Mon, 1 Jun 2026 09:00:05 +0900\r\n"
    )
    body = "<p>" + "</p>\r\n<p>".join(
        f'<a href="{html.escape(line)}">here</a> {html.escape(line)}' if line.startswith("http") else html.escape(line)
        for line in lines
    )
    head = f'{own}{fields}To: "{NAME}" <{ADDRESS}>\r\nDate: Mon, 1 Jun 2026 09:00:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
    return (head + body).encode()


def read_out(form: str, text: str) -> str:
    """All that a document says, as one text."""
    if form in ("json", "stix"):
        return "\n".join(strings(json.loads(text)))
    if form == "html":
        body = text.split("</head>")[-1]
        return html.unescape(re.sub(r"<[^>]*>", "", body)) + "".join(re.findall(r"<[^>]*>", body))
    return re.sub(r"\\(.)", r"\1", text)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(item)
    if isinstance(value, dict):
        yield from value


def readings(text: str, depth: int = 2) -> Iterator[bytes]:
    """A document in every way in which somebody may read it: another program than the one that is tested."""
    shown = unicodedata.normalize("NFKC", text).replace("\u200b", "")
    data = shown.encode("utf-8", "replace")
    bare = re.sub(rb"[\s\[\]]", b"", data)
    for one in (data, bare):
        yield one
        yield unquote_to_bytes(unquote_to_bytes(one))
        yield html.unescape(one.decode("utf-8", "replace")).encode("utf-8", "replace")
        yield quopri.decodestring(one)
        yield re.sub(rb"\\u00(..)", lambda match: bytes.fromhex(match.group(1).decode()) if re.fullmatch(rb"[0-9a-fA-F]{2}", match.group(1)) else b"", one)  # fmt: skip
    for run in re.findall(rb"[A-Za-z0-9+/_\-]{8,}", bare):
        for first in range(4):
            cut = run[first:].translate(bytes.maketrans(b"-_", b"+/"))
            cut = cut[: len(cut) - (len(cut) % 4 == 1)]
            made = base64.b64decode(cut + b"=" * (-len(cut) % 4))
            yield made
            yield made.replace(b"\0", b"")
            if depth and re.search(rb"[A-Za-z0-9+/=]{12,}", made):
                yield from readings(made.decode("latin-1"), depth - 1)
    for run in re.findall(rb"(?:[0-9a-fA-F]{2}[:\-]?){6,}", bare):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", run).decode()
        for first in range(2):
            made = bytes.fromhex(digits[first : first + (len(digits) - first) // 2 * 2])
            yield made
            if depth and re.search(rb"[A-Za-z0-9+/=]{12,}", made):
                yield from readings(made.decode("latin-1"), depth - 1)


def marks() -> list[bytes]:
    """What must be read nowhere."""
    words = [
        *("tsukino", "hanako", DOMAIN, DOMAIN.replace(".", "-"), OTHER.partition("@")[0]),
        *(IP, IP.replace(".", "-"), IPV6, HOST),
    ]
    out = [octets(word) for word in words]
    out += [octets(word[::-1]) for word in words[:5]]
    out += [octets(codecs.encode(word, "rot13")) for word in words[:5]]
    out += [
        word.encode(encoding) for word in ("月野", "花子") for encoding in ("utf-8", "cp932", "euc_jp", "utf-16-le")
    ]
    for address in (ADDRESS, OTHER):
        for kind in HASHES:
            digest = hashlib.new(kind, octets(address)).digest()
            out += [digest, octets(digest.hex())]
        for shift in range(3):
            whole = base64_of(b"\0" * shift + octets(address)).lower()
            out.append(octets(whole[4:20]))
        out.append(octets(base64.b32encode(octets(address)).decode().lower()[:24]))
    return out


MARKS = marks()


def leaks(source: bytes) -> list[bytes]:
    """What of the reader's own can be read in the documents for strangers."""
    report = report_of_source(source, **CHOSEN)
    said = {
        line: None
        for form in FORMATS
        for line in read_out(form, export(report, form, SETTINGS, NOW, publication=True).text).split("\n")
    }
    low = [one.lower() for one in readings("\n".join(line for line in said if line not in BOILERPLATE))]
    return [mark for mark in MARKS if any(mark.lower() in one for one in low)]


BOILERPLATE = frozenset(text for text in TEXT["en"].values())


def test_the_detector_detects() -> None:
    """Every writing of every secret is read by the test's own reader: what it does not find is not there."""
    for kind, secret in SECRETS.items():
        for writing, write in WRITINGS.items():
            if kind not in HASHED and writing.startswith((*HASHES, "base32", "base64-lower")):
                continue
            if kind == "ip" and writing in ("reversed", "rot13"):
                continue
            text = write(secret)
            low = [one.lower() for one in readings(text, 3)]
            assert any(mark.lower() in one for mark in MARKS for one in low), (kind, writing, text)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", SECRETS)
def test_nothing_of_the_reader_survives_at_any_place_in_any_writing(kind: str, place: str) -> None:
    """Address, domain, name and address of a server, planted in every writing at one place, are in none of the documents."""
    written = {
        writing: write(SECRETS[kind])
        for writing, write in WRITINGS.items()
        if kind in HASHED or not writing.startswith((*HASHES, "base32", "base64-lower"))
    }
    said = list(written.values())
    size = (
        len(said) if place in ("subject", "text", "field", "claimed") else 12
    )  # a link is read up to its 4,096th character
    sign = "/" if place in ("path", "nested") else " , " if size > 12 else "_._"
    leaked = [
        mark for at in range(0, len(said), size) for mark in leaks(mail({place: sign.join(said[at : at + size])}))
    ]

    assert [] == leaked


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(sorted(PLACES)),
        st.tuples(
            st.text("abcXYZ0123456789-._=&+/%", max_size=9),
            st.sampled_from(sorted(SECRETS)),
            st.lists(st.sampled_from([name for name in sorted(WRITINGS) if not name.startswith((*HASHES, "base32", "base64-lower"))]), min_size=1, max_size=2),
            st.text("abcXYZ0123456789-._=&+/%", max_size=9),
        ),
        min_size=1,
        max_size=3,
    )
)  # fmt: skip
def test_nothing_of_the_reader_survives_whatever_stands_beside_it(
    planted: dict[str, tuple[str, str, list[str], str]],
) -> None:
    """As above, with other characters directly beside it and one writing within another."""
    said = {}
    for place, (before, kind, writings, after) in planted.items():
        text = SECRETS[kind]
        for writing in writings:
            text = WRITINGS[writing](text)
        said[place] = f"{before}/{text}/{after}"

    assert [] == leaks(mail(said))


# ------------------------------------------------------------------ what is left


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("sample", SAMPLES, ids=name)
def test_the_samples_are_published_as_ever(sample: Any, locale: str, request: pytest.FixtureRequest) -> None:
    """The article of each sample, as Markdown, is the kept one."""
    chosen = settings_module.read({"locale": locale})[0]
    made = export(report_of(sample, locale), "markdown", chosen, NOW, publication=True).text
    kept = FRAMES / "publication" / f"{sample.stem}.{locale}.md"
    if request.config.getoption("--snapshots"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(made, "utf-8")

    assert kept.read_text("utf-8") == made


def test_both_languages_have_every_sentence_with_the_same_values() -> None:
    """No article stops in the middle for want of a word."""
    assert TEXT["en"].keys() == TEXT["ja"].keys()
    for key, english in TEXT["en"].items():
        assert sorted(re.findall(r"\{(\w+)\}", english)) == sorted(re.findall(r"\{(\w+)\}", TEXT["ja"][key])), key


@pytest.mark.parametrize("sample", mails()[::7], ids=name)
def test_a_published_report_is_a_report(sample: Any) -> None:
    """It is of the same form as any report, its evidence is still there, and its links are the sum of their pieces."""
    report = report_of(sample)
    made = json.loads(export(report, "json", SETTINGS, NOW, publication=True).text)
    schema().validate(made)

    assert [finding["id"] for finding in report["findings"]] == [finding["id"] for finding in made["findings"]]
    assert all("".join(piece["text"] for piece in link["segments"]) == link["url"] for link in made["links"])
    assert made["message"]["sha256"] is None
    assert [one["country"] for one in networks(report)] == [one["country"] for one in networks(made)]


def networks(report: dict[str, Any]) -> list[dict[str, Any]]:
    origin = report["origin"]
    hops = report["hops"][origin["hop"] :] if origin else []
    return [hop["network"] for hop in hops if hop["network"]]


def test_the_evidence_of_the_second_article_stays() -> None:
    """What the article shows of the sender is there; what it hides of its author is not."""
    (kagoya,) = (sample for sample in SAMPLES if sample.stem == "kagoya")
    made = export(report_of(kagoya), "markdown", settings_module.Settings(), NOW, publication=True).text.replace(
        "\\", ""
    )

    assert all(
        said in made
        for said in (
            "sv742.xserver.jp [120.136.14.43]",
            "hxxps://w-support[.]jp/activemail[.]kagoya[.]com/?e={EMAIL64}",
        )
    )
    assert "office.example" not in made
    assert "mori" not in made


def test_whoever_was_robbed_of_a_mailbox_is_not_named() -> None:
    """Name, address and company of the first article's sender are left out, the line that shows the login is not."""
    (account,) = (sample for sample in SAMPLES if sample.stem == "virus-account")
    made = export(report_of(account), "html", settings_module.Settings(), NOW, publication=True).text

    assert "84.129.205.43" in made
    assert not [said for said in ("yoshida", "kagu.example", "吉田") if said in made]


def test_what_nobody_owns_stays() -> None:
    """The veil cuts the reader's own and nothing beside it."""
    veil = Veil(Own((ADDRESS,), (DOMAIN,), (NAME,), ("hanako", "tsukino"), (HOST,), (IP,)))
    for text in (
        "from sv742.xserver.jp (sv742.xserver.jp [120.136.14.43])",
        "https://w-support.jp/activemail.kagoya.com/?e={EMAIL64}",
        "works.example mizuiro.example provider.example 198.51.100.2 198.51.100.230",
        "非常に重要なメッセージ",
        "a" * 5000 + "=" * 5000 + "%41" * 5000,
    ):
        assert text == veil.text(text)


def test_a_piece_over_an_edge_is_cut_on_both_sides() -> None:
    """What two pieces say together is cut from both, and the mask stands once."""
    veil = Veil(Own((ADDRESS,), (DOMAIN,)))

    assert ["see ", f"for {MASK}", "", " now"] == veil.pieces(
        ["see ", "for hanako.tsu", "kino@mizuiro-", "works.example now"]
    )


def test_others_keep_their_domain_and_lose_their_name() -> None:
    """A stranger's address is cut before its @; a public desk is not."""
    report = report_of_source(
        mail({"reply": "yamada.taro", "text": "write to abuse@xserver.example or sato@kagu.example.co.jp at once, your account is suspended"}),
        **CHOSEN,
    )  # fmt: skip
    made = json.dumps(for_strangers(report, SETTINGS), ensure_ascii=False)

    assert f"y{MASK}@evil.example" in made
    assert "sato@" not in made


def test_a_team_in_confidence_gets_whole_addresses_and_no_recipient() -> None:
    """The bundle that is not for publication keeps the sender's address and the marks, and still names no recipient."""
    report = report_of_source(mail({"reply": "yamada.taro", "path": "a8Xk2Lq9Zt7Wm4Rb1"}), **CHOSEN)
    made = export(report, "stix", SETTINGS, NOW).text

    assert "support@evil.example" in made
    assert "a8Xk2Lq9Zt7Wm4Rb1" in made
    assert not [mark for mark in MARKS if mark in made.lower().encode()]

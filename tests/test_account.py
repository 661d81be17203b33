"""Was the mailbox used, or only its address borrowed: every branch of the decision, and that nobody can be blamed by a made-up line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import PACKAGE, SAMPLES, analysed

from sekisho.facts import account, authentication, identity, lines, route
from sekisho.facts.edges import NOTHING
from sekisho.facts.lines import Line
from sekisho.facts.network import ReverseName
from sekisho.locales.en import panel as en
from sekisho.locales.ja import panel as ja
from sekisho.mail.message import Message
from sekisho.report import Account, Network
from sekisho.settings import Settings, read
from sekisho.tables import countries

GERMAN, JAPANESE, CLOUD, NOWHERE = "203.0.113.66", "203.0.113.67", "203.0.113.68", "203.0.113.69"
SERVER = "198.51.100.25"
_COUNTRIES = {GERMAN: ("DE", 3320), JAPANESE: ("JP", 2497), CLOUD: ("US", 15169), SERVER: ("JP", 2497)}
ARTICLE = SAMPLES[0].parent / "virus-account.eml"
WHEN = "Fri, 13 May 2022 17:20:28 +0900"
OWNER = "yoshida@kagu.example.co.jp"
HOME = "mail.kagu.example.co.jp"
VIRUS = "The file [a.xls] has been detected containing virus [XF/CoinMiner.Z!tr], and has been removed."
BROKEN = "Authentication-Results: mx.own.example; spf=fail smtp.mailfrom={0}; dmarc=fail header.from={0}"
PASSED = "Authentication-Results: mx.own.example; dkim=pass header.d={0}; dmarc=pass header.from={0}"


def network(ip: str) -> Network | None:
    """Who runs an address of these tests."""
    if ip not in _COUNTRIES:
        return None
    country, asn = _COUNTRIES[ip]
    return Network(ip, None, asn, f"Net {asn}", country, None, None, None, "country", None, "test", None)


def line_of(ip: str, rdns: str, confirmed: bool | None) -> Line | None:
    """The kind of a line by its name alone."""
    return lines.of(ip, [ReverseName(rdns, confirmed)] if rdns else [], (), None)


def decided(*lines: str, author: str = OWNER, body: str = "", settings: dict[str, Any] | None = None) -> Account:
    """The decision for a message with these header lines on top."""
    given = Settings() if settings is None else read(settings)[0]
    header = "\n".join((*lines, f"From: Yoshida <{author}>"))
    message = Message(f"{header}\n\n{body}\n".encode())
    way = route.walk(message, given, network, NOTHING)
    who = identity.read(message, given, way)
    said = [one for paper in authentication.read(message, way, given) for one in paper.said if one.counts]
    return account.decide(message, given, way, who, said, network, line_of)


def entry(name: str = HOME, helo: str = "", ip: str = SERVER) -> str:
    """The reader's own server takes the message."""
    return f"Received: from {helo or name} ({name or 'unknown'} [{ip}]) by mx.own.example (Postfix) with ESMTPS id 5D0A61F0E2; {WHEN}"


def login(ip: str = GERMAN, user: str = OWNER, by: str = HOME, helo: str = "pc", name: str = "unknown") -> str:
    """A server takes the message from somebody who logged in."""
    said = f" (Authenticated sender: {user})" if user else ""
    return f"Received: from {helo} ({name} [{ip}]){said} by {by} (Postfix) with ESMTPSA id 5D0A61F0E3; {WHEN}"


def relayed(by: str, peer: str, ip: str = "198.51.100.99") -> str:
    return f"Received: from {peer} ({peer} [{ip}]) by {by} (Postfix) with ESMTPS id 5D0A61F0E4; {WHEN}"


# Name: the message's lines, what else is so, and what must be decided: state, confidence, a reason that must be given.
CASES: dict[str, tuple[tuple[str, ...], dict[str, Any], tuple[str, str | None, str]]] = {
    "abroad": ((entry(), login()), {}, ("used", "low", "abroad")),
    "abroad, greeted as localhost": ((entry(), login(helo="[127.0.0.1]")), {}, ("used", "medium", "greeted-localhost")),
    "abroad, with a virus": ((entry(), login()), {"body": VIRUS}, ("used", "high", "virus")),
    "abroad, answers elsewhere": ((entry(), login(), "Reply-To: a@elsewhere.example"), {}, ("used", "medium", "answers-elsewhere")),
    "abroad, hidden recipients": ((entry(), login(), f"To: {OWNER}"), {}, ("used", "medium", "hidden-recipients")),
    "abroad, from a rented server": ((entry(), login(name="vps-203-0-113-66.hoster.example")), {}, ("used", "medium", "rented-server")),
    "abroad, from a home line": ((entry(), login(name="pcb007142.dip0.t-ipconnect.de")), {}, ("used", "low", "abroad")),
    "abroad, a colleague's login": ((entry(), login(user="sato@kagu.example.co.jp")), {}, ("used", "low", "login-of-colleague")),
    "abroad, the login's name alone": ((entry(), login(user="yoshida")), {}, ("used", "low", "login-of-sender")),
    "abroad, another name alone": ((entry(), login(user="u4711")), {"body": VIRUS}, ("used", "medium", "login-by-name")),
    "abroad, % for @": ((entry(), login(user="yoshida%kagu.example.co.jp")), {}, ("used", "low", "login-of-sender")),
    "abroad, nobody named": ((entry(), login(user="")), {"body": VIRUS}, ("used", "medium", "login-unnamed")),
    "abroad, the line is fact": ((entry().replace("with ESMTPS", "with ESMTPSA").replace(SERVER, GERMAN).replace(" by ", f" (Authenticated sender: {OWNER}) by "),), {"body": VIRUS}, ("used", "high", "line-proven")),
    "abroad, known by HELO only": ((entry("", HOME), login()), {"body": VIRUS}, ("used", "low", "line-claimed")),
    "abroad, the domain vouches": ((PASSED.format("kagu.example.co.jp"), entry("", HOME), login()), {"body": VIRUS}, ("used", "high", "line-verified")),
    "another country than the server's": ((entry("mail.kagu.example"), login(by="mail.kagu.example", user="y@kagu.example")), {"author": "y@kagu.example"}, ("used", "low", "elsewhere")),
    "from a cloud": ((entry(), login(CLOUD, helo="[127.0.0.1]")), {}, ("used", "low", "from-cloud")),
    "through a provider": ((entry(), login(CLOUD, name="mail-1.google.com")), {}, ("own-login", "medium", "from-provider")),
    "a provider's name without its network": ((entry(), login(GERMAN, name="mail-1.google.com")), {}, ("used", "low", "abroad")),
    "at home": ((entry(), login(JAPANESE)), {}, ("own-login", "medium", "from-home")),
    "where the server is": ((entry("mail.kagu.example"), login(JAPANESE, by="mail.kagu.example", user="y@kagu.example")), {"author": "y@kagu.example"}, ("own-login", "medium", "from-home")),
    "nobody knows where": ((entry(), login(NOWHERE)), {}, ("own-login", "medium", "home-unknown")),
    "a large provider's": ((entry("mail-1.google.com"), login(by="smtp.gmail.com", user="")), {"author": "y@gmail.com"}, ("own-login", "medium", "home-unknown")),
    "from inside": ((entry(), login("192.168.1.5")), {}, ("own-login", "medium", "from-inside")),
    "without an address": ((entry(), f"Received: by {HOME} (Postfix) with ESMTPSA id 5D0A61F0E3; {WHEN}"), {}, ("own-login", "medium", "from-nowhere")),
    "from an own network": ((entry(), login()), {"settings": {"trusted_networks": [f"{GERMAN}/32", "192.0.2.0/24"]}}, ("own-login", "medium", "from-own-network")),
    "behind a filter": ((entry(), f"Received: from {HOME} ([127.0.0.1]) by localhost ({HOME} [127.0.0.1]) with ESMTP id k; {WHEN}", login()), {}, ("used", "low", "line-verified")),
    "a script at a provider": ((entry("sv1.xserver.jp"), f"Received: by sv1.xserver.jp (Postfix, from userid 33) id 5D0A61F0E9; {WHEN}", login(by="sv1.xserver.jp")), {"body": VIRUS}, ("used", "low", "line-claimed")),
    "a provider's own line": ((entry("sv1.xserver.jp"), login(by="sv1.xserver.jp")), {"body": VIRUS}, ("used", "high", "line-verified")),
    "SAKURA's own line": ((entry("www2881.sakura.ne.jp"), login(by="www2881.sakura.ne.jp")), {"body": VIRUS}, ("used", "high", "line-verified")),
    "behind SAKURA's scanner": ((entry("www2881.sakura.ne.jp"), relayed("www2881.sakura.ne.jp", "fsav114.sakura.ne.jp"), relayed("fsav114.sakura.ne.jp", "www2881.sakura.ne.jp"), login(by="www2881.sakura.ne.jp")), {"body": VIRUS}, ("used", "high", "line-verified")),
    "a customer of SAKURA's": ((entry("www.shop.sakura.ne.jp"), login(by="www.shop.sakura.ne.jp")), {"body": VIRUS}, ("used", "low", "line-claimed")),
    "own server says no, the line is claimed": ((BROKEN.format("kagu.example.co.jp"), entry("", HOME), login()), {}, ("borrowed", "high", "dmarc-failed")),
    "own server says no": ((BROKEN.format("kagu.example.co.jp"), entry("h.bulk.example")), {}, ("borrowed", "high", "spf-failed")),
    "DMARC alone": ((BROKEN.format("kagu.example.co.jp").replace("spf=fail", "spf=none"), entry("h.bulk.example")), {}, ("borrowed", "medium", "dmarc-failed")),
    "SPF alone": ((BROKEN.format("kagu.example.co.jp").replace("dmarc=fail", "dmarc=none"), entry("h.bulk.example")), {}, ("borrowed", "low", "spf-failed")),
    "a signature that broke": ((BROKEN.format("kagu.example.co.jp"), entry("lists.example"), "DKIM-Signature: v=1; d=mail.kagu.example.co.jp; b=A"), {}, ("borrowed", "low", "dmarc-failed")),
    "forwarded": ((BROKEN.format("kagu.example.co.jp"), entry("alumni.example"), relayed("alumni.example", HOME)), {}, ("borrowed", "low", "dmarc-failed")),
    "another domain's failure": ((BROKEN.format("bounce.example"), entry("h.bulk.example")), {}, ("unknown", None, "sent-through-another")),
    "a failure that the sender wrote": ((entry("h.bulk.example"), BROKEN.format("kagu.example.co.jp")), {}, ("unknown", None, "sent-through-another")),
    "a pass": ((PASSED.format("kagu.example.co.jp"), entry("o1.versand.example")), {}, ("unknown", None, "authenticated")),
    "a pass for another": ((PASSED.format("versand.example"), BROKEN.format("kagu.example.co.jp"), entry("o1.versand.example")), {}, ("borrowed", "high", "dmarc-failed")),
    "as the reader": ((entry("h.bulk.example"), f"To: {OWNER}"), {"settings": {"own_addresses": [OWNER]}}, ("borrowed", "high", "self-from-outside")),
    "as somebody, to itself": ((entry("h.bulk.example"), f"To: {OWNER}"), {}, ("borrowed", "low", "self-from-outside")),
    "a line made up in its name": ((entry("h.bulk.example"), relayed(HOME, "pc.example")), {}, ("borrowed", "medium", "made-up-line")),
    "a line made up": ((entry("h.bulk.example"), relayed("mx.bank.example", "pc.example")), {}, ("borrowed", "low", "made-up")),
    "somebody else's login": ((entry("mail.hoster.example"), login(by="mail.hoster.example", user="c@hoster.example")), {}, ("unknown", None, "login-of-another")),
    "somebody's login at a provider's": ((entry("sv1.xserver.jp"), login(by="sv1.xserver.jp", user="c@other.example")), {}, ("borrowed", "low", "login-of-another")),
    "a login elsewhere, not named": ((entry("mail.hoster.example"), login(by="mail.hoster.example", user="")), {}, ("unknown", None, "login-elsewhere")),
    "own server": ((entry(),), {}, ("unknown", None, "own-server")),
    "an unnamed peer": ((entry("", "kagu"),), {}, ("unknown", None, "peer-unnamed")),
    "a freemail address elsewhere": ((entry("lists.example"),), {"author": "y@gmail.com"}, ("unknown", None, "provider-elsewhere")),
    "a list in between": ((entry("lists.example"), relayed("lists.example", HOME, SERVER), login()), {}, ("unknown", None, "sent-through-another")),
    "an account in a provider's field": ((entry("smtp6010.mail.ssk.ynwp.yahoo.co.jp"), f"Received: from unknown (HELO pc) (yoshida@{GERMAN} with login) by smtp6010.mail.ssk.ynwp.yahoo.co.jp with SMTP; {WHEN}", "X-Apparently-From: <yoshida@yahoo.co.jp>"), {"author": "yoshida@yahoo.co.jp", "body": VIRUS}, ("used", "high", "login-of-sender")),
    "a web page at a provider": ((entry("mailgw1.onamae.ne.jp"), f"Received: by www6.onamae.ne.jp (Postfix, from userid 109) id 5D0A61F0E7; {WHEN}", f"X-PHP-Script: shop.example/form.php for {GERMAN}"), {}, ("unknown", None, "sent-through-another")),
    "a result that a stranger's address dictates": (('Authentication-Results: mx.own.example; spf=pass smtp.mailfrom="a; dkim=pass header.d=kagu.example.co.jp "@bulk.example', entry("h.bulk.example")), {}, ("unknown", None, "sent-through-another")),
    "no Received line": ((), {}, ("unknown", None, "no-handover")),
    "a server that took it from elsewhere": ((entry(), relayed(HOME, "h.bulk.example"), login()), {}, ("unknown", None, "own-server")),
    "a server among its own": ((entry(), login(JAPANESE, user="", name="mx2.kagu.example.co.jp"), login()), {}, ("own-login", "medium", "from-home")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_decided(name: str) -> None:
    """State, confidence and the reason that counts."""
    lines, given, (state, confidence, reason) = CASES[name]
    made = decided(*lines, **given)

    assert (state, confidence) == (made.state, made.confidence), made
    assert reason in made.reasons


def test_every_reason_is_reached_and_has_its_sentence() -> None:
    """No reason in the code without a case and words in both languages, no words for what is never said."""
    reached = {reason for lines, given, _ in CASES.values() for reason in decided(*lines, **given).reasons}
    reached |= set(decided(entry(), login(), settings={"own_addresses": ["x@kagu.example.co.jp"]}).reasons)
    reached |= {"brand-claimed", "login-of-reader"}  # below
    worded = {key.removeprefix("account.reason.") for key in en.TEXT if key.startswith("account.reason.")}
    code = Path(PACKAGE, "facts", "account.py").read_text("utf-8")

    assert reached == worded
    assert set() == {reason for reason in worded if f'"{reason}"' not in code}
    assert set(account.WEIGHTS) <= worded
    for reason in worded:
        assert en.TEXT[f"account.reason.{reason}"].endswith(".")
        assert ja.TEXT[f"account.reason.{reason}"].endswith("。")


def test_a_claimed_brand_weighs_as_much_as_a_virus() -> None:
    """A mailbox of a furniture maker that calls itself a bank, from abroad, is in a thief's hands."""
    received = (entry(), login())
    message = "\n".join((*received, f"From: Amazon.co.jp <{OWNER}>")).encode() + b"\n\n"
    given = Settings()
    parsed = Message(message)
    way = route.walk(parsed, given, network, NOTHING)
    made = account.decide(parsed, given, way, identity.read(parsed, given, way), (), network, line_of)

    assert ("used", "high") == (made.state, made.confidence)
    assert "brand-claimed" in made.reasons


# ------------------------------------------------------------------ whose


@pytest.mark.parametrize(
    ("settings", "author", "user", "whose"),
    [
        ({}, OWNER, OWNER, "stranger"),
        ({"own_addresses": [OWNER]}, OWNER, OWNER, "reader"),
        ({"own_addresses": [OWNER]}, "other@versand.example", OWNER, "reader"),
        ({"own_addresses": [OWNER]}, "other@versand.example", "yoshida", "reader"),
        ({"own_addresses": ["sato@kagu.example.co.jp"]}, OWNER, OWNER, "fellow"),
        ({"own_domains": ["kagu.example.co.jp"]}, OWNER, OWNER, "fellow"),
        ({"incoming_servers": [HOME]}, OWNER, OWNER, "fellow"),
        ({"incoming_servers": ["imap.elsewhere.example"]}, OWNER, OWNER, "stranger"),
    ],
)
def test_the_readers_own_and_the_providers_other_customers_are_told_from_strangers(
    settings: dict[str, Any], author: str, user: str, whose: str
) -> None:
    """An own address is the reader's; a mailbox on the servers of the reader's accounts is a fellow's; the rest are strangers'."""
    lines = (
        f"Received: from {HOME} ({HOME} [{SERVER}]) by mx.elsewhere.test (Postfix) with ESMTPS id 5D0A61F0E2; {WHEN}",
        login(user=user),
    )
    made = decided(*lines, author=author, settings=settings)

    assert ("used", whose) == (made.state, made.whose)
    assert OWNER == made.address


def test_a_login_at_the_readers_own_server_is_a_fellows_without_any_setting() -> None:
    """Who is let in by the server that took the message is a customer of the reader's own provider."""
    line = f"Received: from pc (unknown [{GERMAN}]) (Authenticated sender: {OWNER}) by sv1.hoster.example (Postfix) with ESMTPSA id 5D0A61F0E2; {WHEN}"
    made = decided(line)

    assert ("used", "fellow", 0) == (made.state, made.whose, made.hop)


# ------------------------------------------------------------------ nobody is blamed by a forger

VICTIM_NAMES = (
    HOME,
    "kagu.example.co.jp",
    "mx2.kagu.example.co.jp",
    "pc",
    "localhost",
    "[127.0.0.1]",
    "h.bulk.example",
)
FORGED = (
    login(), login(by="localhost"), login(user="yoshida"), login(user=""), login(by="h.bulk.example"),
    login(helo="[127.0.0.1]"), relayed(HOME, HOME, SERVER), relayed("mx.own.example", HOME, SERVER),
    f"Received: from unknown (HELO ?127.0.0.1?) ({OWNER}@{GERMAN}) by {HOME} with ESMTPA; {WHEN}",
    f"Received: from unknown (HELO ?127.0.0.1?) ({OWNER}@{GERMAN})",
    f"Received: from [{GERMAN}] (account {OWNER}) by {HOME} (CommuniGate Pro SMTP 6.1) with ESMTPSA id 1; {WHEN}",
    f"Received: from localhost (localhost [127.0.0.1]) by {HOME} (Postfix) with ESMTP id 5D0A61F0E5; {WHEN}",
    f"Received: by {HOME} (Postfix, from userid 33) id 5D0A61F0E6; {WHEN}",
    f"Received: (qmail 21733 invoked by uid 89); {WHEN}",
    PASSED.format("kagu.example.co.jp"), f"X-Original-To: {OWNER}", f"To: {OWNER}",
)  # fmt: skip
tails = st.lists(st.sampled_from(FORGED), max_size=6)


@given(rdns=st.sampled_from(("", "h.bulk.example")), helo=st.sampled_from(VICTIM_NAMES), tail=tails)
def test_a_made_up_login_never_blames_the_owner_for_sure(rdns: str, helo: str, tail: list[str]) -> None:
    """Without a chain that the reader's own server confirms, a login below the checkpoint is a hint at most."""
    made = decided(entry(rdns, helo, ip=NOWHERE), *tail, body=VIRUS)

    assert made.state != "used" or (made.confidence, "line-claimed" in made.reasons) == ("low", True)


@given(helo=st.sampled_from(VICTIM_NAMES), tail=tails)
def test_where_the_own_server_says_no_a_claimed_login_counts_for_nothing(helo: str, tail: list[str]) -> None:
    """A failed check of the domain and a line that nobody confirms: the owner is not named at all."""
    made = decided(BROKEN.format("kagu.example.co.jp"), entry("", helo, ip=NOWHERE), *tail, body=VIRUS)

    assert made.state in ("borrowed", "unknown")


@given(data=st.data())
def test_a_provider_does_not_vouch_for_what_its_customers_scripts_write(data: st.DataObject) -> None:
    """Behind a script on a shared server the lines are the customer's."""
    script = f"Received: by sv1.xserver.jp (Postfix, from userid 33) id 5D0A61F0E9; {WHEN}"
    tail = data.draw(st.lists(st.sampled_from([*FORGED, login(by="sv1.xserver.jp")]), max_size=4))
    made = decided(entry("sv1.xserver.jp", ip=NOWHERE), script, *tail, body=VIRUS)

    assert made.state != "used" or made.confidence == "low"


@given(
    lines=st.lists(st.sampled_from([*FORGED, entry(), entry("", HOME)]), max_size=8),
    author=st.sampled_from((OWNER, "", "@", "x")),
)
def test_whatever_the_lines_say_there_is_one_decision(lines: list[str], author: str) -> None:
    """A state with its confidence, and at least one reason; `used` names a line and a mailbox."""
    made = decided(*lines, author=author)

    assert made.reasons
    assert (made.state == "unknown") == (made.confidence is None)
    if made.state in ("used", "own-login"):
        assert made.address and made.hop is not None


# ------------------------------------------------------------------ the first article


def test_the_first_articles_third_line_says_that_the_account_was_used() -> None:
    """As it stands in the article, alone and pasted: login, address, and what follows."""
    source = b"""\
Received: from unknown (HELO ?127.0.0.1?) (h_yoshida@kagu.example.co.jp@84.129.205.43)
From: <h_yoshida@kagu.example.co.jp>

"""
    report = analysed(source).report

    assert ("used", "medium", "stranger") == (report.account.state, report.account.confidence, report.account.whose)
    assert "h_yoshida@kagu.example.co.jp" == report.account.address
    assert {"login-of-sender", "abroad", "greeted-localhost"} <= set(report.account.reasons)
    assert re.search(
        r"password of h_yoshida@kagu\.example\.co\.jp, from Deutsche Telekom AG, Germany", report.verdict.headline
    )
    assert "caution" == report.verdict.level


def test_a_name_that_was_looked_up_says_what_kind_of_line_it_was() -> None:
    """A home line in Germany is what the article's author found by hand."""
    asked = {"kind": "dns", "type": "PTR", "name": "84.129.205.43"}
    answer = {
        "question": asked,
        "records": [{"name": "p5481cd2b.dip0.t-ipconnect.de", "confirmed": True}],
        "source": "dns",
        "at": "2026-11-22T00:00:00+00:00",
    }
    source = ARTICLE.read_bytes()
    said = [analysed(source, {"locale": locale}, [answer]).report.verdict.headline for locale in ("en", "ja")]

    assert "from a home or office line of Deutsche Telekom AG, Germany" in said[0]
    assert "Deutsche Telekom AG の家庭・事務所向け回線(ドイツ)から" in said[1]


@pytest.mark.parametrize(
    ("host", "country"),
    [("a.example.co.jp", "JP"), ("a.co.uk", "GB"), ("A.DE", "DE"), ("a.io", ""), ("a.eu", ""), ("a.com", ""), ("", ""), ("a.é1", "")],
)  # fmt: skip
def test_a_domain_stands_for_a_country_or_for_none(host: str, country: str) -> None:
    """Country codes that are sold to everybody say nothing."""
    assert country == countries.of_domain(host)

"""Letters to those who can stop it: who they are, who they never are, what is written to them, and what is kept back."""

from __future__ import annotations

import base64
import json
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from test_native import error, message, request, the_answer, told
from workbench import (
    LOCALES,
    NOW,
    REPLAYS,
    SAMPLES,
    TESTS,
    analysed,
    facts_of,
    mails,
    name,
    primitives,
    replayed,
    report_of,
)

from sekisho import checks, letters, session, settings
from sekisho.facts import Facts, recipients
from sekisho.facts.recipients import Recipients, usable
from sekisho.mail import domain
from sekisho.mail.message import Message
from sekisho.questions import Answer, Ask, Question
from sekisho.report import as_json
from sekisho.tables import brands, desks

KEPT = TESTS / "letters"
KAGOYA = SAMPLES[0].parent / "kagoya.eml"
ACCOUNT = SAMPLES[0].parent / "virus-account.eml"
ANSWERS = json.loads((KEPT / "kagoya.answers.json").read_text("utf-8"))
READER = "mori@office.example"
SENT_FROM, LEADS_TO = "120.136.14.43", "84.129.205.43"


def named(facts: Facts) -> Recipients:
    """Whom the panel of a message would name."""
    findings, _ = checks.run(facts, Ask({}), "en")
    return recipients.find(facts, findings)


def of_kagoya(contact: object = None, subject: str = SENT_FROM, source: bytes = b"", **given: Any) -> Recipients:
    """Those of the sample; `contact`: what a registry has written in the place of the desk for `subject`."""
    known = dict(session.read_answers(ANSWERS))
    if contact is not None:
        for question, answer in list(known.items()):
            if question.name == subject and isinstance(answer.records[0], dict):
                known[question] = Answer(({**answer.records[0], "abuse": contact},), answer.source, answer.at)
    read = settings.read({"locale": "en", **given})[0]
    return named(Facts(Message(source or KAGOYA.read_bytes()), read, Ask(known)))


def draft(address: str, language: str, mask: bool, source: Path = KAGOYA, answers: Any = None) -> letters.Draft:
    known = session.read_answers(answers if answers is not None else ANSWERS)
    made = letters.draft(Message(source.read_bytes()), known, settings.read({})[0], address, language, mask, NOW)
    assert made is not None
    return made


def test_everybody_who_can_stop_it_is_named_once_with_a_reason() -> None:
    """Network, hoster, registrar, the imitated company, and the desks, each for what of theirs it rests on."""
    known = of_kagoya()

    assert [
        ("network", "abuse@network.example", "hop:0"),
        ("hoster", "abuse@hosting.example", "link:0"),
        ("registrar", "abuse@registrar.example", "link:0"),
        ("brand", "abuse@kagoya.jp", "field:from"),
        ("council", "info@antiphishing.jp", ""),
        ("centre", "meiwaku@dekyo.or.jp", ""),
        ("group", "reportphishing@apwg.org", ""),
    ] == [(case.role, one.address, case.where) for one in known.found for case in one.cases]
    assert () == known.missing
    assert all(one.source for one in known.found)


def test_without_an_answer_nobody_is_guessed() -> None:
    """Whoever could stop it is said to be unknown, and that nobody was asked."""
    known = named(Facts(Message(KAGOYA.read_bytes()), settings.read({})[0], Ask({})))

    assert ["network", "hoster", "registrar"] == [one.case.role for one in known.missing]
    assert not any(one.asked for one in known.missing)
    assert not {"network", "hoster", "registrar"} & {role for one in known.found for role in one.roles}


def test_one_address_gets_one_letter_for_all_that_it_stands_for() -> None:
    """A company that is network and hoster is not written to twice."""
    known = of_kagoya("abuse@network.example", LEADS_TO)
    [one] = [one for one in known.found if one.address == "abuse@network.example"]

    assert ("network", "hoster") == one.roles


HOSTILE = [
    "abuse@network.example\r\nBcc: everybody@victims.example",
    "abuse@network.example, boss@victims.example",
    "abuse@network.example; boss@victims.example",
    "Abuse <abuse@network.example>",
    "mailto:abuse@network.example?bcc=boss@victims.example",
    "abuse@network.example?bcc=boss@victims.example",
    "abuse@network.example boss@victims.example",
    "abuse@w-support.jp",
    "security@mail.w-support.jp",
    "mori@office.example",
    "abuse@mx.office.example",
    "abuse@nеtwork.example",  # a Cyrillic e
    "abuse@xn--ntwork-9of.example",
    "abuse\u202e@network.example",
    "abuse@network.example\x00",
    "abuse@" + "a" * 1_000_000 + ".example",
    "a" * 1_000_000,
    '"<script>"@network.example',
    "=cmd|' /C calc'!A0@network.example",
    "noreply@network.example",
    "abuse@example.com",
    "abuse@network.invalid",
    "abuse@localhost",
    "abuse@[192.0.2.1]",
    "abuse@192.0.2.1",
    "https://network.example/abuse-form",
    "owner@whoisguard-protected.example",
    "x@domainsbyproxy.com",
    "@network.example",
    "abuse@",
    "",
    17,
    ["abuse@network.example"],
    {"email": "abuse@network.example"},
]


@pytest.mark.parametrize("subject", [SENT_FROM, LEADS_TO, "w-support.jp"])
@pytest.mark.parametrize("contact", HOSTILE, ids=lambda given: ascii(given)[:40])
def test_a_contact_that_is_not_plainly_one_address_is_left_out(contact: object, subject: str) -> None:
    """Whatever a registry's server says: no second recipient, nobody at the suspect's place or the reader's."""
    known = of_kagoya(contact, subject)
    written_to = {one.address for one in known.found}
    intact = {"abuse@network.example", "abuse@hosting.example", "abuse@registrar.example"}

    assert written_to <= intact | {
        "abuse@kagoya.jp",
        "info@antiphishing.jp",
        "meiwaku@dekyo.or.jp",
        "reportphishing@apwg.org",
    }
    assert 2 == len(written_to & intact)
    assert [subject] == [one.case.ip or one.case.subject for one in known.missing]
    assert known.missing[0].asked


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("abuse@network.example", "abuse@network.example"),
        (" Abuse.Team+ip=4@NOC.Network.Example ", "Abuse.Team+ip=4@noc.network.example"),
        ("hostmaster@nic.ad.jp", "hostmaster@nic.ad.jp"),
        ("network-abuse@google.com", "network-abuse@google.com"),
    ],
)
def test_an_address_is_taken_as_it_is(given: str, read: str) -> None:
    """But for the case of its domain."""
    assert read == usable(given)


def test_answers_do_not_go_to_where_the_message_wants_them() -> None:
    """A desk in the domain of Reply-To is the sender's own."""
    source = KAGOYA.read_bytes().replace(b"MIME-Version", b"Reply-To: help@answers.example\r\nMIME-Version", 1)
    known = of_kagoya("abuse@answers.example", SENT_FROM, source)

    assert "abuse@answers.example" not in {one.address for one in known.found}


@pytest.mark.parametrize("mail", sorted((REPLAYS / "cloaked-redirect").glob("fires*.eml")), ids=name)
def test_the_genuine_site_at_a_redirects_end_is_never_accused(mail: Path) -> None:
    """The link is; that it ends at the real company is how it hides."""
    known = named(facts_of(mail))

    assert known.sites
    for site in known.sites:
        assert brands.of_domain(site.domain) is None
    for one in known.found:
        assert all("kagoya" not in case.subject.lower() for case in one.cases if case.role != "brand")


def test_a_fake_page_at_a_redirects_end_is() -> None:
    """Where the link led, when the page there asks for a password."""
    mail = REPLAYS / "page-asks-password" / "fires.eml"
    facts = facts_of(mail)
    known = named(facts)
    [visit] = facts.visits.values()

    assert visit.steps[-1].host in {site.host for site in known.sites}


def test_a_list_is_not_blamed_for_what_it_passed_on() -> None:
    """Its server handed the message over, which somebody else wrote."""
    facts = Facts(Message(KAGOYA.read_bytes()), settings.read({})[0], Ask(session.read_answers(ANSWERS)))
    facts.from_list = "proven"

    assert "network" not in {role for one in named(facts).found for role in one.roles}


def test_a_used_mailbox_is_told_at_its_postmaster_and_never_at_itself() -> None:
    """The one who sent the message reads it; the network of the login is asked for its customer."""
    contact = Answer(
        ({"name": "Deutsche Telekom AG", "country": "DE", "abuse": "abuse@line.example"},),
        "rdap.db.ripe.net",
        "2026-11-22",
    )
    known = {Question("rdap", "ip", "84.129.205.43"): contact}
    found = named(Facts(Message(ACCOUNT.read_bytes()), settings.read({})[0], Ask(known))).found
    facts = facts_of(ACCOUNT)

    assert ["postmaster@kagu.example.co.jp", "abuse@line.example"] == [one.address for one in found][:2]
    assert facts.account.address not in {one.address for one in found}


@pytest.mark.parametrize("mail", mails(), ids=name)
def test_every_recipient_of_every_mail_is_one_plain_address_elsewhere(mail: Path) -> None:
    """No mail brings up a desk of the reader's, or one at a domain that only its sender named."""
    facts = facts_of(mail)
    known = named(facts)
    own = {domain.registrable(one.rpartition("@")[2]) for one in facts.identity.readers}
    bad = {site.domain for site in known.sites if not site.service}

    assert len(known.found) == len({one.address for one in known.found})
    for one in known.found:
        assert one.address == usable(one.address)
        place = domain.registrable(one.address.rpartition("@")[2])
        assert place not in bad
        assert place not in own
        assert one.address != facts.account.address


@pytest.mark.parametrize("mail", mails(), ids=name)
def test_letters_are_offered_where_something_was_found_and_nowhere_else(mail: Path) -> None:
    """A complaint about a message in which nothing was found would hit honest senders."""
    report = as_json(replayed(mail).report)
    items = [item for block in report["panel"] if block["block"] == "actions" for item in primitives(block["body"])]
    switches = [item for item in items if item.get("action") == "mask"]

    if report["verdict"]["level"] == "clear":
        assert not switches
    assert len(switches) <= 1


def test_every_desk_of_the_table_can_be_written_to_and_is_its_own() -> None:
    """An address in good form, a page that names it, and for a brand one in the brand's own domain."""
    rows = [line.split("\t") for line in Path(desks.__file__).with_suffix(".tsv").read_text("utf-8").splitlines()]
    rows = [row for row in rows if not row[0].startswith("#")]
    by_name = {brand.name: brand for brand in brands.all_brands()}

    assert rows
    for kind, key, shown, address, language, page in rows:
        assert address == usable(address) and shown and language in LOCALES and page.startswith("https://")
        assert kind in ("brand", "service", "registry", "desk")
        if kind == "brand":
            assert domain.registrable(address.rpartition("@")[2]) in by_name[key].domains
        found = desks.of(kind, key)
        assert found and found.address == address


# ---- what is written


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("role", ["network", "hoster", "registrar", "brand", "council", "centre", "group"])
def test_a_kept_letter_is_unchanged(role: str, language: str, snapshots: bool) -> None:
    """What is written to others changes only when somebody means it to (`pytest --snapshots`)."""
    [recipient] = [one for one in of_kagoya().found if role in one.roles]
    made = draft(recipient.address, language, True)
    text = f"To: {made.to}\nSubject: {made.subject}\n\n{made.body}"
    file = KEPT / f"kagoya.{role}.{language}.txt"
    if snapshots:
        file.write_text(text, "utf-8")

    assert file.read_text("utf-8") == text


@pytest.mark.parametrize("language", LOCALES)
def test_masked_letters_have_nothing_of_the_reader_and_no_live_link(language: str) -> None:
    """Neither in the text nor in what goes with it; the number of the report is nobody's name."""
    for one in of_kagoya().found:
        made = draft(one.address, language, True)

        for text in (made.subject, made.body, made.attached.data.decode("latin-1")):
            assert "office.example" not in text and "mori" not in text
        assert "w-support.jp/" not in made.body and "https://w-" not in made.body
        assert made.report in made.subject
        assert made.subject.isprintable()
        assert all(line.isprintable() for line in made.body.splitlines())


def test_unmasked_the_message_goes_as_it_came() -> None:
    """Byte by byte, without Thunderbird's own lines on top."""
    source = KAGOYA.read_bytes()
    made = letters.draft(
        Message(b"X-Mozilla-Keys: private\r\n" + source),
        session.read_answers(ANSWERS),
        settings.read({})[0],
        "info@antiphishing.jp",
        "ja",
        False,
        NOW,
    )

    assert made and source == made.attached.data and "plain" == made.attached.kind
    assert READER in made.body


def test_a_large_message_goes_as_its_header() -> None:
    """Desks refuse large mails, and the letter says what is there."""
    head, _, _ = KAGOYA.read_bytes().partition(b"\n\n")
    source = KAGOYA.read_bytes() + b"x" * letters.MAX_ATTACHED
    made = letters.draft(
        Message(source), session.read_answers(ANSWERS), settings.read({})[0], "info@antiphishing.jp", "en", False, NOW
    )

    assert made and "header" == made.attached.kind and "text/rfc822-headers" == made.attached.media_type
    assert head in made.attached.data and "header is attached" in made.body


def test_hostile_words_of_a_mail_stay_on_their_line() -> None:
    """Subject, names and lines of the mail are quoted as one printable line each, and no link in them is live."""
    source = KAGOYA.read_bytes().replace(
        b"From: eKagoya ISP",
        b"From: =?utf-8?B?"
        + base64.b64encode("カゴヤ\r\nBcc: a@b.example\u202e https://live.example/ \x1b[31m".encode())
        + b"?=",
    )
    known = session.read_answers(ANSWERS)
    made = letters.draft(Message(source), known, settings.read({})[0], "abuse@network.example", "en", True, NOW)

    assert made
    assert not any(line.startswith("Bcc") for line in made.body.splitlines())
    assert all(line.isprintable() for line in made.body.splitlines())
    assert "https://live.example" not in made.body


def test_who_is_not_named_is_not_written_to() -> None:
    """The address is the report's, never the caller's."""
    known = session.read_answers(ANSWERS)

    assert (
        letters.draft(
            Message(KAGOYA.read_bytes()), known, settings.read({})[0], "boss@victims.example", "en", True, NOW
        )
        is None
    )


def test_the_notice_to_a_used_mailboxs_domain_is_the_one_that_can_be_copied() -> None:
    """In a draft it has its subject, and its reader is not in it."""
    made = draft("postmaster@kagu.example.co.jp", "ja", True, ACCOUNT, [])

    assert "不正利用のおそれ" in made.subject and "件名" not in made.body
    assert made.body.startswith("kagu.example.co.jp メールご担当者様")
    assert b"office.example" not in made.attached.data and "office.example" not in made.body


# ---- over the border


def test_the_host_drafts_a_letter_about_a_message_that_it_keeps() -> None:
    """The attachment in pieces before, the letter as the answer; recipients are those that its report named."""
    said = told(
        [
            *message(1, KAGOYA.read_bytes()),
            request(2, "complaint", of=1, recipient="info@antiphishing.jp", language="ja"),
            request(3, "complaint", of=1, recipient="boss@victims.example", language="ja"),
            request(4, "complaint", of=99, recipient="info@antiphishing.jp", language="ja"),
            request(5, "complaint", of=1, recipient="info@antiphishing.jp", language="tlh"),
            request(6, "complaint", of=1, recipient="info@antiphishing.jp", language="en", mask=0),
            request(7, "complaint", of=1, recipient=["info@antiphishing.jp"], language="en"),
        ]
    )
    letter = the_answer(said, 2)["result"]
    pieces = [one["params"] for one in said if one.get("method") == "attachment"]
    content = b"".join(base64.b64decode(piece["data"]) for piece in pieces)

    assert "info@antiphishing.jp" == letter["to"] and "SK-" in letter["subject"] and letter["body"]
    assert "authority" == letter["told"]
    assert {"kind": "masked", "name": "message.eml", "media_type": "message/rfc822", "size": len(content)} == letter[
        "attached"
    ]
    assert [2] == list({piece["id"] for piece in pieces}) and pieces[-1]["last"]
    assert "非常に重要なメッセージ" == message_from_bytes(content, policy=policy.default)["Subject"]
    assert b"office.example" not in content
    assert [-32602, -32005, -32602, -32602, -32602] == [error(said, number)["code"] for number in (3, 4, 5, 6, 7)]


def test_a_large_attachment_comes_in_frames_below_the_limit() -> None:
    """Thunderbird drops a host that sends one larger than a mebibyte; `told` reads none."""
    source = KAGOYA.read_bytes() + b"nothing to see here\n" * 100_000
    said = told(
        [
            *message(1, source),
            request(2, "complaint", of=1, recipient="info@antiphishing.jp", language="en", mask=False),
        ]
    )
    pieces = [one["params"] for one in said if one.get("method") == "attachment"]

    assert len(pieces) > 3 and [*range(len(pieces))] == [piece["index"] for piece in pieces]
    assert source == b"".join(base64.b64decode(piece["data"]) for piece in pieces)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_panel_offers_a_draft_for_each_with_its_reason(locale: str) -> None:
    """Name, address, reason and source of each, its own language first."""
    report = as_json(analysed(KAGOYA.read_bytes(), {"locale": locale}, ANSWERS).report)
    items = [item for block in report["panel"] if block["block"] == "actions" for item in primitives(block["body"])]
    offered = [
        (item["arguments"]["recipient"], item["arguments"]["language"])
        for item in items
        if item.get("action") == "draft"
    ]

    assert [
        (address, language)
        for address, first in (
            ("abuse@network.example", "ja"),
            ("abuse@hosting.example", "en"),
            ("abuse@registrar.example", "en"),
            ("abuse@kagoya.jp", "ja"),
            ("info@antiphishing.jp", "ja"),
            ("meiwaku@dekyo.or.jp", "ja"),
            ("reportphishing@apwg.org", "en"),
        )
        for language in (first, "ja" if first == "en" else "en")
    ] == offered
    assert report_of(KAGOYA, locale)["panel"]

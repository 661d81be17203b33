"""Who handed a message in: what the fields say, whose word it is, and that no sender makes his own word a provider's."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import analysed, failures, report_of_source

from sekisho.facts.edges import NOTHING
from sekisho.facts.route import Route, walk
from sekisho.mail import fields, submission_fields
from sekisho.mail.message import Message
from sekisho.mail.submission_fields import MAX_FIELDS, MAX_VALUE, NAMES
from sekisho.settings import Settings
from sekisho.tables.submission import WRITERS, is_customers

THEN, NOW = "Tue, 16 Apr 2019 01:02:03 +0000", "Tue, 16 Apr 2024 01:02:03 +0000"
CUSTOMER, ACCOUNT = "198.51.100.20", "someone@customer.example"
VICTIM, VICTIMS = "203.0.113.99", "victim@bank.example"


def route(source: str) -> Route:
    return walk(Message(source.encode()), Settings(), lambda ip: None, NOTHING)


def extended(source: str) -> tuple[str | None, str | None, str | None] | None:
    """Address, account and field of the hand-in; None where nothing is plausible."""
    origin = route(source).origin
    found = origin.extended if origin else None
    return (found.ip, found.account, found.field) if found else None


# ------------------------------------------------------------------ reading


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("X-Originating-IP: [198.51.100.20]", ("198.51.100.20", "", "", "")),
        ("x-originating-ip: 198.51.100.20", ("198.51.100.20", "", "", "")),
        ("X-Originating-IP: [::ffff:198.51.100.20]", ("198.51.100.20", "", "", "")),
        ("X-Originating-IP: [IPv6:2001:db8::7]", ("2001:db8::7", "", "", "")),
        ("X-Originating-IP: [2001:db8:0:0:0:0:0:7]", ("2001:db8::7", "", "", "")),
        ("X-Originating-IP: 198.51.100.20 via 10.0.0.1", None),  # of two nobody knows which is meant
        ("X-Originating-IP: 1.2.3.4.5", None),
        ("X-Originating-IP: host-198.51.100.20", None),
        ("X-Originating-IP: yELhowHCru4khfPdeSt7sA==", None),  # encrypted
        ("X-Yahoo-Post-IP: 198.51.100.20", ("198.51.100.20", "", "", "")),
        ("X-AOL-IP: 198.51.100.20", ("198.51.100.20", "", "", "")),
        ("X-Apparently-From: <someone@customer.example>", ("", ACCOUNT, "", "")),
        ("X-Authenticated-Sender: someone@customer.example", ("", ACCOUNT, "", "")),
        ("X-Authenticated-Sender: web1.hosting.example: someone@customer.example", ("", ACCOUNT, "", "web1.hosting.example")),
        ("X-Get-Message-Sender-Via: web1.hosting.example: authenticated_id: someone@customer.example", ("", ACCOUNT, "", "web1.hosting.example")),
        ("X-Get-Message-Sender-Via: web1.hosting.example: authenticated_id: someone/only user confirmed/virtual account not confirmed", ("", "someone", "", "web1.hosting.example")),
        ("X-Get-Message-Sender-Via: web1.hosting.example: acl_c_authenticated_local_user: list/list", ("", "list", "", "web1.hosting.example")),
        ("X-Get-Message-Sender-Via: web1.hosting.example: mailgid no entry from get_recent_authed_mail_ips_entry", None),
        ("X-AuthUser:", None),
        ("X-AuthUser: two words", None),
        ("X-PHP-Originating-Script: 45678:class-phpmailer.php", ("", "userid 45678", "class-phpmailer.php", "")),
        ("X-PHP-Script: shop.example/contact.php for 198.51.100.20", ("198.51.100.20", "", "shop.example/contact.php", "")),
        ("X-PHP-Script: shop.example/contact.php for 198.51.100.20, 198.51.100.21", ("", "", "shop.example/contact.php", "")),
        ("X-PHP-Filename: /home/r1234/public_html/contact.php REMOTE_ADDR: 198.51.100.20", ("198.51.100.20", "r1234", "/home/r1234/public_html/contact.php", "")),
        ("X-Source-Args: /opt/php74/usr/bin/php-cgi /home/someone/public_html/contact.php", ("", "someone", "/home/someone/public_html/contact.php", "")),
        ("X-Source-Args: /opt/php74/usr/bin/php-cgi", None),
        ("X-Source-Dir: shop.example:/public_html", ("", "", "shop.example/public_html", "")),
        ("Authentication-Results: smtp1.mail.example; auth=pass smtp.auth=someone@customer.example smtp.mailfrom=a@b.example", ("", ACCOUNT, "", "smtp1.mail.example")),
        ("Authentication-Results: smtp1.mail.example; auth=fail smtp.auth=someone@customer.example", None),
        ("Authentication-Results: smtp1.mail.example; auth=pass smtp.auth=a@b.example; auth=pass smtp.auth=c@d.example", None),
        ("Authentication-Results: smtp1.mail.example; spf=pass smtp.mailfrom=a@b.example", None),
        ("X-Mailer: 198.51.100.20", None),
    ],
)  # fmt: skip
def test_each_field_is_read_for_what_it_says(field: str, expected: tuple[str, str, str, str] | None) -> None:
    """Address, account, script and the server that says it wrote it; what says nothing whole says nothing."""
    found = submission_fields.read(fields.parse(field.encode() + b"\n\n"), 0)

    assert ([] if expected is None else [expected]) == [one[1:] for one in found]


@given(st.lists(st.tuples(st.sampled_from(sorted(NAMES)), st.binary(max_size=300)), max_size=40))
def test_no_field_makes_the_reader_raise(written: list[tuple[str, bytes]]) -> None:
    """Whatever stands in them: bounded, and in the order of the header."""
    source = b"".join(name.encode() + b": " + body.translate(None, b"\r\n") + b"\n" for name, body in written)
    found = submission_fields.read(fields.parse(source), 0)

    assert MAX_FIELDS >= len(found)
    assert sorted(one.field.start for one in found) == [one.field.start for one in found]
    assert all(MAX_VALUE >= len(value) for one in found for value in one[1:])


# ------------------------------------------------------------------ providers


class Sent(NamedTuple):
    """A mail that a provider's customer handed in: what the provider writes above the customer's own fields, and below them."""

    above: str
    below: str
    expected: tuple[str | None, str | None, str | None] | None


def taken(name: str, ip: str = "192.0.2.1", at: str = NOW) -> str:
    """The reader's own line: the provider's server handed it over, and the name was looked up."""
    return f"Received: from {name} ({name} [{ip}]) by mx1.own.example (Postfix) with ESMTPS id 2F1D3ABC01 for <me@own.example>; {at}\n"


def passed(domain: str, helo: str) -> str:
    """The reader is at Microsoft, whose line has no looked-up name: SPF speaks for the peer."""
    return (
        f"Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom={domain}; dkim=none\n"
        f"Received: from {helo} (192.0.2.1) by C1.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server id 15.20.1.1 via Frontend Transport; {NOW}\n"
    )


GMAIL = (
    f"Received: by mail-pl1-f172.google.com with SMTP id a1b.3 for <me@own.example>; {NOW}\n"
    f"X-Received: by 2002:a05:6a00:a86:b0:736:9f20:a175 with SMTP id a1-b2mr3456789abc.12.1713229323123; {NOW}\n"
    f"Received: from laptop ([{CUSTOMER}]) by smtp.gmail.com with ESMTPSA id a1-b2sm34567abc.12.2024.04.15.18.02.03 for <me@own.example>; {NOW}\n"
)
MAPI = "Received: from A1.eurp1.prod.outlook.com ([fe80::1]) by A1.eurp1.prod.outlook.com ([fe80::1%5]) with mapi id 15.20.1.1; {}\n"
HUB = "Received: from A1.eurp1.prod.outlook.com (2603:10a6:10:1::8) by B1.eurp1.prod.outlook.com (2603:10a6:10:2::8) with Microsoft SMTP Server id 15.20.1.1; {}\n"
COREMAIL = f"Received: from someone$163.com ( [{CUSTOMER}] ) by ajax-webmail-wmsvr9 (Coremail) ; {NOW}\nX-Originating-IP: [{CUSTOMER}]\n"
WEB = "Received: by www63.onamae.ne.jp (Postfix, from userid 10992) id 2F1D3ABC02; {}\n"
EXIM = "Received: from [{}] (port=5211 helo=laptop) by web1.hosting.example with esmtpsa (TLS1.3) (Exim 4.96.2) id 1rwXRz-0003kY-2B; {}\n"
CPANEL = f"X-Get-Message-Sender-Via: web1.hosting.example: authenticated_id: {ACCOUNT}\nX-Authenticated-Sender: web1.hosting.example: {ACCOUNT}\n"
AUTHOR = "From: Someone <someone@hosting.example>\n"

SENT = {
    "Gmail": Sent(taken("mail-pl1-f172.google.com") + GMAIL, "", (CUSTOMER, None, None)),
    "Gmail, by SPF": Sent(passed("gmail.com", "mail-pl1-f172.google.com") + GMAIL, "", (CUSTOMER, None, None)),
    "Microsoft, then": Sent(taken("mail-am6.outbound.protection.outlook.com", at=THEN) + HUB.format(THEN) + MAPI.format(THEN), f"x-originating-ip: [{CUSTOMER}]\n", (CUSTOMER, None, "x-originating-ip")),
    "Microsoft, now": Sent(taken("mail-am6.outbound.protection.outlook.com") + HUB.format(NOW) + MAPI.format(NOW), "", None),
    "BIGLOBE": Sent(taken("mta-snd-e02.biglobe.ne.jp") + f"Received: from mail.biglobe.ne.jp by mta-snd-e02.biglobe.ne.jp with ESMTP id <a@biglobe.ne.jp>; {NOW}\n", f"X-Biglobe-Sender: {ACCOUNT}\n", (None, ACCOUNT, "x-biglobe-sender")),
    "BIGLOBE, by SPF": Sent(passed("kmf.biglobe.ne.jp", "mta-snd-e02.biglobe.ne.jp") + f"Received: from mail.biglobe.ne.jp by mta-snd-e02.biglobe.ne.jp with ESMTP id <a@biglobe.ne.jp>; {NOW}\n", f"X-Biglobe-Sender: {ACCOUNT}\n", (None, ACCOUNT, "x-biglobe-sender")),
    "Yahoo! JAPAN": Sent(taken("smtp6010.mail.ssk.ynwp.yahoo.co.jp") + f"Received: from unknown (HELO ?127.0.0.1?) (someone@{CUSTOMER} with login) by smtp6010.mail.ssk.ynwp.yahoo.co.jp with SMTP; {NOW}\nX-Apparently-From: <{ACCOUNT}>\n", "", (CUSTOMER, ACCOUNT, "x-apparently-from")),
    "nifty": Sent(taken("conuserg-10.nifty.com") + f"Received: from laptop ({CUSTOMER}) (authenticated) by conuserg-10.nifty.com with ESMTP id 33G123; {NOW}\nX-Nifty-SrcIP: [{CUSTOMER}]\n", "", (CUSTOMER, None, None)),
    "a form at Onamae": Sent(taken("mailgw14-243.onamae.ne.jp") + f"Received: from www63.onamae.ne.jp (unknown [172.16.42.138]) by mailgw14.onamae.ne.jp (Postfix) with ESMTP id 2F1D3ABC02; {NOW}\n" + WEB.format(NOW) + f"X-PHP-Script: shop.example/contact.php for {CUSTOMER}\nX-PHP-Filename: /home/r1234/public_html/contact.php REMOTE_ADDR: {CUSTOMER}\n", "", (CUSTOMER, "r1234", "x-php-script")),
    "a form at heteml": Sent(taken("users206.phy.heteml.jp") + f"Received: by users206.phy.heteml.jp (Postfix, from userid 995) id 2F1D3ABC02; {NOW}\nX-PHP-Originating-Script: 45678:class-phpmailer.php\n", "", (None, "userid 45678", "x-php-originating-script")),
    "Orange": Sent(taken("smtp04.smtpout.orange.fr") + f"Received: from laptop ([{CUSTOMER}]) by mwinf5d08 with ME id wP5D2200M4G1; {NOW}\nX-ME-IP: {CUSTOMER}\n", "", (CUSTOMER, None, None)),
    "OVH": Sent(taken("2.mo552.mail-out.ovh.net") + f"Received: from mxplan6.mail.ovh.net (unknown [10.108.20.68]) by mo552.mail-out.ovh.net (Postfix) with ESMTPS id 2F1D3ABC02; {NOW}\nReceived: from customer.example (192.0.2.105) by DAG4EX2.mxp6.local (172.16.2.32) with Microsoft SMTP Server id 15.1.2375.18; {NOW}\nAuthentication-Results: garm.ovh; auth=pass (GARM-105G0061) smtp.auth={ACCOUNT}\nX-OVh-ClientIp: {CUSTOMER}\n", "", (CUSTOMER, ACCOUNT, "x-ovh-clientip")),
    "Mail.ru": Sent(taken("smtp40.i.mail.ru") + f"Received: by smtp40.i.mail.ru with esmtpa (envelope-from <{ACCOUNT}>) id 1rwXRz-0003kY-2B; {NOW}\n", f"Authentication-Results: smtp40.i.mail.ru; auth=pass smtp.auth={ACCOUNT} smtp.mailfrom={ACCOUNT}\n", (None, ACCOUNT, "authentication-results")),
    "163.com": Sent(taken("m15241.mail.163.com") + COREMAIL, "", (CUSTOMER, "someone@163.com", None)),
    "126.com": Sent(taken("m15241.mail.126.com") + COREMAIL, "", (CUSTOMER, "someone@163.com", None)),
    "cPanel, the sender's own": Sent(taken("web1.hosting.example") + EXIM.format(CUSTOMER, NOW) + AUTHOR, CPANEL, (CUSTOMER, ACCOUNT, "x-get-message-sender-via")),
    "cPanel, anybody's": Sent(taken("web1.hosting.example") + EXIM.format(CUSTOMER, NOW), CPANEL, None),
    "a stranger": Sent(taken("mail.stranger.test"), "", None),
    "a stranger without a name": Sent(taken("unknown"), "", None),
    "a customer's line": Sent(taken("p1234567-omed01.tokyo.ocn.ne.jp"), "", None),
    "a rented server": Sent(taken("v133-0-2-1.vir.kagoya.net"), "", None),
    "a name that may be forged": Sent(taken("mail-pl1-f172.google.com").replace("[192.0.2.1]", "[192.0.2.1] (may be forged)") + GMAIL, "", None),
    "a name that nobody held against the address": Sent(f"Received: from mail-pl1-f172.google.com (192.0.2.1) by mx1.own.example with SMTP; {NOW}\n" + GMAIL, "", None),
    "a stranger at Gmail's door": Sent(taken("mail-pl1-f172.google.com") + f"Received: from smtp.google.com ([198.51.100.5]) by mx.google.com with ESMTPS id a1si5abc.12.2024.04.15.18.02.03; {NOW}\n", "", None),
    "a stranger at Microsoft's door": Sent(taken("mail-am6.outbound.protection.outlook.com", at=THEN) + f"Received: from A1.eurp1.prod.outlook.com (198.51.100.5) by C1.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server id 15.20.1.1; {THEN}\n", "", None),
}  # fmt: skip
REST = "From: Someone <someone@customer.example>\nTo: me@own.example\nSubject: hello\n"
BODY = "\nhello\n"


@pytest.mark.parametrize("name", SENT)
def test_each_providers_customer_is_found(name: str) -> None:
    """The address and the account that the provider notes, and the field that says so where it is not the line."""
    sent = SENT[name]

    assert sent.expected == extended(sent.above + REST + sent.below + BODY)


def test_every_provider_of_the_table_is_tried() -> None:
    """A row of the table has a mail here from one of its servers."""
    peers = [route(sent.above + REST + BODY).steps for sent in SENT.values()]
    names = {step.received.rdns for steps in peers for step in steps} | {
        step.received.by for steps in peers for step in steps
    }

    assert [] == [name for name in WRITERS if not any(one.endswith(name) for one in names) and name != "lolipop.jp"]


# What a customer may write into his own message: every field there is, and lines in every provider's style.
_field = st.builds(
    "{}: {}\n".format,
    st.sampled_from(sorted(NAMES)),
    st.sampled_from(
        [
            f"[{VICTIM}]", VICTIM, VICTIMS, f"<{VICTIMS}>", f"web1.hosting.example: authenticated_id: {VICTIMS}", f"web1.hosting.example: {VICTIMS}",
            f"bank.example/login.php for {VICTIM}", f"/home/victim/login.php REMOTE_ADDR: {VICTIM}", "45678:victim.php",
            f"smtp.gmail.com; auth=pass smtp.auth={VICTIMS}", f"garm.ovh; auth=pass smtp.auth={VICTIMS}", f"smtp40.i.mail.ru; auth=pass smtp.auth={VICTIMS}",
        ]
    ),
)  # fmt: skip
_line = st.builds(
    "Received: from {1} ({1} [{2}]){4} by {0} with {3} id 2F1D3ABC09; {5}\n".format,
    st.sampled_from(["mx.bank.example", "web1.hosting.example", "THE-PROVIDER"]),
    st.sampled_from(["mail.bank.example", "unknown", "web1.hosting.example", "THE-PROVIDER"]),
    st.sampled_from([VICTIM, "10.0.0.1"]),
    st.sampled_from(["ESMTP", "ESMTPSA", "HTTP", "mapi"]),
    st.sampled_from(["", f" (Authenticated sender: {VICTIMS})"]),
    st.sampled_from([THEN, NOW]),
)
_tail = st.lists(_field | _line | st.just(REST), max_size=8).map("".join)


@pytest.mark.parametrize("name", SENT)
def test_no_field_of_the_senders_becomes_the_providers(name: str) -> None:
    """Whatever a customer or a stranger writes into his message, his word names neither the origin nor the account behind it."""
    sent = SENT[name]
    genuine = route(sent.above + REST + sent.below + BODY).origin
    signature = route(sent.above + REST + BODY).steps[-1].received.by  # as the provider's own last line is signed

    @given(tail=_tail, helo=st.sampled_from(["laptop", "victim$bank.example", "smtp.gmail.com", f"[{VICTIM}]"]))
    def attacked(tail: str, helo: str) -> None:
        found = route(
            sent.above.replace("laptop", helo) + tail.replace("THE-PROVIDER", signature) + sent.below + BODY
        ).origin

        assert genuine is not None and found is not None
        assert (genuine.ip, genuine.hop, genuine.rule) == (found.ip, found.hop, found.rule)
        if found.extended is not None:
            assert sent.expected is not None
            # OVH's proxy and Yahoo! JAPAN's name for the account stand in their own lines.
            assert found.extended.ip in (sent.expected[0], "192.0.2.105", None)
            assert found.extended.account in (sent.expected[1], "someone", None)

    attacked()


@pytest.mark.parametrize("name", [name for name, sent in SENT.items() if sent.expected and sent.expected[2]])
def test_of_two_fields_none_is_believed(name: str) -> None:
    """A customer who brings the provider's own field makes it two, and hides no more than himself."""
    sent = SENT[name]
    assert sent.expected is not None
    field = sent.expected[2]
    forged = (
        f"{field}: smtp40.i.mail.ru; auth=pass smtp.auth={VICTIMS}\n"
        if field == "authentication-results"
        else f"{field}: {VICTIM}\n"
    )

    found = extended(sent.above + forged + REST + sent.below + BODY)

    assert found is None or field != found[2]


def test_so_many_fields_that_one_may_be_overlooked_are_none() -> None:
    """A customer cannot push the provider's own field out of sight."""
    sent = SENT["BIGLOBE"]
    many = "".join(f"X-Client-IP: 203.0.113.{number}\n" for number in range(MAX_FIELDS - 1))

    assert None is extended(sent.above + many + f"X-Biglobe-Sender: {VICTIMS}\n" + REST + sent.below + BODY)


@pytest.mark.parametrize("name", ["www63.onamae.ne.jp", "mail-ed1-f50.google.com", "m32-6.eu.mailgun.net", "mta-snd-e02.biglobe.ne.jp", "sv742.xserver.jp", "mail.mobile.example", "dyn.example"])  # fmt: skip
def test_a_providers_servers_are_no_customers(name: str) -> None:
    """Numbers of a farm are not numbers of an address."""
    assert not is_customers(name)


@pytest.mark.parametrize("name", ["v133-0-2-1.vir.kagoya.net", "p1234567-ipoe.ipoe.ocn.ne.jp", "KD192000002001.ppp-bb.dion.ne.jp", "i192-0-2-1.s41.a013.ap.plala.or.jp", "tk2-216-18338.vs.hosting.example"])  # fmt: skip
def test_a_customers_machine_is_not_its_providers(name: str) -> None:
    """A line or a rented server has a name under its provider's domain, and anybody behind it."""
    assert is_customers(name)


def test_a_filter_on_the_senders_own_server_hides_no_login() -> None:
    """There a program may hand on what came in by a login; at a hosting server, whose customers are strangers, it hands in its own."""
    filtered = "Received: by {0} (Postfix, from userid 995) id 2F1D3ABC02; " + NOW + "\n"
    login = f"Received: from laptop (laptop [{CUSTOMER}]) (Authenticated sender: {ACCOUNT}) by {{0}} (Postfix) with ESMTPSA id 2F1D3ABC03; {NOW}\n"
    own, hosting = "mail.customer.example", "users206.phy.heteml.jp"

    assert (CUSTOMER, ACCOUNT, None) == extended(taken(own) + (filtered + login).format(own) + REST + BODY)
    assert None is extended(taken(hosting) + (filtered + login).format(hosting) + REST + BODY)


# ------------------------------------------------------------------ whose word


def test_a_field_has_its_place_and_its_standing() -> None:
    """Between which lines it was written, and whose word that makes it."""
    source = (
        taken("web1.hosting.example")
        + EXIM.format(CUSTOMER, NOW)
        + REST
        + CPANEL
        + f"X-Originating-IP: {VICTIM}\n"
        + BODY
    )
    report = report_of_source(source.encode())

    assert [("field:x-get-message-sender-via", 1, "claimed"), ("field:x-authenticated-sender", 1, "claimed"), ("field:x-originating-ip", 1, "claimed")] == [
        (one["field"], one["hop"], one["standing"]) for one in report["submission"]
    ]  # fmt: skip
    assert [True, True, False] == [one.by_peer for one in route(source).statements]


def test_a_field_below_a_made_up_line_is_worth_no_more() -> None:
    """Whoever made the line up could write the field as well."""
    made_up = (
        f"Received: from a.bank.example (a.bank.example [203.0.113.5]) by mx.google.com with SMTP id QWPIOU; {NOW}\n"
    )

    assert ["contradicted"] == [one.shown.standing for one in route(taken("mail.stranger.test") + made_up + f"X-Originating-IP: {VICTIM}\n" + REST + BODY).statements]  # fmt: skip


OWN_FIELD = ", which these servers write themselves (plausible, not proven)."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Gmail", []),  # the line itself says it
        ("BIGLOBE", [f"It was handed in with the account {ACCOUNT}, says X-Biglobe-Sender{OWN_FIELD}"]),
        ("Microsoft, then", [f"It was handed in from {CUSTOMER}, says x-originating-ip{OWN_FIELD}"]),
        ("Orange", []),  # the field repeats the line
        ("OVH", [f"It was handed in with the account {ACCOUNT}, says Authentication-Results{OWN_FIELD}", f"It was handed in from {CUSTOMER}, says X-OVh-ClientIp{OWN_FIELD}"]),
        ("a form at Onamae", [f"The script shop.example/contact.php on a web server handed it in, used from {CUSTOMER}, says X-PHP-Script{OWN_FIELD} Whoever used it need not be the owner of the site.", f"It was handed in with the account r1234, says X-PHP-Filename{OWN_FIELD}"]),
        ("a form at heteml", [f"The script class-phpmailer.php of the account userid 45678 handed it in, says X-PHP-Originating-Script{OWN_FIELD}"]),
        ("cPanel, the sender's own", [f"It was handed in with the account {ACCOUNT}, says X-Get-Message-Sender-Via{OWN_FIELD}"]),
        ("cPanel, anybody's", [f"web1.hosting.example says in X-Get-Message-Sender-Via that it had the message from its account {ACCOUNT}. That is as good as the word of whoever runs that server."]),
        ("a stranger", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_the_panel_says_it_at_the_line_it_belongs_to(name: str, said: list[str], locale: str) -> None:
    """At the stop where the message was handed in, in the open: what is plausible and on which field it rests; else whose word it is."""
    sent = SENT[name]
    message = (sent.above + REST + sent.below + BODY).encode()
    marks = {"en": ("write themselves", "that server."), "ja": ("自分で書き込む", "運営者次第")}[locale]
    texts = [
        text for text in open_texts(report_of_source(message, locale=locale)) if any(mark in text for mark in marks)
    ]

    assert len(said) == len(texts)
    assert locale != "en" or said == texts


def open_texts(report: dict[str, Any]) -> list[str]:
    """The sentences of the timeline's stops that no fold hides."""
    (block,) = [block for block in report["panel"] if block["block"] == "route"]
    stops = [stop for item in block["body"] if item["kind"] == "timeline" for stop in item["stops"]]
    return [item["text"] for stop in stops for item in stop["body"] if item["kind"] == "sentence"]


@pytest.mark.parametrize("locale", ["en", "ja"])
@given(tail=_tail)
def test_no_such_message_breaks_a_report(locale: str, tail: str) -> None:
    """Every sentence has its places filled, in every language."""
    assert [] == failures(
        report_of_source((taken("web1.hosting.example") + tail + CPANEL + BODY).encode(), locale=locale)
    )


def test_an_analysis_names_the_field() -> None:
    """The contract's place for it: origin.extended, with the field beside address and account."""
    sent = SENT["BIGLOBE"]
    origin = analysed((sent.above + REST + sent.below + BODY).encode()).report.origin

    assert origin is not None and origin.extended is not None
    assert (1, None, ACCOUNT, "x-biglobe-sender") == tuple(origin.extended)

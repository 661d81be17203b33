"""The walk to the checkpoint: which line took the message from outside, by which rule, and that no sender can move it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.facts import edges as learning
from sekisho.facts.checkpoint import NOWHERE, Checkpoint, find, may_be_relay
from sekisho.facts.edges import NOTHING, Edges, Learner, Passage, chain, kind
from sekisho.mail import received
from sekisho.mail.received import Received
from sekisho.settings import Settings

WHEN = "Tue, 16 Apr 2024 01:02:03 +0000"
NOBODY = Settings()
ME = "reader@own.example"


def line(
    by: str, ip: str = "", name: str = "", helo: str = "", to: str = "", protocol: str = "ESMTP", more: str = ""
) -> Received:
    """One line as Postfix writes it; without an address, as a machine that hands on to itself."""
    peer = f"from {helo or name or 'h.example'} ({name or 'unknown'} [{ip}]){more} " if ip else ""
    return received.parse(f"{peer}by {by} (Postfix) with {protocol} id 4VJYzF0000z1" + (f" for <{to}>" if to else "") + f"; {WHEN}")  # fmt: skip


INSIDE = line("imap1.own.example", "192.0.2.1", "mx1.own.example")
FORWARDER = "192.0.2.77"
STRANGER = line("mx1.own.example", "203.0.113.66", "stranger.test", to=ME)


def mailbox(count: int = 60, forwarded: int = 6) -> Learner:
    """A mailbox of `count` mails from as many organisations, of which some come through one forwarder."""
    learner = Learner()
    for number in range(count):
        peer = (f"198.51.100.{number}", f"mail.sender{number}.test")
        if number < forwarded:
            handed = line("mx2.own.example", FORWARDER, "alias.forward.example", to=ME)
            learner.add(chain([INSIDE, handed, line("alias.forward.example", *peer, to="me@forward.example")]))
        else:
            learner.add(chain([INSIDE, line(f"mx{number % 4}.own.example", *peer, to=ME)]))
    return learner


LEARNT = mailbox().edges()


# ------------------------------------------------------------------ learning


def test_a_mailbox_teaches_its_edge_what_stands_above_and_who_forwards() -> None:
    """The server that takes mail from everybody is the edge; who hands on inside is not; who is seen daily may be a forwarder."""
    assert {"mx9.own.example"} == LEARNT.edges
    assert {("imap9.own.example", "own.example")} == LEARNT.inside
    assert {FORWARDER} == LEARNT.forwarders
    assert {"own.example"} == LEARNT.recipients
    assert {"reader"} == LEARNT.local_parts


def test_little_teaches_nothing() -> None:
    """An edge needs support and many different peers."""
    one_peer = Learner()
    for number in range(60):
        one_peer.add(chain([line("mx1.own.example", "198.51.100.1", f"host{number}.sender.test", to=ME)]))

    for learner in (Learner(), mailbox(learning.MIN_MAILS - 1, 0), one_peer):
        assert frozenset() == learner.edges().edges


def test_a_mail_that_came_from_nowhere_teaches_nothing() -> None:
    """Sent mail and drafts have no line to learn from: they make nothing rarer than it is."""
    learner = mailbox()
    for _ in range(10_000):
        learner.add(chain([]))
        learner.add(chain([line("own.example"), line("own.example", "192.168.1.1", "desk.own.example")]))

    assert LEARNT == learner.edges()


def test_a_message_is_looked_at_as_far_as_the_readers_side_goes() -> None:
    """The first line of each kind counts, and of a long tail the top."""
    lines = [
        line(f"{letter}{number}.test", "198.51.100.1", "a.test") for letter in "abcdefghijklm" for number in (1, 2)
    ]

    assert [f"{letter}9.test" for letter in "abcdefgh"] == [passage.kind for passage in chain(lines)]


def test_a_forwarder_through_which_everything_comes_is_the_edge() -> None:
    """It takes mail from everybody, and what it hands on to is inside: from it, and from nobody else."""
    learnt = mailbox(60, 60).edges()

    assert {"alias.forward.example"} == learnt.edges
    assert ("mx9.own.example", "forward.example") in learnt.inside
    assert 1 == find([INSIDE, STRANGER, line("alias.forward.example", "203.0.113.99", "x.test")], NOBODY, learnt).hop


def test_a_name_that_stands_in_one_forged_tail_in_ten_is_no_edge() -> None:
    """A line that spammers put below the edge does not become an edge, however often they do."""
    learner = mailbox()
    for number in range(40):
        forged = line("mx.bank.example", f"203.0.113.{number}", f"victim{number}.test")
        handed = line("mx1.own.example", f"198.51.100.{number}", f"sender{number}.test")
        learner.add(chain([INSIDE, handed, forged]))

    assert {"mx9.own.example"} == learner.edges().edges


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("mx1.own.example", "mx9.own.example"),
        ("MX23.Own.Example", "mx9.own.example"),
        ("AM1PEPF000252E0.mail.protection.outlook.com", "*.mail.protection.outlook.com"),
        ("PR3P123MB0001.eurp123.prod.outlook.com", "*.prod.outlook.com"),
        ("own.example", "own.example"),
        ("10.0.0.7", "9.9.9.9"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_machines_of_a_farm_are_of_one_kind(by: str, expected: str) -> None:
    """Numbers and regions change from one machine to the next, and mean nothing."""
    assert expected == kind(by)


def test_memory_is_bounded() -> None:
    """However many names a mailbox holds, what is kept of them is not more than the limits."""
    learner = Learner()
    for number in range(2 * learning.MAX_PEERS):
        name = f"{number}.test"
        learner.add([Passage(name, name, name, name, name), Passage("mx9.own.example", name, name, name, name)])
        learner.add([Passage("mx9.own.example", name, name, name, name)])

    assert (learning.MAX_CHAINS, learning.MAX_KINDS) == (len(learner._chains), len(learner._support))
    for counter in (learner._organisations, learner._peers, learner._recipients, learner._local_parts):
        assert learning.MAX_PEERS == len(counter)
    assert {"mx9.own.example"} == learner.edges().edges


# ------------------------------------------------------------------ the rules

OUTLOOK = (
    "from A1.eurp1.prod.outlook.com (2603:10a6:10:1::8) by B1.eurp1.prod.outlook.com with HTTPS; " + WHEN,
    "from stranger.test (203.0.113.66) by C1.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server id 15.20.1.1 via Frontend Transport; " + WHEN,
)  # fmt: skip
GMAIL = (
    "by 2002:a05:6a10:1::1 with SMTP id a1csp100; " + WHEN,
    f"from stranger.test (stranger.test [203.0.113.66]) by mx.google.com with ESMTPS id a1si100abc.1.2024.04.15.18.02.03 for <{ME}>; {WHEN}",
)
FILTERED = (
    f"from NAM12-DM6-obe.outbound.protection.outlook.com (mail-dm6nam12.outbound.protection.outlook.com [104.47.59.175]) "
    f"by mx1.own.example (Postfix) with ESMTPS id 4VJYzF0000z1 for <{ME}>; {WHEN}",
    "from A1.namprd08.prod.outlook.com (2603:10b6:5:80::28) by B1.LAMP215.PROD.OUTLOOK.COM (2603:10d6:10:c3::8) with Microsoft SMTP Server id 15.20.1.1; " + WHEN,
    "from stranger.test (203.0.113.66) by C1.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server id 15.20.1.1 via Frontend Transport; " + WHEN,
)  # fmt: skip


def filtered(*origins: str) -> Edges:
    """What mails teach that came through the filter from these addresses."""
    learner = Learner()
    for origin in origins:
        texts = (*FILTERED[:2], FILTERED[2].replace("203.0.113.66", origin))
        learner.add(chain([received.parse(text) for text in texts]))
    return learner.edges()


THROUGH_A_FILTER = filtered("203.0.113.66", "198.51.100.9")
PROTON = (
    f"from stranger.test (stranger.test [203.0.113.66]) by mailin001.protonmail.ch (Postfix) with ESMTPS id 4VJ for <{ME}>; {WHEN}",
)


def scanned(server: str, scanner: str, *below: Received) -> list[Received]:
    """A round through a provider's own scanner, as SAKURA's and Xserver's servers write it, and what stands below."""
    return [
        received.parse(f"from {scanner} ({scanner} [192.0.2.114]) by {server} (8.16.1/8.16.1) with ESMTP id 43G123; {WHEN}"),
        received.parse(f"from {server} (192.0.2.81) by {scanner} (F-Secure/fsigk_smtp/550/{scanner}); {WHEN}"),
        *below,
    ]  # fmt: skip


SAKURA, XSERVER = ("www2881.sakura.ne.jp", "fsav114.sakura.ne.jp"), ("sv2741.xserver.jp", "virusgw10003.xserver.jp")
HEADS: dict[str, tuple[Sequence[Received], Settings, Edges, str]] = {
    "Outlook": ([received.parse(text) for text in OUTLOOK], NOBODY, NOTHING, "provider-edge"),
    "Gmail": ([received.parse(text) for text in GMAIL], NOBODY, NOTHING, "provider-edge"),
    "Proton": ([received.parse(text) for text in PROTON], NOBODY, NOTHING, "provider-edge"),
    "learnt": ([INSIDE, STRANGER], NOBODY, LEARNT, "learnt-edge"),
    "organisation of the top": ([INSIDE, STRANGER], NOBODY, NOTHING, "own-organisation"),
    "identities": (
        [INSIDE, STRANGER],
        Settings(own_addresses=(ME,), incoming_servers=("imap1.own.example",)),
        NOTHING,
        "own-organisation",
    ),
    "identities and a learnt mailbox": ([INSIDE, STRANGER], Settings(own_domains=("own.example",)), LEARNT, "learnt-edge"),
    "own networks": ([INSIDE, STRANGER], Settings(trusted_networks=("192.0.2/24",)), NOTHING, "own-networks"),
    "internal networks": ([INSIDE, STRANGER], Settings(internal_networks=("192.0.2.1",)), NOTHING, "own-networks"),
    "own relay by address": (
        [line("mx1.own.example", "192.0.2.50", "out.relay.example", to=ME), line("in.relay.example", "203.0.113.66", "stranger.test", to=ME)],
        Settings(relays=("192.0.2.50",)),
        LEARNT,
        "own-relay",
    ),
    "own relay by name": (
        [line("mx1.own.example", "192.0.2.50", "out.relay.example", to=ME), line("in.relay.example", "203.0.113.66", "stranger.test", to=ME)],
        Settings(relays=("relay.example",)),
        NOTHING,
        "own-relay",
    ),
    "own relay that hands on inside over public addresses": (
        [
            line("mx1.own.example", "192.0.2.50", "out.relay.example", to=ME),
            line("out.relay.example", "198.51.100.7", "in.relay.example"),
            line("in.relay.example", "127.0.0.1", "localhost"),
            line("in.relay.example", "203.0.113.66", "stranger.test", to="me@relay.example"),
        ],
        Settings(relays=("out.relay.example",)),
        NOTHING,
        "own-relay",
    ),
    "own relay at a provider": (
        [
            line("mx1.own.example", "192.0.2.50", "mail-f41.google.com", to=ME),
            received.parse(GMAIL[0]),
            received.parse(GMAIL[1]),
        ],
        Settings(relays=("mail-f41.google.com",)),
        NOTHING,
        "own-relay",
    ),
    "a mailbox at a host's, known by its address": (
        [
            line("sv1.host.example", "192.0.2.8", "mx2.host.example", to=ME),
            line("mx2.host.example", "203.0.113.66", "stranger.test", to=ME),
        ],
        Settings(own_addresses=(ME,)),
        NOTHING,
        "own-organisation",
    ),
    "a provider's filter": ([received.parse(text) for text in FILTERED], NOBODY, THROUGH_A_FILTER, "own-filter"),
    "SAKURA's scanner": (scanned(*SAKURA, line(SAKURA[0], "203.0.113.66", "stranger.test", to=ME)), NOBODY, NOTHING, "own-scanner"),
    "Xserver's scanner": (scanned(*XSERVER, line(XSERVER[0], "203.0.113.66", "stranger.test", to=ME)), NOBODY, NOTHING, "own-scanner"),
    "a scanner that took it in itself": (
        [scanned(*XSERVER)[0], received.parse(f"from stranger.test (203.0.113.66) by {XSERVER[1]} (F-Secure/fsigk_smtp/521/{XSERVER[1]}); {WHEN}")],
        NOBODY,
        NOTHING,
        "own-scanner",
    ),
    "own forwarder": (
        [INSIDE, line("mx2.own.example", FORWARDER, "alias.forward.example", to=ME), line("alias.forward.example", "203.0.113.66", "stranger.test", to=ME)],
        NOBODY,
        LEARNT,
        "own-forwarder",
    ),
    "own server": (
        [line("mx1.own.example", "192.0.2.9", "backup.second.example", to=ME), line("backup.second.example", "203.0.113.66", "stranger.test", to=ME)],
        Settings(own_domains=("own.example", "second.example")),
        LEARNT,
        "own-server",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_every_rule_finds_the_hand_over(name: str) -> None:
    """The line that took the message from the stranger, and the rule that says so."""
    lines, settings, edges, rule = HEADS[name]
    found = find(lines, settings, edges)

    assert (len(lines) - 1, rule) == (found.hop, found.rule)
    assert "203.0.113.66" == lines[found.hop].ip


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [received.parse("")],
        [line("own.example")],
        [line("own.example", "127.0.0.1"), line("own.example", "10.1.2.3")],
    ],
    ids=["none", "empty", "local", "private"],
)
@pytest.mark.parametrize("settings", [NOBODY, Settings(trusted_networks=("10/8",))], ids=["untold", "told"])
def test_a_message_that_never_came_in_has_no_checkpoint(lines: Sequence[Received], settings: Settings) -> None:
    """What stays inside came from nobody outside."""
    assert Checkpoint(-1, -1, NOWHERE) == find(lines, settings, LEARNT)


@pytest.mark.parametrize(
    ("trusted", "hop"),
    [
        (("192.0.2.0/24",), 1),
        (("192.0.2.",), 1),
        (("192.0.2/24",), 1),
        (("192/8", "203/8"), -1),
        (("!192.0.2.1", "192.0.2.0/24"), 0),  # the first that holds decides, and `!` takes out
        (("192.0.2.0/24", "!192.0.2.1"), 1),
        (("198.51.100.0/24",), 0),
        (("no network", "2001:db8::/32", "300.1.2.3", "1.2.3.4/99"), 0),
    ],
)
def test_networks_are_meant_as_spamassassin_means_them(trusted: tuple[str, ...], hop: int) -> None:
    """Short forms, exceptions, the first that holds."""
    assert hop == find([INSIDE, STRANGER], Settings(trusted_networks=trusted), LEARNT).hop


def test_own_submission_is_own_all_the_way_down() -> None:
    """Who hands in at the own submission server is one of the own users, wherever the lines below say they come from."""
    settings = Settings(trusted_networks=("192.0.2.0/24",), msa_networks=("192.0.2.1",))

    assert -1 == find([INSIDE, STRANGER], settings, LEARNT).hop


def test_an_own_relay_is_taken_back() -> None:
    """Without the reader's word the relay is again the stranger that handed the message over."""
    lines, settings, edges, _ = HEADS["own relay by address"]

    assert Checkpoint(1, 0, "own-relay") == find(lines, settings, edges)
    assert Checkpoint(0, 0, "learnt-edge") == find(lines, settings._replace(relays=()), edges)


RELAYED = HEADS["own relay by name"][0]


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("out.relay.example", RELAYED),
        ("192.0.2.50", [received.parse(RELAYED[0].raw.replace("[192.0.2.50]", "[192.0.2.50] (may be forged)")), RELAYED[1]]),
        ("192.0.2.50", [received.parse(f"from out.relay.example (192.0.2.50) by mx1.own.example with SMTP; {WHEN}"), RELAYED[1]]),
        ("192.0.2.50", [line("mx1.own.example", "192.0.2.50", "", "out.relay.example"), RELAYED[1]]),
        ("", RELAYED[:1]),
        ("", [RELAYED[0], line("in.relay.example", "10.0.0.1", "pc.relay.example")]),
        ("", [RELAYED[0], line("mx.elsewhere.example", "203.0.113.66", "stranger.test")]),
        ("", [line("mx1.own.example", "10.0.0.1", "gate.own.example"), line("mx1.own.example")]),
        ("", []),
    ],
    ids=["by name", "may be forged", "unconfirmed", "no name", "nothing below", "nothing outside below", "written by another", "inside", "empty"],
)  # fmt: skip
def test_a_relay_is_offered_where_naming_it_leads_further(said: str, lines: Sequence[Received]) -> None:
    """By the one name that the own server confirmed, else by its address; and naming it then does what was offered."""
    settings = Settings()
    found = find(lines, settings, NOTHING)

    assert said == may_be_relay(lines, found, settings, NOTHING)
    if said:
        assert Checkpoint(1, 0, "own-relay") == find(lines, Settings(relays=(said,)), NOTHING)


def test_no_relay_is_offered_beside_own_networks() -> None:
    """Who has named the own networks has said where the own side ends."""
    settings = Settings(trusted_networks=("198.51.100.0/24",))

    assert "" == may_be_relay(RELAYED, find(RELAYED, settings, NOTHING), settings, NOTHING)


@pytest.mark.parametrize(
    "shared", ["me@yahoo.co.jp", "me@GMX.net", "me@docomo.ne.jp", "me@user.xsrv.jp", "me@gmail.com"]
)
def test_a_domain_shared_with_strangers_is_not_the_readers(shared: str) -> None:
    """What another customer of the reader's provider sends came from outside, and from that provider."""
    host = shared.rpartition("@")[2].lower()
    lines = [
        line("mx1.own.example", "192.0.2.60", f"out.{host}", to=ME),
        line(f"smtp.{host}", "203.0.113.66", "stranger.test", protocol="ESMTPSA"),
    ]
    settings = Settings(own_addresses=(ME, shared), own_domains=(host,), incoming_servers=(f"imap.{host}",))

    assert Checkpoint(0, 0, "own-organisation") == find(lines, settings, NOTHING)


@pytest.mark.parametrize(
    ("missing", "edges", "daily", "below"),
    [
        ("nothing", LEARNT, FORWARDER, ("alias.forward.example", ME)),
        ("nothing: my name at its domain", LEARNT, FORWARDER, ("alias.forward.example", "reader@forward.example")),
        ("seen daily", LEARNT, "192.0.2.78", ("alias.forward.example", ME)),
        ("seen daily: no mailbox", NOTHING, FORWARDER, ("alias.forward.example", ME)),
        ("signs as it is named", LEARNT, FORWARDER, ("mx.forward.example", ME)),
        ("for an address of mine", LEARNT, FORWARDER, ("alias.forward.example", "list@forward.example")),
        ("for an address at all", LEARNT, FORWARDER, ("alias.forward.example", "")),
    ],
)
def test_a_forwarder_needs_all_three(missing: str, edges: Edges, daily: str, below: tuple[str, str]) -> None:
    """Seen daily, signs as it is named, for an address of the reader's: with one of them missing the walk ends."""
    by, to = below
    lines = [INSIDE, line("mx2.own.example", daily, "alias.forward.example"), line(by, "203.0.113.66", "s.test", to=to)]

    assert (2 if missing.startswith("nothing") else 1) == find(lines, NOBODY, edges).hop


def test_what_a_forwarders_own_user_wrote_is_not_the_forwarders() -> None:
    """A message handed in at a server that is seen daily: below that server's line stands what its user wrote."""
    lines = [
        INSIDE,
        line("mx2.own.example", FORWARDER, "alias.forward.example", to=ME),
        line("alias.forward.example"),
        line("alias.forward.example", "203.0.113.99", "forged.test", to=ME),
    ]

    assert 1 == find(lines, NOBODY, LEARNT).hop


def test_what_a_providers_own_user_wrote_is_not_the_providers() -> None:
    """A login at the provider ends its run of lines: a user can put more of the same look below."""
    texts = (
        OUTLOOK[0],
        "from laptop ([203.0.113.66]) by D1.eurp1.prod.outlook.com with ESMTPSA id 1; " + WHEN,
        "from bank.example ([203.0.113.99]) by E1.mail.protection.outlook.com with Microsoft SMTP Server id 15.20.1.1; " + WHEN,
    )  # fmt: skip

    assert 1 == find([received.parse(text) for text in texts], NOBODY, NOTHING).hop


# ------------------------------------------------------------------ attacks

NAMES = (
    "mx.google.com", "mx1.own.example", "imap1.own.example", "own.example", "alias.forward.example", "backup.second.example", "in.relay.example",
    "C1.mail.protection.outlook.com", "A1.eurp1.prod.outlook.com", "mailin001.protonmail.ch", "bank.example", "stranger.test", "localhost",
    *SAKURA, *XSERVER,
)  # fmt: skip
_names = st.sampled_from(NAMES)
_forged_address = st.sampled_from(
    ["203.0.113.99", "192.0.2.1", "192.0.2.50", FORWARDER, "10.0.0.1", "127.0.0.1", "2603:10a6:10:1::8", ""]
)
_forged = st.builds(
    line,
    by=_names,
    ip=_forged_address,
    name=_names | st.just(""),
    helo=_names,
    to=st.sampled_from([ME, "reader@forward.example", "list@bank.example", ""]),
    protocol=st.sampled_from(["ESMTP", "ESMTPSA", "HTTPS", "Microsoft SMTP Server", "LMTP"]),
    more=st.sampled_from(["", " (Authenticated sender: reader@own.example)", " (using TLSv1.3)"]),
)


@pytest.mark.parametrize("name", HEADS)
def test_no_forged_tail_moves_the_checkpoint(name: str) -> None:
    """Whatever a sender writes below the hand-over and says in its HELO, a line of his is never the origin."""
    genuine, settings, edges, rule = HEADS[name]

    @given(tail=st.lists(_forged, max_size=6), helo=_names)
    def attacked(tail: list[Received], helo: str) -> None:
        head = [*genuine[:-1], genuine[-1]._replace(helo=helo)]
        found = find([*head, *tail], settings, edges)

        assert (len(head) - 1, rule) == (found.hop, found.rule)

    attacked()


@pytest.mark.parametrize("name", ["learnt", "identities", "identities and a learnt mailbox"])
def test_an_edge_forged_below_an_inside_server_is_not_believed(name: str) -> None:
    """A stranger who hands over to a server inside, past the edge, cannot put the edge below himself."""
    _, settings, edges, _ = HEADS[name]

    @given(tail=st.lists(_forged, max_size=6), helo=_names)
    def attacked(tail: list[Received], helo: str) -> None:
        entered = line("imap1.own.example", "203.0.113.66", "stranger.test", helo=helo)

        assert 0 == find([entered, *tail], settings, edges).hop

    attacked()


# How writers that do not look whether a reverse name leads back write one.
UNCONFIRMED = {
    "qmail": "from {name} (HELO {helo}) ({ip}) by {by} with SMTP; 16 Apr 2024 01:02:03 -0000",
    "qpsmtpd": "from {name} (HELO {helo}) ({ip}) by {by} (qpsmtpd/0.94) with ESMTP; {when}",
    "Haraka": "from {helo} ({name} [{ip}]) by {by} (Haraka/3.0.1) with ESMTP id B3C0198B-A390-42E9-9DDC-C57D8D207298.1; {when}",
    "OpenSMTPD": "from {helo} ({name} [{ip}]) by {by} (OpenSMTPD) with ESMTP id d6a231c8 for <me@own.example>; {when}",
    "hMailServer": "from {helo} ({name} [{ip}]) by {by} with ESMTP ; {when}",
    "IronPort": "from {name} (HELO {helo}) ([{ip}]) by {by} with ESMTP; 16 Apr 2024 01:02:03 +0000",
    "nobody known": "from {helo} ({name} [{ip}]) by {by} (Mail Gate) with ESMTP id 12; {when}",
}


@pytest.mark.parametrize("writer", UNCONFIRMED)
def test_a_reverse_name_that_nobody_confirmed_moves_nothing(writer: str) -> None:
    """Who owns an address may call it the reader's own server, a relay or a provider; that alone is worth nothing."""

    @given(tail=st.lists(_forged, max_size=4), name=_names | st.just("mx9.own.example"), helo=_names, by=st.sampled_from(["mx1.own.example", "imap1.own.example"]))  # fmt: skip
    def attacked(tail: list[Received], name: str, helo: str, by: str) -> None:
        lied = received.parse(UNCONFIRMED[writer].format(name=name, helo=helo, ip="203.0.113.66", by=by, when=WHEN))
        for settings in (NOBODY, Settings(own_domains=("own.example", "second.example"), relays=("in.relay.example", "own.example"))):  # fmt: skip
            for edges in (NOTHING, LEARNT):
                assert 0 == find([lied, *tail], settings, edges).hop

    attacked()


@pytest.mark.parametrize("writer", UNCONFIRMED)
def test_such_a_name_counts_from_an_address_that_is_known_without_it(writer: str) -> None:
    """From one that is seen every day, or that the reader named, the walk goes on."""
    daily = UNCONFIRMED[writer].format(
        name="alias.forward.example", helo="x.example", ip=FORWARDER, by="mx2.own.example", when=WHEN
    )
    below = line("alias.forward.example", "203.0.113.66", "stranger.test", to=ME)

    assert 1 == find([received.parse(daily), below], NOBODY, LEARNT).hop
    assert 1 == find([received.parse(daily), below], Settings(relays=(FORWARDER,)), NOTHING).hop


@given(tail=st.lists(_forged, max_size=6), helo=_names, ip=st.sampled_from(["203.0.113.66", "2001:db8:1252:fb60::6ef0", "2603:1030:b:3::152"]))  # fmt: skip
def test_a_tenant_of_the_providers_is_a_stranger(tail: list[Received], helo: str, ip: str) -> None:
    """Outlook does not show that somebody logged in: an address that is not its own servers' ends its run, and so does Azure's."""
    handed_in = f"from {helo} ({ip}) by SN7PR04CA0080.namprd04.prod.outlook.com (2603:10b6:806:121::25) with Microsoft SMTP Server id 15.20.1.1; {WHEN}"
    edge = received.parse(OUTLOOK[1])

    assert 1 == find([received.parse(OUTLOOK[0]), received.parse(handed_in), edge, *tail], NOBODY, NOTHING).hop


@given(tail=st.lists(_forged, max_size=6), name=_names | st.just(""), helo=_names)
def test_a_relay_that_did_not_hand_it_over_changes_nothing(tail: list[Received], name: str, helo: str) -> None:
    """A stranger who writes that the reader's relay had it, or greets by the relay's name, moves nothing."""
    relays = ("in.relay.example", "relay.example", "192.0.2.50")
    stranger = received.parse(f"from {helo} ({name or 'unknown'} [203.0.113.66] (may be forged)) by mx1.own.example (8.17.1/8.17.1) with ESMTP id 43G123; {WHEN}")  # fmt: skip
    unconfirmed = received.parse(
        f"from {name or 'unknown'} (HELO {helo}) (203.0.113.66) by mx1.own.example with SMTP; {WHEN}"
    )

    for entered in (STRANGER._replace(helo=helo), stranger, unconfirmed):
        for settings in (Settings(relays=relays), Settings(relays=relays, own_domains=("own.example",))):
            for edges in (NOTHING, LEARNT):
                assert 0 == find([entered, *tail], settings, edges).hop


@pytest.mark.parametrize(
    "handed_in",
    [
        "by out.relay.example (Hermes) with ESMTPA id 1",
        "from 77 named unknown by api.relay.example with HTTPREST",
        "by web7.relay.example (Postfix, from userid 48) id 4VJ",
        "from [10.1.1.1] (helo=pc) by in.relay.example with esmtpsa (Exim 4.97) id 1rX2Yz-0003Ab-Qk",
    ],
)
@pytest.mark.parametrize("rule", ["relay", "server", "organisation"])
def test_what_a_relays_own_user_wrote_is_not_the_relays(handed_in: str, rule: str) -> None:
    """Whoever has an account at the relay, at an own server or at the reader's provider writes what he likes below."""
    settings = {
        "relay": Settings(relays=("out.relay.example",)),
        "server": Settings(own_domains=("relay.example", "own.example")),
        "organisation": Settings(),
    }[rule]
    by = "mx.relay.example" if rule == "organisation" else "mx1.own.example"
    head = [line(by, "192.0.2.50", "out.relay.example", to=ME), received.parse(f"{handed_in}; {WHEN}")]
    without = find(head, settings, NOTHING)

    @given(tail=st.lists(_forged | st.just(RELAYED[1]), max_size=6))
    def attacked(tail: list[Received]) -> None:
        assert without == find([*head, *tail], settings, NOTHING)

    attacked()
    assert 1 > without.hop


CUSTOMER = "203.0.113.66"
_LOGIN = " (Authenticated sender: customer)"
# Of another customer of the reader's provider, {0}, whose machine bears a name there: how his mail comes in.
CUSTOMERS: dict[str, Callable[[str], list[Received]]] = {
    "to the edge": lambda at: [line(f"mx.{at}", CUSTOMER, f"c1.line.{at}", to=f"me@{at}")],
    "to the edge, and inside": lambda at: [line(f"imap.{at}", "192.0.2.1", f"mx.{at}"), line(f"mx.{at}", CUSTOMER, f"c1.{at}")],
    "by a login": lambda at: [line(f"mx.{at}", CUSTOMER, f"c1.line.{at}", protocol="ESMTPSA", more=_LOGIN)],
    "by a login, and inside": lambda at: [
        line(f"mx.{at}", "192.0.2.1", f"smtp.{at}"),
        line(f"smtp.{at}", CUSTOMER, f"c1.line.{at}", protocol="ESMTPSA", more=_LOGIN),
    ],
    "to another account of the reader's": lambda at: [INSIDE, line("mx1.own.example", CUSTOMER, f"c1.line.{at}", to=ME)],
    "from the provider, to another account": lambda at: [INSIDE, line("mx1.own.example", CUSTOMER, f"out.{at}", to=ME)],
    "to a relay of the reader's at the provider": lambda at: [
        line("mx1.own.example", "192.0.2.50", f"out.{at}", to=ME),
        line(f"in.{at}", CUSTOMER, f"c1.line.{at}"),
    ],
}  # fmt: skip


# A provider that is in no table has customers who log in; a machine of theirs with a name there would be taken for its own.
ATTACKS = [(at, way) for at in ("ocn.ne.jp", "xserver.jp", "yahoo.co.jp", "gmx.net") for way in CUSTOMERS]
ATTACKS += [("isp.example", way) for way in CUSTOMERS if "login" in way]


@pytest.mark.parametrize(("at", "way"), ATTACKS)
def test_no_other_customer_of_the_readers_provider_chooses_the_origin(at: str, way: str) -> None:
    """Told of the identities there or not, learnt from or not: what a customer writes below is never the origin."""
    head = CUSTOMERS[way](at)
    hosts = st.sampled_from(
        [f"mx.{at}", f"smtp.{at}", f"c1.line.{at}", f"A1.prod.{at}", f"A1.mail.protection.{at}", *NAMES]
    )
    forged = st.builds(line, by=hosts, ip=_forged_address, name=hosts, helo=hosts, to=st.just(ME))
    told = Settings(own_addresses=(ME, f"me@{at}"), own_domains=(at,), incoming_servers=(f"imap.{at}",))
    relay = ("192.0.2.50",) if "relay" in way else ()

    @given(tail=st.lists(forged, min_size=1, max_size=4), helo=hosts)
    def attacked(tail: list[Received], helo: str) -> None:
        for settings in (Settings(relays=relay), told._replace(relays=relay)):
            for edges in (NOTHING, LEARNT):
                found = find([*head[:-1], head[-1]._replace(helo=helo), *tail], settings, edges)
                assert found.hop < len(head)

    attacked()


@given(tail=st.lists(_forged, min_size=1, max_size=4))
def test_a_server_that_records_no_address_ends_the_walk(tail: list[Received]) -> None:
    """Nobody knows from where it had the message: no address is better than one that the sender wrote below."""
    nameless = received.parse(f"from stranger.test by mx1.own.example with SMTP; {WHEN}")

    for settings in (NOBODY, Settings(own_domains=("own.example",)), Settings(trusted_networks=("192.0.2.0/24",))):
        for edges in (NOTHING, LEARNT):
            assert -1 == find([nameless, *tail], settings, edges).hop


@given(tail=st.lists(_forged, max_size=4), helo=_names)
def test_a_reverse_name_that_may_be_forged_is_no_name(tail: list[Received], helo: str) -> None:
    """Who owns an address may call it by any name; sendmail says when that name does not lead back."""
    lied = received.parse(f"from {helo} (mx9.own.example [203.0.113.66] (may be forged)) by mx1.own.example (8.17.1/8.17.1) with ESMTP id 43G123; {WHEN}")  # fmt: skip

    for settings in (NOBODY, Settings(own_domains=("own.example", "second.example"), relays=("own.example",))):
        for edges in (NOTHING, LEARNT):
            assert 0 == find([lied, *tail], settings, edges).hop


# ------------------------------------------------------------------ a provider's own scanner

BANK = "203.0.113.99"
FORGED_ROUNDS = [
    scanned(server, scanner, line(server, BANK, "mail.bank.example", to=ME)) for server, scanner in (SAKURA, XSERVER)
]


@pytest.mark.parametrize(("server", "scanner"), [SAKURA, XSERVER], ids=["SAKURA", "Xserver"])
def test_the_scanner_is_not_the_sender(server: str, scanner: str) -> None:
    """The line below the round names the sender, and everything down to it is the reader's provider's word."""
    lines = scanned(server, scanner, line(server, "203.0.113.66", "stranger.test", to=ME))
    told = Settings(own_addresses=("me@own.example",), own_domains=("own.example",), incoming_servers=(server,))

    for settings in (NOBODY, told):
        assert Checkpoint(2, 2, "own-scanner") == find(lines, settings, NOTHING)


def test_another_customer_of_the_readers_provider_is_a_stranger() -> None:
    """What he handed in at a server of SAKURA's went through a scanner there as well: that round is the sender's side."""
    other = "www1000.sakura.ne.jp"
    sent = scanned(other, "fsav302.sakura.ne.jp", line(other, BANK, "pc.bank.example", protocol="ESMTPSA"))
    lines = scanned(*SAKURA, line(SAKURA[0], "203.0.113.66", other, to=ME), *sent)

    assert Checkpoint(2, 2, "own-scanner") == find(lines, NOBODY, NOTHING)
    assert 0 == find([line("mx1.own.example", "203.0.113.66", other, to=ME), *sent], NOBODY, NOTHING).hop


@pytest.mark.parametrize(("server", "scanner"), [SAKURA, XSERVER], ids=["SAKURA", "Xserver"])
@pytest.mark.parametrize("forged", FORGED_ROUNDS, ids=["SAKURA's", "Xserver's"])
def test_a_made_up_round_below_the_boundary_moves_nothing(server: str, scanner: str, forged: list[Received]) -> None:
    """Whoever writes scanner lines into his own message, on whichever road it comes, is still the one who handed it over."""
    entered = line(server, "203.0.113.66", "stranger.test", helo=scanner, to=ME)
    roads = ([entered], scanned(server, scanner, entered), [STRANGER], [INSIDE, STRANGER])

    for road in roads:
        for edges in (NOTHING, LEARNT):
            found = find([*road, *forged], NOBODY, edges)
            assert (len(road) - 1, "203.0.113.66") == (found.hop, road[found.hop].ip)


@pytest.mark.parametrize(
    "name",
    [
        "fsav114.stranger.test",  # a host of the sender's own, whose name really leads back
        "fsav114.sakura.ne.jp.evil.example",
        "virusgw10003.xserver.jp.evil.example",
        "fsav-mail.sakura.ne.jp",
        "fsav.sakura.ne.jp",
        "fsav114.vs.sakura.ne.jp",
        "fsav\u0661.sakura.ne.jp",
        "fsav1234567.sakura.ne.jp",
        "www9999.sakura.ne.jp",
        "virusgw10003.xserver.jp",  # of another provider than the reader's
        "",
    ],
)
def test_a_host_that_is_called_like_a_scanner_is_a_stranger(name: str) -> None:
    """However it is called and whatever it greets as, though it writes the round as a scanner would."""
    claimed = name or SAKURA[1]
    entered = received.parse(f"from {SAKURA[1]} ({name or 'unknown'} [203.0.113.66]) by {SAKURA[0]} (8.16.1/8.16.1) with ESMTP id 43G123; {WHEN}")  # fmt: skip
    below = scanned(SAKURA[0], claimed, line(SAKURA[0], BANK, "mail.bank.example", to=ME))[1:]

    assert 0 == find([entered, *below], NOBODY, NOTHING).hop
    assert 0 == find([entered, *FORGED_ROUNDS[0][1:]], NOBODY, NOTHING).hop


@pytest.mark.parametrize(
    "entered",
    [
        "from {1} ({1} [203.0.113.66] (may be forged)) by {0} (8.16.1/8.16.1) with ESMTP id 43G123; ",
        "from {1} (HELO {1}) (203.0.113.66) by {0} with SMTP; ",
        "from {1} ({1} [203.0.113.66]) (authenticated bits=0) by {0} (8.16.1/8.16.1) with ESMTPSA id 43G123; ",
        "from {1} ({1} [203.0.113.66]) by mx1.own.example (8.16.1/8.16.1) with ESMTP id 43G123; ",
    ],
    ids=["may be forged", "nobody looked", "a login", "at another's server"],
)
@pytest.mark.parametrize("at", [SAKURA, XSERVER], ids=["SAKURA", "Xserver"])
def test_a_scanners_name_counts_only_as_the_own_server_confirmed_it(at: tuple[str, str], entered: str) -> None:
    """A reverse name set to the scanner's, a login that greets as one, or one seen by a server that has no such scanner."""
    forged = scanned(*at, line(at[0], BANK, "mail.bank.example", to=ME))[1:]

    assert 0 == find([received.parse(entered.format(*at) + WHEN), *forged], NOBODY, NOTHING).hop


@pytest.mark.parametrize(
    "handed_in",
    [
        "(from neighbour@localhost) by {0} (8.16.1/8.16.1/Submit) id 43G122",
        "by {0} (Postfix, from userid 20063) id 41F312C2D6343C",
        "from {0} (localhost [127.0.0.1]) by {0} (8.16.1/8.16.1) with ESMTP id 43G122",
        "from {0} (unknown [10.0.0.7]) by {0} (Postfix) with ESMTP id 41F312C2D6343C",
        "from stranger.test by {0} with SMTP",
    ],
)
@pytest.mark.parametrize("at", [SAKURA, XSERVER], ids=["SAKURA", "Xserver"])
def test_a_neighbour_on_the_shared_server_writes_no_origin(at: tuple[str, str], handed_in: str) -> None:
    """What a program on the own server handed in came from there: below stands what that program's owner wrote."""
    lines = scanned(*at, received.parse(f"{handed_in.format(*at)}; {WHEN}"), line(at[0], BANK, "mail.bank.example", to=ME))  # fmt: skip

    assert 0 == find(lines, NOBODY, NOTHING).hop


def test_a_round_that_does_not_close_is_not_gone_through() -> None:
    """The scanner's line is missing, is another scanner's, names another server, or what follows is another's line."""
    back, by_scanner = scanned(*SAKURA)
    below = line(SAKURA[0], BANK, "mail.bank.example", to=ME)
    of_another = scanned(SAKURA[0], "fsav999.sakura.ne.jp")[1]

    assert 0 == find([back, below], NOBODY, NOTHING).hop
    assert 0 == find([back, of_another, below], NOBODY, NOTHING).hop
    assert (
        0
        == find([back, by_scanner, line("www1000.sakura.ne.jp", BANK, "mail.bank.example", to=ME)], NOBODY, NOTHING).hop
    )
    assert 0 == find([back, by_scanner], NOBODY, NOTHING).hop
    assert 0 == find([back], NOBODY, NOTHING).hop


def test_a_mailbox_behind_a_scanner_teaches_its_edge() -> None:
    """The server that takes mail from everybody is learnt with its true peers, not with the scanner; who forwards is found."""
    learner = Learner()
    for number in range(60):
        peer = (FORWARDER, "alias.forward.example") if number < 6 else (f"198.51.100.{number}", f"mail.s{number}.test")
        learner.add(chain(scanned(*SAKURA, line(SAKURA[0], *peer, to=ME))))
    learnt = learner.edges()
    through = scanned(*SAKURA, line(SAKURA[0], "203.0.113.66", "stranger.test", to=ME))

    assert ({"www9.sakura.ne.jp"}, {FORWARDER}) == (learnt.edges, learnt.forwarders)
    assert Checkpoint(2, 2, "own-scanner") == find(through, NOBODY, learnt)


def test_behind_the_scanner_the_walk_goes_on() -> None:
    """A forwarder that the reader named handed it to the server with the scanner, and one may name a relay there."""
    handed = line(SAKURA[0], "192.0.2.50", "out.relay.example", to=ME)
    lines = scanned(*SAKURA, handed, line("in.relay.example", "203.0.113.66", "stranger.test", to=ME))

    assert Checkpoint(3, 2, "own-relay") == find(lines, Settings(relays=("relay.example",)), NOTHING)
    assert "out.relay.example" == may_be_relay(lines, find(lines, NOBODY, NOTHING), NOBODY, NOTHING)


# ------------------------------------------------------------------ the judge's side


def test_the_adapter_answers_every_message() -> None:
    """One answer a message, parallel to its lines, whatever they hold; messages of one mailbox teach each other."""
    asked = [
        {
            "id": f"{number}",
            "mailbox": "a",
            "received": [
                INSIDE.raw,
                f"from s ({f'm.s{number}.test'} [198.51.100.{number}]) by mx1.own.example with SMTP; {WHEN}",
            ],
        }
        for number in range(20)
    ]
    asked += [
        {"id": "odd", "received": ["", "\0", "(((", ")", ";", "from", "\udcff\n by", "by by by"], "config": {"own_domains": ["own.example"], "x": 1}},
        {"id": "none", "received": [], "config": None},
    ]  # fmt: skip
    adapter = Path(__file__).parent / "bench" / "received_adapter.py"
    given = "".join(json.dumps(message) + "\n" for message in asked)
    done = subprocess.run([sys.executable, str(adapter)], input=given, capture_output=True, text=True, check=True)
    answers = [json.loads(text) for text in done.stdout.splitlines()]

    assert [message["id"] for message in asked] == [answer["id"] for answer in answers]
    assert [len(message["received"]) for message in asked] == [len(answer["hops"]) for answer in answers]
    assert [f"198.51.100.{number}" for number in range(20)] == [answer["boundary"]["ip"] for answer in answers[:20]]
    assert ["", ""] == [answer["boundary"]["ip"] for answer in answers[20:]]


def test_a_filter_is_believed_when_all_mail_comes_through_it() -> None:
    """One mail, one sender's organisation, or mail that came past it: the filter may be the sender's provider then."""
    lines = [received.parse(text) for text in FILTERED]
    past = Learner()
    for origin in ("203.0.113.66", "198.51.100.9"):
        past.add(chain([received.parse(text.replace("203.0.113.66", origin)) for text in FILTERED]))
    past.add(chain([line("mx1.own.example", "192.0.2.9", "mail.other.test", to=ME)]))

    assert 2 == find(lines, NOBODY, THROUGH_A_FILTER).hop
    for taught in (NOTHING, filtered("203.0.113.66"), filtered("203.0.113.66", "203.0.113.67"), past.edges()):
        assert Checkpoint(0, 0, "own-organisation") == find(lines, NOBODY, taught)


@pytest.mark.parametrize(
    "between",
    [
        "from laptop ([203.0.113.99]) by D1.eurp1.prod.outlook.com with ESMTPSA id 1; ",
        "from D1.eurp1.prod.outlook.com ([fe80::1]) by D1.eurp1.prod.outlook.com ([fe80::1%5]) with mapi id 15.20.1.1; ",
        "from laptop (203.0.113.99) by D1.eurp1.prod.outlook.com (2603:10a6::1) with Microsoft SMTP Server id 15.20.1.1; ",
        "from relay.sender.test (relay.sender.test [203.0.113.99]) by mx.sender.test (Postfix) with ESMTP id 1; ",
    ],
    ids=["login", "a program of a user's", "a user who is not shown as logged in", "somebody else's server"],
)
def test_a_user_of_the_filters_provider_writes_no_edge(between: str) -> None:
    """What a customer of the same provider handed in stands below a line that says so; nothing further down is believed."""
    lines = [received.parse(text) for text in (*FILTERED[:2], between + WHEN, FILTERED[2])]

    assert 3 != find(lines, NOBODY, THROUGH_A_FILTER).hop
    assert "203.0.113.66" != lines[find(lines, NOBODY, THROUGH_A_FILTER).hop].ip

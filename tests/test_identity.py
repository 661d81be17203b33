"""What the sender's fields give away: how much each weighs, and that hostile names cost no time and raise nothing."""

from __future__ import annotations

import pytest
from test_carrier import facts
from workbench import REPLAYS, replayed

from sekisho.facts import near_own, sender_name
from sekisho.tables import company_words, disposable, mailbox_providers


@pytest.mark.parametrize(
    ("mail", "severity"),
    [
        ("brand-claimed/fires-address-that-failed-here", "high"),
        ("brand-claimed/fires-address-that-nothing-speaks-for", "medium"),
        ("address-in-name/fires-another", "medium"),
        ("address-in-name/fires-a-brands", "high"),
        ("address-in-name/fires-the-readers-own", "medium"),
        ("domain-in-name/fires-another", "low"),
        ("disguised-sender/fires-cyrillic", "medium"),
        ("disguised-sender/fires-reads-like-a-brand", "high"),
        ("several-authors/fires-two-fields", "medium"),
        ("several-authors/fires-name-apart", "medium"),
        ("several-authors/fires-name-before-bare-address", "medium"),
        ("several-authors/fires-comma-in-a-name", "low"),  # Sato, Hanako <...>
        ("name-nowhere/fires", "medium"),
        ("name-nowhere/fires-short-link", "medium"),
        ("name-nowhere/fires-name-chosen", "low"),
        ("name-nowhere/fires-leaflet", "medium"),
        ("decorated-name/fires-arrows", "low"),
        ("answers-other-mailbox/fires-same-provider", "medium"),
        ("brand-elsewhere/fires-low-service-and-genuine-links", "low"),
        ("lines-made-up/fires-break", "medium"),
        ("lines-made-up/fires-queue-id-clock", "low"),
        ("unreal-sender/fires-one-word", "medium"),
        ("lookalike-sender/fires-homograph", "high"),
        ("lookalike-sender/fires-letters-alike", "medium"),
        ("lookalike-sender/fires-name-among-words", "high"),  # the name beside it claims the brand
        ("near-own-domain/fires-letters-alike", "high"),
        ("near-own-domain/fires-other-ending", "medium"),
        ("near-own-domain/fires-part", "medium"),
        ("near-own-domain/fires-words", "low"),
        ("company-at-free-mail/fires-bank", "medium"),
        ("company-at-free-mail/fires-legal-form", "low"),
        ("disposable-sender/fires-answers", "medium"),
        ("answers-elsewhere/fires-another-organisation", "info"),
        ("answers-elsewhere/fires-free-mailbox", "medium"),
        ("answers-elsewhere/fires-own-web-form", "info"),
        ("answers-elsewhere/fires-in-the-readers-name", "medium"),
        ("answers-elsewhere/fires-brand", "medium"),
    ],
)
def test_how_much_a_finding_weighs(mail: str, severity: str) -> None:
    """What honest senders do as well weighs less than what nobody has a reason for."""
    name = mail.partition("/")[0]
    found = {one.id: one.severity for one in replayed(REPLAYS / f"{mail}.eml").report.findings}

    assert found[name] == severity


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("kawakarni-works.example", "same-look"),
        ("kawakami-w0rks.example", "same-look"),
        ("kawakamiworks.example", "near"),
        ("kawakami-work.example", "near"),
        ("kawakami-works.test", "suffix"),
        ("kawakami-works-osaka.example", "part"),
        ("my-kawakami-works.test", "part"),
        ("kawakami-works.example.sender.test", "inside"),
        ("mail.kawakami-works.example", None),
        ("notkawakami-works-here.example", None),
        ("kawada-works.example", None),
        ("works.example", None),
    ],
)
def test_what_is_near_to_an_own_domain(host: str, kind: str | None) -> None:
    """Letters that look alike, a letter or two, the whole name somewhere else."""
    found = near_own.find(host, {"kawakami-works.example"})

    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("host", "kind"),
    [("suzuki-payroll.example", "part"), ("suzuki-dental.example", "words"), ("suzukidental.example", None)],
)
def test_an_own_name_of_one_word_may_be_anybodys(host: str, kind: str | None) -> None:
    """Among other words it says "us" only beside the name of a firm's part."""
    found = near_own.find(host, {"suzuki.test"})

    assert (found.kind if found else None) == kind


def test_a_short_own_name_is_near_to_nothing() -> None:
    """Four letters are near to hundreds of names."""
    assert near_own.find("abcx.example", {"abcd.example"}) is None


@pytest.mark.parametrize(
    "name",
    [
        "a@" * 20_000,
        "a." * 20_000,
        "\u200b" * 20_000,
        "\u0430a" * 20_000,
        "a\u200b" * 20_000,
        "@.@.@." * 9_000,
        "\U000e0139" * 9_000,
        "Bank " * 9_000,
        "\ud800 x",
    ],
)
def test_a_hostile_name_is_read(name: str) -> None:
    """Only so many characters are looked at, and nothing raises."""
    identity = facts("A <a@sender.example>").identity._replace(name=name)

    assert sender_name.read(identity)
    assert company_words.said(name)


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.co.jp", "hotmail.com", "ezweb.ne.jp", "gmx.de"])
def test_private_mailboxes_are_known(domain: str) -> None:
    """There, people have mailboxes."""
    assert mailbox_providers.personal(domain)


@pytest.mark.parametrize("domain", ["google.com", "apple.com", "onmicrosoft.com", "kagoya.net", "sender.example"])
def test_a_firms_domain_is_no_private_mailbox(domain: str) -> None:
    """What strangers may use besides is not yet free mail."""
    assert not mailbox_providers.personal(domain)


def test_throw_away_mailboxes_are_none_of_the_providers() -> None:
    """Nobody's daily mailbox is in the table."""
    assert not [name for name in disposable.DISPOSABLE if mailbox_providers.shared(name)]

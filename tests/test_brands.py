"""The table of names that people are deceived with: whole, dated, and looked for as a reader would read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sekisho.mail import domain
from sekisho.tables import brands

KINDS = frozenset(
    [
        "bank",
        "card",
        "carrier",
        "cloud",
        "computer",
        "crypto",
        "education",
        "finance",
        "game",
        "government",
        "hosting",
        "insurance",
        "media",
        "parcel",
        "payment",
        "portal",
        "securities",
        "security",
        "shop",
        "sns",
        "software",
        "transport",
        "travel",
        "utility",
        "webmail",
    ]
)
SOURCE = Path(brands.__file__).with_name("brands.tsv").read_text("utf-8")


def test_the_table_is_dated_and_sourced() -> None:
    head = [line for line in SOURCE.splitlines() if line.startswith("#")]
    assert any(line.startswith("# as-of\t20") for line in head)
    assert any(line.startswith("# source\t") for line in head)


def test_every_row_is_read() -> None:
    rows = [line for line in SOURCE.splitlines() if line and not line.startswith("#")]
    read = brands.all_brands()
    assert len(rows) == len(read) >= 150
    assert len(read) == len({brand.name for brand in read})
    assert set() == {brand.kind for brand in read} - KINDS
    for brand in read:
        assert brand.domains and brand.names and all(name.text for name in brand.names), brand.name
        assert not brand.shared.intersection(brand.domains), brand.name


def test_domains_are_registrable() -> None:
    """Domains are compared whole with a registrable domain: a name that is none would never match."""
    for brand in brands.all_brands():
        for name in (*brand.domains, *brand.shared):
            assert name == domain.registrable(name), (brand.name, name)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("三井住友カード", "三井住友カード"),
        ("三井住友信託銀行", "三井住友信託銀行"),  # the longer name at the same place
        ("ＰａｙＰａｙ銀行 ご案内", "PayPay銀行"),
        ("カゴヤ・ジャパン", "KAGOYA"),
        ("国税庁(e-Tax)", "国税庁"),
        ("えきねっと", "えきねっと"),
        ("【LINE】", "LINE"),
        ("Line Hansen", None),  # a first name
        ("Ana Silva", None),
        ("Ana", None),
        ("x", None),  # an initial
        ("Nomura Taro", None),
        ("野村證券株式会社", "野村證券"),
        ("Edward Norton", None),
        ("Norton Antivirus", "Norton"),
        ("kuroneko", None),  # a black cat
        ("Apple Support", "Apple"),
        ("Pineapple Farm", None),
        ("Appleton & Sons", None),
        ("Chase Miller", None),
        ("Chase", "Chase"),
        ("Meta", "Meta"),
        ("Metadata Weekly", None),
        ("USPS", "USPS"),
        ("UPS Express", "UPS"),
        ("Start-ups weekly", None),
        ("Royal Mail", "Royal Mail"),
        ("日本年金機構", "厚生労働省"),
        ("山田太郎", None),
        ("", None),
    ],
)
def test_what_a_name_claims(shown: str, expected: str | None) -> None:
    found = brands.named_in(shown)
    assert expected == (found.name if found else None)


def test_where_strangers_have_mailboxes_nothing_is_proven() -> None:
    google = brands.named_in("Google")
    assert google is not None and google.runs("gmail.com") and brands.of_domain("gmail.com") is None
    assert brands.of_domain("google.com") is google


def test_every_name_is_found_and_the_longer_one_goes_before_what_it_begins_with() -> None:
    first: dict[str, brands.Brand] = {}
    for brand in brands.all_brands():
        for name in brand.names:
            first.setdefault(name.text, brand)
    for text, brand in first.items():
        assert brands.named_in(f"( {text} )") is brand, text

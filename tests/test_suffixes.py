"""The compiled table of public suffixes answers as tldextract does, and says so when it cannot."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import idna
import pytest
import tldextract

from sekisho.tables import compile_suffixes, suffixes

HOSTS = 20_000
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
ODD_HOSTS = (
    " . .. localhost com .com a..com 1.2.3.4 1.2.3.4. 256.1.1.1 1.2.3 [::1] *.ck !www.ck -a.com _dmarc.example.com "
    "www。example。co。jp www．example．co.jp 例え｡jp example.co.jp. xn--a.jp xn--.jp 日本語.jp ß.de xn--zca.de"
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "suffixes.bin"
    path.write_bytes(compile_suffixes.compile_table(compile_suffixes.source()))
    return path


@pytest.fixture
def mapped(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suffixes, "TABLE", str(table))


@pytest.fixture(scope="module")
def oracle() -> tldextract.TLDExtract:
    listing = compile_suffixes.source().resolve().as_uri()
    return tldextract.TLDExtract(suffix_list_urls=(listing,), cache_dir=None, fallback_to_snapshot=False)


def _label(dice: random.Random) -> str:
    return "".join(dice.choices(LETTERS, k=dice.randint(1, 8)))


def _other_form(name: str) -> str:
    """A-labels of Unicode labels."""
    return ".".join(label if label.isascii() else idna.alabel(label).decode() for label in name.split("."))


def _hosts(dice: random.Random) -> Iterator[str]:
    icann, private = compile_suffixes.rules(compile_suffixes.source())
    rules = icann + private
    dice.shuffle(rules)
    special = [rule for rule in rules if rule[0] in "*!" or not rule.isascii()]
    for rule in special + rules[: HOSTS // 3]:
        name = rule.lstrip("!").replace("*", _label(dice))
        for host in (name, f"{_label(dice)}.{name}", f"{_label(dice)}.{_label(dice)}.{name}", name.partition(".")[2]):
            yield host
            if not host.isascii():
                yield _other_form(host)
    yield from ODD_HOSTS.split(" ")
    while True:
        depth = dice.randint(1, 5)
        tail = dice.choice((_label(dice), dice.choice(rules).lstrip("!*.")))
        yield ".".join([*(_label(dice) for _ in range(depth)), tail])


@pytest.mark.parametrize("private", [True, False], ids=["with-private", "icann-only"])
def test_agrees_with_tldextract(mapped: None, oracle: tldextract.TLDExtract, private: bool) -> None:
    """For every kind of rule and host the answer is tldextract's."""
    hosts = _hosts(random.Random(20261122))
    different = []
    for _ in range(HOSTS * 3):
        host = next(hosts)
        expected = oracle(host, include_psl_private_domains=private)
        actual = (suffixes.public_suffix(host, private), suffixes.registrable_domain(host, private))
        if actual != (expected.suffix, expected.top_domain_under_public_suffix):
            different.append((host, actual, expected))

    assert [] == different


@pytest.mark.parametrize(
    ("host", "private", "suffix", "domain"),
    [
        ("www.example.co.jp", True, "co.jp", "example.co.jp"),
        ("a.b.github.io", True, "github.io", "b.github.io"),
        ("a.b.github.io", False, "io", "github.io"),
        ("x.ck", True, "x.ck", ""),
        ("www.ck", True, "ck", "www.ck"),
        ("120.136.14.43", True, "", ""),
        ("::1", True, "", ""),
        ("日本語.公司.cn", True, "公司.cn", "日本語.公司.cn"),
        ("xn--wgv71a119e.xn--55qx5d.cn", True, "xn--55qx5d.cn", "xn--wgv71a119e.xn--55qx5d.cn"),
        ("WWW.Example.CO.JP.", True, "co.jp", "example.co.jp"),
        ("\ud800.com", True, "com", "\ud800.com"),
        ("x." * 5000 + "com", True, "", ""),
    ],
)
def test_known_answers(mapped: None, host: str, private: bool, suffix: str, domain: str) -> None:
    """Written down by hand, so that the oracle is not the only witness."""

    assert (suffix, domain) == (suffixes.public_suffix(host, private), suffixes.registrable_domain(host, private))


def test_says_how_old_it_is(mapped: None) -> None:
    """The date is the list's own."""

    assert compile_suffixes.as_of(compile_suffixes.source()) == suffixes.as_of()
    assert suffixes.problem() is None


def test_same_list_same_bytes(table: Path) -> None:
    """Compiling is reproducible."""

    assert table.read_bytes() == compile_suffixes.compile_table(compile_suffixes.source())


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (None, "missing"),
        (lambda data: b"", "truncated"),
        (lambda data: data[:20], "truncated"),
        (lambda data: data[:-1], "truncated"),
        (lambda data: data[:1000] + bytes([data[1000] ^ 1]) + data[1001:], "damaged"),
        (lambda data: b"\0" * len(data), "not what its name says"),
        (lambda data: data[:8] + b"\xff" + data[9:], "another version"),
    ],
    ids=["missing", "empty", "head-only", "cut", "flipped", "zeros", "newer"],
)
def test_without_a_table_guesses_and_says_so(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes] | None, says: str
) -> None:
    """A table that is missing or damaged never raises: two labels are the guess."""
    path = tmp_path / "suffixes.bin"
    if damage:
        path.write_bytes(damage(table.read_bytes()))
    monkeypatch.setattr(suffixes, "TABLE", str(path))

    assert "example.com" == suffixes.registrable_domain("www.example.com")
    assert "" == suffixes.registrable_domain("1.2.3.4")
    assert "" == suffixes.registrable_domain("localhost")
    assert says in (suffixes.problem() or "")
    assert "install.py を実行" in (suffixes.problem("ja") or "")
    assert suffixes.as_of() is None

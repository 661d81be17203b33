"""Writes the zones for the name server: the files of zones/, those that are lists of numbers, and the one with the tests' keys."""

from __future__ import annotations

from pathlib import Path

from signing import rsa

from . import papers

SOURCE = Path(__file__).parent / "zones"
SOA = "$TTL 300\n@ SOA ns.lab.test. host.lab.test. 1 3600 600 86400 60\n"
MANY = 1000  # records of many.test, of each type
DOMAINS = 40  # d1.test ... d40.test, each with mail.dN.test at 192.52.193.(100 + N), which has that name in reverse


def domain(number: int) -> str:
    """The zone of dN.test: a domain like any other."""
    return f"""{SOA}
@       NS   ns1.hosting.test.
@       NS   ns2.hosting.test.
@       A    198.51.100.{100 + number}
@       MX   10 mail
@       TXT  "v=spf1 mx -all"
mail    A    192.52.193.{100 + number}
_dmarc  TXT  "v=DMARC1; p=quarantine"
"""


def many() -> str:
    """many.test: a thousand records at one name; 192.0.2.17 and 192.31.196.17 are among its addresses."""
    addresses = ["192.0.2.17", "192.31.196.17", *(f"198.18.{n // 250}.{n % 250 + 1}" for n in range(MANY - 2))]
    lines = [f"@ A {address}" for address in addresses]
    lines += [f'@ TXT "record {n} of {MANY}"' for n in range(MANY)]
    lines += [f"@ MX {n} mx{n}" for n in range(MANY)]
    return SOA + "@ NS ns.lab.test.\n" + "\n".join(lines) + "\n"


def write(folder: Path) -> list[str]:
    """Every zone as a file in the folder, named by its origin; the origins, the root as "."."""
    texts = {path.stem: SOA + path.read_text("utf-8") for path in SOURCE.glob("*.zone")}
    numbers = range(1, DOMAINS + 1)
    texts |= {f"d{n}.test": domain(n) for n in numbers}
    texts["many.test"] = many()
    texts["hosting.test"] = f"{SOA}@ NS ns1\n@ NS ns2\nns1 A 198.51.100.53\nns2 A 198.51.100.54\n"
    texts["in-addr.arpa"] += "".join(f"{100 + n}.193.52.192 PTR mail.d{n}.test.\n" for n in numbers)
    texts[papers.DOMAIN] = SOA + papers.zone()
    for name in ("slow.test", "truncated.test"):  # these answer in the end
        texts[name] += papers.key_at("s1", rsa())
    folder.mkdir()
    for origin, text in texts.items():
        (folder / f"{origin}.zone").write_text(text, "utf-8")
    for path in SOURCE.glob("*.inc"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return ["." if origin == "root" else origin for origin in sorted(texts)]

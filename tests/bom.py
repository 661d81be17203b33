"""The list of parts (SBOM, CycloneDX 1.6) of what `install.py` installs, made of `requirements.lock` alone: python tests/bom.py [--check]

Writes `sbom.cdx.json` at the root of the project: each library with version, the condition under which it is installed, the checksums of its
files, its licence and who needs it. The same bytes from the same lock, on every machine and at any time; so it has neither a date nor a number
of its own. `--check` only says whether it is up to date (status 1: it is not). `--licences` prints the table of SECURITY.md.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LOCK, FILE = ROOT / "requirements.lock", ROOT / "sbom.cdx.json"
# SPDX, from each library's own metadata or licence file, 2026-11-22; tests/test_bom.py holds it to what is installed.
LICENCES = {
    "certifi": "MPL-2.0",
    "cffi": "MIT-0",
    "charset-normalizer": "MIT",
    "defusedxml": "PSF-2.0",
    "dkimpy": "Zlib",
    "dnspython": "ISC",
    "filelock": "MIT",
    "h11": "MIT",
    "idna": "BSD-3-Clause",
    "ipwhois": "BSD-2-Clause",
    "markdown-it-py": "MIT",
    "maxminddb": "Apache-2.0",
    "mdurl": "MIT",
    "olefile": "BSD-2-Clause",
    "pillow": "MIT-CMU",
    "publicsuffixlist": "MPL-2.0",
    "pycparser": "BSD-3-Clause",
    "pygments": "BSD-2-Clause",
    "pynacl": "Apache-2.0",
    "pypdf": "BSD-3-Clause",
    "pyspf": "PSF-2.0",
    "rensa": "MIT",
    "requests": "Apache-2.0",
    "requests-file": "Apache-2.0",
    "rich": "MIT",
    "selectolax": "MIT",
    "setuptools": "MIT",
    "tldextract": "BSD-3-Clause",
    "typing-extensions": "PSF-2.0",
    "urllib3": "MIT",
    "zxing-cpp": "Apache-2.0",
}


class Pinned(NamedTuple):
    name: str
    version: str
    when: str  # an environment marker, "" for always
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def pinned(lock: str) -> list[Pinned]:
    """The entries of a lock, in its order."""
    found = []
    for entry in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        head = re.match(r"([\w.-]+)==([^\s;]+)(?: ; (.+?))? \\", entry)
        if head is None:
            raise ValueError(f"no line of a lock: {entry[:80]}")
        name, version, when = head.groups("")
        needed = re.findall(r"^    #(?: via|  ) +([\w.-]+)", entry, re.MULTILINE)
        found.append(Pinned(name, version, when, tuple(re.findall(r"sha256:(\w{64})", entry)), tuple(needed)))
    return found


def version() -> str:
    (found,) = re.findall(r'__version__ = "(.+)"', (ROOT / "host" / "sekisho" / "__init__.py").read_text("utf-8"))
    return str(found)


def bom(lock: str) -> dict[str, Any]:
    """The document. KeyError where a library's licence is not known yet."""
    parts = pinned(lock)
    own = f"pkg:generic/sekisho@{version()}"
    needs: dict[str, set[str]] = {own: set(), **{one.purl: set() for one in parts}}
    for one in parts:
        for name in one.needed_by or ("sekisho",):
            for user in [own] if name == "sekisho" else [other.purl for other in parts if other.name == name]:
                needs[user].add(one.purl)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "sekisho",
                "version": version(),
                "licenses": [{"license": {"id": "MPL-2.0"}}],
            }
        },
        "components": [_component(one) for one in parts],
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in needs.items()],
    }


def _component(one: Pinned) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "purl": one.purl,
        "licenses": [{"license": {"id": LICENCES[one.name]}}],
        "hashes": [{"alg": "SHA-256", "content": content} for content in one.hashes],
    }
    if one.when:
        made["properties"] = [{"name": "sekisho:when", "value": one.when}]
    return made


def text(lock: str) -> str:
    return json.dumps(bom(lock), indent=1) + "\n"


def licences() -> str:
    """Each licence with the libraries that are under it, as a table in Markdown."""
    rows = [
        f"| {licence} | {', '.join(name for name, its in LICENCES.items() if its == licence)} |"
        for licence in sorted(set(LICENCES.values()))
    ]
    return "\n".join(["| licence | libraries |", "|---|---|", *rows])


def main(arguments: list[str]) -> int:
    made = text(LOCK.read_text("utf-8"))
    if "--licences" in arguments:
        print(licences())
    elif "--check" in arguments:
        return int(not FILE.exists() or FILE.read_text("utf-8") != made)
    else:
        FILE.write_text(made, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

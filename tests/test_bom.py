"""The list of parts says what the lock says, and the licences are those that the libraries name."""

from __future__ import annotations

import importlib.metadata
import json
import re

import bom
import pytest
from workbench import ROOT

LOCK = bom.LOCK.read_text("utf-8")
LIST = json.loads(bom.FILE.read_text("utf-8"))
# What libraries call a licence whose name in SPDX's list is another.
OTHER_NAMES = {
    "Apache 2.0": {"Apache-2.0"},
    "Apache Software License": {"Apache-2.0"},
    "BSD": {"BSD-2-Clause", "BSD-3-Clause"},
    "BSD License": {"BSD-2-Clause", "BSD-3-Clause"},
    "BSD-like": {"Zlib"},  # dkimpy: its licence file has zlib's words
    "MIT License": {"MIT"},
    "PSFL": {"PSF-2.0"},
    "Python Software Foundation License": {"PSF-2.0"},
}


def test_the_list_is_made_of_this_lock() -> None:
    """`python tests/bom.py` has been run since the lock, or the version, was changed."""
    assert bom.FILE.read_text("utf-8") == bom.text(LOCK)


def test_every_entry_of_the_lock_is_a_part() -> None:
    """With its version and all its checksums, counted without the list's own reader."""
    entries = re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE)
    parts = LIST["components"]

    assert entries == [(part["name"], part["version"]) for part in parts]
    assert len(re.findall("sha256:", LOCK)) == sum(len(part["hashes"]) for part in parts)
    assert all(part["licenses"] for part in parts)


def test_every_part_is_needed_by_somebody() -> None:
    """The graph leads from Sekisho to each of them, and names nothing that is not there."""
    needs = {entry["ref"]: entry["dependsOn"] for entry in LIST["dependencies"]}
    reached, waiting = set[str](), [LIST["metadata"]["component"]["bom-ref"]]
    while waiting:
        if (one := waiting.pop()) not in reached:
            reached.add(one)
            waiting += needs[one]

    assert set(needs) == reached == {part["bom-ref"] for part in [*LIST["components"], LIST["metadata"]["component"]]}


def test_it_is_the_same_on_every_machine() -> None:
    """No date, no number of its own, no address but the schema's."""
    text = bom.FILE.read_text("utf-8")

    assert not {"serialNumber", "timestamp"} & {*LIST, *LIST["metadata"]}
    assert ["http://cyclonedx.org/schema/bom-1.6.schema.json"] == re.findall(r"https?://[^\"]+", text)


@pytest.mark.parametrize("name", sorted({one.name for one in bom.pinned(LOCK)}))
def test_a_licence_is_the_librarys_own(name: str) -> None:
    """As its metadata has it, where it is installed; what only other platforms or Pythons install has been read by hand."""
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        assert name in bom.LICENCES
        return
    classified = [
        one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier") or () if one.startswith("License")
    ]
    named = metadata.get("License-Expression") or (metadata.get("License") or "").strip() or classified[0]

    assert bom.LICENCES[name] in OTHER_NAMES.get(named, {named})


def test_the_document_has_the_licences() -> None:
    """SECURITY.md's table is the command's."""
    assert bom.licences() in (ROOT / "SECURITY.md").read_text("utf-8")


def test_a_list_that_is_old_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """--check has a status of 1 when the lock has changed."""
    assert 0 == bom.main(["--check"])
    monkeypatch.setattr(bom, "text", lambda lock: "")
    assert 1 == bom.main(["--check"])

"""One Thunderbird for each language, for all tests; figures printed at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from . import ambiguous, apart, hostile_html
from .driver import Thunderbird, add_account, make_profile
from .home import Home
from .mails import ROOT, THIRTY, THREE, Mail, in_crlf, in_lf, large, mbox, samples, with_nul
from .reader import Reader
from .screen import Screen, eventually

PICTURES = ROOT / "build" / "screenshots"
KEPT = Path(__file__).parent / "pictures"
# name in build/screenshots -> name in pictures/: what the README shows
KEEP = {"en-first-start-window": "thunderbird-en", "ja-panel-kagoya": "panel-ja"}
PROGRAMS = {
    "thunderbird": "thunderbird",
    "Xvfb": "xvfb",
    "import": "imagemagick",
    "openbox": "openbox",
    "xdotool": "xdotool",
}
FIGURES: list[tuple[str, str, float]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--keep-screenshots",
        action="store_true",
        help="copy the pictures of the README to tests/thunderbird/pictures (with: pytest tests/thunderbird)",
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not FIGURES:
        return
    terminalreporter.section("Sekisho in Thunderbird: measured, not asserted")
    for locale, what, seconds in FIGURES:
        terminalreporter.write_line(f"{locale}  {what:<52} {seconds * 1000:8.0f} ms")


def without() -> set[str]:
    """What install.py could not install, by the names of its TEST_PACKAGES."""
    return set(filter(None, os.environ.get("SEKISHO_TESTS_WITHOUT", "").split(",")))


def skip(reason: str) -> None:
    """Skip, loudly."""
    warnings.warn(f"NOT TESTED IN THUNDERBIRD: {reason}", stacklevel=2)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def program() -> Path:
    """Thunderbird's own program: Debian's wrapper in the path would only stand between us and its process."""
    missing = without() & set(PROGRAMS.values())
    if missing:
        skip(f"SEKISHO_TESTS_WITHOUT names {', '.join(sorted(missing))}")
    found = next((Path(one) for one in PLACES if os.access(one, os.X_OK)), None)
    if found is None:
        skip("no Thunderbird on this machine; on Debian: sudo apt-get install thunderbird")
    absent = [package for name, package in PROGRAMS.items() if name != "thunderbird" and not shutil.which(name)]
    assert not absent, f"there is a Thunderbird, but not {', '.join(absent)}: sudo apt-get install {' '.join(absent)}"
    assert found
    return found


PLACES = ("/usr/lib/thunderbird/thunderbird", "/usr/lib64/thunderbird/thunderbird", "/opt/thunderbird/thunderbird")


@pytest.fixture(scope="session")
def alone() -> bool:
    """Whether Thunderbird runs in a network of its own, from which nothing can get out."""
    reason = apart.allowed()
    if reason:
        warnings.warn(f"NOT IN A NETWORK NAMESPACE: {reason}. The tests of the host's own calls go on.", stacklevel=1)
    return reason is None


@pytest.fixture(scope="session")
def measured() -> Callable[[str, str, float], None]:
    """Notes a figure for the table at the end: language, what, seconds."""
    return lambda locale, what, seconds: FIGURES.append((locale, what, seconds))


FOLDERS: dict[str, Callable[[], bytes]] = {
    "Inbox": lambda: mbox(list(samples().values())),
    "WithLF": lambda: mbox(in_lf()),
    "WithCRLF": lambda: mbox(in_crlf(), b"\r\n"),
    "Large": lambda: mbox([large(*THREE), large(*THIRTY), samples()["kagoya"]]),
    "Nul": lambda: mbox([with_nul()]),
    "Ambiguous": lambda: mbox(ambiguous.mails()),
    "Hostile": lambda: mbox(hostile_html.MAILS),
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


# What every healthy run says when an event page or a panel goes away while something is on its way to it.
BENIGN = (
    "Promise rejected after context unloaded",
    "Promise resolved while context is inactive",
    "Promise resolved after context unloaded",
    "sendRemoveListener on closed conduit",
)
FAILED = pytest.StashKey[bool]()


@contextlib.contextmanager
def running(
    program: Path,
    folder: Path,
    locale: str,
    alone: bool,
    folders: Collection[str] | Mapping[str, bytes] = (),
    address: str = "",
    inbox: Sequence[Mail] = (),
    privacy: str = "offline",
) -> Iterator[Reader]:
    """A reader in front of a Thunderbird of that language; at the end no process of theirs may be left.

    Nobody out there is asked: that is what this reader chose, unless `privacy` says otherwise.
    `folders`: the names of those of FOLDERS to have (all unless told), or folders of its own, as mboxes.
    With `address` there is an account of that identity beside Local Folders (account2), and `inbox` is its mail.
    """
    profile = folder / "profile"
    requested = "ja,en-US" if locale == "ja" else "en-US"
    own = folders if isinstance(folders, Mapping) else {}
    kept = own or {name: make() for name, make in FOLDERS.items() if name in (folders or FOLDERS)}
    account = add_account(profile, address, mbox(inbox)) if address else {}
    make_profile(profile, kept, {"intl.locale.requested": requested, **account})
    home = Home(folder / "home", profile, locale)
    screen = Screen(folder)
    try:
        thunderbird = Thunderbird(program, profile, home.folder, screen, alone)
        try:
            reader = Reader(thunderbird, home, screen, PICTURES, locale)
            reader.opt(privacy=privacy)
            yield reader
        finally:
            seconds = thunderbird.close()
            FIGURES.append((locale, "quit", seconds))
    finally:
        screen.close()
    eventually("every host has ended", lambda: not home.hosts())


@pytest.fixture(scope="session")
def english_reader(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[Reader]:
    with running(program, tmp_path_factory.mktemp("english"), "en", alone) as reader:
        yield reader


@pytest.fixture(scope="session")
def japanese_reader(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[Reader]:
    if "thunderbird-l10n-ja" in without():
        skip("SEKISHO_TESTS_WITHOUT names thunderbird-l10n-ja")
    with running(program, tmp_path_factory.mktemp("japanese"), "ja", alone) as reader:
        yield reader


@contextlib.contextmanager
def tidy(reader: Reader, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Every test begins and ends with nothing open and a quiet console; one that fails leaves a picture."""
    reader.close_panels()
    reader.run("Services.console.reset()")
    try:
        yield reader
    finally:
        if request.node.stash.get(FAILED, False):
            reader.picture(f"FAILED-{request.node.name}")
        reader.close_panels()
    assert reader.thunderbird.complaints((*BENIGN, *getattr(request.module, "PROVOKED", ()))) == []


@pytest.fixture
def reader(english_reader: Reader, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with tidy(english_reader, request) as one:
        yield one


@pytest.fixture
def japanese(japanese_reader: Reader, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with tidy(japanese_reader, request) as one:
        yield one


@pytest.fixture(scope="session", autouse=True)
def keep_pictures(request: pytest.FixtureRequest) -> Iterator[None]:
    """With --keep-screenshots: the README's pictures, in few colours."""
    yield
    if not request.config.getoption("--keep-screenshots", default=False):
        return
    KEPT.mkdir(exist_ok=True)
    for name, kept in KEEP.items():
        source = PICTURES / f"{name}.png"
        if not source.exists():  # the test that makes it was not chosen
            continue
        command = ["convert", str(source), "-strip", "+dither", "-colors", "255", f"PNG8:{KEPT / (kept + '.png')}"]
        subprocess.run(command, check=True)

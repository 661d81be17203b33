"""What lies on the disk is its user's alone: whatever the umask, whatever stood there before, whoever put it there."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_native import MAIN, START, frame, message
from test_remembering import ACCOUNT, home, mail
from workbench import HOST, SAMPLES

from sekisho import private
from sekisho.lookup.cache import NAME, Cache
from sekisho.questions import Answer, Question
from sekisho.register import Register

__all__ = ["home"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes; on Windows the user's own folder has an access list")

SOMEBODY, SOMEBODY_ELSE = 4321, 4322  # users that need not exist


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A user whose new files everybody may write."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: str | Path) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


def exposed(below: Path) -> dict[str, str]:
    """What others may do below a folder, by path."""
    return {str(one.relative_to(below)): oct(rights(one)) for one in below.rglob("*") if rights(one) & 0o077}


def test_what_a_host_writes_is_its_users_alone(tmp_path: Path, home: str, open_umask: None) -> None:
    """Register, its folder and each folder above that was missing."""
    (tmp_path / "away").mkdir(0o700)
    sent = b"".join(map(frame, message(1, mail(1), account=ACCOUNT)))
    moved = home + f"os.environ['XDG_DATA_HOME'] = {str(tmp_path / 'away' / 'share')!r}\n"

    subprocess.run([sys.executable, "-I", "-c", START + moved + MAIN], input=sent, capture_output=True, check=True)

    assert (tmp_path / "away" / "share" / "sekisho" / "register.sqlite").exists() or sys.platform == "darwin"
    assert {} == exposed(tmp_path)


def test_what_a_scan_writes_is_its_users_alone(tmp_path: Path, open_umask: None) -> None:
    """Its table, page, lines and state; a file of the same name that others could read is no longer theirs to read."""
    names = ("table.csv", "page.html", "lines", "state")
    (tmp_path / "table.csv").write_text("old")
    assert exposed(tmp_path)
    files = dict(zip(names, (str(tmp_path / name) for name in names), strict=True))
    command = [sys.executable, "-m", "sekisho", "scan", "--jobs", "1", "--json", "--csv", files["table.csv"]]
    command += ["--html", files["page.html"], "--output", files["lines"], "--resume", files["state"], str(SAMPLES[0])]

    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(HOST)}, capture_output=True, check=True)

    assert set(names) == {one.name for one in tmp_path.iterdir()}
    assert "old" not in (tmp_path / "table.csv").read_text("utf-8")
    assert {} == exposed(tmp_path)


def test_rights_that_were_too_wide_are_taken_back(tmp_path: Path) -> None:
    """Of the register, the kept answers and their folders."""
    for name in ("data", "cache"):
        (tmp_path / name).mkdir()
    (tmp_path / "cache" / NAME).touch()
    (tmp_path / "data" / "register.sqlite").touch()
    for one in tmp_path.rglob("*"):
        one.chmod(0o777)

    Register(str(tmp_path / "data" / "register.sqlite")).edges(ACCOUNT, [])
    Cache(tmp_path / "cache").put(Question("dns", "MX", "example.com"), Answer((), "test", "2026-01-01T00:00:00+00:00"))

    assert {} == exposed(tmp_path)


def test_what_is_missing_above_is_made_and_what_is_there_stays(tmp_path: Path, open_umask: None) -> None:
    """Only our own folder is mended: what is above it is the user's affair, and the doctor's word."""
    (tmp_path / "share").mkdir(0o755)
    private.folder(str(tmp_path / "share" / "a" / "b"))
    private.folder(str(tmp_path / "share" / "a" / "b"))

    assert [0o755, 0o700, 0o700] == [rights(tmp_path / one) for one in ("share", "share/a", "share/a/b")]


@pytest.mark.parametrize("file", [False, True])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, file: bool) -> None:
    """Its rights stay as they are."""
    there = tmp_path / "there"
    if file:
        there.write_text("a file")
        there.chmod(0o644)
    else:
        there.symlink_to("nowhere")

    with pytest.raises(OSError):
        private.folder(str(there))
    assert not file or 0o644 == rights(there)


def as_user(user: int, program: str, *arguments: Path) -> str:
    """What a program prints, as that user where this one may become another; else as this user, to whom the other's number is given."""
    root = os.geteuid() == 0
    become = f"os.setuid({user})" if root else f"os.geteuid = lambda: {user}"
    code = f"import os, sys\nsys.path.insert(0, {str(HOST)!r})\nfrom sekisho import private\n{become}\n{program}"
    command = [sys.executable, "-I", "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def common(tmp_path: Path) -> Path:
    """A folder that everybody reaches, and that belongs to somebody."""
    for one in (tmp_path, *tmp_path.parents[:2]):
        if os.geteuid() == 0:
            one.chmod(0o755)
    folder = tmp_path / "common"
    folder.mkdir()
    folder.chmod(0o777)
    if os.geteuid() == 0:
        os.chown(folder, SOMEBODY, -1)
    return folder


ATTEMPT = "try:\n    {}\nexcept PermissionError as error:\n    print(error.strerror)\n"


def test_another_users_folder_is_not_used(common: Path) -> None:
    """Who owns a folder decides what lies in it; to its owner it is closed to all others."""
    program = ATTEMPT.format("private.folder(sys.argv[1])")

    assert "the folder belongs to another user" == as_user(SOMEBODY_ELSE, program, common)
    assert 0o777 == rights(common)
    assert "" == as_user(SOMEBODY if os.geteuid() == 0 else os.geteuid(), program, common)
    assert 0o700 == rights(common)


def test_another_users_file_gets_nothing(common: Path) -> None:
    """A table or page of a scan that was put there ready to be read."""
    planted = common / "table.csv"
    planted.write_text("planted")
    planted.chmod(0o666)
    if os.geteuid() == 0:
        os.chown(planted, SOMEBODY, -1)
    common.chmod(0o755)  # some kernels refuse by themselves in a folder that all may write

    said = as_user(SOMEBODY_ELSE, ATTEMPT.format("private.written(sys.argv[1], True)"), planted)

    assert "the file belongs to another user" == said
    assert "planted" == planted.read_text()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can make another user's link")
@pytest.mark.parametrize("link", [False, True])
def test_what_another_user_planted_is_removed(tmp_path: Path, link: bool) -> None:
    """A register that leads elsewhere, or that somebody could go on reading, is not written to."""
    elsewhere, register = tmp_path / "elsewhere", tmp_path / "register.sqlite"
    elsewhere.write_text("theirs")
    if link:
        register.symlink_to(elsewhere)
    else:
        register.write_text("theirs")
    os.chown(register, SOMEBODY, -1, follow_symlinks=False)

    private.file(str(register))

    assert (0, 0o600, b"") == (os.lstat(register).st_uid, rights(register), register.read_bytes())
    assert "theirs" == elsewhere.read_text()


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TRIGGER t AFTER INSERT ON lesson BEGIN DELETE FROM account; END",
        "CREATE VIEW v AS SELECT * FROM register",
    ],
)
def test_a_register_that_acts_is_begun_anew(tmp_path: Path, planted: str) -> None:
    """A database can hold statements of its own; ours never does."""
    path = str(tmp_path / "register.sqlite")
    Register(path).forget()
    Register(path).told(ACCOUNT, "a@example.com", "nobody", 1)
    with sqlite3.connect(path) as connection:
        connection.execute(planted)

    register = Register(path)
    register.told(ACCOUNT, "b@example.com", "nobody", 1)

    assert register.trouble is None
    with sqlite3.connect(path) as connection:
        kinds = {kind for (kind,) in connection.execute("SELECT type FROM sqlite_master")}
    assert {"table", "index"} == kinds

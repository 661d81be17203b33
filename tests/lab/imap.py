"""An IMAP server: dovecot, unpacked, with one mailbox. It looks for its parts at places that are compiled into it, so it runs in
mounts of its own, in which its package lies over `/usr`; that needs root."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import programs
from .daemon import Daemon

USER, PASSWORD = "reader", "kept"
_NOBODY = 65534
_SETTINGS = """
base_dir = /mnt/folder/run
state_dir = /mnt/folder/state
log_path = /mnt/folder/dovecot-itself.log
protocols = imap
ssl = no
listen = 127.0.0.1
disable_plaintext_auth = no
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
first_valid_uid = {nobody}
mail_location = maildir:/mnt/folder/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={nobody} gid={nobody} home=/mnt/folder/home
}}
"""
_START = """
mount -t tmpfs none /mnt
mkdir /mnt/folder
mount --bind "$2" /mnt/folder
mount -t overlay overlay -o "lowerdir=$1/usr:/usr" /usr
exec /usr/sbin/dovecot -F -c /mnt/folder/dovecot.conf
"""


class Imap(Daemon):
    """One mailbox with these messages, in the network of the process `near`."""

    def __init__(self, folder: Path, messages: Mapping[str, bytes], port: int, near: int) -> None:
        for name in ("mail/cur", "mail/new", "mail/tmp", "home", "state"):
            (folder / name).mkdir(parents=True)
        for number, (name, raw) in enumerate(messages.items()):
            (folder / "mail" / "cur" / f"{number}.{name}:2,").write_bytes(raw)
        for path in (folder / "mail", *(folder / "mail").rglob("*"), folder / "home"):
            os.chown(path, _NOBODY, _NOBODY)
        folder.chmod(0o711)  # the server's own user has to get through
        settings = _SETTINGS.format(nobody=_NOBODY, port=port, password=PASSWORD)
        (folder / "dovecot.conf").write_text(settings, "ascii")
        inside = ["nsenter", f"--net=/proc/{near}/ns/net", "unshare", "--mount", "--propagation", "private"]
        command = [*inside, "sh", "-ec", _START, "sh", programs.folder("imap"), folder]
        super().__init__("dovecot", command, folder, {**os.environ, "LC_ALL": "C"})

    @contextlib.contextmanager
    def halted(self) -> Iterator[None]:
        """Meanwhile it takes what it is sent and answers nothing: its connections stay."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

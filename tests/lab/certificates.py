"""Certificate authorities, made anew for each lab, with the openssl command."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

DAYS = "2"
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")


class Identity(NamedTuple):
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path


class Authority:
    """Issues server certificates; a client trusts them that is given `certificate`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        extensions = ("-addext", "keyUsage=critical,keyCertSign")
        self._own = self._made(name, *extensions, "-subj", f"/CN=Sekisho lab, {name}")
        self.certificate = self._own.certificate

    def issue(self, name: str, hosts: Iterable[str], addresses: Iterable[str] = ()) -> Identity:
        """A server's certificate for these host names and addresses."""
        names = ",".join((*(f"DNS:{host}" for host in hosts), *(f"IP:{address}" for address in addresses)))
        signer = ("-CA", self._own.certificate, "-CAkey", self._own.key)
        extensions = ("-addext", f"subjectAltName={names}", "-addext", "basicConstraints=critical,CA:FALSE")
        return self._made(f"{self._name}-{name}", *signer, *extensions, "-subj", "/CN=Sekisho lab server")

    def _made(self, name: str, *arguments: str | Path) -> Identity:
        made = Identity(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        command = ["openssl", "req", "-x509", *KEY, "-days", DAYS, *arguments, "-out", made[0], "-keyout", made[1]]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr.decode('utf-8', 'replace')}"
        return made

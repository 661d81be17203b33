"""One lab for all tests; each of them finds its logs empty."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator

import pytest

from . import Lab


@pytest.fixture(scope="session")
def programs() -> None:
    """The servers' programs are here, or install.py could not get them."""
    if "lab" in os.environ.get("SEKISHO_TESTS_WITHOUT", "").split(","):
        warnings.warn("NOT TESTED WITH REAL SERVERS: SEKISHO_TESTS_WITHOUT names lab", stacklevel=1)
        pytest.skip("SEKISHO_TESTS_WITHOUT names lab")


@pytest.fixture(scope="session")
def running(programs: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(running: Lab) -> Lab:
    running.forget()
    return running

"""Options of the test run."""

import pytest
from hypothesis import settings

# A time that one example may take is a test of the machine: a busy one misses any.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--snapshots", action="store_true", help="rewrite the kept frames; read their difference like code"
    )


@pytest.fixture
def snapshots(request: pytest.FixtureRequest) -> bool:
    """Whether kept frames are to be rewritten instead of compared."""
    return bool(request.config.getoption("--snapshots"))

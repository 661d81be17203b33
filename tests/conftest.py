"""Options of the test run."""

import pytest
from hypothesis import HealthCheck, settings

# The time that examples take, or take to be made, is a test of the machine: a busy one misses any.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--snapshots", action="store_true", help="rewrite the kept frames; read their difference like code"
    )


@pytest.fixture
def snapshots(request: pytest.FixtureRequest) -> bool:
    """Whether kept frames are to be rewritten instead of compared."""
    return bool(request.config.getoption("--snapshots"))

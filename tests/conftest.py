"""Settings of all tests."""

from hypothesis import HealthCheck, settings

# The same examples everywhere, however busy the machine. Others are found with
# `make test ARGS=--hypothesis-profile=explore`.
ANYWHERE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("anywhere", derandomize=True, database=None, **ANYWHERE)
settings.register_profile("explore", **ANYWHERE)
settings.load_profile("anywhere")

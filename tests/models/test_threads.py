"""One thread for a share of work, and afterwards as many as before."""

import re

import pytest

torch = pytest.importorskip("torch")

from builder.models.threads import one_thread  # noqa: E402

pytestmark = pytest.mark.torch


def threads():
    """Return how many threads torch uses by itself and in MKL, where it has that."""
    return (torch.get_num_threads(),
            *re.findall(r"mkl_get_max_threads\(\) : (\d+)", torch.__config__.parallel_info()))


@pytest.fixture
def two():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield threads()
    torch.set_num_threads(before)


def test_threads_are_one_inside_and_afterwards_as_before(two):
    with one_thread():
        assert {int(n) for n in threads()} == {1}
        with one_thread():
            assert {int(n) for n in threads()} == {1}
        assert {int(n) for n in threads()} == {1}
    assert {int(n) for n in two} == {2} and threads() == two


def test_threads_are_as_before_after_an_error(two):
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == two

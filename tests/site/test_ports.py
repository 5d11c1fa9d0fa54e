"""What is wrong with an address is said in its own words."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from builder.core.errors import OutputError
from builder.site.ports import check_free


def listening(family, host):
    """A socket that listens on a port of its own."""
    taken = socket.socket(family)
    taken.bind((host, 0))
    taken.listen()
    return taken


def complaint(address):
    with pytest.raises(OutputError) as caught:
        check_free(address)
    (problem,) = caught.value.problems
    assert problem.where == address and problem.remedy
    return problem.wrong


@pytest.mark.parametrize("address", [
    "", "nonsense", "8000", ":8000", "::1:8000", "[::1]", "[::1]8000", "a b:8000", "[::1:8000",
    "http://localhost:8000",
])
def test_no_address(address):
    assert complaint(address) == "not an address"


@pytest.mark.parametrize("port", ["", "x", "-1", "0", "65536", "8000/", "²", "٣", " 80", "1.5"])
@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_no_port(host, port):
    assert complaint(f"{host}:{port}") == "not the number of a port"


@pytest.mark.parametrize("host", ["", "::zz", "127.0.0.1", "localhost", "1:2"])
def test_no_ipv6_address(host):
    assert complaint(f"[{host}]:8000") == "not an IPv6 address"


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "256.0.0.1"])
def test_an_unknown_host(host):
    assert complaint(f"{host}:8000") == "unknown host"


def test_an_address_of_another_machine():
    assert complaint("192.0.2.1:8000") == "not an address of this machine"


@pytest.mark.parametrize(("family", "host"), [
    (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_in_use_and_one_that_is_free(family, host):
    try:
        taken = listening(family, host)
    except OSError:
        pytest.skip(f"this machine has no {host}")
    written = f"[{host}]" if ":" in host else host
    with taken:
        port = taken.getsockname()[1]
        assert complaint(f"{written}:{port}") == "port in use"
    check_free(f"{written}:{port}")


@pytest.mark.parametrize(("number", "wrong"), [
    (errno.EACCES, "this port needs rights that you do not have"),
    (errno.ENOBUFS, "cannot listen there"),
])
def test_what_the_system_refuses(monkeypatch, number, wrong):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert complaint("127.0.0.1:80") == wrong

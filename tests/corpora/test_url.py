"""Texts from the web, from a real server on this machine that misbehaves as it is told."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from builder.core.digests import digest
from builder.core.errors import CorpusError, OutputError
from builder.corpora import contract, download
from builder.corpora.kinds.url import UrlCorpus, name_of
from tests.corpora.reading import read_files

TEXT = "".join(f"{i}: once more unto the breach\r\n" for i in range(8_000)).encode()


class Server(ThreadingHTTPServer):
    """Serves `text`; what it does wrong is set on it, what it was asked is kept."""

    daemon_threads = True
    text = TEXT
    ranges = True
    cut_after: int | None = None
    cuts = 0
    statuses: tuple[int, ...] = ()
    shift = 0
    length = True
    gate: threading.Event | None = None
    trickles = False
    elsewhere = ""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []
        self.sent = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/texts/henry%20v.txt?download=1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_):
        pass

    def do_GET(self):
        wanted = self.headers["Range"]
        self.server.asked.append((self.path, wanted))
        if self.server.gate:
            self.server.gate.wait(10)
        if self.server.statuses:
            status, *rest = self.server.statuses
            self.server.statuses = tuple(rest)
            return self.send_error(status)
        if self.server.elsewhere:
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere)
            return self.end_headers()
        start = 0
        if wanted and self.server.ranges:
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1]) + self.server.shift
            if start >= len(self.server.text):
                return self.send_error(416)
        self.give(self.server.text[start:], start, bool(wanted and self.server.ranges))

    def give(self, body, start, part):
        self.send_response(206 if part else 200)
        whole = len(self.server.text)
        if part:
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        if self.server.length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.cuts:
            self.server.cuts -= 1
            body = body[: self.server.cut_after]
        self.server.sent += len(body)
        while self.server.trickles:
            self.wfile.write(body[:1])
            time.sleep(0.02)
        self.wfile.write(body)


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.0)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def settings(server, sha256=None):
    return UrlCorpus(kind="url", url=server.url, sha256=sha256 or digest(server.text))


def cached(place):
    folder = place.cache / "url"
    return {p.name: p.read_bytes() for p in folder.iterdir()} if folder.is_dir() else {}


def ranges(server):
    return [asked for _, asked in server.asked]


def test_a_text_is_fetched_once_and_named_by_its_address(server, place, contents):
    for _ in range(2):
        assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert server.asked == [("/texts/henry%20v.txt?download=1", None)]
    assert cached(place) == {digest(TEXT): TEXT}


@pytest.mark.parametrize(("url", "name"), [
    ("https://a.org/x/input.txt", "input.txt"), ("https://a.org/x/", "x"),
    ("https://a.org", "a.org"), ("https://a.org/d%2Fe.txt?f=g/h#i", "e.txt"),
    ("https://a.org/caf%C3%A9.txt", "café.txt"),
])
def test_names_of_addresses(url, name):
    assert name_of(url) == name


def test_a_download_goes_on_after_cut_connections(server, place, contents):
    server.cuts, server.cut_after = 2, 70_000
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert ranges(server) == [None, "bytes=70000-", "bytes=140000-"]
    assert server.sent == len(TEXT)
    assert cached(place) == {digest(TEXT): TEXT}


def test_a_download_goes_on_in_the_next_run(server, place, contents):
    server.cuts, server.cut_after = download.TRIES, 1_000
    with pytest.raises(CorpusError) as caught:
        read_files(settings(server), place)
    assert f"cut off after 4,000 of {len(TEXT):,} bytes" in str(caught.value)
    assert "try again, which goes on from there, or point --corpus or " \
           "GALLERY_CORPUS_SOME_PLAY at a local copy" in str(caught.value)
    assert cached(place) == {f"{digest(TEXT)}.part": TEXT[:4_000]}
    server.asked.clear()
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert ranges(server) == ["bytes=4000-"]
    assert server.sent == len(TEXT)


def test_two_runs_that_want_one_text_fetch_it_once(server, place, contents, capsys):
    server.gate = threading.Event()
    first = threading.Thread(target=read_files, args=(settings(server), place))
    first.start()
    found = []
    second = threading.Thread(
        target=lambda: found.append(contents(read_files(settings(server), place))))
    while not server.asked:
        time.sleep(0.01)
    second.start()
    while "waiting for it" not in capsys.readouterr().err and second.is_alive():
        time.sleep(0.01)
    server.gate.set()
    first.join()
    second.join()
    assert found == [{"henry v.txt": TEXT}] and ranges(server) == [None]
    assert cached(place) == {digest(TEXT): TEXT}


def test_a_server_that_ignores_ranges_begins_anew(server, place, contents):
    server.cuts, server.cut_after, server.ranges = 1, 70_000, False
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert ranges(server) == [None, "bytes=70000-"]
    assert server.sent == len(TEXT) + 70_000


def test_a_server_that_sends_another_part_begins_anew(server, place, contents):
    server.cuts, server.cut_after, server.shift = 1, 70_000, 5
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert ranges(server) == [None, "bytes=70000-", None]


def left_behind(place, content):
    part = place.cache / "url" / f"{digest(TEXT)}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(content)


@pytest.mark.parametrize("content", [TEXT, b""], ids=["all of it", "nothing"])
def test_what_an_earlier_run_left_is_used(server, place, contents, content):
    left_behind(place, content)
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert ranges(server) == ([f"bytes={len(TEXT)}-"] if content else [None])


@pytest.mark.parametrize("content", [TEXT + b"more", b"another text"], ids=["longer", "other"])
def test_a_beginning_of_another_file_is_thrown_away(server, place, contents, content):
    left_behind(place, content)
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert ranges(server) == [f"bytes={len(content)}-", None]
    assert cached(place) == {digest(TEXT): TEXT}


def test_a_wrong_digest_shows_both_and_leaves_nothing(server, place):
    with pytest.raises(CorpusError) as caught:
        read_files(settings(server, "0" * 64), place)
    (problem,) = caught.value.problems
    assert digest(TEXT) in problem.found and "0" * 64 in problem.found
    assert len(server.asked) == 1
    assert cached(place) == {}


def test_a_damaged_cache_is_fetched_again(server, place, contents):
    read_files(settings(server), place)
    (place.cache / "url" / digest(TEXT)).write_bytes(TEXT[:-1])
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    assert len(server.asked) == 2


def test_a_file_that_is_not_there_is_asked_for_once(server, place):
    server.statuses = (404,) * 9
    with pytest.raises(CorpusError, match="the server says 404 Not Found; fix the address"):
        read_files(settings(server), place)
    assert len(server.asked) == 1
    assert cached(place) == {}


def test_a_server_in_trouble_is_asked_again(server, place, contents):
    server.statuses = (503, 429)
    assert contents(read_files(settings(server), place)) == {"henry v.txt": TEXT}
    server.statuses = (500,) * 9
    with pytest.raises(CorpusError, match="the server says 500"):
        read_files(settings(server, "1" * 64), place)


def test_nobody_there_is_one_clear_error(server, place):
    gone = settings(server)
    server.server_close()
    with pytest.raises(CorpusError) as caught:
        read_files(gone, place)
    (problem,) = caught.value.problems
    assert problem.where == "some-play, corpus"
    assert problem.wrong == f"cannot fetch {server.url}"
    assert "refused" in problem.found


def test_a_silent_server_is_not_waited_for(place, monkeypatch):
    monkeypatch.setattr(download, "SECONDS", 0.05)
    monkeypatch.setattr(download, "TRIES", 2)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:
        url = f"http://127.0.0.1:{silent.server_port}/x"
        with pytest.raises(CorpusError, match="timed out"):
            read_files(UrlCorpus(kind="url", url=url, sha256="0" * 64), place)


@pytest.mark.parametrize("length", [True, False], ids=["announced", "not announced"])
def test_a_huge_file_is_refused(server, place, monkeypatch, length):
    monkeypatch.setattr(contract, "LARGEST", 100_000)
    server.length = length
    with pytest.raises(CorpusError, match="bytes; at most 100,000 are read"):
        read_files(settings(server), place)
    assert cached(place) == {}


@pytest.mark.parametrize("url", ["http://[", "http://a b/", "http:///x", "http://ü\u2028/"])
def test_an_address_that_is_none_is_an_error(place, url):
    with pytest.raises(CorpusError, match="cannot fetch"):
        read_files(UrlCorpus(kind="url", url=url, sha256="0" * 64), place)


def test_a_cache_that_cannot_be_made_is_an_error(server, place):
    place.cache.write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="the cache cannot be used"):
        read_files(settings(server), place)


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(server, place, monkeypatch):
    monkeypatch.setattr(download, "TRIES", 1)
    monkeypatch.setattr(download, "PATIENCE", 0.1)
    server.trickles = True
    with pytest.raises(CorpusError, match=r"too slow: \d+ bytes in 0 seconds; try again"):
        read_files(settings(server), place)
    server.trickles = False


HEAD = b"HTTP/1.1 200 OK\r\nX: "
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("said", [b"", HEAD, CHUNKED], ids=["nothing", "half a head", "no chunk"])
def test_a_server_that_never_comes_to_the_text_is_given_up(place, monkeypatch, said):
    """Each byte of a head, or of the length of a chunk, comes before a silence is too long."""
    monkeypatch.setattr(download, "TRIES", 1)
    monkeypatch.setattr(download, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def serve():
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(said or b"HTTP/1.1 200 ")
                for _ in range(1_000):
                    connection.sendall(b"0")
                    time.sleep(0.02)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        with pytest.raises(CorpusError, match=r"too slow: \d+ bytes in 0 seconds; try again"):
            read_files(UrlCorpus(kind="url", url=url, sha256="0" * 64), place)
        serving.join(10)
        assert not serving.is_alive()


def test_no_other_protocol_is_followed(server, place, monkeypatch):
    monkeypatch.setattr(download, "TRIES", 1)
    server.elsewhere = "ftp://127.0.0.1:1/x"
    with pytest.raises(CorpusError, match="unknown url type: ftp"):
        read_files(settings(server), place)

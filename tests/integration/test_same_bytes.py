"""A whole `inspect` gives the same bytes whoever reads and however often it was stopped."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("distributed")

import builder
from builder.evidence.measure import measure
from builder.scoring.residuals import CHUNK, SHORT
from builder.work import distributed as on_cluster
from tests.integration.projects import PROJECT
from tests.interrupts import let_through
from tests.tolerances import correlation
from tests.truth.planted import planted
from tests.truth.runs import MINIMUM_R, subject_of, texts_of
from tests.truth.text import small_corpus
from tests.work.test_cluster import local_cluster

pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings(  # Dask leaves sockets to the collector where workers are killed
        "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A model folder and a folder of texts."""
    folder, corpus = tmp_path_factory.mktemp("given"), small_corpus()
    network = planted("lstm", texts_of(corpus)).network
    rows = network.embedding.weight[1:]
    embedding = type(network.embedding).from_pretrained(rows)
    decoder = type(network.decoder)(network.spec.hidden_size, len(rows))
    decoder.load_state_dict({name: t[1:] for name, t in network.decoder.state_dict().items()})
    builder.save_model(folder / "model", network.rnn, embedding, decoder,
                       network.spec.vocabulary.characters)
    (folder / "text").mkdir()
    for document in corpus.documents:
        name = f"{document.name.removesuffix('.txt')}.py"
        (folder / "text" / name).write_text(document.text, "utf-8")
    return folder


def command(given, out, *more):
    return [sys.executable, "-m", "builder", "inspect", "--model", str(given / "model"), "--text",
            str(given / "text"), "--language", "python", "--json", str(out), *more]


def inspect(given, out, *more):
    done = subprocess.run(command(given, out, *more), cwd=PROJECT, env=ENVIRONMENT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out.read_bytes(), done.stderr


@pytest.fixture(scope="module")
def alone(given):
    return inspect(given, given / "alone.json", "--workers", "1")[0]


def test_again_and_with_more_processes(given, alone, tmp_path):
    claims = json.loads(alone)["claims"]
    # Units are planted in a network that predicts nothing, so no claim is above suggestive.
    assert claims[0]["grade"] == "suggestive" and json.loads(alone)["fit"]["warning"]
    assert abs(claims[0]["held_out"]["r_within_bigram"]) > 0.3
    assert inspect(given, tmp_path / "again.json", "--workers", "1")[0] == alone
    assert inspect(given, tmp_path / "two.json", "--workers", "2")[0] == alone


def test_on_a_cluster_of_which_one_process_is_killed(given, alone, tmp_path):
    with local_cluster(n_workers=2, threads_per_worker=1, processes=True) as cluster:
        with on_cluster(cluster.scheduler_address) as workers:
            pid = min(workers._client.run(os.getpid).values())
        killing = threading.Timer(6.0, os.kill, (pid, signal.SIGKILL))
        killing.start()
        found, _ = inspect(given, tmp_path / "out.json", "--scheduler", cluster.scheduler_address)
        killing.join()
    assert found == alone


def test_stopped_and_taken_up_again(given, alone, tmp_path):
    out, kept = tmp_path / "out.json", tmp_path / "kept"
    with let_through():
        stopped = subprocess.Popen(
            command(given, out, "--workers", "1", "--keep", str(kept)), cwd=PROJECT,
            env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    while stopped.poll() is None and len(files_of(kept)) < 6:
        time.sleep(0.05)
    stopped.send_signal(signal.SIGINT)
    assert stopped.wait() == 130 and not out.exists()
    before = files_of(kept)
    assert inspect(given, out, "--workers", "1", "--keep", str(kept))[0] == alone
    assert len(before) >= 6 and before.items() <= files_of(kept).items()


def files_of(folder):
    """Return when each file that is whole was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith(".")}


ROUNDING = 2 * correlation(CHUNK, CHUNK, SHORT)
"""Of r between two runs: for units that are either 0 or 1 the rounding errors of every piece of a
sum are the same, so many pieces are no better than one.
"""


def test_another_block_size_gives_the_same_r_and_the_same_selection():
    corpus = small_corpus()
    subject = subject_of(planted("gru", texts_of(corpus)).network, corpus)
    a, b = (measure(replace(subject, rows=rows), MINIMUM_R) for rows in (64, 23))
    np.testing.assert_allclose(a.scores.r, b.scores.r, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(a.scores.r_within, b.scores.r_within, rtol=0, atol=ROUNDING)
    claims, others = ({(c.unit, c.feature): c for c in found.claims} for found in (a, b))
    assert {key: c.grade for key, c in claims.items()} == {
        key: c.grade for key, c in others.items()}
    for key, one in claims.items():
        other = others[key]
        for x, y in ((one.held_out.r, other.held_out.r),
                     (one.held_out.r_within, other.held_out.r_within)):
            assert (x.value is None) == (y.value is None)
            assert x.value is None or x.value == pytest.approx(y.value, abs=ROUNDING)

"""The file of networks to drive: whole, or refused with one message."""

import base64
from dataclasses import replace

import pytest

from builder.core.counted import DrivenNetworks
from builder.core.errors import UserError
from builder.workspace.driven import DRIVEN_FILE, LARGEST, read_driven, schema, write_driven
from tests.make_counted import driven
from tests.sources import PROJECT


def written(path, *networks):
    write_driven(path, DrivenNetworks("gallery count --drive lstm", {"torch": "2"}, networks))
    return path


def test_what_is_written_is_read(tmp_path):
    networks = (driven(), driven("gru"))
    path = written(tmp_path / DRIVEN_FILE, *networks)
    assert read_driven(path) == networks
    assert read_driven(tmp_path / "none.json") == ()
    assert schema()["properties"].keys() == {"format", "driven"}


@pytest.mark.parametrize(("change", "said"), [
    ({"weights": "%"}, "weights that are not base64"),
    ({"weights": base64.b64encode(b"other").decode()}, "weights of another digest"),
    ({"run": replace(driven().run, counting=())}, "no unit that counts"),
    ({"letters": "aa"}, "letters 'aa'"),
    ({"n": 7}, "12 values of a string with n = 7"),
    ({"wrong": (12,)}, "wrong at a letter that is not there"),
])
def test_what_cannot_be_is_refused(tmp_path, change, said):
    path = written(tmp_path / DRIVEN_FILE, replace(driven(), **change))
    with pytest.raises(UserError, match="says what cannot be") as error:
        read_driven(path)
    assert said in str(error.value)


@pytest.mark.parametrize(("content", "said"), [
    (b"", "not networks to drive"),
    (b'{"format": 2}', "not networks to drive; format: "),
    (b" " * (LARGEST + 1), "too large"),
])
def test_anything_else_is_refused(tmp_path, content, said):
    path = tmp_path / DRIVEN_FILE
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        read_driven(path)
    assert said in str(error.value) and str(path) in str(error.value)


def test_those_of_this_gallery():
    """What the page says of each holds for its own numbers."""
    found = read_driven(PROJECT / "gallery" / DRIVEN_FILE)
    assert len(found) == 2
    for one in found:
        assert one.run.within.strings >= 0.99 and one.run.language == "anbn"
        assert one.n == one.run.failed and one.wrong

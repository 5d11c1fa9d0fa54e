"""The house: no circles, and few ways between its rooms."""

from tests.repository.rooms import arrows, circles


def test_no_modules_import_each_other():
    assert circles() == []


def test_rooms_of_the_top_level_have_few_imports_between_them():
    large = {(".".join(a.split(".")[:2]), ".".join(b.split(".")[:2])) for a, b in arrows()}
    assert len({pair for pair in large if pair[0] != pair[1]}) < 70

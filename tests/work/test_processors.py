"""What control groups allow, from folders like those that Linux shows."""

from __future__ import annotations

import pytest

from builder.work.processors import limits


def lay_out(root, own, files):
    groups, own_group = root / "cgroup", root / "self"
    own_group.write_text(own)
    for name, content in files.items():
        path = groups / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return list(limits(groups, own_group))


@pytest.mark.parametrize(("own", "files", "expected"), [
    ("0::/\n", {"cpu.max": "max 100000\n"}, []),
    ("0::/\n", {"cpu.max": "150000 100000\n"}, [1.5]),
    ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "300000 100000\n",
                   "cpu.max": "50000 25000\n"}, [3.0, 2.0]),
    ("0::/a:b\n", {"a:b/cpu.max": "100000 100000\n"}, [1.0]),
    ("4:memory:/m\n2:cpu,cpuacct:/d\n",
     {"cpu/d/cpu.cfs_quota_us": "200000\n", "cpu/d/cpu.cfs_period_us": "100000\n",
      "memory/m/cpu.cfs_quota_us": "1\n", "memory/m/cpu.cfs_period_us": "1\n",
      "cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, [2.0]),
    ("0::/\n", {"cpu.max": "nonsense\n"}, []),
    ("0::/\n", {"cpu.max": "1000 0\n"}, []),
    ("0::/gone\n", {}, []),
])
def test_limits_of_all_groups_around_us(tmp_path, own, files, expected):
    assert lay_out(tmp_path, own, files) == expected


def test_no_control_groups(tmp_path):
    assert list(limits(tmp_path / "none", tmp_path / "neither")) == []

"""`python -m tests.truth planted` and `python -m tests.truth discoveries`: the figures in the docs.

The first measures planted networks, the second networks and labels in which there is nothing to
find; it takes some twenty minutes on two cores.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product

from tests.truth.runs import (
    HOLDS,
    labels_of_others_run,
    run_planted,
    untrained_run,
    upper_bound,
)

ARCHITECTURES = ("rnn", "gru", "lstm")
SEEDS = range(5)
WIDTHS = (64, 128, 256, 512)


def show_planted():
    """Print what was planted and what was found."""
    planted = found = first = memoryless = leaky = 0
    for architecture, seed in product(ARCHITECTURES, SEEDS):
        run = run_planted(architecture, seed)
        for feature, grade in run.grade.items():
            planted += 1
            found += grade in HOLDS
            first += run.first[feature]
            print(f"{architecture:<5} {seed}  {feature:<14} {grade.value:<14} "
                  f"r' {run.planted[feature]:.2f}, best leaky {run.strongest_leaky[feature]:.2f}"
                  f"{'' if run.first[feature] else ', NOT FIRST'}", flush=True)
        memoryless += run.memoryless
        leaky += run.leaky
    print(f"planted {planted}, verified {found}, first for their feature {first}; verified "
          f"besides: {memoryless} cells without memory, {leaky} leaky ones")
    print(f"recall {found / planted:.2f}, precision {found / max(1, found + memoryless):.2f}")


def one(work):
    """Do one run; return its name and how many cells were verified."""
    name, function, arguments = work
    return name, len(function(*arguments))


def show_discoveries():
    """Print every run and the share of runs with a false discovery."""
    work = [(f"untrained {a} of {h}, seed {s}", untrained_run, (a, h, s))
            for a, h, s in product(ARCHITECTURES, WIDTHS, SEEDS)]
    work += [(f"{a} with labels of other texts, seed {s}", labels_of_others_run, (a, s))
             for a, s in product(ARCHITECTURES, SEEDS)]
    wrong = 0
    with ProcessPoolExecutor(2) as pool:
        for name, cells in pool.map(one, work):
            wrong += cells > 0
            print(f"{name}: {cells} verified", flush=True)
    print(f"{len(work)} runs, {wrong} with a verified cell; 95% upper bound of the share "
          f"{upper_bound(wrong, len(work)):.3f}")


if __name__ == "__main__":
    {"planted": show_planted, "discoveries": show_discoveries}[sys.argv[1]]()

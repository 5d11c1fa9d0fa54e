"""`python -m tests.truth NAME`: the figures in the docs.

`planted` measures planted networks, `discoveries` networks and labels in which there is nothing to
find; that takes some twenty minutes on two cores. `formulas` and `words` do the same for formulas;
`words` takes some twenty-five minutes on one core.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product

from builder.core.formulas import parsed
from tests.truth import modern
from tests.truth.runs import (
    HOLDS,
    labels_of_others_run,
    run_planted,
    untrained_run,
    upper_bound,
)
from tests.truth.worded import (
    labels_of_others_in_words,
    planted_in_words,
    untrained_in_words,
)

ARCHITECTURES = ("rnn", "gru", "lstm")
SEEDS = range(5)
WIDTHS = (64, 128, 256, 512)
MODERN_WIDTHS = (64, 128)
UNTRAINED_IN_WORDS = {64: 12, 128: 6, 256: 2}
"""Widths of untrained networks that are put into words, and how many of each architecture."""


def show_planted():
    """Print what was planted and what was found."""
    planted = found = first = memoryless = leaky = 0
    for architecture, seed in product((*ARCHITECTURES, *modern.KEPT), SEEDS):
        run = run_planted(architecture, seed)
        for feature, grade in run.grade.items():
            planted += 1
            found += grade in HOLDS
            first += run.first[feature]
            print(f"{architecture:<12} {seed}  {feature:<14} {grade.value:<14} "
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
            for a, h, s in (*product(ARCHITECTURES, WIDTHS, SEEDS),
                            *product(modern.KEPT, MODERN_WIDTHS, SEEDS))]
    work += [(f"{a} with labels of other texts, seed {s}", labels_of_others_run, (a, s))
             for a, s in product(ARCHITECTURES, SEEDS)]
    wrong = 0
    with ProcessPoolExecutor(2) as pool:
        for name, cells in pool.map(one, work):
            wrong += cells > 0
            print(f"{name}: {cells} verified", flush=True)
    print(f"{len(work)} runs, {wrong} with a verified cell; 95% upper bound of the share "
          f"{upper_bound(wrong, len(work)):.3f}")


def nothing_to_say():
    """Yield the name of each run in which there is nothing to put into words, and its outcome."""
    for architecture, seed in product(ARCHITECTURES, SEEDS):
        yield (f"{architecture} in words of other texts, seed {seed}",
               labels_of_others_in_words(architecture, seed))
    for hidden, count in UNTRAINED_IN_WORDS.items():
        for architecture, seed in product(ARCHITECTURES, range(count)):
            yield (f"untrained {architecture} of {hidden}, seed {seed}",
                   untrained_in_words(architecture, hidden, seed))


def show_words():
    """Print every run, and how many had a verified formula by either rule."""
    runs = []
    for name, run in nothing_to_say():
        runs.append(run)
        print(f"{name}: {len(run.claims)} formulas, |r'| at most {run.within:.2f}, "
              f"|r″| {run.beyond:.2f}; verified {run.by_beyond.sum()}, with the floor in the "
              f"place of r″ {run.by_floor.sum()}, with both "
              f"{(run.by_floor & run.by_beyond).sum()}; given a character {run.given} of "
              f"{len(run.conditions)}", flush=True)
    print(f"{len(runs)} runs; largest |r'| {max(run.within for run in runs):.2f}, "
          f"largest |r″| {max(run.beyond for run in runs):.2f}")
    for rule, wrong in (("r″", sum(bool(run.by_beyond.any()) for run in runs)),
                        ("the floor", sum(bool(run.by_floor.any()) for run in runs)),
                        ("the floor, given a character", sum(run.given > 0 for run in runs))):
        print(f"by {rule}: {wrong} runs with a verified claim; 95% upper bound of the share "
              f"{upper_bound(wrong, len(runs)):.3f}")


    show_formulas()


def show_formulas():
    """Print what was planted as a formula and what was said of it."""
    said = []
    for architecture, seed in product(ARCHITECTURES, SEEDS):
        for one in planted_in_words(architecture, seed):
            said.append(one)
            claim = one.claim
            print(f"{architecture:<5} {seed}  {one.truth:<60} said: {claim.text:<60} "
                  f"{claim.grade.value:<10} agrees on {one.agreement:.4f}, "
                  f"r' {claim.held_out.r_within.value:.2f}, r″ {claim.beyond.value:.2f}, "
                  f"single |r'| {one.single:.2f}", flush=True)
    joined = [one for one in said if parsed(one.truth).size > 1]
    print(f"planted {len(said)}; agree on 99% {sum(one.agreement >= 0.99 for one in said)}; "
          f"verified by r″ {sum(one.claim.grade in HOLDS for one in said)}, "
          f"by the floor {sum(one.by_floor for one in said)}; single atom weaker "
          f"{sum(one.single < abs(one.claim.held_out.r_within.value) for one in joined)} "
          f"of {len(joined)} that are none")


SHOWN = {"formulas": show_formulas,
         "planted": show_planted, "discoveries": show_discoveries, "words": show_words}

if __name__ == "__main__":
    SHOWN[sys.argv[1]]()

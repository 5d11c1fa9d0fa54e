"""Makes results of counting that no network was trained for."""

from builder.core.counted import Counted, Counting, Fails, Run, Share

TITLES = {"lstm": "an LSTM", "gru": "a GRU", "mingru": "a minGRU",
          "mingrusigned": "a signed minGRU"}


def run(architecture="lstm", language="toggle", seed=0, *, right=True, failed=None, foretold=None,
        r=0.999, **more):
    """Make a run; it counts something where `foretold` is given, with a first n or 0 for none."""
    share = Share(1.0, 1.0) if right else Share(0.5, 0.0)
    counting = () if foretold is None else (
        Counting("counter", "c0.3", r, 0.5, 0.01, 1.001, Fails(
            foretold or None, foretold if foretold > 10 else None, "drift")),)
    made = {"units": 16, "layers": 1, "loss": 0.01, "within": share, "beyond": share,
            "trained_to": 10, "tried_to": 1000, "failed": failed, "failed_beyond": failed,
            "truths": {language: (r, 0.97)}, "counting": counting, **more}
    return Run(architecture, language, seed, **made)


def counted(*runs, **more):
    """Make results of some runs."""
    made = {"made_by": "gallery count --seeds 5", "versions": {"torch": "2.13.0"},
            "titles": TITLES, "effort": 1.0, **more}
    return Counted(runs=runs, **made)

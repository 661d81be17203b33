"""A longer hunt than the test run's: python -m tests.hostile.fuzz --count N [--seed S] [FOLDER ...]

Mutates the replays, the samples and every mail of the folders given, checks the law, and prints the seed and the fault of
each break; what broke it is kept with --keep DIRECTORY. Status 1 when there was one.
"""

import argparse
import sys
import traceback
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent / "host")]


def main() -> int:
    from law import broken
    from mutations import mutated
    from workbench import LOCALES, mails

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    paths = [*mails(), *(path for folder in options.folders for path in sorted(folder.rglob("*")) if path.is_file())]
    breaks = 0
    for seed in range(options.seed, options.seed + options.count):
        random = Random(seed)
        source, other = (random.choice(paths).read_bytes() for _ in range(2))
        made = mutated(random, source, other, random.randrange(1, 30))
        try:
            faults = broken(made, random.choice(LOCALES), validate=seed % 10 == 0, whole=random.random() < 0.9)
        except Exception:  # the very thing that is hunted: say it and hunt on
            faults = [traceback.format_exc()]
        if faults:
            breaks += 1
            print(f"seed {seed}: {faults[0]}")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{seed}.eml").write_bytes(made)
    print(f"{options.count} mails, {breaks} breaks")
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main())

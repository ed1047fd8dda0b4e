"""Run the campaigns that are named, or all, and end with one line of result for each."""

import pkgutil
import sys
import time
import traceback
from importlib import import_module

import campaign

NAMES = sorted(module.name for module in pkgutil.iter_modules(campaign.__path__) if module.name != "__main__")


def main(wanted: list[str]) -> int:
    """Run the modules' `main() -> str`, which raise AssertionError where the proof fails; the exit code."""
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(
            f"No campaign named {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}.", file=sys.stderr
        )
        return 2
    results, failed = [], False
    for name in wanted or NAMES:
        print(f"— {name}", flush=True)
        begun = time.monotonic()
        try:
            result = import_module(f"campaign.{name}").main()
        except AssertionError as error:
            # What a life did before it failed is told by the traceback's notes alone.
            traceback.print_exception(error)
            failed, result = True, f"FAILED: {error}"
        results.append(f"{name}: {result} ({time.monotonic() - begun:.0f} s)")
        print(results[-1], flush=True)
    print("\n".join(["", *results]))
    return int(failed)


sys.exit(main(sys.argv[1:]))

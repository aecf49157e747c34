"""A sample of one_shot_markets.py. Usage: one_shot_markets_test.py SOURCE_DIR BUILD_DIR"""

import sys

import one_shot_markets

if __name__ == "__main__":
    if not one_shot_markets.python_with_scipy():
        print("skipped: no Python has scipy")
        sys.exit(77)
    faults = one_shot_markets.main(sys.argv[1], sys.argv[2], one_shot_markets.SAMPLE)
    print("\n".join(faults))
    sys.exit(1 if faults else 0)

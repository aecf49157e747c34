"""A sample of tally.py. Usage: tally_test.py SOURCE_DIR BUILD_DIR"""

import stress
import tally

stress.sample_test(tally)

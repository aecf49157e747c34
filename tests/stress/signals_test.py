"""A sample of signals.py. Usage: signals_test.py SOURCE_DIR BUILD_DIR"""

import signals
import stress

stress.sample_test(signals)

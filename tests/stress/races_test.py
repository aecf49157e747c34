"""A sample of races.py. Usage: races_test.py SOURCE_DIR BUILD_DIR"""

import races
import stress

stress.sample_test(races)

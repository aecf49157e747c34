"""A sample of output_calls.py. Usage: output_calls_test.py SOURCE_DIR BUILD_DIR"""

import output_calls
import stress

stress.sample_test(output_calls)

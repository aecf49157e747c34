"""A sample of failing_calls.py. Usage: failing_calls_test.py SOURCE_DIR BUILD_DIR"""

import failing_calls
import stress

stress.sample_test(failing_calls)

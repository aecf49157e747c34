"""A sample of hostile_environments.py. Usage: hostile_environments_test.py SOURCE_DIR BUILD_DIR"""

import hostile_environments
import stress

stress.sample_test(hostile_environments)

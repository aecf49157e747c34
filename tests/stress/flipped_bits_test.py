"""A sample of flipped_bits.py. Usage: flipped_bits_test.py SOURCE_DIR BUILD_DIR"""

import flipped_bits
import stress

stress.sample_test(flipped_bits)

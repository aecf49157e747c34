"""Counts of histograms, compiled."""

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def count(bins, usable, shift, counts):
    """@param bins, usable [measures, paths]  @param shift from bins to places in `counts`, by measure"""
    for m in range(bins.shape[0]):
        for k in range(bins.shape[1]):
            if usable[m, k]:
                counts[bins[m, k] + shift[m]] += np.uint32(1)

"""How everything is compiled: single precision throughout, sums in any order, no checks."""

import numba
import numpy as np

ZERO, ONE, TWO, TINY = (np.float32(x) for x in (0, 1, 2, 1e-9))
MILLION, MISSING = np.float32(0.73), np.float32(3.0e38)  # million USD a month of 1 kH100e at 1 USD per hour; no value
OPEN, WINDOW, QUOTA, BAN = range(4)
COMMERCIAL, PUBLIC, CAPTIVE, COMMUNITY = range(4)

FAST = {"reassoc", "contract", "arcp", "nsz"}
compiled = numba.njit(fastmath=FAST, error_model="numpy", cache=True)


@compiled
def greater(a, b):
    return a if a > b else b


@compiled
def lesser(a, b):
    return a if a < b else b


@compiled
def clip(x, low, high):
    return lesser(greater(x, low), high)


@compiled
def ratio_or(a, b, otherwise):
    return a / b if b > TINY else otherwise


@compiled
def blend(weight, at_zero, at_one):
    return at_zero + weight * (at_one - at_zero)

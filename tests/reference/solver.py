"""A plain solver for F(x) = 0: damped Newton, else bisection."""

TOLERANCE = 1e-12
GOOD_ENOUGH = 1e-10  # where rounding allows no better
STEP = 1e-7
LONGEST_STEP = 1.0
WIDEST = 10.0
MOST_STEPS = 400


def eliminate(matrix, right):
    """Solves a dense linear system by Gauss's elimination with row pivots."""
    n = len(right)
    rows = [list(row) + [b] for row, b in zip(matrix, right)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            for j in range(k, n + 1):
                rows[i][j] -= factor * rows[k][j]
    x = [0.0] * n
    for k in reversed(range(n)):
        x[k] = (rows[k][n] - sum(rows[k][j] * x[j] for j in range(k + 1, n))) / rows[k][k]
    return x


def worst(values):
    return max((abs(v) for v in values), default=0.0)


def jacobian(f, x, free):
    """By differences, of the markets in `free`."""
    base, columns = f(x), []
    for k in free:
        moved = list(x)
        moved[k] += STEP
        columns.append([(a - b) / STEP for a, b in zip(f(moved), base)])
    return [[column[i] for column in columns] for i in free]


def newton(f, x, left):
    """A damped step that leaves less to solve, or None where there is none."""
    free = [k for k in range(len(x)) if left[k] != 0.0]
    try:
        steps = eliminate(jacobian(f, x, free), [-left[k] for k in free])
    except ZeroDivisionError:
        return None
    for damping in (1.0, 0.5, 0.25, 0.125):
        trial = list(x)
        for k, step in zip(free, steps):
            trial[k] = x[k] + damping * max(-LONGEST_STEP, min(LONGEST_STEP, step))
        if worst(f(trial)) < worst(left):
            return trial
    return None


def sweep(f, x):
    """One market after the other to the zero of its own F, which rises with its own price."""
    x = list(x)
    for k in range(len(x)):
        low, high = x[k] - WIDEST, x[k] + WIDEST
        for _ in range(60):
            x[k] = 0.5 * (low + high)
            low, high = (x[k], high) if f(x)[k] < 0 else (low, x[k])
        x[k] = high
    return x


def solve(f, x):
    """@returns the solution, from a first guess x. Raises ArithmeticError where none is found."""
    for _ in range(MOST_STEPS):
        left = f(x)
        if worst(left) < TOLERANCE:
            return x
        better = newton(f, x, left)
        if better is None and worst(left) < GOOD_ENOUGH:
            return x
        x = better or sweep(f, x)
    raise ArithmeticError(f"no equilibrium found: {worst(left):.1e} is left after {MOST_STEPS} steps")

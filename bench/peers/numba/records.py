"""Parameters, state and flows as NumPy records: Numba knows every size when it compiles."""

from collections import namedtuple

import numpy as np

from array_model.parameters import INDICES, read_parameters

F, I = np.float32, np.int32
GROUPS = "shocks chips trade regions providers finance demand downstream solver".split()
Parameters = namedtuple("Parameters", [*GROUPS, "calendar", "noise", "seeds"])


def record_of(members):
    """@param members arrays by name"""
    kinds = np.dtype([(name, array.dtype, array.shape) for name, array in members.items()], align=True)
    out = np.zeros(1, kinds)
    for name, array in members.items():
        out[name][0] = array
    return out


def without_paths(array, is_index):
    return array if is_index or array.ndim == 0 else array[..., 0]


def read_records(path):
    """@returns parameters for the compiled functions, and the sizes"""
    p = read_parameters(path, np)
    p.chips.export_class = np.where(p.is_restricted[:, 0], p.chips.export_class, -1)
    groups = {}
    for group in GROUPS:
        indices = INDICES.get(group, "").split()
        members = {
            name: without_paths(array, name in indices)
            for name, array in vars(getattr(p, group)).items()
            if not name.endswith("_of")
        }
        groups[group] = record_of({name: array for name, array in members.items() if array.size})[0]
    months = []
    for t in range(p.size.months):
        members = {name: without_paths(column[t], column.ndim == 1) for name, column in p.calendar.items()}
        months.append(record_of({name: np.asarray(array) for name, array in members.items() if array.size}))
    noise = np.array([False] + list(p.noise.values()))
    return (
        Parameters(**groups, calendar=np.concatenate(months), noise=noise, seeds=np.array(p.seeds, np.uint64)),
        p.size,
    )


def kinds_of(z):
    """Kinds of record of a path's state and of a month's flows."""
    r, c, u, s, m = z.regions, z.classes, z.units, z.segments, z.regions * z.classes
    state = [
        (name, F, shape)
        for shape, names in (
            ((), "efficiency reversal start_demand start_chip_index start_cloud"),
            (s, "demand segment_price start_compute start_token start_markup start_bill"),
            (z.pools, "fab"),
            (max(z.outages, 1), "outage"),
            (max(z.component_pools, 1), "component"),
            (r, "power queue grid war"),
            (c, "chip_price stock"),
            (m, "log2_price"),
            (u, "cash alive"),
            ((u, c), "spending waiting young old"),
            ((3, u, c), "pipeline"),
        )
        for name in names.split()
    ]
    state += [(name, I, (z.export_classes, r)) for name in ("regime", "regime_at_order")]
    flows = [
        (name, F, shape)
        for shape, names in (
            (
                (),
                "capital_spending world_demand world_fleet world_rented world_price running_offered capital_offered "
                "application_margin cheapest",
            ),
            ((u, c), "multiple delivered running offer capacity reserved rented"),
            (
                r,
                "leaked available electricity used powered installed_share installs domestic_installs idle power_bound "
                "region_fleet region_rented regional_price utilisation theta group part mean inverse committed "
                "site_share",
            ),
            (
                s,
                "open_share public_share public_cost compute_price segment_demand token_price user_bill priced_out "
                "level sum quantity",
            ),
            (
                m,
                "price least_demand inverse_price demand elasticity market_power residual slope lever relative bought "
                "own step step_share",
            ),
            ((c, u), "market_capacity market_offer"),
            ((r, r), "pull step_matrix"),
            ((r, c), "shipped"),
            (c, "orders produced pool_weight arrives share q"),
            (5, "largest concentration"),
            (4, "common z"),
            (3, "jump"),
            (1 + s, "demand_draws"),
            (1 + r, "power_draws"),
            (1 + z.pools, "fab_draws"),
            ((r, 4), "site"),
            (1, "one"),
            (2 * max(r, z.outages, z.component_pools), "pairs"),
            (z.owners, "of_owner owner_count"),
            (u, "revenue costs fixed_charge unit_fleet unit_orders"),
            (4, "price_change"),
            (3, "pass_through"),
        )
        for name in names.split()
    ]
    flows += [("active", I, m), ("leaves", I, u), ("solved", I), ("iterations", I), ("words", np.uint32, 4)]
    return np.dtype(state, align=True), np.dtype(flows, align=True)

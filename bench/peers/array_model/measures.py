"""What is measured (docs/model.md, section 7), in the order of the program's table of measures."""

import numpy as np

from array_model.parameters import MISSING, TINY, by_region, ratio_or


def largest_five(xp, firms, counts):
    """Keeps the five largest in falling order; five equal firms or more are entered at once."""
    held = [xp.zeros_like(firms[0])] * 5
    for firm, count in zip(firms, counts):
        if count >= 5:
            held = [xp.maximum(one, firm) for one in held]
            continue
        for _ in range(int(count)):
            value = firm
            for k in range(5):
                held[k], value = xp.maximum(held[k], value), xp.minimum(held[k], value)
    return held


def concentration(p, value, count):
    """(7.1): HHI and the shares of the largest one, three, four and five firms, of groups of equal firms"""
    xp = p.xp
    total = value.sum(0)
    inverse = xp.where(total < np.float32(TINY), np.float32(0), 1 / xp.maximum(total, np.float32(TINY)))
    firm = value / count.reshape(-1, *[1] * (value.ndim - 1))
    one, two, three, four, five = largest_five(xp, firm, count)
    sums = xp.stack([one, one + two + three, one + two + three + four, one + two + three + four + five])
    hhi = (value * firm).sum(0) * (inverse * inverse) * np.float32(10000)
    return xp.concatenate([hhi[None], xp.minimum(sums * inverse, np.float32(1))])


def by_owner(p, of_units):
    """Sums units to owners; most owners have one unit."""
    rows = [np.flatnonzero(p.providers.owner == o) for o in range(p.size.owners)]
    return p.xp.stack([of_units[units[0]] if len(units) == 1 else sum(of_units[u] for u in units) for units in rows])


def measure(p, s, f, is_start):
    """@returns the row of measures [measures, paths]"""
    xp, v, z = p.xp, p.providers, p.size
    missing = lambda values: xp.full_like(values, MISSING)
    flow = missing if is_start else lambda values: values
    both = xp.stack([f["unit_fleet"], f["revenue"]], 1)  # [U, 2, paths]: concentration of both at once
    of_owner = by_owner(p, both)
    owner_count = np.array([v.count[v.owner == o][0] for o in range(z.owners)])
    world = concentration(p, of_owner, owner_count)  # [5, 2, paths]
    regional = xp.stack([concentration(p, both[units], v.count[units]) for units in p.slices], 1)  # [5, R, 2, paths]
    share = ratio_or(p, f["region_fleet"], f["world_fleet"], 0)
    firms = (s["alive"] * v.count[:, None]).sum(0)
    domestic = ratio_or(p, f["domestic_installs"], f["installs"], MISSING)
    domestic = xp.where(p.is_home.any(1), domestic, MISSING)
    rows = [
        f["world_price"],
        f["regional_price"],
        xp.where(f["active"], f["price"], MISSING),
        s["chip_price"],
        f["compute_price"],
        f["token_price"],
        ratio_or(p, f["world_rented"], f["world_fleet"], MISSING),
        f["utilisation"],
        xp.zeros_like(share),
        f["world_demand"],
        f["world_fleet"],
        f["region_fleet"],
        share,
        ratio_or(p, f["used_power"], f["available"], 1),
        f["idle"],
        f["power_bound"],
        world[:, 0],
        world[:, 1],
        regional[:, :, 0],
        regional[:, :, 1],
        (share * share).sum(0) * np.float32(10000),
        of_owner[:, 0] / xp.maximum(f["world_fleet"], np.float32(TINY)),
        firms,
        v.count.sum() - firms,
        s["war"],
        s["regime"].astype(np.float32),
        s["reversal"],
        flow(f["installs"]),
        domestic,
        flow(f["leaked"]),
        flow(f["capital_spending"]),
        xp.exp2(s["efficiency"]),
        f["price_change"],
        f["pass_through"],
        f["user_bill"],
        f["priced_out"],
        f["application_margin"],
    ]
    paths = f["world_price"].shape[-1]
    return xp.concatenate([row.reshape(-1, paths) for row in rows])

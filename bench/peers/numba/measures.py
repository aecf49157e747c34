"""What is measured (docs/model.md, section 7), in the order of the program's table of measures."""

import numpy as np
from compiled import MISSING, ONE, TINY, ZERO, compiled, greater, lesser, ratio_or

POINTS = np.float32(10000)


@compiled
def concentration(value, count, first, end, largest, out):
    """(7.1): HHI and the shares of the largest one, three, four and five firms, of groups of equal firms"""
    total = squares = ZERO
    largest[:] = ZERO
    for k in range(first, end):
        firm = value[k] / count[k]
        total += value[k]
        squares += value[k] * firm
        copy = 0
        while copy < 5 and copy < count[k] and firm > largest[4]:
            place = 4
            while place > 0 and firm > largest[place - 1]:
                largest[place] = largest[place - 1]
                place -= 1
            largest[place] = firm
            copy += 1
    inverse = ZERO if total < TINY else ONE / total
    out[0] = squares * (inverse * inverse) * POINTS
    out[1] = lesser(largest[0] * inverse, ONE)
    three = largest[0] + largest[1] + largest[2]
    out[2], out[3] = lesser(three * inverse, ONE), lesser((three + largest[3]) * inverse, ONE)
    out[4] = lesser((three + largest[3] + largest[4]) * inverse, ONE)


@compiled
def put(row, at, values):
    """@returns the place after these"""
    for k in range(values.shape[0]):
        row[at + k] = values[k]
    return at + values.shape[0]


@compiled
def put_concentration(p, f, row, at):
    """@returns the place after these"""
    regions, owners, of_owner, count = f.region_fleet.shape[0], f.of_owner.shape[0], f.of_owner, f.owner_count
    for values in (f.unit_fleet, f.revenue):
        of_owner[:] = ZERO
        for i in range(values.shape[0]):
            of_owner[p.providers.owner[i]] += values[i]
            count[p.providers.owner[i]] = p.providers.count[i]
        concentration(of_owner, count, 0, owners, f.largest, row[at : at + 5])
        at += 5
    out = f.concentration
    for values in (f.unit_fleet, f.revenue):
        for r in range(regions):
            concentration(values, p.providers.count, p.providers.first[r], p.providers.first[r + 1], f.largest, out)
            for k in range(5):
                row[at + k * regions + r] = out[k]
        at += 5 * regions
    return at


@compiled
def measure(p, is_start, s, f, row):
    regions, classes, owners = s.war.shape[0], s.chip_price.shape[0], f.of_owner.shape[0]
    row[0] = f.world_price
    at = put(row, 1, f.regional_price)
    for m in range(f.price.shape[0]):
        row[at + m] = f.price[m] if f.active[m] else MISSING
    at = put(row, at + f.price.shape[0], s.chip_price)
    at = put(row, at, f.compute_price)
    at = put(row, at, f.token_price)
    row[at] = ratio_or(f.world_rented, f.world_fleet, MISSING)
    at = put(row, at + 1, f.utilisation)
    row[at : at + regions] = ZERO  # unserved_share: there are no ceilings
    at += regions
    row[at], row[at + 1] = f.world_demand, f.world_fleet
    at = put(row, at + 2, f.region_fleet)
    country_hhi = ZERO
    for r in range(regions):
        share = ratio_or(f.region_fleet[r], f.world_fleet, ZERO)
        country_hhi += share * share * POINTS
        row[at + r] = share
        row[at + regions + r] = ratio_or(f.used[r], f.available[r], ONE)
    at = put(row, at + 2 * regions, f.idle)
    at = put(row, at, f.power_bound)
    at = put_concentration(p, f, row, at)
    row[at] = country_hhi
    at += 1
    row[at : at + owners] = ZERO
    firms = all_firms = ZERO
    for i in range(s.cash.shape[0]):
        row[at + p.providers.owner[i]] += f.unit_fleet[i] / greater(f.world_fleet, TINY)
        firms += s.alive[i] * p.providers.count[i]
        all_firms += p.providers.count[i]
    at += owners
    row[at], row[at + 1] = firms, all_firms - firms
    at = put(row, at + 2, s.war)
    for x in range(s.regime.shape[0]):
        for r in range(regions):
            row[at + x * regions + r] = s.regime[x, r]
    at += s.regime.shape[0] * regions
    row[at] = s.reversal
    at += 1
    for r in range(regions):
        has_own = False
        for c in range(classes):
            has_own = has_own or p.chips.home[c] == r
        domestic = ratio_or(f.domestic_installs[r], f.installs[r], MISSING) if has_own else MISSING
        row[at + r] = MISSING if is_start else f.installs[r]
        row[at + regions + r] = domestic
        row[at + 2 * regions + r] = MISSING if is_start else f.leaked[r]
    at += 3 * regions
    row[at], row[at + 1] = MISSING if is_start else f.capital_spending, np.exp2(s.efficiency)
    at = put(row, at + 2, f.price_change)
    at = put(row, at, f.pass_through)
    at = put(row, at, f.user_bill)
    at = put(row, at, f.priced_out)
    row[at] = f.application_margin

"""Rental markets: what enters the clearing (docs/model.md, 5a) and what follows from it (5f)."""

import numpy as np
from chips import committed_capacity
from clearing import clear_markets
from compiled import COMMUNITY, MILLION, MISSING, ONE, PUBLIC, TINY, ZERO, blend, compiled, greater, lesser, ratio_or


@compiled
def demand_at(p, s, k, log2_price):
    """(5.7)"""
    return np.exp2(s.demand[k] + p.demand.efficiency_exponent[k] * s.efficiency - p.demand.elasticity[k] * log2_price)


@compiled
def make_offers(p, month, s, f):
    """(5.1) to (5.3), and the fixed charge (4.14)"""
    for i in range(f.capacity.shape[0]):
        r = p.providers.region[i]
        capital_share = blend(s.war[r], p.regions.capital_share[r], p.regions.war_capital_share[r])
        if p.providers.kind[i] == COMMUNITY:
            capital_share = ZERO
        whole = charge = ZERO
        f.unit_orders[i] = committed_capacity(p, s, i)
        for c in range(f.capacity.shape[1]):
            fleet = p.chips.perf[c] * (s.young[i, c] + s.old[i, c])
            capital = p.chips.capital_hours[c] * s.chip_price[c] * f.multiple[i, c]
            energy = f.electricity[r] * p.chips.power_kw[c] * p.chips.inverse_perf[c]
            f.running[i, c] = energy + p.providers.operations[i]
            f.offer[i, c] = f.running[i, c] + capital_share * capital
            f.capacity[i, c] = fleet * p.providers.occupancy_limit[i] * f.powered[r]
            f.reserved[i, c] = ZERO
            whole += fleet
            charge += p.chips.capital_hours[c] * month.list_price[c] * p.chips.system_multiple[c] * fleet
        f.unit_fleet[i] = whole
        f.fixed_charge[i] = charge * MILLION * p.finance.fixed_capital_share * p.providers.cost_multiple[i]


@compiled
def serve_own_segments(p, s, f):
    """(5.4)"""
    f.open_share[:], f.public_share[:], f.public_cost[:] = ONE, ZERO, ZERO
    segments, classes = f.open_share.shape[0], f.capacity.shape[1]
    for i in range(f.capacity.shape[0]):
        if not p.providers.reserved_share[i] > ZERO:
            continue
        need = capacity = cost = ZERO
        for k in range(segments):
            if p.providers.serves[i, k] > ZERO:
                need += f.open_share[k] * demand_at(p, s, k, s.segment_price[k])
        for c in range(classes):
            capacity += f.capacity[i, c]
            cost += f.capacity[i, c] * f.offer[i, c]
        served = lesser(p.providers.reserved_share[i] * capacity / greater(need, TINY), np.float32(0.95))
        for k in range(segments):
            if p.providers.serves[i, k] > ZERO:
                portion = f.open_share[k] * served
                f.open_share[k] -= portion
                if p.providers.kind[i] == PUBLIC:
                    f.public_share[k] += portion
                    f.public_cost[k] += portion * cost / greater(capacity, TINY)
        used = lesser(served * need / greater(capacity, TINY), ONE)
        for c in range(classes):
            f.reserved[i, c] = f.capacity[i, c] * used
            f.capacity[i, c] -= f.reserved[i, c]


@compiled
def settle(p, s, f):
    world_demand = world_fleet = world_rented = world_value = running_offered = capital_offered = ZERO
    for k in range(f.compute_price.shape[0]):
        f.compute_price[k] = (ONE - f.public_share[k]) * np.exp2(s.segment_price[k]) + f.public_cost[k]
        f.segment_demand[k] = demand_at(p, s, k, s.segment_price[k])
        world_demand += f.segment_demand[k]
    classes = f.capacity.shape[1]
    for r in range(f.region_fleet.shape[0]):
        value = rented = fleet = ZERO
        for i in range(p.providers.first[r], p.providers.first[r + 1]):
            revenue = running = ZERO
            for c in range(classes):
                price, used = f.price[r * classes + c], f.rented[i, c] + f.reserved[i, c]
                own_price = f.offer[i, c] if p.providers.kind[i] == PUBLIC else price
                revenue += price * f.rented[i, c] + own_price * f.reserved[i, c]
                running += f.running[i, c] * used
                capital_offered += (f.offer[i, c] - f.running[i, c]) * used
                value += price * used
                rented += used
            f.revenue[i] = revenue * MILLION
            f.costs[i] = running * MILLION + f.fixed_charge[i]
            running_offered += running
            fleet += f.unit_fleet[i]
        f.region_rented[r], f.region_fleet[r] = rented, fleet
        f.regional_price[r] = ratio_or(value, rented, MISSING)
        f.utilisation[r] = ratio_or(rented, fleet, MISSING)  # (5.19)
        world_fleet += fleet
        world_rented += rented
        world_value += value
    f.world_demand, f.world_fleet, f.world_rented = world_demand, world_fleet, world_rented
    f.running_offered, f.capital_offered = running_offered, capital_offered
    f.world_price = ratio_or(world_value, world_rented, MISSING)


@compiled
def clear_rental_markets(p, month, s, f):
    make_offers(p, month, s, f)
    serve_own_segments(p, s, f)
    clear_markets(p, s, f)
    settle(p, s, f)

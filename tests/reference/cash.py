"""Cash and exit (docs/model.md, 4f)."""

from tables import HOURS


def fixed_charge(s, state, t, unit):
    """(4.14), million USD a month"""
    return 1e-3 * HOURS * s.fixed_capital_share * unit.cost_multiple * sum(
        chip.capital_per_hour * chip.list_price_at(t) * chip.system_multiple
        * chip.performance * state.fleets[unit.name].installed(c) for c, chip in s.chips.items())


def start_cash(s, state):
    for u in s.units:
        state.fleets[u.name].cash = u.runway * fixed_charge(s, state, 0, u)


def settle_cash(s, state, t, month):
    """(4.16)"""
    for u in s.units:
        costs = sum(o.running_cost * (o.sold + o.own)
                    for offers in month.offers.values() for o in offers if o.unit is u)
        state.fleets[u.name].cash += month.revenue[u.name] - 1e-3 * HOURS * costs - fixed_charge(s, state, t, u)


def size(s, fleet):
    return sum(chip.performance * fleet.installed(c) for c, chip in s.chips.items())


def leave(s, state):
    """(4.17)"""
    leaving = [u for u in s.units
               if state.fleets[u.name].active and not u.deep_pockets and state.fleets[u.name].cash < 0]
    for u in leaving:
        state.fleets[u.name].active = False
    for region in s.regions:
        hand_over(s, state, region, [u for u in leaving if u.region == region])


def hand_over(s, state, region, leaving):
    survivors = [state.fleets[u.name] for u in s.units_in(region) if state.fleets[u.name].active]
    sizes = [size(s, fleet) for fleet in survivors]
    for c in s.chips:
        total = [0.0] * 6
        for u in leaving:
            total = [a + b for a, b in zip(total, holdings(state.fleets[u.name], c))]
            set_holdings(state.fleets[u.name], c, [0.0] * 6)
        for fleet, its_size in zip(survivors, sizes):
            part = s.transfer_share * its_size / sum(sizes) if sum(sizes) > 0 else 0.0
            set_holdings(fleet, c, [a + part * b for a, b in zip(holdings(fleet, c), total)])


def holdings(fleet, c):
    return [fleet.young[c], fleet.old[c], fleet.waiting[c], *fleet.stages[c]]


def set_holdings(fleet, c, chips):
    fleet.young[c], fleet.old[c], fleet.waiting[c] = chips[:3]
    fleet.stages[c] = chips[3:]

"""Cases at random: most numbers of configs/smoke.toml drawn anew, one case a seed, tame or hostile as it comes."""

import random

from cases import STAY, Case

RULE = "export.frontier.cn."
POWER = {"us": 1500, "cn": 450}
CAPEX = {"alpha-us": 18e9, "alpha-cn": 2e9, "beta": 9e9, "civic": 1e9, "small-us": 3e9}
DEMAND = {"lab-us": 520, "firms-us": 420, "users-cn": 200}
ABROAD = {"lab-us": "cn", "firms-us": "cn", "users-cn": "us"}


def between(g, low, high):
    return round(g.uniform(low, high), 4)


def around(g, value, decades):
    """A value up to so many powers of ten away."""
    return round(value * 10 ** g.uniform(-decades, decades), 4)


def regions(g):
    for r, power in POWER.items():
        key = f"region.{r}."
        yield key + "power_mw", around(g, power, 0.2)
        yield key + "power_growth_per_year", between(g, 0, 1)
        yield key + "conduct", between(g, 0, 0.9)
        yield key + "capital_share", between(g, 0, 1)
        yield key + "share_cap", g.choice([1, between(g, 0.05, 1)])
        yield key + "war.trigger", between(g, 0, 1)
        yield key + "war.start_probability", between(g, 0, 1)
        yield key + "grid_shock.per_year", between(g, 0, 4)
        yield key + "grid_shock.cut", between(g, 0, 1)
        if g.random() < 0.3:
            yield key + "price_ceiling_usd", between(g, 0.8, 4)
    yield "region.cn.domestic_floor", between(g, 0, 1)


def chips(g):
    for c in ("h200", "n910"):
        key = f"chip.{c}."
        yield key + "life_months", between(g, 6, 80)
        yield key + "lead_time_months", between(g, 3, 20)
        yield key + "order_elasticity", between(g, 0, 4)
        yield key + "price_cap", between(g, 1, 3)
        yield key + "price_floor", between(g, 0.2, 1)
        yield key + "stock_limit_months", between(g, 0, 6)
        if g.random() < 0.3:
            yield key + "fab_pool", "leading"
    yield "outage.earthquake.per_year", between(g, 0, 4)
    yield "component_pool.cooling.mw_per_month", around(g, 30, 1)
    yield "component_pool.cooling.outages_per_year", between(g, 0, 4)


def chain_row(g):
    """Chances of the four regimes, in whole per cent."""
    cuts = sorted(g.randrange(101) for _ in range(3))
    return [(b - a) / 100 for a, b in zip([0] + cuts, cuts + [100])]


def rules(g):
    yield RULE + "transition", {row: chain_row(g) for row in STAY}
    yield RULE + "leak_share", between(g, 0, 1)
    yield RULE + "quota_thousand_per_month", between(g, 0, 5)
    yield "sentiment.to_reversal_per_year", between(g, 0, 3)
    yield "market.sigma", between(g, 2.5, 9)
    yield "market.kink", around(g, 0.04, 0.9)
    yield "market.pool_steer", between(g, 0, 4)


def providers(g):
    for name, budget in CAPEX.items():
        key = f"provider.{name}."
        yield key + "capex_usd_per_year", around(g, budget, 0.8)
        yield key + "cost_multiple", between(g, 0.5, 2.5)
        yield key + "deep_pockets", g.random() < 0.3
        yield key + "runway_months", between(g, 0, 20)
        yield key + "cost_dispersion", between(g, 0.01, 0.5)
        yield key + "priority", between(g, 0.1, 5)
        yield key + "frictional_vacancy", between(g, 0, 0.5)
    yield "provider.beta.reserved_share", between(g, 0.05, 0.95)
    yield "provider.civic.reserved_share", between(g, 0.05, 0.95)
    yield "provider.small-us.count", g.choice([2, 20, 500])


def segments(g):
    for name, demand in DEMAND.items():
        key = f"segment.{name}."
        yield key + "demand_kh100e", around(g, demand, 0.6)
        yield key + "elasticity", between(g, 1, 2.2)
        yield key + "allowance_response", between(g, 0, 3)
        yield key + "allowance_million", between(g, 0, 1)
        yield key + "taste", {"h200": between(g, 0.3, 1.5), "n910": between(g, 0.1, 1.5)}
        yield key + "trade_cost", {ABROAD[name]: between(g, 1, 3)}


def finance(g):
    yield "finance.arms_race", between(g, 0, 3)
    yield "finance.class_choice", between(g, 0, 8)
    yield "finance.q_exponent", between(g, 0, 3)
    yield "finance.fixed_capital_share", between(g, 0, 1)
    yield "finance.transfer_share", between(g, 0, 1)


def random_case(seed):
    g = random.Random(seed)
    edits = {}
    for part in (regions, chips, rules, providers, segments, finance):
        edits.update(part(g))
    return Case(f"random scenario {seed}", edits, seen=lambda rows: True)

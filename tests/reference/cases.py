"""Cases for the comparison: the small market of configs/smoke.toml, with one mechanism after the other at work."""

from dataclasses import dataclass, field
from typing import Callable

from draws import SOURCES

SURE = 50.0  # arrivals a year: 98 % a month
STAY = {"open": [1, 0, 0, 0], "window": [0, 1, 0, 0], "quota": [0, 0, 1, 0], "ban": [0, 0, 0, 1]}


@dataclass
class Case:
    name: str
    edits: dict  # key path as in the program's --set -> value
    seen: Callable  # rows -> whether the mechanism was at work, so that the comparison is not empty
    noise_only: bool = False  # the mechanism needs draws
    single: bool = True  # whether single precision is compared too
    extra: dict = field(default_factory=dict)  # tables to append


def only(*sources):
    """Freezes all sources but these."""
    return {"freeze.sources": [s for s in SOURCES if s not in sources]}


def some(measure, condition):
    """In some month."""
    return lambda rows: any(row[measure] is not None and condition(row[measure]) for row in rows)


def at_end(measure, condition):
    """In the last month over the first."""
    return lambda rows: condition(rows[-1][measure] / rows[0][measure])


def every(*conditions):
    return lambda rows: all(condition(rows) for condition in conditions)


def schedule(*entries):
    return [{"date": date, "regime": regime} for date, regime in entries]


def policy(name, key, value, region="cn", start="2026-04", **more):
    return {"name": name, "from": start, "region": region, "key": key, "value": value, **more}


RULE = "export.frontier.cn."

TRADE = [
    Case("smoke as it is", {}, some("regime[frontier,cn]", lambda x: x == 2)),
    Case("ban with leaks, then open again",
         {RULE + "start": "open", RULE + "transition": STAY, "scenario.months": 18,
          RULE + "schedule": schedule(("2026-06", "ban"), ("2027-02", "open"))},
         every(some("regime[frontier,cn]", lambda x: x == 3), some("leaked_chips[cn]", lambda x: x > 0.1))),
    Case("quota with leaks",
         {RULE + "start": "quota", RULE + "transition": STAY, RULE + "schedule": [],
          RULE + "quota_thousand_per_month": 1.0},
         some("leaked_chips[cn]", lambda x: x > 0.05)),
    Case("window, stockpile, surcharge",
         {RULE + "transition": STAY, RULE + "schedule": [], RULE + "stockpile": 3.0,
          RULE + "surcharge": {"window": 0.6}},
         some("regime[frontier,cn]", lambda x: x == 1)),
    Case("regimes drawn",
         {RULE + "transition": {row: [0.25] * 4 for row in STAY}, RULE + "schedule": [], **only("export_regime")},
         every(*(some("regime[frontier,cn]", lambda x, k=k: x == k) for k in range(4))), noise_only=True),
    Case("all classes banned", {RULE + "start": "ban", RULE + "transition": STAY, RULE + "schedule": []},
         some("leaked_chips[cn]", lambda x: x > 0.1),
         extra={"export": [{"class": "legacy", "region": "cn", "start": "ban", "leak_share": 0.3}]}),
    Case("cap on the share of the world", {"region.cn.share_cap": 0.2, RULE + "leak_share": 0.4},
         some("leaked_chips[cn]", lambda x: x > 0.1)),
    Case("domestic floor", {"region.cn.domestic_floor": 0.6}, some("domestic_install_share[cn]", lambda x: x > 0.3)),
    Case("domestic floor in a window",
         {"region.cn.domestic_floor": 0.5, RULE + "transition": STAY, RULE + "schedule": [], RULE + "stockpile": 4.0},
         every(some("regime[frontier,cn]", lambda x: x == 1), some("domestic_install_share[cn]", lambda x: x > 0.2))),
    Case("subsidy", {}, at_end("fleet_share[cn]", lambda x: x > 1.1),
         extra={"policy": [policy("aid", "subsidy", 0.5, start="2026-03")]}),
]

SUPPLY = [
    Case("fab outage",
         {"outage.earthquake.per_year": SURE, "outage.earthquake.severity": [0.5, 0.9], **only("outage")},
         some("chip_price[h200]", lambda x: x > 35), noise_only=True),
    Case("grid shock with moratorium",
         {"region.us.grid_shock": {"per_year": SURE, "severity": [0.7, 1.0], "recovery_months": 3, "cut": 0.5,
                                   "moratorium": 0.9, "price_spike": 2.0}, **only("grid_shock")},
         every(some("power_share[us]", lambda x: x > 1.2), some("power_bound[us]", lambda x: x == 1)), noise_only=True),
    Case("short of parts", {"component_pool.cooling.mw_per_month": 6.0},
         every(some("power_bound[us]", lambda x: x == 1), some("idle_for_power[us]", lambda x: x > 1))),
    Case("parts outage",
         {"component_pool.cooling.outages_per_year": SURE, "component_pool.cooling.mw_per_month": 40.0,
          "component_pool.cooling.severity": [0.5, 0.9], **only("component")},
         some("power_bound[us]", lambda x: x == 1), noise_only=True),
    Case("power-bound region",
         {"region.us.power_mw": 1180, "region.us.power_growth_per_year": 0.05, "region.us.power_in_build_mw": 400,
          "region.cn.power_in_build_mw": 0},
         every(some("power_bound[us]", lambda x: x == 1), some("power_share[us]", lambda x: x > 0.999))),
    Case("power added by policy", {}, at_end("power_share[us]", lambda x: x < 1.2),
         extra={"policy": [policy("grid", "power_mw_added", 900, region="us", start="2026-01")]}),
    Case("chips at the price cap, one pool",
         {"chip.n910.fab_pool": "leading", "fab_pool.leading.capacity_thousand_per_month": 25, "market.pool_steer": 2.5,
          "chip.n910.home_region": "us", "region.cn.domestic_floor": 0.0},
         some("chip_price[h200]", lambda x: x > 40)),
    Case("chips at the price floor, stock limit",
         {"fab_pool.leading.capacity_thousand_per_month": 200, "chip.h200.stock_limit_months": 0.5},
         some("chip_price[h200]", lambda x: x < 23)),
    Case("nobody orders",
         {f"provider.{name}.capex_usd_per_year": 0.0 for name in ("alpha-us", "alpha-cn", "beta", "civic", "small-us")},
         some("chip_price[h200]", lambda x: x < 23)),
    Case("short lives, long leads",
         {"chip.h200.life_months": 12, "chip.h200.failure_per_year": 0.5, "chip.h200.lead_time_months": 14,
          "chip.n910.lead_time_months": 3},
         some("fleet[us]", lambda x: x < 1000)),
]

RENTAL = [
    Case("price ceiling", {}, some("unserved_share[us]", lambda x: x > 0.02),
         extra={"policy": [policy("cap", "price_ceiling_usd", 1.9, region="us", until="2027-03")]}),
    Case("price ceiling that sellers can meet",
         {"segment.lab-us.demand_kh100e": 200, "segment.firms-us.demand_kh100e": 150, "region.us.conduct": 0.8},
         every(some("rental_price[us,h200]", lambda x: abs(x - 1.35) < 1e-12), some("utilisation[us]", lambda x: x > 0.68),
               lambda rows: all(row["unserved_share[us]"] == 0 for row in rows)),
         extra={"policy": [policy("cap", "price_ceiling_usd", 1.35, region="us", until="2027-03")]}),
    Case("price ceiling out of reach", {"region.us.price_ceiling_usd": 50, "region.cn.price_ceiling_usd": 50},
         lambda rows: all(row["regional_price[us]"] < 25 for row in rows)),
    Case("price war",
         {"region.us.war": {"trigger": 0.99, "start_probability": 0.6, "end_probability": 0.3, "conduct": 0.01,
                            "capital_share": 0.1}, **only("conduct")},
         every(some("price_war[us]", lambda x: x == 1), some("price_war[us]", lambda x: x == 0)), noise_only=True),
    Case("community machines", {}, some("owner_share[homes]", lambda x: x > 0.05),
         extra={"provider": [{"name": "homes", "region": "us", "kind": "community", "count": 500, "deep_pockets": True,
                              "fleet_thousand": {"h200": 120}, "capex_usd_per_year": 1e8, "cost_dispersion": 0.5,
                              "operations_usd_per_h100e_hour": 1.5}]}),
    Case("own service, nearly all of it",
         {"provider.beta.reserved_share": 0.95, "provider.beta.serves": ["lab-us", "firms-us"],
          "provider.civic.reserved_share": 0.95, "provider.civic.fleet_thousand": {"n910": 600},
          "segment.users-cn.demand_kh100e": 120},
         some("utilisation[cn]", lambda x: x < 0.5)),
    Case("price takers and strong players",
         {"region.us.conduct": 0.0, "region.cn.conduct": 0.9, "provider.alpha-cn.conduct_weight": 1.15,
          "provider.civic.conduct_weight": 0.0, "segment.users-cn.demand_kh100e": 60, "segment.lab-us.trade_cost": {}},
         every(some("utilisation[cn]", lambda x: x < 0.7), some("regional_price[cn]", lambda x: x > 2))),
]

FIRMS = [
    Case("exit, chips go to the survivors",
         {"provider.small-us.runway_months": 1, "provider.small-us.cost_multiple": 2.5,
          "segment.firms-us.demand_kh100e": 150, "finance.fixed_capital_share": 0.9},
         some("exits", lambda x: x == 20)),
    Case("a region that nobody survives in",
         {"provider.alpha-cn.deep_pockets": False, "provider.alpha-cn.runway_months": 2,
          "provider.civic.deep_pockets": False, "provider.civic.runway_months": 4, "segment.users-cn.demand_kh100e": 20,
          "segment.users-cn.trade_cost": {"us": 1.2}, "segment.lab-us.trade_cost": {},
          "finance.fixed_capital_share": 1.0},
         every(some("exits", lambda x: x >= 2), some("regional_cr1_fleet[cn]", lambda x: x == 0))),
    Case("users left without a market",
         {"provider.alpha-cn.deep_pockets": False, "provider.alpha-cn.runway_months": 1,
          "provider.civic.deep_pockets": False, "provider.civic.runway_months": 3, "segment.users-cn.demand_kh100e": 20,
          "segment.lab-us.trade_cost": {}},
         some("compute_price[users-cn]", lambda x: x > 1e5)),
    Case("hardly any demand for a region's capacity",
         {"segment.users-cn.demand_kh100e": 1e-5, "segment.lab-us.trade_cost": {}},
         some("utilisation[cn]", lambda x: x < 1e-5)),
    Case("a class that nobody rents",
         {f"segment.{name}.taste": {"n910": 0.0} for name in ("lab-us", "firms-us", "users-cn")},
         lambda rows: all(row["rental_price[cn,n910]"] is None for row in rows)),
    Case("arms race",
         {"finance.arms_race": 3.0, "finance.arms_race_max": 3.0, "provider.beta.capex_usd_per_year": 3e9},
         at_end("owner_share[beta]", lambda x: x < 0.95)),
    Case("reversal from the start", {"sentiment.start": "reversal"}, some("sentiment_reversal", lambda x: x == 1)),
    Case("mood swings", {"sentiment.to_reversal_per_year": 6, "sentiment.to_boom_per_year": 6, **only("sentiment")},
         every(some("sentiment_reversal", lambda x: x == 1), some("sentiment_reversal", lambda x: x == 0)),
         noise_only=True),
]

USERS = [
    Case("efficiency jumps",
         {"efficiency.jumps_per_year": 6, "efficiency.jump_factor": [1.2, 1.6], **only("efficiency")},
         some("efficiency", lambda x: x > 5), noise_only=True),
    Case("allowances shrink",
         {"segment.users-cn.growth_per_year": 4.0, "segment.users-cn.allowance_million": 0.9,
          "segment.users-cn.allowance_response": 3.0, "segment.users-cn.base_fee_usd": 1.0},
         at_end("user_bill[users-cn]", lambda x: x > 1.5)),
]

CASES = TRADE + SUPPLY + RENTAL + FIRMS + USERS

"""A scenario file, read with tomllib, in the units of the model (docs/model.md, section 2)."""

import math
import tomllib
from dataclasses import dataclass

HOURS = 730.0
OPEN, WINDOW, QUOTA, BAN = "open", "window", "quota", "ban"
REGIMES = (OPEN, WINDOW, QUOTA, BAN)


@dataclass
class Growth:
    """(2.1): the growth of a level, in log2, in the month after month t."""

    start: float
    long_run: float
    half_life: float

    def __call__(self, t):
        fading = 2.0 ** (-t / self.half_life) if self.half_life > 0 else 1.0
        return math.log2(1.0 + self.long_run + (self.start - self.long_run) * fading) / 12.0


def growth(table, prefix="growth"):
    return Growth(table.get(f"{prefix}_per_year", 0.0), table.get(f"{prefix}_long_run_per_year", 0.0),
                  table.get(f"{prefix}_half_life_months", 0.0))


def monthly_chance(per_year):
    """(2.2)"""
    return 1.0 - math.exp(-per_year / 12.0)


@dataclass
class Hazard:
    """Arrivals and decay of a shock level (3.6)."""

    chance: float
    least: float
    largest: float
    persistence: float


def hazard(table, rate="per_year"):
    least, largest = table.get("severity", [0.1, 0.3])
    return Hazard(monthly_chance(table.get(rate, 0.0)), least, largest, math.exp(-1.0 / table.get("recovery_months", 6.0)))


@dataclass
class Region:
    name: str
    electricity: float
    power: float
    power_in_build: float | None
    power_growth: Growth
    build_delay: float
    power_volatility: float
    grid: Hazard
    cut: float
    moratorium: float
    price_spike: float
    conduct: tuple  # in peace, in a price war
    capital_share: tuple
    war_trigger: float
    war_start: float
    war_end: float
    levels: dict  # what policies may change: key -> value without a policy


def region(table):
    shock, war = table.get("grid_shock", {}), table.get("war", {})
    return Region(
        name=table["name"], electricity=table["electricity_usd_per_kwh"], power=table["power_mw"],
        power_in_build=table.get("power_in_build_mw"), power_growth=growth(table, "power_growth"),
        build_delay=table.get("build_delay_months", 18.0), power_volatility=table.get("power_volatility", 0.0),
        grid=hazard(shock), cut=shock.get("cut", 1.0), moratorium=shock.get("moratorium", 0.0),
        price_spike=shock.get("price_spike", 0.0),
        conduct=(table.get("conduct", 0.3), war.get("conduct", 0.02)),
        capital_share=(table.get("capital_share", 1.0), war.get("capital_share", 0.1)),
        war_trigger=war.get("trigger", 0.0), war_start=war.get("start_probability", 0.0),
        war_end=war.get("end_probability", 0.25),
        levels={"price_ceiling_usd": table.get("price_ceiling_usd", math.inf), "subsidy": table.get("subsidy", 0.0),
                "domestic_floor": table.get("domestic_floor", 0.0), "share_cap": table.get("share_cap", 1.0)})


@dataclass
class Chip:
    name: str
    performance: float  # H100e
    power: float  # kW
    list_price: float  # thousand USD, month 0
    decline: float
    system_multiple: float
    life: float
    failure: float  # a month
    lead_time: float
    pool: str
    export_class: str | None
    home: str | None
    floor: float
    cap: float
    order_elasticity: float
    wafers: float
    stock_limit: float
    stock: float
    index_weight: float

    def list_price_at(self, t):
        return self.list_price * (1.0 - self.decline) ** (t / 12.0)

    @property
    def capital_per_hour(self):
        """(4.15), for a delivered cost of one thousand USD a chip."""
        return 1000.0 / (self.life * HOURS * self.performance)


def chip(table):
    return Chip(
        name=table["name"], performance=table["perf_h100e"], power=table["power_kw"],
        list_price=table["list_price_usd"] / 1000.0, decline=table.get("list_price_decline_per_year", 0.0),
        system_multiple=table.get("system_multiple", 1.6), life=table.get("life_months", 60.0),
        failure=1.0 - (1.0 - table.get("failure_per_year", 0.03)) ** (1.0 / 12.0),
        lead_time=table.get("lead_time_months", 6.0), pool=table["fab_pool"],
        export_class=table.get("export_class"), home=table.get("home_region"), floor=table.get("price_floor", 0.7),
        cap=table.get("price_cap", 1.5), order_elasticity=table.get("order_elasticity", 1.0),
        wafers=table.get("wafers_per_chip", 1.0), stock_limit=table.get("stock_limit_months", 6.0),
        stock=table.get("stock_thousand", 0.0), index_weight=table.get("index_weight", 1.0))


@dataclass
class Pool:
    name: str
    capacity: float
    growth: Growth
    volatility: float


@dataclass
class ComponentPool:
    capacity: list  # MW by month, without shocks
    hazard: Hazard


@dataclass
class Outage:
    hazard: Hazard
    exposure: dict


@dataclass
class ExportRule:
    start: str
    transition: dict
    surcharge: dict  # by regime, the grey premium under a ban
    quota: float
    leak_share: float
    stockpile: float
    schedule: dict  # month -> regime


@dataclass
class Unit:
    name: str
    owner: str
    region: str
    kind: str
    firms: int
    fleet: dict
    old_share: float
    pipeline: dict
    budget: float  # million USD a month
    cost_multiple: float
    leverage: float
    deep_pockets: bool
    priority: float
    conduct_weight: float
    runway: float
    vacancy: float
    dispersion: float
    operations: float
    serves: list
    reserved: float


def unit(table):
    return Unit(
        name=table["name"], owner=table.get("owner", table["name"]), region=table["region"],
        kind=table.get("kind", "commercial"), firms=table.get("count", 1), fleet=table.get("fleet_thousand", {}),
        old_share=table.get("old_share", 0.3), pipeline=table.get("pipeline_thousand", {}),
        budget=table.get("capex_usd_per_year", 0.0) / 12e6, cost_multiple=table.get("cost_multiple", 1.0),
        leverage=table.get("leverage", 0.0), deep_pockets=table.get("deep_pockets", False),
        priority=table.get("priority", 1.0), conduct_weight=table.get("conduct_weight", 1.0),
        runway=table.get("runway_months", 12.0), vacancy=table.get("frictional_vacancy", 0.1),
        dispersion=table.get("cost_dispersion", 0.05), operations=table.get("operations_usd_per_h100e_hour", 0.3),
        serves=table.get("serves", []), reserved=table.get("reserved_share", 0.0))


@dataclass
class Segment:
    name: str
    home: str
    demand_log2: float  # at 1 USD, month 0
    elasticity: float
    growth: Growth
    volatility: float
    common_share: float
    taste: dict
    trade_cost: dict
    tokens_per_hour: float
    discount: float
    cloud_conduct: float
    application_conduct: float
    tightness: float
    fixed_cost_share: float
    tokens: float  # million a user and month
    allowance: float
    allowance_response: float
    base_fee: float
    willingness: float
    willingness_slope: float


def segment(table):
    elasticity = table.get("elasticity", 1.2)
    at_one_dollar = table["demand_kh100e"] * table.get("reference_price_usd", 2.5) ** elasticity
    return Segment(
        name=table["name"], home=table["home"], demand_log2=math.log2(at_one_dollar), elasticity=elasticity,
        growth=growth(table), volatility=table.get("volatility", 0.0), common_share=table.get("common_share", 0.5),
        taste=table.get("taste", {}), trade_cost=table.get("trade_cost", {}),
        tokens_per_hour=table.get("tokens_per_h100e_hour", 1e6), discount=table.get("discount", 0.0),
        cloud_conduct=table.get("cloud_conduct", 0.0), application_conduct=table.get("application_conduct", 0.0),
        tightness=table.get("tightness", 0.0), fixed_cost_share=table.get("fixed_cost_share", 0.0),
        tokens=table.get("tokens_per_user_million", 1.0), allowance=table.get("allowance_million", 0.0),
        allowance_response=table.get("allowance_response", 0.0), base_fee=table.get("base_fee_usd", 0.0),
        willingness=table.get("willingness_multiple", 5.0), willingness_slope=table.get("willingness_slope", 2.0))


@dataclass
class Policy:
    start: int
    end: int
    region: str
    export_class: str | None
    key: str
    value: float


class Scenario:
    """Everything the model needs to know, by name: regions, chips, pools, segments are dictionaries in file order."""

    def __init__(self, table):
        head = table["scenario"]
        self.first = month_number(head.get("start", "2026-01"))
        self.months = head.get("months", 72)
        self.seed = head.get("seed", 1)
        self.seeds = table.get("seeds", {})
        self.frozen = table.get("freeze", {}).get("sources", [])
        identity = [[float(i == j) for j in range(4)] for i in range(4)]
        self.correlation = table.get("correlation", {}).get("matrix", identity)
        self.regions = {t["name"]: region(t) for t in table["region"]}
        self.chips = {t["name"]: chip(t) for t in table["chip"]}
        self.pools = {t["name"]: Pool(t["name"], t["capacity_thousand_per_month"], growth(t), t.get("yield_volatility", 0.0))
                      for t in table["fab_pool"]}
        self.outages = [Outage(hazard(t), t["exposure"]) for t in table.get("outage", [])]
        self.components = [self.component_pool(t) for t in table.get("component_pool", [])]
        self.export_classes = [t["name"] for t in table.get("export_class", [])]
        self.rules = {(t["class"], t["region"]): self.export_rule(t) for t in table.get("export", [])}
        self.policies = [self.policy(t) for t in table.get("policy", [])]
        order = list(self.regions)
        self.units = sorted((unit(t) for t in table["provider"]), key=lambda u: order.index(u.region))
        self.segments = {t["name"]: segment(t) for t in table["segment"]}
        self.read_single_tables(table)

    def read_single_tables(self, table):
        mood = table.get("sentiment", {})
        self.starts_in_reversal = mood.get("start", "boom") == "reversal"
        self.to_reversal = monthly_chance(mood.get("to_reversal_per_year", 0.0))
        self.to_boom = monthly_chance(mood.get("to_boom_per_year", 0.0))
        self.reversal_drift = mood.get("reversal_demand_drift_per_year", 0.0)
        self.reversal_capex = mood.get("reversal_capex", 1.0)
        efficiency = table.get("efficiency", {})
        self.efficiency_growth = growth(efficiency)
        self.efficiency_volatility = efficiency.get("volatility", 0.0)
        self.jump_chance = monthly_chance(efficiency.get("jumps_per_year", 0.0))
        self.jump_log2 = [math.log2(factor) for factor in efficiency.get("jump_factor", [1.0, 1.0])]
        market = table.get("market", {})
        self.sigma = market.get("sigma", 6.0)
        self.kink = market.get("kink", 0.05)
        self.start_price = market.get("start_price_usd", 2.5)
        self.empty_capacity = market.get("empty_capacity_kh100e", 0.001)
        self.pool_steer = market.get("pool_steer", 1.0)
        finance = table.get("finance", {})
        defaults = {"fixed_capital_share": 0.7, "transfer_share": 0.5, "expected_decline": 0.7, "class_choice": 2.0,
                    "q_exponent": 1.0, "q_min": 0.2, "q_max": 2.0, "demand_exponent": 0.5, "arms_race": 0.0,
                    "arms_race_max": 1.5}
        for key, default in defaults.items():
            setattr(self, key, finance.get(key, default))
        application = table.get("application", {})
        self.application_segment = application.get("segment", next(iter(self.segments)))
        self.paid_share = application.get("paid_share", 0.1)
        self.revenue_per_payer = application.get("arpu_usd", 30.0)
        self.application_tokens = application.get("tokens_per_user_million", 1.0)
        self.application_token_price = application.get("token_price_usd_per_million", 5.0)

    def month(self, text):
        return month_number(text) - self.first

    def component_pool(self, table):
        rate, capacity = growth(table), [float(table["mw_per_month"])]
        for t in range(self.months):
            capacity.append(capacity[-1] * 2.0 ** rate(t))
        return ComponentPool(capacity, hazard(table, "outages_per_year"))

    def export_rule(self, table):
        surcharge = {regime: table.get("surcharge", {}).get(regime, 0.0) for regime in (OPEN, WINDOW, QUOTA)}
        surcharge[BAN] = table.get("grey_premium", 0.0)
        rows = {name: dict(zip(REGIMES, row)) for name, row in table.get("transition", {}).items()}
        return ExportRule(
            start=table.get("start", OPEN), surcharge=surcharge,
            transition={regime: rows.get(regime, {regime: 1.0}) for regime in REGIMES},
            quota=table.get("quota_thousand_per_month", 0.0), leak_share=table.get("leak_share", 0.0),
            stockpile=table.get("stockpile", 1.0),
            schedule={self.month(s["date"]): s["regime"] for s in table.get("schedule", [])})

    def policy(self, table):
        end = self.month(table["until"]) if "until" in table else self.months
        return Policy(self.month(table["from"]), end, table["region"], table.get("class"), table["key"], table["value"])

    def level(self, region_name, key, t):
        """A value of a region in month t, after policies; of two policies the later in the file holds."""
        return self.after_policies(self.regions[region_name].levels[key], region_name, key, None, t)

    def quota(self, export_class, region_name, t):
        rule = self.rules[export_class, region_name]
        return self.after_policies(rule.quota, region_name, "quota_thousand_per_month", export_class, t)

    def after_policies(self, value, region_name, key, export_class, t):
        for policy in self.policies:
            same = (policy.region, policy.key, policy.export_class) == (region_name, key, export_class)
            if same and policy.start <= t < policy.end:
                value = policy.value
        return value

    def surcharge(self, export_class, region_name, regime):
        rule = self.rules.get((export_class, region_name))
        return rule.surcharge[regime] if rule else 0.0

    def units_in(self, region_name):
        return [u for u in self.units if u.region == region_name]

    def source_seeds(self, run_seed, no_shocks):
        """Seed by source; frozen sources are left out."""
        names = ("demand", "efficiency", "sentiment", "fab", "outage", "export_regime", "power", "grid_shock",
                 "component", "conduct")
        seeds = {name: self.seeds.get(name, self.seed if run_seed is None else run_seed) for name in names}
        return {} if no_shocks else {name: seed for name, seed in seeds.items() if name not in self.frozen}


def month_number(text):
    year, month = text.split("-")
    return 12 * int(year) + int(month) - 1


def read_scenario(path):
    with open(path, "rb") as file:
        return Scenario(tomllib.load(file))

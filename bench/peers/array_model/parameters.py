"""The parameter block of `chokepoint validate --parameters` as arrays, whose last axis is that of the paths."""

import json
from types import SimpleNamespace

import numpy as np

TINY = 1e-9
MILLION = 0.73  # million USD a month per kH100e at 1 USD per H100e-hour
MISSING = np.float32(3.0e38)
SOURCES = "demand efficiency sentiment fab outage export_regime power grid_shock component conduct".split()
OPEN, WINDOW, QUOTA, BAN = range(4)
COMMERCIAL, PUBLIC, CAPTIVE, COMMUNITY = range(4)

# The index sets of each member, a letter each: regions, classes, units, segments, pools (f), export classes, outages
# (k), component pools (b), markets. Where none are given, those of GROUP.
LETTERS = {
    "shocks": dict(
        demand_common="s",
        demand_own="s",
        yield_volatility="f",
        outage_exposure="kf",
        regime_start="xr",
        regime_moves="xr",
        regime_cumulative="xr",
        power_volatility="r",
        **{f"outage_{n}": "k" for n in "rate min span persistence".split()},
        **{f"component_{n}": "b" for n in "rate min span persistence".split()},
        **{f"grid_{n}": "r" for n in "rate min span persistence cut moratorium price_spike".split()},
    ),
    "chips": dict(log2_capacity="f", pool_steer=""),
    "trade": dict(leak_share="xr", grey_premium="xr", surcharge="xr", stockpile="xr"),
    "regions": dict(barred="rc"),
    "providers": dict(start_young="uc", start_old="uc", start_pipeline="uc", serves="us"),
    "finance": {},
    "solver": {},
    "demand": dict(sigma="", inverse_sigma="", weight="sm", weight_squared="sm", has_buyers="m", least_elasticity=""),
    "downstream": {f"application_{n}": "" for n in "segment revenue tokens token_price".split()},
    "calendar": dict(
        demand_drift="s",
        efficiency_drift="",
        fab_growth="f",
        component_capacity="b",
        list_price="c",
        quota="xr",
        scheduled_regime="xr",
        outage_severity="k",
        component_severity="b",
        sentiment_turn="",
    ),
}
GROUP = {"chips": "c", "regions": "r", "providers": "u", "demand": "s", "downstream": "s", "calendar": "r"}
INDICES = dict(  # used as indices or in Python's own loops: no axis for the paths
    chips="pool export_class home",
    providers="owner region kind deep_pockets first by_priority count reserved_share serves",
    demand="home",
    shocks="regime_moves cholesky",
    downstream="application_segment",
    solver="newton_limit",
)


def read_parameters(path, xp):
    """@param xp numpy or jax.numpy"""
    with open(path, encoding="utf-8") as file:
        block = json.load(file)
    size = SimpleNamespace(**block["sizes"])
    extents = dict(
        r=size.regions,
        c=size.classes,
        u=size.units,
        s=size.segments,
        f=size.pools,
        x=size.export_classes,
        k=size.outages,
        b=size.component_pools,
        m=size.regions * size.classes,
    )

    def cut(group, name, value):
        array = np.asarray(value)
        letters = LETTERS[group].get(name, GROUP.get(group, ""))
        array = array[tuple(slice(extents[letter]) for letter in letters)]
        array = array.astype(np.float32 if array.dtype.kind == "f" else np.int32)
        return array if name in INDICES.get(group, "").split() or array.ndim == 0 else array[..., None]

    p = SimpleNamespace(
        xp=xp,
        size=size,
        block=block,
        seeds=block["seeds"],
        noise={name: bool(block["noise"][k + 1]) for k, name in enumerate(SOURCES)},
    )
    for group in LETTERS:
        if group != "calendar":
            setattr(p, group, SimpleNamespace(**{n: cut(group, n, v) for n, v in block[group].items()}))
    months = [{n: cut("calendar", n, v) for n, v in month.items()} for month in block["calendar"]]
    p.calendar = {n: np.stack([month[n] for month in months]) for n in months[0]}
    if (p.calendar["log2_ceiling"] < 100).any():
        raise SystemExit("the peers know no price ceilings; give them a scenario without")
    add_free_class(p)
    p.providers.first = p.providers.first[: size.regions + 1]
    p.region_of = p.providers.region
    p.slices = [slice(*p.providers.first[r : r + 2]) for r in range(size.regions)]
    p.is_public = (p.providers.kind == PUBLIC)[:, None, None]
    p.has_floor = np.isin(p.providers.kind, (COMMERCIAL, PUBLIC))[:, None, None]
    p.is_home = (p.chips.home[None, :] == np.arange(size.regions)[:, None])[:, :, None]
    # What trade rules fix for a class of chips in a region, [R, C, 1].
    for name in ("leak_share", "grey_premium", "stockpile"):
        setattr(p.trade, name + "_of", np.swapaxes(getattr(p.trade, name)[p.chips.export_class], 0, 1))
    p.surcharge_of = np.swapaxes(p.trade.surcharge[p.chips.export_class], 0, 1)  # [R, C, regime, 1]
    return p


def add_free_class(p):
    """Chips that no export rule restricts get an export class of their own, the last, which is always open."""
    p.is_restricted = (p.chips.export_class >= 0)[:, None]
    p.chips.export_class = np.where(p.chips.export_class < 0, p.size.export_classes, p.chips.export_class)
    for name, array in vars(p.trade).items():
        setattr(p.trade, name, np.concatenate([array, np.full_like(array[:1], name == "stockpile")]))
    p.calendar["quota"] = np.concatenate([p.calendar["quota"], np.ones_like(p.calendar["quota"][:, :1])], 1)


def by_region(p, of_units):
    """Sums units [U, ...] to regions [R, ...]."""
    return p.xp.stack([of_units[units].sum(0) for units in p.slices])


def to_units(p, of_regions):
    return of_regions[p.region_of]


def ratio_or(p, value, weight, otherwise):
    return p.xp.where(weight > TINY, value / p.xp.maximum(weight, np.float32(TINY)), np.float32(otherwise))


def blend(weight, at_zero, at_one):
    return at_zero + weight * (at_one - at_zero)

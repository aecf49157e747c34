"""The parameter block of `chokepoint validate --parameters`, and what all stations of the twin share."""

import json
from types import SimpleNamespace

import jax.numpy as jnp
import numpy as np

TINY = 1e-9
MILLION = 0.73  # million USD a month per kH100e at 1 USD per H100e-hour
SOURCES = "demand efficiency sentiment fab outage export_regime power grid_shock component conduct".split()
OPEN, WINDOW, QUOTA, BAN = range(4)
COMMERCIAL, PUBLIC, CAPTIVE, COMMUNITY = range(4)


def read_parameters(file):
    """The block as arrays cut to the scenario's sizes."""
    block = json.load(file)
    size = SimpleNamespace(**block["sizes"])
    # The index sets of each member, a letter each; where none are given, those of `rest`.
    R, C, U, S, F, X = size.regions, size.classes, size.units, size.segments, size.pools, size.export_classes
    cut = {
        "shocks": dict(demand_common="s", demand_own="s", yield_volatility="f", outage_exposure="kf", regime_start="xr",
                       regime_moves="xr", regime_cumulative="xr", power_volatility="r", outage_rate="k", outage_min="k",
                       outage_span="k", outage_persistence="k", component_rate="b", component_min="b", component_span="b",
                       component_persistence="b",
                       **{f"grid_{n}": "r" for n in "rate min span persistence cut moratorium price_spike".split()}),
        "chips": dict(log2_capacity="f", pool_steer=""),
        "trade": dict(leak_share="xr", grey_premium="xr", surcharge="xr", stockpile="xr"),
        "regions": {}, "providers": dict(start_young="uc", start_old="uc", start_pipeline="uc", serves="us"),
        "finance": {}, "solver": {},
        "demand": dict(home="s", sigma="", inverse_sigma="", weight="sm"),
        "downstream": dict(application_segment="", application_revenue="", application_tokens="",
                           application_token_price=""),
        "calendar": dict(demand_drift="s", efficiency_drift="", fab_growth="f", component_capacity="b", list_price="c",
                         quota="xr", scheduled_regime="xr"),
    }
    rest = {"chips": "c", "regions": "r", "providers": "u", "demand": "s", "downstream": "s", "calendar": "r"}
    by_letter = {"r": R, "c": C, "u": U, "s": S, "f": F, "x": X, "m": R * C, "k": size.outages, "b": size.component_pools}

    def cut_member(group, name, value):
        letters = cut[group].get(name, rest.get(group, ""))
        array = np.asarray(value)
        array = array[tuple(slice(0, by_letter[letter]) for letter in letters)]
        return array.astype(np.float32) if array.dtype.kind == "f" else array

    p = SimpleNamespace(size=size, noise={name: bool(block["noise"][k + 1]) for k, name in enumerate(SOURCES)})
    for group in cut:
        if group != "calendar":
            setattr(p, group, SimpleNamespace(**{n: cut_member(group, n, v) for n, v in block[group].items()}))
    months = [{n: cut_member("calendar", n, v) for n, v in month.items()} for month in block["calendar"]]
    p.calendar = {n: np.stack([month[n] for month in months]) for n in months[0]}
    p.region_of = p.providers.region
    p.in_region = (p.region_of[None, :] == np.arange(R)[:, None]).astype(np.float32)  # [R, U]
    p.in_pool = (p.chips.pool[None, :] == np.arange(F)[:, None]).astype(np.float32)
    owners = np.arange(size.owners)
    p.in_owner = (p.providers.owner[None, :] == owners[:, None]).astype(np.float32)
    p.owner_count = np.array([p.providers.count[p.providers.owner == o][0] for o in owners], np.float32)
    # Export class of a chip class, and one that is never restricted for those without.
    p.is_restricted = p.chips.export_class >= 0
    p.export_class = np.maximum(p.chips.export_class, 0)
    return p


def by_region(p, of_units):
    """Sums units [U, ...] to regions [R, ...]."""
    return jnp.tensordot(p.in_region, of_units, axes=1)

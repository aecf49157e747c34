"""Chip market, export gate, pipeline and installation (docs/model.md, sections 4a to 4c)."""

import jax.numpy as jnp
import numpy as np
from parameters import BAN, OPEN, QUOTA, TINY, by_region


def regime_of_class(p, regime):
    """Regime of each region and class [R, C]; classes that are never restricted count as open."""
    return jnp.where(p.is_restricted[None, :], regime[p.export_class].T, OPEN)


def delivered_multiple(p, month, s):
    regime = regime_of_class(p, s["regime"])
    surcharge = np.transpose(p.trade.surcharge[p.export_class], (1, 0, 2))  # [R, C, regime]
    markup = jnp.take_along_axis(jnp.asarray(surcharge), regime[:, :, None], axis=2)[:, :, 0]
    markup = jnp.where(regime == BAN, p.trade.grey_premium[p.export_class].T, markup)
    markup = jnp.where(p.is_restricted[None, :], markup, 0)
    multiple = (p.chips.system_multiple + markup) * (1 - month["subsidy"])[:, None]
    return multiple[p.region_of] * p.providers.cost_multiple[:, None]


def ration(p, supply, ordered):
    """Water-filling by priority, all classes at once. Units in falling priority are served in full up to the first that
    is not."""
    order = p.providers.by_priority
    amount, priority = ordered[order], p.providers.priority[order][:, None]
    claim = priority * amount
    left = jnp.maximum(supply - (jnp.cumsum(amount, 0) - amount), 0)
    claims = jnp.sum(claim, 0) - (jnp.cumsum(claim, 0) - claim)
    level = left / jnp.maximum(claims, TINY)
    in_full = jnp.cumprod((priority * level >= 1).astype(jnp.int32), 0)
    first = jnp.minimum(jnp.sum(in_full, 0), amount.shape[0] - 1)
    last_level = jnp.take_along_axis(level, first[None, :], axis=0)
    granted = jnp.where(in_full == 1, amount, jnp.minimum(amount, last_level * claim))
    return granted[np.argsort(order)]


def clear_chip_market(p, month, s, multiple):
    c = p.chips
    orders = s["spending"] / (multiple * month["list_price"])
    total = jnp.sum(orders, 0)
    weight = (total * c.wafers + TINY) * jnp.exp2(c.pool_steer * jnp.log2(s["chip_price"] * c.inverse_wafers))
    output = jnp.exp2(s["fab"]) * jnp.prod(1 - p.shocks.outage_exposure * s["outage"][:, None], axis=0)
    per_weight = output / jnp.maximum(p.in_pool @ weight, TINY)
    full = weight * per_weight[c.pool] * c.inverse_wafers
    supply = s["stock"] + jnp.clip(c.stock_limit * full - s["stock"], 0, full)
    log2_multiple = jnp.clip((jnp.log2(total + TINY) - jnp.log2(supply + TINY)) * c.inverse_order_exponent,
                             c.log2_price_floor, c.log2_price_cap)
    s["chip_price"] = month["list_price"] * jnp.exp2(log2_multiple)
    response = jnp.exp2(-c.order_exponent * log2_multiple)
    orders = orders * response
    delivered = jnp.where(total * response > supply, ration(p, supply, orders), orders)
    s["stock"] = jnp.maximum(supply - jnp.sum(delivered, 0), 0)
    return s, delivered


def committed_capacity(p, s):
    chips = s["young"] + s["old"] + s["waiting"] + jnp.sum(s["pipeline"], 0)
    return chips @ p.chips.perf


def pass_export_gate(p, month, s, delivered):
    regime, at_order = regime_of_class(p, s["regime"]), regime_of_class(p, s["regime_at_order"])
    committed = by_region(p, committed_capacity(p, s))
    arriving = by_region(p, delivered)  # [R, C]
    restricted = p.is_restricted.astype(np.float32)
    shipped = arriving @ (p.chips.perf * restricted)
    room = jnp.maximum(month["share_cap"] * jnp.sum(committed) - committed, 0)
    cap_passes = jnp.where(month["share_cap"] < 1, jnp.minimum(room / jnp.maximum(shipped, TINY), 1), 1)[:, None]
    in_class = (p.export_class[None, :] == np.arange(max(p.size.export_classes, 1))[:, None]) * restricted  # [X, C]
    of_class = (arriving @ in_class.T)[:, p.export_class]  # [R, C]: all of the export class
    quota = month["quota"][p.export_class].T if p.size.export_classes else jnp.ones_like(of_class)
    quota_passes = jnp.minimum(quota / jnp.maximum(of_class, TINY), 1)
    passes = jnp.where(regime == QUOTA, jnp.minimum(quota_passes, cap_passes), cap_passes)
    passes = jnp.where(regime == BAN, 0, passes)
    leak = p.trade.leak_share[p.export_class].T
    leaks = jnp.where((regime == BAN) & (at_order == BAN), 1, (1 - passes) * leak)
    arrives = jnp.where(p.is_restricted[None, :], passes + leaks, 1)
    after = delivered * arrives[p.region_of]
    s["stock"] += jnp.sum(delivered - after, 0)
    return s, after


def region_power(p, s):
    return by_region(p, s["young"] + s["old"]) @ p.chips.power_kw, by_region(p, s["waiting"]) @ p.chips.power_kw


def install_chips(p, month, s, delivered, available):
    c = p.chips
    moved = s["pipeline"] * c.lead_rate
    s["pipeline"] = s["pipeline"] - moved + jnp.stack([delivered, moved[0], moved[1]])
    s["waiting"] += moved[2]
    failed_young, failed_old = s["young"] * c.failure_rate, s["old"] * c.failure_rate
    matured = (s["young"] - failed_young) * c.ageing_rate
    retired = (s["old"] - failed_old) * c.ageing_rate
    s["young"] -= failed_young + matured
    s["old"] += matured - (failed_old + retired)
    used, wanted = region_power(p, s)
    share = jnp.minimum(jnp.maximum(available - used, 0) / jnp.maximum(wanted, TINY), 1)
    capacity = month["component_capacity"] * (1 - s["component"])
    parts = jnp.min(capacity / jnp.maximum(jnp.sum(share * wanted), TINY), initial=1.0)
    installs = share * jnp.minimum(parts, 1)
    installed = s["waiting"] * installs[p.region_of][:, None]
    s["waiting"] -= installed
    s["young"] += installed
    return s, used + installs * wanted

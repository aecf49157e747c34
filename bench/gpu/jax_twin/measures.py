"""Who pays, and what is measured (docs/model.md, sections 6 and 7)."""

import jax
import jax.numpy as jnp
import numpy as np
from parameters import TINY


def layer_markup(lerner, tightness, utilisation):
    return 1 / (1 - jnp.minimum(lerner * (1 + tightness * utilisation), 0.9))


def bill(d, price, change):
    paid = jnp.maximum(d.tokens_per_user - d.allowance * jnp.exp2(-d.allowance_response * jnp.log2(change)), 0)
    return price * paid + d.base_fee


def price_downstream(p, s, f, is_start):
    d = p.downstream
    utilisation = f["utilisation"][p.demand.home]
    cloud = f["compute_price"] * layer_markup(d.cloud_conduct, d.tightness, utilisation)
    markup = layer_markup(d.application_conduct, d.tightness, utilisation)
    level_token = cloud * d.discount * d.inverse_tokens
    token = level_token * jnp.exp2(-s["efficiency"])
    if is_start:
        s["start_cloud"], s["start_token"], s["start_markup"] = cloud, level_token, markup
    markup_change = markup / s["start_markup"]
    start_price = s["start_token"] * s["start_markup"]
    change = token / s["start_token"]
    application = (d.fixed_cost * 1 + (1 - d.fixed_cost) * cloud / s["start_cloud"]) * markup_change
    application_now = (d.fixed_cost * 1 + (1 - d.fixed_cost) * change) * markup_change
    level_bill = bill(d, application * start_price, application)
    compute_part = (1 - d.fixed_cost) * cloud / s["start_cloud"]
    free = d.allowance * jnp.exp2(-d.allowance_response * jnp.log2(application))
    response = jnp.where(d.tokens_per_user > free, d.tokens_per_user - free + d.allowance_response * free, 0)
    passes = (compute_part / (d.fixed_cost + compute_part), application * start_price * response / jnp.maximum(level_bill, 1e-6))
    chips = jnp.sum(f["used"] * (f["offer"] - f["running_cost"])) / jnp.maximum(jnp.sum(f["used"] * f["offer"]), TINY)
    if is_start:
        s["start_bill"] = jnp.maximum(level_bill, 1e-6)
    odds = jnp.exp2(jnp.clip(d.willingness_slope * (jnp.log2(change) - d.log2_willingness), -60, 60))
    users = jnp.log2(jnp.maximum(level_bill, 1e-6) / s["start_bill"])
    weights = jnp.maximum(jnp.sum(f["segment_demand"]), TINY)
    f.update(token_price=token, user_bill=bill(d, application_now * start_price, application_now),
             priced_out=odds / (1 + odds), application_change=jnp.sum(f["segment_demand"] * jnp.log2(application)) / weights,
             user_change=jnp.sum(f["segment_demand"] * users) / weights,
             pass_through=jnp.stack([chips] + [jnp.sum(f["segment_demand"] * each) / weights for each in passes]))
    return s, f


def concentration(value, count):
    """HHI and shares of the largest; a fringe's members count by themselves."""
    total = jnp.maximum(jnp.sum(value), TINY)
    firm = value / count
    copies = np.minimum(count, 5).astype(int)
    largest = jax.lax.top_k(jnp.repeat(firm, copies, total_repeat_length=int(copies.sum())), 5)[0]
    return jnp.sum(value * firm) / total**2 * 10000, jnp.cumsum(largest) / total


def measure(p, s, f, power_share, delivered, iterations, residual):
    hhi, ratio = concentration(p.in_owner @ f["unit_fleet"], p.owner_count)
    hhi_revenue, ratio_revenue = concentration(p.in_owner @ f["revenue"], p.owner_count)
    return dict(world_price=f["world_price"], regional_price=f["regional_price"], chip_price=s["chip_price"],
                compute_price=f["compute_price"], token_price=f["token_price"], user_bill=f["user_bill"],
                priced_out=f["priced_out"], utilisation=f["utilisation"], demand=f["world_demand"],
                world_utilisation=f["world_rented"] / jnp.maximum(f["world_fleet"], TINY), world_fleet=f["world_fleet"],
                fleet=f["region_fleet"], power_share=power_share, hhi_fleet=hhi, cr1_fleet=ratio[0], cr3_fleet=ratio[2],
                cr4_fleet=ratio[3], cr5_fleet=ratio[4], hhi_revenue=hhi_revenue, cr4_revenue=ratio_revenue[3],
                firms=jnp.sum(s["alive"] * p.providers.count), price_war=s["war"], efficiency=jnp.exp2(s["efficiency"]),
                capital_spending=jnp.sum(delivered * s["chip_price"] * f["multiple"]),
                application_change=f["application_change"], pass_through=f["pass_through"], user_change=f["user_change"],
                iterations=iterations.astype(jnp.float32), residual=residual)

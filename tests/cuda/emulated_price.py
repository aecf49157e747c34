"""bench/gpu/reproducibility on an imagined machine: two kernels, near each other and not the same."""

import json
import subprocess


def main(program, source):
    """0 where it holds. `program` is reproducibility_price, compiled against emulator/."""
    smoke = source / "configs" / "smoke.toml"
    done = subprocess.run([str(program), str(smoke), "--batch", "96,33", "--repeat", "2"], capture_output=True, text=True)
    batches = json.loads(done.stdout)["batches"] if done.returncode == 0 else []
    faults = [] if [batch["paths"] for batch in batches] == [96, 33] else [f"no comparison: {done.stdout}{done.stderr}"]
    for batch in batches:
        differences = batch["relative_differences_in_the_last_month"]
        if not all(0 <= each["mean"] < 1e-3 for each in differences.values()) or len(differences) != 4:
            faults.append(f"the approximate kernel is far from the exact one: {differences}")
        if not differences["world_price"]["largest"] > 0:
            faults.append("both kernels give the same bits")
        if batch["last_round"]["exact"]["newton_steps"] < 1 or not batch["approximate_over_exact"] > 0:
            faults.append(f"nothing was run: {batch}")
    other = subprocess.run([str(program), str(source / "configs" / "scenarios" / "regions-3-3-n.toml")], capture_output=True, text=True)
    if other.returncode != 2 or "other sizes" not in other.stderr:
        faults.append(f"another scenario's sizes: exit {other.returncode}, {other.stderr}")
    print("\n".join(faults) or "ok   the price of the same bits on an imagined machine")
    return 1 if faults else 0

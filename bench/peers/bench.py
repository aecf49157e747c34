"""chokepoint against its peers: the same months in NumPy, Numba, JAX and plain C++.

First each peer must give chokepoint's numbers (agreement.py); one that does not is not timed, and the exit code is 1.
Then rounds: in each, chokepoint and every peer run once, one after the other, on the same cores. A ratio is that of
path-months a second within a round. Compilation and warming up are not timed. `make bench-peers` calls this; README.md
has the results.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import agreement
import setting_up


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path("build"), help="build folder of chokepoint [build]")
    parser.add_argument("--program", type=Path, help="chokepoint [that of the build folder]")
    parser.add_argument("--config", type=Path, default=setting_up.HERE.parent.parent / "configs" / "baseline.toml")
    parser.add_argument("--peers", default=",".join(setting_up.NAMES), help="which, in this order [all]")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="[all cores]")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5, help="how long each is to run in a round")
    parser.add_argument("--paths", type=lambda text: int(float(text)), default=4096, help="for the agreement")
    parser.add_argument("--keep", type=int, default=64, help="of them compared month by month")
    parser.add_argument("--device", choices=("cpu", "gpu"), default="cpu", help="of the JAX peer and of chokepoint")
    parser.add_argument("--quick", action="store_true", help="few paths, one short round, nothing is installed")
    parser.add_argument("--no-install", action="store_true", help="take the packages that this Python has")
    parser.add_argument("--parameters", type=Path, help="other ones for the peers, which then must not agree")
    parser.add_argument("--json", type=Path, help="write all results to this file")
    options = parser.parse_args()
    options.peers = options.peers.split(",")
    unknown = set(options.peers) - set(setting_up.NAMES)
    if unknown:
        parser.error(f"unknown peers: {', '.join(sorted(unknown))}; there are {', '.join(setting_up.NAMES)}")
    options.program = options.program or options.build / "chokepoint"
    if not options.program.exists():
        parser.error(f"there is no {options.program}; build it first (make build), or name it with --program")
    if options.quick:
        options.rounds, options.seconds, options.paths, options.keep = 1, 0.2, 128, 8
    return options


class Bench:
    def __init__(self, options, folder, scratch):
        self.options, self.scratch = options, scratch
        installed = folder / "venv" / "bin" / "python"
        python = Path(sys.executable)
        if options.quick:
            python = installed if installed.exists() else python
        elif not options.no_install and set(options.peers) - {"scalar"}:
            python = setting_up.install(folder)
        self.parameters = scratch / "parameters.json"
        self.parameters.write_text(self.chokepoint("validate", options.config, "--parameters"))
        self.commands = setting_up.commands(folder, self.parameters, options.peers, python, options.quick)
        self.environment = setting_up.environment(folder)
        self.given = options.parameters or self.parameters

    def chokepoint(self, *arguments):
        command = [str(self.options.program), *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"chokepoint failed with exit code {done.returncode}; its message is above")
        return done.stdout

    def run_chokepoint(self, paths):
        """@returns the summary of a run"""
        more = ("--engine", "cuda") if self.options.device == "gpu" else ("--threads", self.options.threads)
        return json.loads(
            self.chokepoint(
                "run",
                self.options.config,
                "--paths",
                paths,
                *more,
                "--json",
                "--quiet",
                "--force",
                "--out",
                self.scratch / "run",
            )
        )

    def run_peer(self, peer, paths, *arguments):
        """@returns what it printed, or nothing where its packages are missing"""
        command = [
            *self.commands[peer],
            str(self.given),
            "--paths",
            paths,
            "--threads",
            self.options.threads,
            *arguments,
        ]
        if peer == "jax":
            command += ["--device", self.options.device]
        done = subprocess.run([str(word) for word in command], env=self.environment, stdout=subprocess.PIPE, text=True)
        if done.returncode == 77:
            print(f"{peer}: {done.stdout.strip()}", file=sys.stderr)
            return None
        if done.returncode != 0:
            sys.exit(f"{peer} failed with exit code {done.returncode}; its message is above")
        return json.loads(done.stdout)

    def agree(self, peer, summary):
        """@returns what it printed, with a report of the agreement and a complaint or nothing"""
        files = {name: self.scratch / f"{peer}-{name}" for name in ("rows", "statistics")}
        result = self.run_peer(
            peer,
            summary["paths"],
            "--keep",
            self.options.keep,
            "--rows",
            files["rows"],
            "--statistics",
            files["statistics"],
        )
        if result is None:
            return None
        sizes = json.loads(self.parameters.read_text())["sizes"]
        rows = agreement.read_rows(files["rows"], sizes["months"], sizes["measures"])
        report, complaint = agreement.compare(
            self.options.program,
            self.options.config,
            summary,
            result,
            rows,
            json.loads(files["statistics"].read_text()),
        )
        return {**result, "agreement": report, "complaint": complaint}

    def rounds(self, first):
        """@param first what each of them gave before. @returns path-months a second of each, by round"""
        months = first["chokepoint"]["months"]

        def enough(result):  # whole batches for every thread
            unit = result["batch"] * (1 if result["peer"] == "jax" else self.options.threads)
            paths = result["path_months_per_second"] * self.options.seconds / months
            return max(1, round(paths / unit)) * unit

        paths = {name: enough(result) for name, result in first.items()}
        rates = {name: [] for name in first}
        for number in range(self.options.rounds):
            names = list(first)
            for name in names[number % len(names) :] + names[: number % len(names)]:
                if name == "chokepoint":
                    rate = chokepoint_rate(self.run_chokepoint(paths[name]))
                else:
                    rate = self.run_peer(name, paths[name])["path_months_per_second"]
                rates[name].append(rate)
        return rates, paths


def chokepoint_rate(summary):
    return summary["paths"] * summary["months"] / summary["provenance"]["seconds"]


def judge(results, rates):
    """Adds rates and ratios to each result."""
    for name, result in results.items():
        ratios = [ours / theirs for ours, theirs in zip(rates["chokepoint"], rates[name])]
        result.update(
            path_months_per_second_by_round=rates[name],
            ratio_by_round=ratios,
            path_months_per_second=statistics.median(rates[name]),
            ratio=statistics.median(ratios),
        )


def print_table(results, rounds):
    print(
        "| | path-months/s | chokepoint's are times as many: median (least to most) | unsolved | largest difference |\n"
        "|---|---|---|---|---|"
    )
    for name, result in results.items():
        ratios, report = result["ratio_by_round"], result.get("agreement", {})
        spread = f"{result['ratio']:.1f} ({min(ratios):.1f} to {max(ratios):.1f})" if report else ""
        difference = f"{report['largest_relative_difference']:.1e} ({report['paths']} paths)" if report else ""
        rate = f"{result['path_months_per_second']:,.0f}"
        print(f"| {result['version']} | {rate} | {spread} | {result['unsolved']} | {difference} |")
    print(
        f"\n{rounds} rounds, {results['chokepoint']['threads']} threads, {platform.machine()}, "
        f"{results['chokepoint']['processor']}, {datetime.date.today()}"
    )


def main():
    options = read_options()
    folder = options.build.resolve() / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        bench = Bench(options, folder, Path(scratch))
        summary = bench.run_chokepoint(options.paths)
        facts = summary["provenance"]
        results = {
            "chokepoint": {
                "peer": "chokepoint",
                "version": f"chokepoint {facts['version']}, {facts['engine']} {facts['instruction_set']}",
                "commit": facts["commit"],
                "processor": facts["processor"],
                "threads": options.threads,
                "months": summary["months"],
                "batch": facts["batch"],
                "device": facts["devices"] or "cpu",
                "unsolved": summary["unsolved"],
                "path_months_per_second": chokepoint_rate(summary),
            }
        }
        for peer in options.peers:
            result = bench.agree(peer, summary)
            if result is None:
                continue
            results[peer] = result
            if result["complaint"]:
                sys.exit(f"{peer} does not agree, so nothing is timed: {result['complaint']}")
            report = result["agreement"]
            means = report["largest_difference_of_means_in_standard_errors"]
            print(
                f"{peer} agrees: {report['paths']} paths to {report['largest_relative_difference']:.1e}, "
                f"{report['paths_departed']} departed; means to {means:.1e} standard errors; {report['unsolved']} "
                f"unsolved (chokepoint: {report['unsolved_by_chokepoint']}); warming up took "
                f"{result['warm_up_seconds']:.0f} s",
                file=sys.stderr,
            )
        if len(results) == 1:
            print("skipped: the packages of the peers are not installed (their messages are above)")
            sys.exit(77)
        rates, paths = bench.rounds(results)
        judge(results, rates)
        for name, result in results.items():
            result["paths_a_round"] = paths[name]
    print_table(results, options.rounds)
    if options.json:
        out = {"date": str(datetime.date.today()), "load": os.getloadavg(), "results": results}
        options.json.write_text(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()

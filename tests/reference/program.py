"""Runs the program and reads a path that it prints."""

import json
import subprocess


def replay(program, config, *arguments):
    """@returns the measures of every month, a dictionary each; None where one is missing"""
    command = [str(program), "replay", str(config), "--json", *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    measures = json.loads(answer.stdout)["measures"]
    months = len(next(iter(measures.values())))
    return [{name: values[t] for name, values in measures.items()} for t in range(months)]

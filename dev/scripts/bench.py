"""Run in the shell on a scratch database: every row of the benchmark, size by size.

Arguments: --accounts N… [--json FILE] [--only NAME…].
"""

import argparse

import benchmarks
from benchmarks.harness import Harness

env = globals()["env"]


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, nargs="+", required=True)
    parser.add_argument("--json")
    parser.add_argument("--only", nargs="+", choices=benchmarks.names())
    return parser.parse_args()


options = parse()
harness = Harness(env, options.only)
for size in options.accounts:
    harness.run(size)
harness.show_growth()
if options.json:
    harness.save(options.json)

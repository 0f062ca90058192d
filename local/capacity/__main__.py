"""`python -m local.capacity`: the page of docs/capacity.md for demand of your own, on standard output."""

import argparse
import sys
from pathlib import Path

from local.capacity.model import read_costs, read_demand
from local.capacity.page import capacity_page


def main() -> int:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demand", type=Path, help="a file like local/capacity/demand.yaml")
    parser.add_argument("--costs", type=Path, help="a file like local/capacity/costs.yaml")
    asked = parser.parse_args()
    demand = read_demand(asked.demand) if asked.demand else read_demand()
    costs = read_costs(asked.costs) if asked.costs else read_costs()
    sys.stdout.write(capacity_page(demand, costs))
    return 0


if __name__ == "__main__":
    sys.exit(main())

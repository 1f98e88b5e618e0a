"""A Ray cluster of two workers on this machine, in a process of its own.

Prints its address; kills one worker's machine at the line "kill" on stdin, and ends with stdin.
"""

import os
import sys

import click

# Deaths are noticed after a second instead of ten.
SETTINGS = {
    "health_check_period_ms": 200,
    "health_check_timeout_ms": 500,
    "health_check_failure_threshold": 2,
}
MEMORY = 100_000_000


def main() -> None:
    """Run until stdin ends."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 0, "include_dashboard": False, "_system_config": SETTINGS}
    cluster = Cluster(initialize_head=True, head_node_args=head | {"object_store_memory": MEMORY})
    machines = [cluster.add_node(num_cpus=1, object_store_memory=MEMORY) for _ in range(2)]
    click.echo(f"cluster at {cluster.address}")
    for line in sys.stdin:
        if line.strip() == "kill":
            cluster.remove_node(machines.pop(), allow_graceful=False)
            click.echo("killed")
    cluster.shutdown()


if __name__ == "__main__":
    main()

"""Runs a fault campaign from the command line: `python -m tests.faults commands --cycles 200 --seed 1`."""

from tests.faults.alerts.workload import AlertsWorkload
from tests.faults.commands.workload import CommandsWorkload
from tests.faults.harness import run_command_line

if __name__ == "__main__":
    run_command_line([CommandsWorkload, AlertsWorkload])

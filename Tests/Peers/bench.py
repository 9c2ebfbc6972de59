"""Runs workloads on the services whose URLs it is given, and writes the report. scripts/bench calls it.

usage: bench.py [--quick] [--rounds N] [workload…]      within Tests/TestServices
       bench.py --report [folder…]                      from results that are there
       bench.py --check                                 that they are what the document says
"""

import argparse
import contextlib
import datetime
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import results
from report.document import write_report
from workloads import ALL

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = ROOT / "docs"
RESULTS = ROOT / ".reelmill" / "benchmarks"


def main():
    options = read_arguments()
    if options.check:
        return check()
    if options.report is not None:
        kept = results.read(DOCUMENTS / "benchmarks")
        for folder in options.report:
            kept |= results.read(Path(folder))
        results.write(DOCUMENTS / "benchmarks", kept)
        write_report(DOCUMENTS, kept, ALL)
        return 0
    return measure(options)


def check():
    """Whether the document and its plots are what the results and the workloads say."""
    with tempfile.TemporaryDirectory() as folder:
        write_report(Path(folder), results.read(DOCUMENTS / "benchmarks"), ALL)
        written = {path.relative_to(folder) for path in Path(folder).rglob("*") if path.is_file()}
        kept = {path.relative_to(DOCUMENTS) for path in DOCUMENTS.glob("benchmarks/*.svg")} | {Path("benchmarks.md")}
        different = written ^ kept | {
            path for path in written & kept if (Path(folder) / path).read_bytes() != (DOCUMENTS / path).read_bytes()
        }
    for path in sorted(different):
        print(f"docs/{path} is not what the results say; run scripts/bench --report", file=sys.stderr)
    return 1 if different else 0


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures Reelmill beside its peers.")
    parser.add_argument("--quick", action="store_true", help="small and once, to see that it works; not for the document")
    parser.add_argument("--rounds", type=int, help="how often each contender runs; each workload has a default")
    parser.add_argument("--report", nargs="*", metavar="folder", help="write the report anew, with a session's results")
    parser.add_argument("--check", action="store_true", help="only say whether the document is what the results say")
    parser.add_argument("workloads", nargs="*", metavar="workload", help=f"of {', '.join(each.name for each in ALL)}; all")
    options = parser.parse_args()
    unknown = set(options.workloads) - {workload.name for workload in ALL}
    if unknown:
        parser.error(f"there is no workload {', '.join(sorted(unknown))}; there are {', '.join(each.name for each in ALL)}")
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds expects a number from 1")
    return options


def measure(options):
    # Not before: the report needs no services, and none of the peers' packages.
    from harness.machine import machine, versions
    from harness.session import Session

    now = datetime.datetime.now(datetime.UTC)
    folder = RESULTS / now.strftime("%Y-%m-%dT%H-%M-%SZ")
    folder.mkdir(parents=True)
    session = Session(
        amqp=os.environ["REELMILL_TEST_AMQP_URL"], database=os.environ["REELMILL_TEST_DATABASE_URL"],
        programs=Path(os.environ["REELMILL_BENCH_PROGRAMS"]), c=Path(os.environ["REELMILL_BENCH_C"]), root=ROOT,
        folder=folder, quick=options.quick,
    )  # fmt: skip
    about = {
        "date": now.strftime("%Y-%m-%d"),
        "commit": subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
        ).stdout.strip(),
        "machine": machine(),
        "versions": versions(session.amqp, session.database),
    }
    kept, failures = {}, 0
    for workload in ALL:
        if workload.name not in options.workloads and (options.workloads or workload.is_large):
            continue
        rounds = options.rounds or (1 if options.quick else workload.rounds)
        rows = []
        kept[workload.name] = {"command": command(workload, options), "rounds": rounds, **about, "rows": rows}
        for row in run(workload, session, rounds):
            rows.append(row)
            failures += "error" in row
            results.write(folder, kept)
    if options.quick:
        write_report(folder, kept, ALL)
    else:
        kept = results.read(DOCUMENTS / "benchmarks") | kept
        results.write(DOCUMENTS / "benchmarks", kept)
        write_report(DOCUMENTS, kept, ALL)
    print(f"results are in {folder.relative_to(ROOT)}")
    return 1 if failures else 0


def command(workload, options):
    return " ".join(["scripts/bench", *(["--quick"] if options.quick else []), workload.name])


def run(workload, session, rounds):
    """One row a run; the contenders take turns in each round."""
    with workload.shared(session) if workload.shared else contextlib.nullcontext() as shared:
        for number in range(1, rounds + 1):
            for contender in workload.contenders:
                row = {"contender": contender.name, "round": number}
                try:
                    measurement = contender.run(session, shared)
                    row["values"] = measurement.values
                    if measurement.series:
                        row["series"] = measurement.series
                    said = "  ".join(f"{key} {value:,}" for key, value in measurement.values.items())
                except Exception as error:  # of whatever library: the other contenders go on
                    row["error"] = said = f"failed: {error}"
                print(f"{workload.name} {number}/{rounds}  {contender.name}  {said}", flush=True)
                yield row


sys.exit(main())

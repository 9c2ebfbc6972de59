"""Processes that are started here and ended here; CPU and memory of process trees, from /proc."""

import os
import signal
import subprocess
import threading
import time
from urllib.parse import urlparse

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def spawn(command, environment=None, log=None, folder=None):
    """Starts a process in a group of its own. What it says goes to the file `log`."""
    output = open(log, "ab") if log else subprocess.DEVNULL
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def stop(processes, grace=15):
    """Asks processes to end, and kills the groups of those that linger. Orderly ends give back what was prefetched."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + grace
    for process in processes:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def listener(url):
    """The process that listens on the port of a URL; the root of its tree, where it has forked."""
    port = urlparse(url).port
    sockets = set()
    with open("/proc/net/tcp") as table:
        for line in table.readlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and int(columns[1].rsplit(":", 1)[1], 16) == port:
                sockets.add(f"socket:[{columns[9]}]")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                if os.readlink(f"/proc/{pid}/fd/{descriptor}") in sockets:
                    return _eldest_of_its_kind(int(pid))
        except OSError:
            continue
    raise LookupError(f"nobody who can be seen listens on {url}")


def _eldest_of_its_kind(pid):
    def kind(each):
        with open(f"/proc/{each}/comm") as file:
            return file.read()

    while (parent := _statuses([pid])[pid].parent) > 1 and kind(parent) == kind(pid):
        pid = parent
    return pid


class _Status:
    __slots__ = ("pid", "parent", "ticks", "of_children", "resident")

    def __init__(self, pid, fields):
        self.pid = pid
        self.parent = int(fields[1])
        self.ticks, self.of_children = (sum(map(int, fields[first : first + 2])) / TICKS for first in (11, 13))
        self.resident = int(fields[21]) * PAGE

    @property
    def cpu(self):
        """Seconds, with those of children that have ended.

        Ticks are whole hundredths of a second for each process, too coarse for the many backends of a pool. The
        scheduler's own counts are exact, but lack threads that have ended.
        """
        nanoseconds = 0
        try:
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{thread}/schedstat") as file:
                    nanoseconds += int(file.read().split()[0])
        except OSError:  # it is ending
            pass
        return max(self.ticks, nanoseconds / 1e9) + self.of_children


def _statuses(pids=None):
    found = {}
    for pid in pids or map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            with open(f"/proc/{pid}/stat") as file:
                found[pid] = _Status(pid, file.read().rsplit(")", 1)[1].split())
        except OSError:
            continue
    return found


def _tree(root, statuses):
    members, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in statuses:
            members.append(statuses[pid])
            waiting += [child for child, status in statuses.items() if status.parent == pid]
    return members


def machine_cpu():
    """CPU seconds that the machine was busy since its start, waiting for disks apart."""
    with open("/proc/stat") as file:
        fields = list(map(int, file.readline().split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / TICKS


class Meter:
    """CPU seconds of some parts, each the trees of some processes, between a start and an end."""

    def __init__(self, **parts):
        self.parts = parts

    def sample(self):
        statuses = _statuses()
        own = os.times()
        cpu = {
            part: sum(status.cpu for root in roots for status in _tree(root, statuses))
            for part, roots in self.parts.items()
        }
        return {"time": time.monotonic(), "machine": machine_cpu(), "harness": own.user + own.system, **cpu}

    def between(self, start, end, count):
        """Seconds, and for each part the microseconds of CPU time for one of `count`; `other_cores` are strangers'."""
        seconds = end["time"] - start["time"]
        used = {key: end[key] - start[key] for key in start if key != "time"}
        other = used.pop("machine") - sum(used.values())
        harness = used.pop("harness")
        values = {f"{part}_us": round(cpu / count * 1e6, 1) for part, cpu in used.items()}
        return {
            "seconds": round(seconds, 4),
            "rate": round(count / seconds, 1),
            **values,
            "harness_cores": round(harness / seconds, 3),
            "other_cores": round(max(0.0, other) / seconds, 3),
        }


class MemoryWatch:
    """Samples the resident memory of processes' trees while it is open."""

    def __init__(self, processes, every=0.25, progress=lambda: None):
        self.roots = [process.pid for process in processes]
        self.every = every
        self.progress = progress
        self.largest = 0
        self.total = 0
        self.series = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _run(self):
        while True:
            self._sample()
            if self.ended.wait(self.every):
                break

    def _sample(self):
        statuses = _statuses()
        sizes = [status.resident for root in self.roots for status in _tree(root, statuses)]
        if not sizes:
            return
        self.largest = max(self.largest, *sizes)
        self.total = max(self.total, sum(sizes))
        if (progress := self.progress()) is not None:
            self.series.append([progress, max(sizes) / 1e6])

"""What runs of one session share: services, programs, sizes."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .processes import listener

PEERS = Path(__file__).resolve().parent.parent


@dataclass
class Session:
    amqp: str
    database: str
    # The Swift programs, and the C programs.
    programs: Path
    c: Path
    # Of the project.
    root: Path
    # Where this session's results and logs go.
    folder: Path
    quick: bool
    services: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self):
        self.services = {"broker": [listener(self.amqp)], "database": [listener(self.database)]}

    def size(self, full, quick):
        return quick if self.quick else full

    def program(self, name):
        return str(self.programs / name)

    def log(self, name):
        return str(self.folder / f"{name.replace(' ', '-')}.log")

    def reelmill(self, url):
        """What `reelmill` must be told to work on the session's services, with a database."""
        return {
            "REELMILL_AMQP_URL": self.amqp,
            "REELMILL_DATABASE_URL": url,
            "REELMILL_FOLDER": str(self.folder / "reelmill"),
            "REELMILL_MODEL_FOLDER": str(self.root / ".reelmill/models/all-MiniLM-L6-v2"),
        }

    def migrate(self, url):
        """Gives a database the definitions of Reelmill's own stages."""
        subprocess.run(
            [self.program("reelmill"), "migrate"], env={**os.environ, **self.reelmill(url)}, check=True, timeout=60,
            capture_output=True,
        )  # fmt: skip

    def output(self, command, lines, environment=None):
        """What a program says in one line of JSON, after it has read the lines."""
        run = subprocess.run(
            command, input="".join(f"{line}\n" for line in lines), env={**os.environ, **(environment or {})},
            cwd=PEERS / "workers", text=True, capture_output=True, timeout=300,
        )  # fmt: skip
        if run.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {run.returncode}: {run.stderr.strip()[-300:]}")
        return json.loads(run.stdout)


PYTHON = sys.executable

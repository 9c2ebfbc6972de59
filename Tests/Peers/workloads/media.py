"""Real media, from the files to what can be searched."""

import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from harness import database
from harness.broker import Broker, wait_until
from harness.processes import machine_cpu, spawn, stop
from harness.session import PEERS, PYTHON
from harness.workload import Bars, Column, Contender, Goal, Measurement, Workload

STAGES = "dispatch inspect captions keyframes audio transcribe label passages embed index".split()


@contextmanager
def material(session):
    """The sample files, and a video of ten minutes."""
    with tempfile.TemporaryDirectory(prefix="reelmill-media-") as folder:
        os.chmod(folder, 0o755)
        files = Path(folder) / "files"
        subprocess.run([session.program("reelmill"), "samples", str(files)], check=True, capture_output=True, timeout=300)
        lecture = str(files / "lecture.mp4")
        subprocess.run([PYTHON, str(PEERS / "media/lecture.py"), lecture, str(session.size(600, 20))], check=True, timeout=900)
        yield Path(folder), sorted(map(str, files.iterdir()))


def measured(work):
    start, cpu = time.perf_counter(), machine_cpu()
    work()
    return Measurement({"seconds": round(time.perf_counter() - start, 2), "cpu_s": round(machine_cpu() - cpu, 1)})


def forget(session):
    with Broker(session.amqp) as broker:
        broker.delete([f"{stage}.{end}" for stage in STAGES for end in ("live", "bulk", "dead")])


def ours(session, shared):
    _, files = shared
    with database.fresh(session.database, "bench_media") as url, tempfile.TemporaryDirectory() as folder:
        environment = {**session.reelmill(url), "REELMILL_FOLDER": folder}
        forget(session)
        session.migrate(url)
        log = Path(session.log("media reelmill"))
        log.unlink(missing_ok=True)
        process = spawn([session.program("reelmill"), "work"], environment, str(log))
        try:
            wait_until(lambda: "working;" in log.read_text(), 30, 0.01, "reelmill work was not ready", [process])
            command = [session.program("reelmill"), "ingest", *files, "--wait"]
            return measured(
                lambda: subprocess.run(
                    command, env={**os.environ, **environment}, check=True, capture_output=True, timeout=3600
                )
            )
        finally:
            stop([process])
            forget(session)


def script(session, shared):
    _, files = shared
    with database.fresh(session.database, "bench_media") as url, tempfile.TemporaryDirectory() as folder:
        model = str(session.root / ".reelmill/models/all-MiniLM-L6-v2")
        command = [str(PEERS / "media/pipeline.sh"), folder, session.program("Benchmark"), model, url, *files]
        path = f"{session.root / '.reelmill/postgresql-18/bin'}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path}
        return measured(lambda: subprocess.run(command, env=environment, check=True, timeout=3600))


def frames(session, shared, options):
    """Decodes the pictures of the long video."""
    _, files = shared
    lecture = next(file for file in files if file.endswith("lecture.mp4"))
    command = ["ffmpeg", "-nostdin", "-v", "error", "-threads", "2", *options, "-i", lecture, "-map", "0:v"]
    command += ["-fps_mode", "passthrough", "-f", "null", "-"]
    return measured(lambda: subprocess.run(command, check=True, timeout=900))


WORKLOAD = Workload(
    name="media",
    title="Real media",
    what="""The sample files and a video of ten minutes (1280 × 720, H.264, speech, text on moving and still grounds, a key
frame every two seconds) are taken in by a `reelmill work` that runs, until all can be searched. The script runs the same
ffmpeg, ffprobe, tesseract and pocketsphinx, two at a time, and the same encoder, and inserts all passages at once; it has
no sandbox, no record, and resumes nothing. Beside them, what it costs to decode the video's pictures: the key frames
alone, as Reelmill does, and all.""",
    limits="""pocketsphinx, half of all CPU time; then tesseract; then the start of ffmpeg, 45 ms of CPU, two or three for
each picture. bubblewrap adds 8 ms to each program.""",
    contenders=(
        Contender("Reelmill", ours, "one `work` process, default settings"),
        Contender("script", script, "`Tests/Peers/media/pipeline.sh`"),
        Contender("key frames", lambda session, shared: frames(session, shared, ["-skip_frame", "nokey"]), "of the video"),
        Contender("all frames", lambda session, shared: frames(session, shared, []), "of the video"),
    ),
    columns=(Column("seconds", "seconds", digits=1, spread=True), Column("cpu_s", "CPU s", digits=1)),
    goals=(
        Goal("the script's time", "seconds", "Reelmill", ("script",), at_most=1.1),
        Goal("all frames' time, for key frames", "seconds", "key frames", ("all frames",), at_most=0.2),
    ),
    plots=(Bars("seconds", "From files to searchable", "seconds", digits=1),),
    rounds=3,
    shared=material,
)  # fmt: skip

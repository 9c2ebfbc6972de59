"""Makes a video with speech, text and scenes on this machine: a slide every ten seconds, two spoken sentences each.

usage: lecture.py <output.mp4> <seconds>
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

SLIDE = 10
WHO = "the captain,the engineers,the fishermen,the librarian,our neighbours,the students,two doctors,the farmers"
DOES = "carry,inspect,describe,repair,remember,photograph,measure,discuss,collect,paint,discover,prepare"
WHAT = "the wooden ships,every engine,the harbour wall,a map of the islands,the autumn harvest,the village school"
WHEN = "before the journey,in the early morning,after the long winter,during the festival,beside the lighthouse"
GROUNDS = (
    "color=c=0x{first}:s=1280x720:r=25:d={seconds}",
    "testsrc2=s=1280x720:r=25:d={seconds}",
    "gradients=s=1280x720:r=25:d={seconds}:speed=0.02:seed={number}:c0=0x{first}:c1=0x{second}:n=2",
    "mandelbrot=s=1280x720:r=25:start_scale=0.{number}1:end_scale=0.0{number}1",
)


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True)


def slide(number, chance, path):
    def one(words):
        return chance.choice(words.split(","))

    def colour():
        return "".join(f"{chance.randrange(0x20, 0x90):02x}" for _ in range(3))

    ground = GROUNDS[number % len(GROUNDS)].format(first=colour(), second=colour(), number=number % 7 + 1, seconds=SLIDE)
    x, y = chance.randrange(40, 500), chance.randrange(60, 500)
    title = f"{one(WHAT)} {one(WHEN)}".capitalize()
    picture = (
        f"{ground},drawbox=x={x - 20}:y={y - 20}:w=760:h=150:color=black@0.8:t=fill,"
        f"drawtext=font=DejaVu Sans:text='{title}':fontsize=36:fontcolor=white:x={x}:y={y},"
        f"drawtext=font=DejaVu Sans:text='Chapter {number + 1}':fontsize=32:fontcolor=yellow:x={x}:y={y + 60},"
        "format=yuv420p"
    )
    speech = " ".join(f"{one(WHO)} {one(DOES)} {one(WHAT)} {one(WHEN)}." for _ in range(2))
    # A key frame every two seconds, as cameras and streaming services make them.
    ffmpeg(
        "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"flite=text='{speech}':voice=slt",
        "-af", f"apad=whole_dur={SLIDE}", "-t", str(SLIDE), "-c:v", "libx264", "-preset", "veryfast", "-g", "50",
        "-c:a", "pcm_s16le", "-ar", "44100", str(path),
    )  # fmt: skip


def main(output, seconds):
    chance = random.Random(20261121)
    with tempfile.TemporaryDirectory() as folder:
        parts = [Path(folder) / f"{number:03}.mkv" for number in range(seconds // SLIDE)]
        for number, part in enumerate(parts):
            slide(number, chance, part)
        listing = Path(folder) / "parts"
        listing.write_text("".join(f"file '{part}'\n" for part in parts))
        ffmpeg(
            "-f", "concat", "-safe", "0", "-i", str(listing), "-c:v", "copy", "-c:a", "aac", "-b:a", "96k",
            "-movflags", "+faststart", output,
        )  # fmt: skip


main(sys.argv[1], int(sys.argv[2]))

#!/usr/bin/env bash
# What Reelmill's stages run, as a script would run it: the same programs with the same arguments, two at a time, then
# the embedding and one insert. No sandbox, no record of what was done, nothing to resume.
#
# usage: pipeline.sh <scratch folder> <Benchmark> <model folder> <database-url> <file>…
set -euo pipefail
export scratch="$1" benchmark="$2" model="$3" url="$4" OMP_THREAD_LIMIT=1 LC_ALL=C.UTF-8
shift 4

media=(ffmpeg -nostdin -hide_banner -nostats -y -v error -threads 2 -filter_threads 1)
wave=(-c:a pcm_s16le -ar 16000 -ac 1 -bitexact -f wav)

inspect() {
  local work="$scratch/$(basename "$1")"
  mkdir -p "$work"
  if [[ "$1" == *.md ]]; then
    cp "$1" "$work/text"
    return
  fi
  ffprobe -v error -print_format json -show_entries stream=codec_type,width,height "$1" > "$work/probe.json"
  case "$1" in
    *.png) "${media[@]}" -i "$1" -frames:v 1 -vf scale=8:8:flags=area -f null - && ln -s "$1" "$work/picture.png" ;;
    *)
      "${media[@]}" -i "$1" -map 0:v? -map 0:a? -c copy -progress pipe:1 -f null - > "$work/duration"
      if grep -q '"video"' "$work/probe.json"; then
        "${media[@]}" -i "$1" -map 0:v:0 -frames:0 1 -f null -
        "${media[@]}" -skip_frame nokey -i "$1" -vf "select='isnan(prev_selected_t)+gte(t-prev_selected_t\,1)',mpdecimate" \
          -fps_mode passthrough -q:v 3 "$work/%06d.jpg"
      fi
      if grep -q '"subtitle"' "$work/probe.json"; then
        "${media[@]}" -i "$1" -map 0:s:0 -f srt "$work/text"
      elif grep -q '"audio"' "$work/probe.json"; then
        "${media[@]}" -i "$1" -map 0:a:0 -vn -af silencedetect=noise=-35dB:d=0.5 "${wave[@]}" "$work/audio.wav"
        "${media[@]}" -i "$work/audio.wav" -f segment -segment_time 300 -c copy "$work/window%03d.wav"
      fi
      ;;
  esac
}

hear() {
  pocketsphinx_continuous -infile "$1" -time yes -remove_noise no -logfn /dev/null \
    | awk 'NF == 4 && $1 !~ /^[<[]/ { print $1 }' > "$1.text"
}

look() {
  ffprobe -v error -print_format json -show_entries stream=width,height "$1" > "$1.json"
  "${media[@]}" -i "$1" -frames:v 1 -vf scale=8:8:flags=area -f null -
  "${media[@]}" -i "$1" -map 0:v:0 -frames:v 1 -vf scale=iw*1.875:ih*1.875:flags=lanczos,format=gray -c:v pgm -f image2 \
    -update 1 "$1.pgm" -map 0:v:0 -frames:v 1 -vf scale=64:64:flags=area -pix_fmt rgb24 -f rawvideo "$1.colours"
  tesseract "$1.pgm" - -l eng --psm 11 --dpi 150 tsv | awk -F '\t' '$11 > 60 { print $12 }' > "$1.text"
}

step() {
  # Bash functions with arrays do not pass to other processes, so the script calls itself.
  case "$1" in inspect | hear | look) "$1" "$2" ;; esac
}
if [[ "${1:-}" == --step ]]; then
  step "$2" "$3"
  exit
fi

each() { xargs -0 -r -n 1 -P 2 "$0" "$scratch" "$benchmark" "$model" "$url" --step "$1"; }

printf '%s\0' "$@" | each inspect
# The long ones first, beside the pictures.
{
  find "$scratch" -name 'window*.wav' -print0 | sed -z 's/^/hear:/'
  find "$scratch" \( -type f -o -type l \) \( -name '*.jpg' -o -name '*.png' \) -print0 | sort -z | sed -z 's/^/look:/'
} | xargs -0 -r -n 1 -P 2 bash -c 'exec "$0" "$scratch" "$benchmark" "$model" "$url" --step "${1%%:*}" "${1#*:}"' "$0"

find "$scratch" -type f -name '*text' -size +0 -print0 | sort -z | xargs -0 -r cat | tr -s '[:space:][:cntrl:]' ' ' | fold -s -w 600 > "$scratch/passages"
"$benchmark" embed "$model" --vectors < "$scratch/passages" > "$scratch/vectors"
paste -d '\t' "$scratch/vectors" "$scratch/passages" | tr -d '\\' > "$scratch/rows"
psql -q -v ON_ERROR_STOP=1 "$url" \
  -c 'create table bench_passage (vector vector(384), text text)' -c "\\copy bench_passage from '$scratch/rows'" \
  -c "create index on bench_passage using hnsw (vector vector_cosine_ops)" \
  -c "create index on bench_passage using gin (to_tsvector('english', text))"

#!/usr/bin/env bash
# Everything that a GPU must show: parity with the CPU, compute-sanitizer, speed, ncu, a JAX peer, the price of the same
# bits. Writes one JSON file, afresh after every finding: where a call is cut off, others with --only complete it. Needs
# NVIDIA's driver, bash, tar and gzip; compute-sanitizer, ncu and JAX are used where they are found. The program, its
# libraries (the C library among them) and the configs are carried along, see `bundle`: no network is used.
#
#   acceptance.sh bundle DIR [PROGRAM]  puts the script and carried.tar.gz into DIR: copy that folder over. Carries
#                                       reproducibility_price (bench/CMakeLists.txt) if it was built beside the program
#   acceptance.sh [options]             runs; exit 0 if nothing in the JSON has failed
#     --only STAGE[,STAGE]  of parity, devices, markets, sanitizer, benchmark, ncu, jax, price [all]; what the JSON
#                      has of other stages is kept
#     --program FILE   the program [../../build/chokepoint, or the one carried]
#     --out FILE       the JSON [bench/results/gpu-DATE.json]
#     --paths N        paths of the baseline, where speed counts [1e6]
#     --long           also 1e8 paths
#     --dry-run        exercises all but the device calls: CPU runs stand in for GPU runs, tools are only looked for
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

bundle() {
  local target=$1 program=${2:-$root/build/chokepoint} library stage
  stage=$(mktemp -d)
  mkdir -p "$target" "$stage/lib" "$stage/libc"
  cp "$program" "$stage/chokepoint"
  [ -x "$(dirname "$program")/reproducibility_price" ] && cp "$(dirname "$program")/reproducibility_price" "$stage/"
  # The C library goes apart: it is used only where the machine's own is too old for the program.
  ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do
    case $library in
      */libc.so.*|*/libm.so.*|*/libpthread.so.*|*/libdl.so.*|*/librt.so.*|*/libresolv.so.*|*/ld-linux*) cp -L "$library" "$stage/libc/" ;;
      *) cp -L "$library" "$stage/lib/" ;;
    esac
  done
  strip --strip-unneeded "$stage/chokepoint" "$stage/reproducibility_price" "$stage"/lib/* 2>/dev/null || true
  cp -r "$root/configs" "$root/bench/peers" "$stage/"
  git -C "$root" rev-parse HEAD >"$stage/commit" 2>/dev/null || echo unknown >"$stage/commit"
  tar -C "$stage" -cf - . | gzip -9 >"$target/carried.tar.gz"
  cp "$here/acceptance.sh" "$here/acceptance_stages.sh" "$target/"
  rm -rf "$stage"
  du -sh "$target"
}

if [ "${1:-}" = bundle ]; then
  bundle "${@:2}"
  exit
fi

stages=(parity devices markets sanitizer benchmark ncu jax price)
. "$here/acceptance_stages.sh" || exit 3
PATH=$PATH:/usr/local/cuda/bin # where compute-sanitizer and ncu often lie unnamed

refuse() {
  echo "acceptance.sh: $1" >&2
  exit 2
}
program= out= paths=1e6 only="${stages[*]}" long= dry=
while [ $# -gt 0 ]; do
  [[ $1 != --@(program|out|paths|only) || -n ${2:-} ]] || refuse "$1 needs a value"
  case $1 in
    --only) only=${2//,/ }; shift ;;
    --program) program=$2; shift ;;
    --out) out=$2; shift ;;
    --paths) paths=$2; shift ;;
    --long) long=1 ;;
    --dry-run) dry=1 ;;
    *) refuse "unknown option $1; the head of the script names them" ;;
  esac
  shift
done
for stage in $only; do
  [[ " ${stages[*]} " == *" $stage "* ]] || refuse "--only: no stage '$stage'; there are ${stages[*]}"
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
peers=$root/bench/peers
if [ -e "$here/carried.tar.gz" ]; then
  root=$scratch/carried peers=$scratch/carried/peers
  mkdir "$root" && tar -C "$root" -xzf "$here/carried.tar.gz" || exit 3
  program=${program:-$root/chokepoint}
fi
program=${program:-$root/build/chokepoint}
[ -x "$program" ] || { echo "acceptance.sh: no program at $program (build it, or give --program)" >&2; exit 3; }
out=${out:-$([ -d "$here/../results" ] && echo "$here/../results" || echo "$here")/gpu-$(date -u +%Y-%m-%d)${dry:+-dry-run}.json}
price_program=$(dirname "$program")/reproducibility_price
# wrapper NAME WORDS...: a script that runs a program with the libraries that were carried, and only the program.
wrapper() {
  printf '#!/bin/sh\n%s "$@"\n' "${*:2}" >"$scratch/$1"
  chmod +x "$scratch/$1"
}
# wrapped NAME FILE: the same for what was carried.
wrapped() {
  wrapper "$1" "LD_LIBRARY_PATH='$root/lib' exec '$2'"
  # The machine's C library may be older than the program; then the carried one runs it, by its own loader.
  "$scratch/$1" --help >/dev/null 2>&1 ||
    wrapper "$1" "exec '$(ls "$root"/libc/ld-linux*)' --library-path '$root/lib:$root/libc' '$2'"
}
if [ -d "$root/lib" ]; then
  wrapped program "$program"
  program=$scratch/program
  [ -x "$price_program" ] && wrapped price "$price_program" && price_program=$scratch/price
fi
"$program" --version >/dev/null || { echo "acceptance.sh: $program does not run here" >&2; exit 3; }
gpu_engine=cuda clear_engine=cuda
if [ -n "$dry" ]; then
  gpu_engine=simd clear_engine=reference
  paths=1000
fi

# The head of the report: results are of one program on one machine, else they do not go into one file.
text() { tr '\n\t' '  ' <<<"$1" | LC_ALL=C tr -cd '\040-\176' | sed 's/\\/\\\\/g; s/"/\\"/g; s/ *$//'; }
fact() { printf ' "%s": "%s",\n' "$1" "$(text "$2")"; }
head=$(
  fact what "$([ -n "$dry" ] && echo 'dry run: no GPU was used, CPU runs stand in' || echo 'measured')"
  fact commit "$(cat "$root/commit" 2>/dev/null || git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)"
  fact program "$("$program" --version 2>&1 | head -n 1)"
  fact gpu "$(missing nvidia-smi || nvidia-smi --format=csv,noheader --id=0 \
    --query-gpu=name,driver_version,memory.total,power.limit,clocks.max.sm,clocks.max.mem)"
)

mkdir "$scratch/entries"
touch "$scratch/error" "${stages[@]/#/$scratch/entries/}"
echo null >"$scratch/entries/price_section"
declare -A state
for stage in "${stages[@]}"; do state[$stage]='not run'; done

# report: writes the JSON as things stand, so that a run that is cut off leaves what it has found.
report() {
  local stage entries
  entries=$(for stage in "${stages[@]}"; do cat "$scratch/entries/$stage"; done)
  failed=$(grep -c '"status": "fail"' <<<"$entries")
  {
    printf '{\n%s\n "date": "%s",\n "failed": %d,\n "stages": {\n' "$head" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$failed"
    for stage in "${stages[@]}"; do printf '  "%s": "%s",\n' "$stage" "${state[$stage]}"; done | sed '$s/,$//'
    printf ' },\n "entries": [\n%s\n ],\n "price_of_reproducibility": %s\n}\n' \
      "${entries%,}" "$(cat "$scratch/entries/price_section")"
  } >"$out.$$" && mv -f "$out.$$" "$out" || { echo "acceptance.sh: cannot write $out" >&2; exit 3; }
}

# keep_earlier: takes over what an earlier call left in the JSON. Relies on its lines being as `report` writes them.
keep_earlier() {
  local stage
  [ -s "$out" ] || return 0
  if [ "$(sed -n 2,5p "$out")" != "$head" ]; then
    refuse "$out is of another commit, program, GPU or kind of run; give another --out, or remove it"
  fi
  for stage in "${stages[@]}"; do
    state[$stage]=$(sed -n "s/^  \"$stage\": \"\(.*\)\",\{0,1\}$/\1/p" "$out")
    grep "^  {\"stage\": \"$stage\"," "$out" | sed 's/}$/},/' >"$scratch/entries/$stage"
  done
  sed -n 's/^ "price_of_reproducibility": //p' "$out" >"$scratch/entries/price_section"
}

# note NAME STATUS DETAIL: one entry of the report. STATUS: pass, fail, skip or info.
note() {
  printf '  {"stage": "%s", "name": "%s", "status": "%s", "detail": "%s"},\n' \
    "$stage" "$(text "$1")" "$2" "$(text "${3:-}")" >>"$scratch/entries/$stage"
  printf '%-5s %s: %s\n' "$2" "$1" "${3:-}"
  report
}

mkdir -p "$(dirname "$out")"
keep_earlier
report
for stage in "${stages[@]}"; do
  [[ " $only " == *" $stage "* ]] || continue
  state[$stage]="begun, not finished"
  : >"$scratch/entries/$stage"
  [ $stage = price ] && echo null >"$scratch/entries/price_section"
  report
  $stage
  state[$stage]="finished $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  report
done
for stage in "${stages[@]}"; do
  [[ ${state[$stage]} == finished* ]] || echo "$stage: ${state[$stage]}"
done
echo "wrote $out, $failed failed"
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# Everything that a GPU must show, in one go: parity with the CPU, compute-sanitizer, speed, ncu, a JAX twin, the price of
# the same bits. Writes one JSON file. Needs NVIDIA's driver, bash, tar and gzip; compute-sanitizer, ncu and JAX are used where they are found. The
# program, its libraries (the C library among them) and the configs are carried along, see `bundle`: no network is used.
#
#   acceptance.sh bundle DIR [PROGRAM]  puts this script and carried.tar.gz into DIR: copy that folder over. Carries
#                                       reproducibility_price (bench/CMakeLists.txt) if it was built beside the program
#   acceptance.sh [options]             runs; exit 0 if all that ran has passed
#     --program FILE   the program [../../build/chokepoint, or the one carried]
#     --out FILE       the JSON [bench/results/gpu-DATE.json]
#     --paths N        paths of the baseline [1e6]
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
  cp -r "$root/configs" "$here/jax_twin" "$stage/"
  git -C "$root" rev-parse HEAD >"$stage/commit" 2>/dev/null || echo unknown >"$stage/commit"
  tar -C "$stage" -cf - . | gzip -9 >"$target/carried.tar.gz"
  cp "$here/acceptance.sh" "$target/"
  rm -rf "$stage"
  du -sh "$target"
}

if [ "${1:-}" = bundle ]; then
  bundle "${@:2}"
  exit
fi

program= out= paths=1e6 long= dry=
while [ $# -gt 0 ]; do
  case $1 in
    --program) program=$2; shift ;;
    --out) out=$2; shift ;;
    --paths) paths=$2; shift ;;
    --long) long=1 ;;
    --dry-run) dry=1 ;;
    *) echo "acceptance.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
twins=$here
if [ -e "$here/carried.tar.gz" ]; then
  root=$scratch/carried twins=$scratch/carried
  mkdir "$root" && tar -C "$root" -xzf "$here/carried.tar.gz" || exit 3
  program=${program:-$root/chokepoint}
fi
program=${program:-$root/build/chokepoint}
[ -x "$program" ] || { echo "acceptance.sh: no program at $program (build it, or give --program)" >&2; exit 3; }
out=${out:-$([ -d "$here/../results" ] && echo "$here/../results" || echo "$here")/gpu-$(date -u +%Y-%m-%d)${dry:+-dry-run}.json}
price=$(dirname "$program")/reproducibility_price
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
  [ -x "$price" ] && wrapped price "$price" && price=$scratch/price
fi
"$program" --version >/dev/null || { echo "acceptance.sh: $program does not run here" >&2; exit 3; }
gpu_engine=cuda
if [ -n "$dry" ]; then
  gpu_engine=simd
  paths=2000
fi

entries=() failed=0
text() { printf '%s' "$1" | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g'; }
# note NAME STATUS DETAIL: one line of the report. STATUS: pass, fail, skip or info.
note() {
  entries+=("{\"name\": \"$(text "$1")\", \"status\": \"$2\", \"detail\": \"$(text "${3:-}")\"}")
  [ "$2" = fail ] && failed=$((failed + 1))
  printf '%-5s %s: %s\n' "$2" "$1" "${3:-}"
}

# run_summary ENGINE CONFIG PATHS [ARGS...]: the JSON summary of a run, on stdout.
run_summary() {
  local engine=$1 config=$2 number=$3
  shift 3
  "$program" run "$root/configs/$config.toml" --engine "$engine" --paths "$number" --json --quiet --force \
    --out "$scratch/out" "$@" 2>"$scratch/error"
}
# field NAME: the first value of a key in the JSON on stdin.
field() { tr -d '\n' | sed -n "s/.*\"$1\": *\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p"; }

facts() {
  if [ -n "$dry" ] || ! command -v nvidia-smi >/dev/null; then
    note gpu skip "$([ -n "$dry" ] && echo 'dry run' || echo 'no nvidia-smi')"
  else
    note gpu info "$(nvidia-smi --query-gpu=name,driver_version,clocks.sm,clocks.max.sm,clocks.mem,memory.total,power.limit \
      --format=csv,noheader | head -n 1)"
  fi
  note program info "$("$program" --version 2>&1 | head -n 1)"
}

parity() {
  local config number batch cpu gpu
  for config in smoke baseline; do
    number=$([ $config = smoke ] && echo 20000 || echo "$paths")
    [ -n "$dry" ] && number=500
    cpu=$(run_summary simd $config "$number" | field digest)
    for batch in 0 128 1000; do
      gpu=$(run_summary $gpu_engine $config "$number" --batch $batch | field digest)
      if [ -n "$cpu" ] && [ "$cpu" = "$gpu" ]; then
        note "parity $config $number batch $batch" pass "$gpu"
      else
        note "parity $config $number batch $batch" fail "CPU '$cpu', GPU '$gpu' $(head -c 300 "$scratch/error")"
      fi
    done
  done
}

# Other sizes than the specialised kernels have: the generic kernel.
parity_generic() {
  local cpu gpu
  cpu=$(run_summary simd smoke 2000 | field digest)
  gpu=$(CHOKEPOINT_GENERIC_KERNEL=1 run_summary $gpu_engine smoke 2000 | field digest)
  [ -n "$cpu" ] && [ "$cpu" = "$gpu" ] && note "parity generic kernel" pass "$gpu" || note "parity generic kernel" fail "CPU '$cpu', GPU '$gpu'"
}

sanitizer() {
  local tool
  for tool in memcheck racecheck initcheck; do
    if [ -n "$dry" ] || ! command -v compute-sanitizer >/dev/null; then
      note "compute-sanitizer $tool" skip "$([ -n "$dry" ] && echo 'dry run' || echo 'not installed')"
    elif compute-sanitizer --target-processes all --tool $tool --error-exitcode 9 "$program" run "$root/configs/smoke.toml" --engine cuda --paths 500 \
      --quiet --force --out "$scratch/out" >"$scratch/sanitizer" 2>&1; then
      note "compute-sanitizer $tool" pass "$(tail -n 1 "$scratch/sanitizer")"
    else
      note "compute-sanitizer $tool" fail "$(tail -n 3 "$scratch/sanitizer")"
    fi
  done
}

benchmark() {
  local number try summary sizes="$paths"
  [ -n "$long" ] && sizes="$sizes 1e8"
  for number in $sizes; do
    for try in 1 2 3; do
      summary=$(run_summary $gpu_engine baseline "$number")
      note "benchmark baseline $number, try $try" info "seconds $(echo "$summary" | field seconds)"
    done
  done
}

profile() {
  if [ -n "$dry" ] || ! command -v ncu >/dev/null; then
    note ncu skip "$([ -n "$dry" ] && echo 'dry run' || echo 'not installed')"
  elif ncu --target-processes all --kernel-name regex:run_task --launch-skip 3 --launch-count 3 --csv --section SpeedOfLight --section WarpStateStats \
    --section LaunchStats "$program" run "$root/configs/baseline.toml" --engine cuda --paths 200000 --quiet --force \
    --out "$scratch/out" >"$scratch/ncu" 2>&1; then
    note ncu info "$(grep -E 'Compute \(SM\) Throughput|DRAM Throughput|Registers Per Thread|Duration' "$scratch/ncu" | cut -c1-160)"
  else
    note ncu fail "$(tail -n 3 "$scratch/ncu")"
  fi
}

# All GPUs of the machine at once.
parity_devices() {
  local cpu gpu count
  count=$(nvidia-smi -L 2>/dev/null | wc -l)
  if [ -n "$dry" ] || [ "$count" -lt 2 ]; then
    note "parity of several GPUs" skip "$([ -n "$dry" ] && echo 'dry run' || echo "$count here")"
    return
  fi
  cpu=$(run_summary simd baseline 20000 | field digest)
  gpu=$(run_summary cuda baseline 20000 --device all --batch 1024 | field digest)
  if [ -n "$cpu" ] && [ "$cpu" = "$gpu" ]; then
    note "parity of $count GPUs" pass "$gpu"
  else
    note "parity of $count GPUs" fail "CPU '$cpu', GPU '$gpu' $(head -c 300 "$scratch/error")"
  fi
}

# Every one-shot market through the device: the same digits as the CPU.
parity_markets() {
  local file cpu gpu engine=$gpu_engine
  [ -n "$dry" ] && engine=reference
  for file in "$root"/configs/markets/*.toml; do
    cpu=$("$program" clear "$file" --engine reference --json 2>&1)
    gpu=$("$program" clear "$file" --engine "$engine" --json 2>&1)
    if [ -n "$cpu" ] && [ "$cpu" = "$gpu" ]; then
      note "parity market $(basename "$file" .toml)" pass
    else
      note "parity market $(basename "$file" .toml)" fail "$(head -c 300 <<<"$gpu")"
    fi
  done
}

# A JAX program that does like work (jax_twin/__main__.py says what), for comparison.
twin() {
  local status number=$paths
  [ -n "$dry" ] && number=16
  "$program" validate "$root/configs/baseline.toml" --parameters >"$scratch/parameters.json" &&
    "$program" replay "$root/configs/baseline.toml" --no-shocks --json >"$scratch/replay.json" &&
    run_summary $gpu_engine baseline "$number" >"$scratch/summary.json"
  if [ $? -ne 0 ] || [ ! -s "$scratch/summary.json" ]; then
    note "JAX twin" fail "the program gives no parameters"
    return
  fi
  if [ -n "$dry" ] || ! command -v python3 >/dev/null; then
    note "JAX twin" skip "$([ -n "$dry" ] && echo 'dry run: its input was made' || echo 'no python3')"
    return
  fi
  python3 "$twins/jax_twin" "$scratch/parameters.json" --paths "$number" --check "$scratch/replay.json" \
    --against "$scratch/summary.json" \
    >"$scratch/twin" 2>"$scratch/twin_error"
  status=$?
  case $status in
    0) note "JAX twin" info "$(tail -n 1 "$scratch/twin")" ;;
    77) note "JAX twin" skip "$(tail -n 1 "$scratch/twin")" ;;
    *) note "JAX twin" fail "$(tail -n 2 "$scratch/twin_error")" ;;
  esac
}

# The path kernel as it is and with approximate functions (bench/gpu/reproducibility): a section of its own in the report.
price_json=null
price_of_reproducibility() {
  local name="price of the same bits" sampler clock=null
  if [ ! -x "$price" ]; then
    note "$name" skip "reproducibility_price was not built"
    return
  fi
  if [ -z "$dry" ] && command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=clocks.sm --format=csv,noheader,nounits --id=0 -lms 100 >"$scratch/clocks" 2>/dev/null &
    sampler=$!
  fi
  if ! "$price" "$root/configs/baseline.toml" ${dry:+--dry-run} >"$scratch/price.json" 2>"$scratch/price_error"; then
    note "$name" fail "$(tail -n 2 "$scratch/price_error")"
  elif [ -n "$dry" ]; then
    note "$name" skip "dry run: it starts, and has kernels for the baseline"
  else
    note "$name" info "approximate over exact: $(field approximate_over_exact <"$scratch/price.json")"
  fi
  if [ -n "${sampler:-}" ]; then
    kill "$sampler" 2>/dev/null
    wait "$sampler" 2>/dev/null
    clock=$(grep -E '^[0-9]+$' "$scratch/clocks" | sort -n | tail -n 1)
  fi
  [ -s "$scratch/price.json" ] &&
    price_json=$(printf '{"gpu_and_driver": "%s", "highest_sm_clock_mhz": %s, "comparison": %s}' \
      "$(text "$([ -n "$dry" ] || nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader --id=0 2>/dev/null)")" \
      "${clock:-null}" "$(cat "$scratch/price.json")")
}

facts
parity
parity_generic
parity_devices
parity_markets
sanitizer
benchmark
profile
twin
price_of_reproducibility

commit=$(git -C "$root" rev-parse HEAD 2>/dev/null || cat "$root/commit" 2>/dev/null || echo unknown)
mkdir -p "$(dirname "$out")"
{
  printf '{\n "what": "%s",\n "date": "%s",\n "commit": "%s",\n "failed": %d,\n "entries": [\n' \
    "$([ -n "$dry" ] && echo 'dry run: no GPU was used, CPU runs stand in' || echo 'measured')" \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$commit" "$failed"
  for ((i = 0; i < ${#entries[@]}; ++i)); do
    printf '  %s%s\n' "${entries[$i]}" "$([ $i -lt $((${#entries[@]} - 1)) ] && echo ,)"
  done
  printf ' ],\n "price_of_reproducibility": %s\n}\n' "$price_json"
} >"$out"
echo "wrote $out, $failed failed"
[ "$failed" -eq 0 ]

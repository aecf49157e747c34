#!/usr/bin/env bash
# Everything that a GPU must show, in one go: parity with the CPU, compute-sanitizer, speed, ncu, a JAX twin. Writes one
# JSON file. Needs CUDA's driver and tools and bash; the program and its libraries are carried along (see `bundle`).
#
#   acceptance.sh bundle DIR         collects the program, its libraries, the configs and this folder into DIR
#   acceptance.sh [options]          runs; exit 0 if all that ran has passed
#     --program FILE   the program [../../build/chokepoint, or the bundle's]
#     --out FILE       the JSON [bench/results/gpu-DATE.json]
#     --paths N        paths of the baseline [1e6]
#     --long           also 1e8 paths
#     --dry-run        exercises all but the device calls: CPU runs stand in for GPU runs, tools are only looked for
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

bundle() {
  local target=$1 program=${2:-$root/build/chokepoint} library
  mkdir -p "$target/lib" "$target/bench/gpu" "$target/bench/results"
  cp "$program" "$target/chokepoint"
  # The C library and the loader belong to the machine; everything else comes along.
  ldd "$program" | awk '$3 ~ /^\// {print $3}' | grep -vE '/(libc|libm|libpthread|libdl|librt)\.so' | while read -r library; do
    cp -L "$library" "$target/lib/"
  done
  strip --strip-unneeded "$target/chokepoint" "$target"/lib/* 2>/dev/null || true
  cp -r "$root/configs" "$target/"
  cp "$here"/* "$target/bench/gpu/"
  git -C "$root" rev-parse HEAD >"$target/commit" 2>/dev/null || echo unknown >"$target/commit"
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
if [ -z "$program" ]; then
  program=$root/build/chokepoint
  [ -x "$root/chokepoint" ] && program=$root/chokepoint
fi
[ -d "$root/lib" ] && export LD_LIBRARY_PATH="$root/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
out=${out:-$root/bench/results/gpu-$(date -u +%Y-%m-%d)${dry:+-dry-run}.json}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
gpu_engine=cuda
if [ -n "$dry" ]; then
  gpu_engine=simd
  paths=2000
fi
[ -x "$program" ] || { echo "acceptance.sh: no program at $program (build it, or give --program)" >&2; exit 3; }

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
    elif compute-sanitizer --tool $tool --error-exitcode 9 "$program" run "$root/configs/smoke.toml" --engine cuda --paths 500 \
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
  elif ncu --kernel-name regex:run_task --launch-skip 3 --launch-count 3 --csv --section SpeedOfLight --section WarpStateStats \
    --section LaunchStats "$program" run "$root/configs/baseline.toml" --engine cuda --paths 200000 --quiet --force \
    --out "$scratch/out" >"$scratch/ncu" 2>&1; then
    note ncu info "$(grep -E 'Compute \(SM\) Throughput|DRAM Throughput|Registers Per Thread|Duration' "$scratch/ncu" | cut -c1-160)"
  else
    note ncu fail "$(tail -n 3 "$scratch/ncu")"
  fi
}

twin() {
  local mode=${dry:+--check-only}
  if [ ! -e "$here/jax_twin.py" ]; then
    note "JAX twin" skip "not written yet"
  elif ! command -v python3 >/dev/null; then
    note "JAX twin" skip "no python3"
  elif python3 "$here/jax_twin.py" $mode >"$scratch/twin" 2>&1; then
    note "JAX twin" info "$(tail -n 1 "$scratch/twin")"
  elif [ $? -eq 77 ]; then
    note "JAX twin" skip "$(tail -n 1 "$scratch/twin")"
  else
    note "JAX twin" fail "$(tail -n 2 "$scratch/twin")"
  fi
}

facts
parity
parity_generic
sanitizer
benchmark
profile
twin

commit=$(git -C "$root" rev-parse HEAD 2>/dev/null || cat "$root/commit" 2>/dev/null || echo unknown)
mkdir -p "$(dirname "$out")"
{
  printf '{\n "what": "%s",\n "date": "%s",\n "commit": "%s",\n "failed": %d,\n "entries": [\n' \
    "$([ -n "$dry" ] && echo 'dry run: no GPU was used, CPU runs stand in' || echo 'measured')" \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$commit" "$failed"
  for ((i = 0; i < ${#entries[@]}; ++i)); do
    printf '  %s%s\n' "${entries[$i]}" "$([ $i -lt $((${#entries[@]} - 1)) ] && echo ,)"
  done
  printf ' ]\n}\n'
} >"$out"
echo "wrote $out, $failed failed"
[ "$failed" -eq 0 ]

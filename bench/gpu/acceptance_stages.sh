# The stages of acceptance.sh, which sources this file: one function a stage, of the stage's name, and what they share.
# They see $program, $root, $scratch, $peers, $price_program, $paths, $long, $dry, $gpu_engine, $clear_engine, and call `note`.

# run_summary ENGINE CONFIG PATHS [ARGS...]: the JSON summary of a run, on stdout.
run_summary() {
  local engine=$1 config=$2 number=$3
  shift 3
  "$program" run "$root/configs/$config.toml" --engine "$engine" --paths "$number" --json --quiet --force \
    --out "$scratch/out" "$@" 2>"$scratch/error"
}
# field NAME: the first value of a key in the JSON on stdin.
field() { tr -d '\n' | sed -n "s/.*\"$1\": *\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p"; }

# same NAME CPU GPU: notes whether two digests are there and agree.
same() {
  if [ -n "$2" ] && [ "$2" = "$3" ]; then
    note "$1" pass "$3"
  else
    note "$1" fail "CPU '$2', GPU '$3' $(head -c 300 "$scratch/error")"
  fi
}

# missing TOOL: why a tool is not used, if so.
missing() {
  if [ -n "$dry" ]; then
    echo 'dry run'
  elif ! type -P "$1" >/dev/null; then
    echo "no $1"
  else
    return 1
  fi
}

# Small batches are for few paths: a million of them would be thousands of batches that fill no GPU.
parity() {
  local few=20000
  [ -n "$dry" ] && few=200
  parity_of smoke $few 0 128 1000
  parity_of baseline $few 128 1000
  parity_generic
  parity_exact_quantiles baseline $few 0
  parity_exact_quantiles baseline $few $((few / 2))
  parity_of baseline "$paths" 0
}

# parity_of CONFIG PATHS BATCH...
parity_of() {
  local cpu batch
  cpu=$(run_summary simd "$1" "$2" | field digest)
  for batch in "${@:3}"; do
    same "parity $1 $2 batch $batch" "$cpu" "$(run_summary $gpu_engine "$1" "$2" --batch "$batch" | field digest)"
  done
}

# Other sizes than the specialised kernels have: the generic kernel.
parity_generic() {
  local cpu
  cpu=$(run_summary simd smoke 2000 | field digest)
  same "parity generic kernel" "$cpu" "$(CHOKEPOINT_GENERIC_KERNEL=1 run_summary $gpu_engine smoke 2000 | field digest)"
}

# parity_exact_quantiles CONFIG PATHS BATCH: every digit of the exact quantiles, which no digest covers.
parity_exact_quantiles() {
  local name="parity exact quantiles $1 $2 batch $3"
  exact_quantiles simd "$1" "$2" >"$scratch/cpu.csv"
  exact_quantiles $gpu_engine "$1" "$2" --batch "$3" >"$scratch/gpu.csv"
  if [ -s "$scratch/cpu.csv" ] && cmp "$scratch/cpu.csv" "$scratch/gpu.csv" >"$scratch/cmp" 2>&1; then
    note "$name" pass "$(wc -l <"$scratch/gpu.csv") lines"
  else
    note "$name" fail "$(tail -n 1 "$scratch/cmp") $(head -c 300 "$scratch/error")"
  fi
}

# exact_quantiles, words as run_summary: the rows of the file, without its head, which tells engine and hour.
exact_quantiles() {
  rm -rf "$scratch/out"
  run_summary "$@" --exact-quantiles 'world_price,rental_price[cn,asic]' >/dev/null &&
    grep -v '^#' "$scratch/out/exact_quantiles.csv"
}

# All GPUs of the machine at once.
devices() {
  local cpu count reason
  count=$(nvidia-smi -L 2>/dev/null | wc -l)
  if reason=$(missing nvidia-smi) || [ "$count" -lt 2 ]; then
    note "parity of several GPUs" skip "${reason:-$count here}"
    return
  fi
  cpu=$(run_summary simd baseline 20000 | field digest)
  same "parity of $count GPUs" "$cpu" "$(run_summary cuda baseline 20000 --device all --batch 1024 | field digest)"
}

# Every one-shot market through the device: the same digits as the CPU.
markets() {
  local file cpu gpu
  for file in "$root"/configs/markets/*.toml; do
    cpu=$("$program" clear "$file" --engine reference --json 2>&1)
    gpu=$("$program" clear "$file" --engine "$clear_engine" --json 2>&1)
    if [ -n "$cpu" ] && [ "$cpu" = "$gpu" ]; then
      note "parity market $(basename "$file" .toml)" pass
    else
      note "parity market $(basename "$file" .toml)" fail "$(head -c 300 <<<"$gpu")"
    fi
  done
}

# Every kernel that the program has for a user, on little work: the tools slow them down a hundredfold.
sanitizer() {
  local smoke=(run "$root/configs/smoke.toml" --engine "$gpu_engine" --quiet --force --out "$scratch/out")
  sanitized smoke "${smoke[@]}" --paths 500
  CHOKEPOINT_GENERIC_KERNEL=1 sanitized "generic kernel" "${smoke[@]}" --paths 200
  sanitized "one-shot market" clear "$root/configs/markets/scarcity.toml" --engine "$clear_engine" --json
  sanitized "exact quantiles" "${smoke[@]}" --paths 500 --batch 256 --exact-quantiles world_price
}

# sanitized NAME WORDS...: the program with these words under each tool of compute-sanitizer; by itself in a dry run.
sanitized() {
  local name=$1 tool reason
  shift
  if reason=$(missing compute-sanitizer); then
    would_run "compute-sanitizer, $name" "$reason" "$@"
    return
  fi
  for tool in memcheck racecheck initcheck; do
    if compute-sanitizer --target-processes all --tool $tool --error-exitcode 9 "$program" "$@" >"$scratch/tool" 2>&1 &&
      grep -q 'SUMMARY: 0 ' "$scratch/tool"; then
      note "compute-sanitizer $tool, $name" pass "$(tail -n 1 "$scratch/tool")"
    else
      note "compute-sanitizer $tool, $name" fail "$(tail -n 3 "$scratch/tool")"
    fi
  done
}

# would_run NAME REASON WORDS...: a tool is passed over; a dry run tries what it would have watched.
would_run() {
  if [ -n "$dry" ] && ! "$program" "${@:3}" >"$scratch/tool" 2>&1; then
    note "$1" fail "$2: $(tail -n 1 "$scratch/tool")"
  else
    note "$1" skip "$2"
  fi
}

benchmark() {
  local number try sizes="$paths"
  [ -n "$long" ] && sizes="$sizes 1e8"
  for number in $sizes; do
    for try in 1 2 3; do timed "try $try" "$number"; done
  done
  occupancy
}

# timed WHAT PATHS [ARGS...]: notes the seconds of a run of the baseline.
timed() {
  local name="benchmark baseline $2, $1" seconds
  seconds=$(run_summary $gpu_engine baseline "${@:2}" | field seconds)
  if [ -n "$seconds" ]; then
    note "$name" info "seconds $seconds"
  else
    note "$name" fail "$(head -c 300 "$scratch/error")"
  fi
}

# Fewer threads a multiprocessor leave each more of the caches for its state: the same paths in batches of one, two and
# three blocks a multiprocessor, of which the batch that the program chooses for many paths has twelve (cuda/memory_plan.cu).
occupancy() {
  local blocks batch
  batch=$(run_summary $gpu_engine baseline "$paths" | field batch)
  if [ "${batch:-0}" -lt 1536 ] || [ "$batch" -ge "$(printf %.0f "$paths")" ]; then
    note "benchmark blocks a multiprocessor" skip "$paths paths make no whole batch"
    return
  fi
  for blocks in 1 2 3; do timed "$blocks blocks a multiprocessor" "$paths" --batch $((batch / 12 * blocks)); done
}

# What the path and tally kernels wait for: of three launches the figures that docs/gpu.md asks for.
ncu() {
  local reason section line sections=()
  local words=(run "$root/configs/baseline.toml" --engine "$gpu_engine" --quiet --force --out "$scratch/out")
  for section in SpeedOfLight ComputeWorkloadAnalysis MemoryWorkloadAnalysis WarpStateStats LaunchStats; do
    sections+=(--section $section)
  done
  if reason=$(missing ncu); then
    would_run ncu "$reason" "${words[@]}" --paths 50
  elif command ncu --target-processes all --kernel-name regex:run_task --launch-skip 3 --launch-count 3 --csv \
    "${sections[@]}" "$program" "${words[@]}" --paths 200000 >"$scratch/tool" 2>&1 &&
    ncu_figures <"$scratch/tool" >"$scratch/figures" && [ -s "$scratch/figures" ]; then
    while read -r line; do note ncu info "$line"; done <"$scratch/figures"
  elif grep -q ERR_NVGPUCTRPERM "$scratch/tool"; then
    note ncu skip "the driver keeps its counters from this user (ERR_NVGPUCTRPERM)"
  else
    note ncu fail "$(tail -n 3 "$scratch/tool")"
  fi
}

# ncu_figures: a line a launch, from ncu's CSV on stdin: the kernel, then name, value and unit of every figure wanted.
ncu_figures() {
  awk -F'","' -v wanted="^(Duration|SM Frequency|Compute \\\\(SM\\\\) Throughput|DRAM Throughput|Memory Throughput\
|Issue Slots Busy|SM Busy|(Executed|Issued) Ipc (Active|Elapsed)|L1/TEX Hit Rate|L2 Hit Rate|Mem Busy|Mem Pipes Busy\
|Max Bandwidth|Warp Cycles Per Issued Instruction|Registers Per Thread)$" '
    function plain(text) { gsub(/"/, "", text); return text }
    function cell(name) { return name in column ? plain($column[name]) : "" }
    /^"ID"/ { for (i = 1; i <= NF; ++i) column[plain($i)] = i }
    !/^"[0-9]/ || cell("Metric Name") !~ wanted { next }
    cell("ID") != last {
      if (last != "") print ""
      last = cell("ID")
      kernel = cell("Kernel Name")
      sub(/.*run_task</, "", kernel)
      printf "%s:", substr(kernel, 1, 60)
    }
    { printf " %s %s %s;", cell("Metric Name"), cell("Metric Value"), cell("Metric Unit") }
    END { if (last != "") print "" }'
}

# The same model in JAX (bench/peers), which must agree before it is timed.
jax() {
  local reason
  if reason=$(missing python3); then
    note "JAX peer" skip "$reason"
  else
    python3 -B "$peers/bench.py" --build "$scratch" --program "$program" --config "$root/configs/baseline.toml" --peers jax \
      --no-install --device gpu --rounds 3 >"$scratch/peer" 2>"$scratch/peer_error"
    case $? in
      0) note "JAX peer" info "$(grep '^| JAX' "$scratch/peer")" ;;
      77) note "JAX peer" skip "$(tail -n 1 "$scratch/peer")" ;;
      *) note "JAX peer" fail "$(tail -n 2 "$scratch/peer_error")" ;;
    esac
  fi
}

# The path kernel as it is and with approximate functions (bench/gpu/reproducibility): a section of its own in the report.
price() {
  local name="price of the same bits" sampler= clock= gpu=
  if [ ! -x "$price_program" ]; then
    note "$name" skip "reproducibility_price was not built"
    return
  fi
  if ! missing nvidia-smi >/dev/null; then
    gpu=$(nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader --id=0 2>/dev/null)
    nvidia-smi --query-gpu=clocks.sm --format=csv,noheader,nounits --id=0 -lms 100 >"$scratch/clocks" 2>/dev/null &
    sampler=$!
  fi
  if ! "$price_program" "$root/configs/baseline.toml" ${dry:+--dry-run} >"$scratch/price.json" 2>"$scratch/price_error"; then
    note "$name" fail "$(tail -n 2 "$scratch/price_error")"
  elif [ -n "$dry" ]; then
    note "$name" skip "dry run: it starts, and has kernels for the baseline"
  else
    note "$name" info "approximate over exact: $(field approximate_over_exact <"$scratch/price.json")"
  fi
  if [ -n "$sampler" ]; then
    kill "$sampler" 2>/dev/null
    wait "$sampler" 2>/dev/null
    clock=$(grep -E '^[0-9]+$' "$scratch/clocks" | sort -n | tail -n 1)
  fi
  # On one line, by which the report finds it again.
  [ -s "$scratch/price.json" ] &&
    printf '{"gpu_and_driver": "%s", "highest_sm_clock_mhz": %s, "comparison": %s}\n' \
      "$(text "$gpu")" "${clock:-null}" "$(tr -d '\n' <"$scratch/price.json")" >"$scratch/entries/price_section"
}

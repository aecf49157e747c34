// Tallies awkward values and prints a hash of all that comes out. targets_test.py builds this with many flags and
// expects one line from all.

#include <cstdint>
#include <cstdio>
#include <vector>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/tally/accumulate.hpp"

using namespace chokepoint;

namespace {

constexpr int paths = 333, months = 40, measures = 7;
const Scale scales[measures] = {Scale::price, Scale::quantity, Scale::share,       Scale::concentration,
                                Scale::count, Scale::flag,     Scale::signed_value};

std::uint64_t hash = 14695981039346656037ULL;

void take(const void* memory, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    hash = (hash ^ static_cast<const unsigned char*>(memory)[i]) * 1099511628211ULL;
}

std::uint32_t random_bits() {
  static std::uint64_t state = 1;
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<std::uint32_t>(state >> 32);
}

/// Half of them any bits at all, NaNs and subnormals included; half near the scales.
float random_float() {
  const std::uint32_t bits = random_bits();
  if (bits % 32 == 0) return missing_value;
  return bits % 2 == 0 ? float_of(random_bits()) : float_of(0x3a000000U + random_bits() % 0x0f000000U);
}

BinSpec specs[measures];
const EventRule rules[2] = {{0, 1, 0, 2.0F}, {6, 0, 1, 0.5F}};
constexpr std::size_t row_counts = special_bins + (std::size_t{octave_numbers} << histogram_mantissa_bits);
std::vector<ThreadCount> counts(months* measures* row_counts);
TallyRow tally_rows[months * measures];
std::uint64_t iterations[65];
StepSums steps;
std::uint32_t path_hash[paths], path_trail[paths];
std::uint8_t path_unsolved[paths];
EventState event_states[2 * paths];
float rows[measures * paths], residual[paths];
std::int32_t path_iterations[paths];

}  // namespace

int main() {
  for (int k = 0; k < measures; ++k)  // fewer bins for some, as comparisons have
    specs[k] = {k % 3 == 2 ? 6 : histogram_mantissa_bits, scales[k] == Scale::count || scales[k] == Scale::flag};
  OctaveSet all{};
  for (int octave = 0; octave < octave_numbers; ++octave) insert(all, octave);
  for (int row = 0; row < months * measures; ++row)
    tally_rows[row] = {all, &counts[static_cast<std::size_t>(row) * row_counts], empty_row_sums};
  for (EventState& state : event_states) state = event_start();
  const TallyView view{specs,      rules,         tally_rows,   iterations, &steps,   path_hash,
                       path_trail, path_unsolved, event_states, months,     measures, 2,
                       64,         paths,         nullptr,      nullptr};  // there is room for all: nothing grows
  for (int month = 0; month < months; ++month) {
    for (float& value : rows) value = random_float();
    for (int i = 0; i < paths; ++i) {
      residual[i] = random_float();
      path_iterations[i] = static_cast<std::int32_t>(random_bits() % 100);
    }
    accumulate_month(view, month, rows, paths, paths);
    accumulate_steps(view, path_iterations, residual, 1.0F, paths);
  }
  take(counts.data(), counts.size() * sizeof(ThreadCount));
  for (const TallyRow& row : tally_rows) {
    take(row.sums.sum, sizeof row.sums.sum), take(row.sums.square, sizeof row.sums.square);
    take(&row.sums.smallest_key, 4), take(&row.sums.largest_key, 4);
  }
  take(iterations, sizeof iterations);
  take(&steps.unsolved_steps, 8), take(&steps.max_residual, 4);
  take(path_hash, sizeof path_hash), take(path_trail, sizeof path_trail), take(path_unsolved, sizeof path_unsolved);
  for (const EventState& state : event_states) take(&state.first_month, 4), take(&state.recovery_month, 4);
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
}

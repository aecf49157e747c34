#include "analysis/comparison_tally.hpp"
#include "chokepoint/market/measure_table.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace chokepoint {
namespace {

/// A difference spans many octaves, down to small ones, and needs fewer bins in each. Levels need their moments alone:
/// one bin an octave.
constexpr int difference_bits = 6;
static_assert(difference_error_bound == 1.0 / (1 << difference_bits));

BinSpec difference_spec(Scale scale) {
  const BinSpec spec = bin_spec(scale);
  return {spec.is_discrete != 0 ? spec.mantissa_bits : difference_bits, spec.is_discrete};
}

constexpr BinSpec level_spec{0, 0}, order_spec{2, 1}, differs_spec{0, 1};

bool usable(float value) {
  return unusable_mask(bits_of(value)) == 0;
}

/// One measure of one path in both scenarios.
struct PairValues {
  float difference, base, other, order;
};

PairValues compare(float base, float other) {
  const bool has_base = usable(base), has_other = usable(other);
  if (has_base && has_other) {
    const Order order = other > base ? Order::higher : other < base ? Order::lower : Order::equal;
    return {other - base, base, other, static_cast<float>(order)};
  }
  const bool invalid = (!has_base && base != missing_value) || (!has_other && other != missing_value);
  const float nothing = invalid ? std::numeric_limits<float>::quiet_NaN() : missing_value;
  const float order = has_base    ? static_cast<float>(Order::only_base)
                      : has_other ? static_cast<float>(Order::only_other)
                                  : missing_value;
  return {nothing, missing_value, missing_value, order};
}

}  // namespace

TallyLayout pair_layout(const ScenarioPair& pair, int months) {
  std::vector<BinSpec> specs;
  const auto scale_of = [](const ComparedMeasure& m) { return info_of(m.measure).scale; };
  for (const ComparedMeasure& measure : pair.measures) specs.push_back(difference_spec(scale_of(measure)));
  specs.insert(specs.end(), 2 * pair.measures.size(), level_spec);
  specs.insert(specs.end(), pair.measures.size(), order_spec);
  specs.push_back(differs_spec);
  const EventRule differs{static_cast<std::int32_t>(specs.size()) - 1, 1, 0, 0.5F};
  return make_tally_layout(months, specs, {differs}, 0);
}

void SharedTallies::take(ThreadTallies& part) {
  const std::lock_guard lock(mutex_);
  if (!tallies_) tallies_ = std::make_unique<Tallies>(layout_);
  part.flush(*tallies_);
}

void PairPart::make() {
  tallies_ = std::make_unique<ThreadTallies>(shared_.layout(), tally_block);
  rows_.resize(shared_.layout().specs.size() * tally_block);
}

void PairPart::add(std::uint64_t first_path, std::span<const int> paths, const PathRows& base, const PathRows& other) {
  while (!paths.empty()) {
    const std::size_t size = std::min<std::size_t>(paths.size(), tally_block);
    add_chunk(first_path, paths.first(size), base, other);
    paths = paths.subspan(size);
  }
}

void PairPart::add_chunk(std::uint64_t first_path, std::span<const int> paths, const PathRows& base,
                         const PathRows& other) {
  if (!tallies_) make();
  if (tallies_->room() < tally_block) shared_.take(*tallies_);
  std::vector<std::uint64_t> numbers;
  for (const int path : paths) numbers.push_back(first_path + static_cast<std::uint64_t>(path));
  const int size = static_cast<int>(paths.size());
  tallies_->begin_some(numbers.data(), size);
  for (int month = 0; month < shared_.layout().months; ++month) {
    fill_month(month, paths, base, other);
    accumulate_month(tallies_->view(), month, rows_.data(), tally_block, size);
  }
  tallies_->end();
}

void PairPart::fill_month(int month, std::span<const int> paths, const PathRows& base, const PathRows& other) {
  const PairRow row{static_cast<int>(pair_.measures.size())};
  const auto at = [this](int place) { return rows_.data() + static_cast<std::ptrdiff_t>(place) * tally_block; };
  float* const differs = at(row.differs());
  std::fill_n(differs, paths.size(), 0.0F);
  for (int measure = 0; measure < row.measures; ++measure) {
    const ComparedMeasure& compared = pair_.measures[static_cast<std::size_t>(measure)];
    const float* const a = base.row(pair_.base_month + month, compared.base).data();
    const float* const b = other.row(pair_.other_month + month, compared.other).data();
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const PairValues values = compare(a[paths[i]], b[paths[i]]);
      at(row.difference(measure))[i] = values.difference;
      at(row.base(measure))[i] = values.base;
      at(row.other(measure))[i] = values.other;
      at(row.order(measure))[i] = values.order;
      if (values.order != 0.0F && values.order != missing_value) differs[i] = 1.0F;
    }
  }
}

void PairPart::flush() {
  if (tallies_) shared_.take(*tallies_);
  tallies_.reset();
}

void add_paths(WalkedPaths& walked, std::uint64_t first_path, const PathRows& rows) {
  std::vector<std::uint32_t> hash, trail;
  for (int path = 0; path < rows.paths; ++path) {
    const ChecksumState start = checksum_start(first_path + static_cast<std::uint64_t>(path));
    hash.push_back(start.hash);
    trail.push_back(start.trail);
  }
  for (int month = 0; month < rows.months; ++month)
    for (int measure = 0; measure < rows.measures; ++measure)
      checksum_row(rows.row(month, measure).data(), rows.paths, hash.data(), trail.data());
  for (std::size_t path = 0; path < hash.size(); ++path) {
    const std::uint64_t checksum = checksum_finish({hash[path], trail[path]});
    walked.checksum_sum += checksum;
    walked.checksum_xor ^= checksum;
    walked.unsolved_paths += rows.unsolved[path];
  }
}

}  // namespace chokepoint

#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "parameters.hpp"

/// Statistics over paths, of one measure in one month: sums and a histogram with the bins of chokepoint's own, 256 an
/// octave (sign, exponent and 8 bits of the mantissa of a float).
namespace peer {

class Statistic {
 public:
  void add(const float* values, long number) {
    double usable = 0, sum = 0, squares = 0;
    float least = least_, greatest = greatest_;
    for (long k = 0; k < number; ++k) {
      const float value = values[k];
      if (!(std::fabs(value) < 3.0e38f)) continue;  // missing, or no number
      sum += value;
      squares += static_cast<double>(value) * value;
      least = std::min(least, value);
      greatest = std::max(greatest, value);
      const std::int32_t bits = std::bit_cast<std::int32_t>(value);
      const std::int32_t bin = (bits ^ ((bits >> 31) & 0x7fffffff)) >> 15;
      if (static_cast<std::size_t>(bin - first_) >= counts_.size()) make_room(bin);
      ++counts_[static_cast<std::size_t>(bin - first_)];
      ++usable;
    }
    number_ += usable;
    sum_ += sum;
    squares_ += squares;
    least_ = least;
    greatest_ = greatest;
  }
  void merge(const Statistic& other) {
    number_ += other.number_;
    sum_ += other.sum_;
    squares_ += other.squares_;
    least_ = std::min(least_, other.least_);
    greatest_ = std::max(greatest_, other.greatest_);
    if (other.counts_.empty()) return;
    make_room(other.first_);
    make_room(other.first_ + static_cast<std::int32_t>(other.counts_.size()) - 1);
    for (std::size_t k = 0; k < other.counts_.size(); ++k)
      counts_[k + static_cast<std::size_t>(other.first_ - first_)] += other.counts_[k];
  }

  Json mean() const { return number_ ? Json(sum_ / number_) : Json(); }
  Json standard_deviation() const {
    if (!number_) return {};
    const double mean = sum_ / number_;
    return std::sqrt(std::max(squares_ / number_ - mean * mean, 0.0));
  }
  /// The middle of the bin in which the value at a rank lies, within the extremes.
  Json quantile(double level) const {
    if (!number_) return {};
    double left = level * (number_ - 1) + 1;
    std::size_t k = 0;
    for (; k + 1 < counts_.size() && left > counts_[k]; ++k) left -= counts_[k];
    const auto edge = [&](std::int32_t bin) {
      const std::int32_t key = bin * 32768;
      return std::bit_cast<float>(key ^ ((key >> 31) & 0x7fffffff));
    };
    const std::int32_t bin = first_ + static_cast<std::int32_t>(k);
    return std::clamp((edge(bin) + edge(bin + 1)) / 2, least_, greatest_);
  }

 private:
  /// Whole octaves.
  void make_room(std::int32_t bin) {
    const std::int32_t first = (counts_.empty() ? bin : std::min(first_, bin)) & ~255;
    const std::int32_t end = counts_.empty() ? bin : first_ + static_cast<std::int32_t>(counts_.size());
    std::vector<std::uint32_t> wider(static_cast<std::size_t>(((std::max(end, bin + 1) + 255) & ~255) - first));
    if (!counts_.empty()) std::copy(counts_.begin(), counts_.end(), wider.begin() + (first_ - first));
    counts_ = std::move(wider);
    first_ = first;
  }

  double number_ = 0, sum_ = 0, squares_ = 0;
  float least_ = 3.4e38f, greatest_ = -3.4e38f;
  std::int32_t first_ = 0;
  std::vector<std::uint32_t> counts_;
};

/// [month][measure]
struct Statistics {
  std::vector<Statistic> of = std::vector<Statistic>(static_cast<std::size_t>(sizes.months * sizes.measures));

  Json listed() const {
    Json out;
    const auto list = [&](const char* name, auto value) {
      for (std::size_t k = 0; k < of.size(); ++k) out[name][k / sizes.measures].push_back(value(of[k]));
    };
    list("mean", [](const Statistic& one) { return one.mean(); });
    list("standard_deviation", [](const Statistic& one) { return one.standard_deviation(); });
    list("q05", [](const Statistic& one) { return one.quantile(0.05); });
    list("median", [](const Statistic& one) { return one.quantile(0.5); });
    list("q95", [](const Statistic& one) { return one.quantile(0.95); });
    return out;
  }
};

}  // namespace peer

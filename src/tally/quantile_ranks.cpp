#include <vector>

#include "chokepoint/result.hpp"

namespace chokepoint {
namespace {

constexpr double tail = 0.025, negligible = 1e-20;

/// The binomial distribution of `size` trials as far as it matters: weights around its mode, by ratios of neighbours,
/// so that no function but the four operations is needed and every machine finds the same.
class Binomial {
 public:
  Binomial(std::uint64_t size, double share) {
    const double n = static_cast<double>(size), odds = share / (1 - share);
    const auto mode = static_cast<std::uint64_t>((n + 1) * share);
    double weight = 1;
    for (std::uint64_t k = mode; k > 0 && weight > negligible; --k)
      below_.push_back(weight *= static_cast<double>(k) / (odds * (n - static_cast<double>(k) + 1)));
    weight = 1;
    for (std::uint64_t k = mode; k < size && weight > negligible; ++k)
      above_.push_back(weight *= odds * (n - static_cast<double>(k)) / (static_cast<double>(k) + 1));
    mode_ = mode;
    for (std::size_t k = below_.size(); k-- > 0;) sum_ += below_[k];
    for (std::size_t k = above_.size(); k-- > 0;) sum_ += above_[k];
  }

  /// The greatest k with P(at most k) <= tail; nothing where there is none.
  std::optional<std::uint64_t> lower_end() const {
    double sum = 0;
    std::uint64_t k = mode_ - below_.size();  // of the least weight
    std::optional<std::uint64_t> end;
    for (std::size_t place = below_.size(); place-- > 0; ++k) {
      sum += below_[place];
      if (sum > tail * sum_) return end;
      end = k;
    }
    return end;  // the mode itself is far from either tail
  }

  /// The least k with P(at least k) <= tail; nothing where there is none.
  std::optional<std::uint64_t> upper_end() const {
    double sum = 0;
    std::uint64_t k = mode_ + above_.size();
    std::optional<std::uint64_t> end;
    for (std::size_t place = above_.size(); place-- > 0; --k) {
      sum += above_[place];
      if (sum > tail * sum_) return end;
      end = k;
    }
    return end;
  }

 private:
  std::uint64_t mode_;
  std::vector<double> below_, above_;  ///< weights from the mode outwards, the mode's own being 1
  double sum_ = 1;
};

}  // namespace

// Of the sorted values X(0) ... X(n-1) the quantile q lies above X(k) unless at most k values lie below it, and below
// X(k) unless more than k do (at least k + 1).
QuantileRanks::QuantileRanks(std::uint64_t size) {
  for (std::size_t i = 0; size > 0 && i < quantile_levels.size(); ++i) {
    const Binomial below(size, quantile_levels[i]);
    low[i] = below.lower_end();
    if (const std::optional<std::uint64_t> end = below.upper_end()) high[i] = *end - 1;
  }
}

}  // namespace chokepoint

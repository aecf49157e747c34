#include <algorithm>
#include <cstring>
#include <limits>

#include "engine/tallies_bytes.hpp"

namespace chokepoint {

namespace {

constexpr std::uint64_t magic = 0x594c4c4154504b43;  // "CKPTALLY"
constexpr std::uint32_t format_version = 2;
constexpr std::size_t least_row_bytes = 57;

void write(TallyWriter& out, const TallyLayout& layout) {
  out.word32(static_cast<std::uint32_t>(layout.months));
  out.word32(static_cast<std::uint32_t>(layout.measures()));
  out.word32(static_cast<std::uint32_t>(layout.events()));
  out.word32(static_cast<std::uint32_t>(layout.iteration_limit));
  for (const HistogramSpec& spec : layout.specs) {
    const HistogramRange& r = spec.range;
    for (const std::int32_t number : {r.min_exponent, r.octaves, r.mantissa_bits, r.has_sign, r.is_discrete})
      out.word32(static_cast<std::uint32_t>(number));
  }
  for (const EventRule& rule : layout.rules) {
    for (const std::int32_t number : {rule.measure, rule.above, rule.relative, rule.first_month})
      out.word32(static_cast<std::uint32_t>(number));
    out.word32(bits_of(rule.threshold));
  }
}

void write(TallyWriter& out, const RunTotals& totals) {
  for (const std::uint64_t number :
       {totals.paths, totals.unsolved_paths, totals.unsolved_steps, totals.checksum_sum, totals.checksum_xor})
    out.word64(number);
  out.word32(bits_of(totals.max_residual));
  for (const auto* counts : {&totals.iterations, &totals.first_passage, &totals.recovery})
    for (const std::uint64_t count : *counts) out.count(count);
}

void write(TallyWriter& out, const Moments& moments) {
  for (const Integer128 sum : {moments.high, moments.low, moments.square}) out.word128(sum);
  out.word32(static_cast<std::uint32_t>(moments.smallest_key));
  out.word32(static_cast<std::uint32_t>(moments.largest_key));
}

/// Occupied bins only: how many, then for each the empty bins before it and its count.
void write_counts(TallyWriter& out, const std::uint64_t* counts, std::uint32_t bins) {
  out.count(static_cast<std::uint64_t>(bins - std::count(counts, counts + bins, std::uint64_t{0})));
  std::uint32_t next = 0;
  for (std::uint32_t bin = 0; bin < bins; ++bin) {
    if (counts[bin] == 0) continue;
    out.count(bin - next);
    out.count(counts[bin]);
    next = bin + 1;
  }
}

void write(TallyWriter& out, const Tallies& tallies) {
  const TallyLayout& layout = tallies.layout();
  out.word64(magic);
  out.word32(format_version);
  write(out, layout);
  write(out, tallies.totals());
  for (int month = 0; month < layout.months; ++month)
    for (int measure = 0; measure < layout.measures(); ++measure) {
      write(out, tallies.moments(month, measure));
      write_counts(out, tallies.counts(month, measure), layout.specs[static_cast<std::size_t>(measure)].bins);
    }
}

TallyLayout read_layout(ByteReader& in) {
  const std::uint32_t months = in.word32(), measures = in.word32(), events = in.word32(), iterations = in.word32();
  in.require(months <= max_months && events <= max_events && iterations <= 65535, "the layout is out of range");
  in.require(measures <= in.left() / 20, "they end too early");
  std::vector<HistogramRange> ranges(measures);
  for (HistogramRange& r : ranges)
    for (std::int32_t* number : {&r.min_exponent, &r.octaves, &r.mantissa_bits, &r.has_sign, &r.is_discrete})
      *number = in.signed32();
  std::vector<EventRule> rules(events);
  for (EventRule& rule : rules) {
    for (std::int32_t* number : {&rule.measure, &rule.above, &rule.relative, &rule.first_month})
      *number = in.signed32();
    rule.threshold = float_of(in.word32());
  }
  try {
    return make_tally_layout(static_cast<int>(months), ranges, rules, static_cast<int>(iterations));
  } catch (const std::invalid_argument& error) {
    in.require(false, error.what());
  }
  return {};
}

/// Sum of counts; more than 2^64 is an error.
std::uint64_t checked_sum(const ByteReader& in, const std::uint64_t* counts, std::size_t size) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    in.require(counts[i] <= std::numeric_limits<std::uint64_t>::max() - sum, "counts add up to too much");
    sum += counts[i];
  }
  return sum;
}

void check(const ByteReader& in, const RunTotals& totals, const TallyLayout& layout) {
  const std::uint64_t months = static_cast<std::uint64_t>(layout.months);
  in.require(totals.paths <= std::numeric_limits<std::uint64_t>::max() >> 20, "there are too many paths");
  in.require(totals.unsolved_paths <= totals.paths && totals.unsolved_steps >= totals.unsolved_paths &&
                 totals.unsolved_steps <= totals.unsolved_paths * months,
             "the numbers of unsolved paths and months contradict each other");
  in.require(totals.max_residual >= 0, "the largest residual is not a size");
  in.require(checked_sum(in, totals.iterations.data(), totals.iterations.size()) <= totals.paths * months,
             "there are more solver iterations than months");
  const std::size_t slots = static_cast<std::size_t>(event_slots(layout.months));
  for (std::size_t event = 0; event < layout.rules.size(); ++event) {
    const std::uint64_t* first = &totals.first_passage[event * slots];
    const std::uint64_t* recovery = &totals.recovery[event * slots];
    in.require(checked_sum(in, first, slots) == totals.paths, "an event does not count every path once");
    in.require(checked_sum(in, recovery, slots) == totals.paths - first[months] - first[months + 1],
               "an event's recoveries do not count every path that passed once");
  }
}

RunTotals read_totals(ByteReader& in, const TallyLayout& layout) {
  RunTotals totals(layout);
  for (std::uint64_t* number :
       {&totals.paths, &totals.unsolved_paths, &totals.unsolved_steps, &totals.checksum_sum, &totals.checksum_xor})
    *number = in.word64();
  totals.max_residual = float_of(in.word32());
  for (auto* counts : {&totals.iterations, &totals.first_passage, &totals.recovery})
    for (std::uint64_t& count : *counts) count = in.count();
  check(in, totals, layout);
  return totals;
}

Moments read_moments(ByteReader& in) {
  Moments moments;
  for (Integer128* sum : {&moments.high, &moments.low, &moments.square}) *sum = in.word128();
  moments.smallest_key = in.signed32();
  moments.largest_key = in.signed32();
  return moments;
}

void read_counts(ByteReader& in, const HistogramSpec& spec, std::uint64_t* counts) {
  const std::uint64_t occupied = in.count();
  in.require(occupied <= spec.bins, "more bins are occupied than there are");
  std::uint64_t next = 0;
  for (std::uint64_t i = 0; i < occupied; ++i) {
    const std::uint64_t empty = in.count();
    in.require(empty < spec.bins - next, "a bin lies outside its histogram");
    const std::uint64_t count = in.count();
    in.require(count != 0, "an occupied bin is empty");
    counts[next + empty] = count;
    next += empty + 1;
  }
}

bool within(Integer128 sum, Integer128 limit) {
  return -limit <= sum && sum <= limit;
}

/// Sums must be possible for this many numbers, and the extremes numbers in order.
void check(const ByteReader& in, const Moments& moments, std::uint64_t numbers) {
  const Integer128 n = static_cast<Integer128>(numbers);
  in.require(
      within(moments.high, n << 31) && within(moments.low, n << 22) && moments.square >= 0 && moments.square <= n << 62,
      "a sum is larger than its values allow");
  const bool none = moments.smallest_key == no_smallest_key && moments.largest_key == no_largest_key;
  const bool some = moments.smallest_key <= moments.largest_key &&
                    unusable_mask(bits_of(from_order_key(moments.smallest_key))) == 0 &&
                    unusable_mask(bits_of(from_order_key(moments.largest_key))) == 0;
  in.require(numbers == 0 ? none : some, "the extremes of a measure are not numbers in order");
}

}  // namespace

class TallyReader {
 public:
  static Tallies read(ByteReader& in) {
    in.require(in.word64() == magic, "they do not start as tallies do");
    in.require(in.word32() == format_version, "their format is of another version");
    TallyLayout layout = read_layout(in);
    RunTotals totals = read_totals(in, layout);
    in.require(in.left() / least_row_bytes >= layout.rows(), "they end too early");
    Tallies tallies(std::move(layout));
    tallies.totals_ = std::move(totals);
    for (int month = 0; month < tallies.layout_.months; ++month)
      for (int measure = 0; measure < tallies.layout_.measures(); ++measure) read_row(in, tallies, month, measure);
    in.require(in.left() == 0, "bytes follow their end");
    return tallies;
  }

 private:
  static void read_row(ByteReader& in, Tallies& tallies, int month, int measure) {
    const HistogramSpec& spec = tallies.layout_.specs[static_cast<std::size_t>(measure)];
    Moments& moments = tallies.moments_[tallies.layout_.row(month, measure)];
    moments = read_moments(in);
    std::uint64_t* counts = tallies.counts_.data() + tallies.layout_.first_count(month, measure);
    read_counts(in, spec, counts);
    in.require(checked_sum(in, counts, spec.bins) == tallies.totals_.paths,
               "a histogram does not count every path once");
    check(in, moments, tallies.defined(month, measure));
  }
};

std::vector<std::byte> Tallies::serialise() const {
  std::vector<std::byte> bytes;
  TallyWriter out(&bytes);
  write(out, *this);
  const TallyHash hash = out.hash();
  bytes.insert(bytes.end(), hash.begin(), hash.end());
  return bytes;
}

Tallies Tallies::deserialise(const std::byte* bytes, std::size_t size) {
  constexpr std::size_t hash_size = std::tuple_size_v<TallyHash>;
  ByteReader in(bytes, size < hash_size ? 0 : size - hash_size);
  in.require(size >= hash_size, "they end too early");
  const TallyHash hash = tally_hash(bytes, size - hash_size);
  in.require(std::memcmp(hash.data(), bytes + size - hash_size, hash_size) == 0, "their checksum is wrong");
  return TallyReader::read(in);
}

std::string Tallies::digest() const {
  TallyWriter out(nullptr);
  write(out, *this);
  return to_hex(out.hash());
}

}  // namespace chokepoint

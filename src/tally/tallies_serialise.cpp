#include <algorithm>
#include <cstring>
#include <limits>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "tally/exact_moments.hpp"
#include "tally/tallies_bytes.hpp"

namespace chokepoint {

namespace {

constexpr std::uint64_t magic = 0x594c4c4154504b43;  // "CKPTALLY"
constexpr std::uint32_t format_version = 2;
constexpr std::size_t least_row_bytes = 15;

void write(TallyWriter& out, const TallyLayout& layout) {
  out.word32(static_cast<std::uint32_t>(layout.months));
  out.word32(static_cast<std::uint32_t>(layout.measures()));
  out.word32(static_cast<std::uint32_t>(layout.events()));
  out.word32(static_cast<std::uint32_t>(layout.iteration_limit));
  for (const BinSpec& spec : layout.specs)
    for (const std::int32_t number : {spec.mantissa_bits, spec.is_discrete})
      out.word32(static_cast<std::uint32_t>(number));
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

/// A sum as a number in two's complement: its words of 32 bits from the first that is not 0 to the last that is needed.
void write_sum(TallyWriter& out, const std::int64_t* digits, int size) {
  int first = 0, end = size;
  while (first < size && digits[first] == 0) ++first;
  const auto word = [&](int k) { return static_cast<std::uint32_t>(digits[k]); };
  const std::uint32_t filler = digits[size - 1] < 0 ? 0xffffffffU : 0U;
  while (end - first > 1 && word(end - 1) == filler && (word(end - 2) >> 31) == (filler >> 31)) --end;
  out.count(static_cast<std::uint64_t>(first == size ? 0 : first));
  out.count(static_cast<std::uint64_t>(end - first));
  for (int k = first; k < end; ++k) out.word32(word(k));
}

/// Occupied bins only: how many, then for each the empty bins before it and its count.
void write_counts(TallyWriter& out, const MeasureTally& tally) {
  std::uint64_t occupied = 0, next = 0;
  tally.for_each_number([&](std::int32_t bin, std::uint64_t) { occupied += bin >= 0 ? 1 : 0; });
  for (const std::int32_t bin : {zero_bin, missing_bin, invalid_bin}) out.count(tally.count(bin));
  out.count(occupied);
  tally.for_each_number([&](std::int32_t bin, std::uint64_t count) {
    if (bin < 0) return;
    out.count(static_cast<std::uint64_t>(bin) - next);
    out.count(count);
    next = static_cast<std::uint64_t>(bin) + 1;
  });
}

void write(TallyWriter& out, const MeasureTally& tally) {
  const RowSums& sums = tally.sums();
  write_sum(out, sums.sum, sum_digits);
  write_sum(out, sums.square, square_digits);
  out.word32(static_cast<std::uint32_t>(sums.smallest_key));
  out.word32(static_cast<std::uint32_t>(sums.largest_key));
  write_counts(out, tally);
}

void write(TallyWriter& out, const Tallies& tallies) {
  const TallyLayout& layout = tallies.layout();
  out.word64(magic);
  out.word32(format_version);
  write(out, layout);
  write(out, tallies.totals());
  for (int month = 0; month < layout.months; ++month)
    for (int measure = 0; measure < layout.measures(); ++measure) write(out, tallies.at(month, measure));
}

TallyLayout read_layout(ByteReader& in) {
  const std::uint32_t months = in.word32(), measures = in.word32(), events = in.word32(), iterations = in.word32();
  in.require(months <= max_months && events <= max_events && iterations <= 65535, "the layout is out of range");
  in.require(measures <= in.left() / 8, "they end too early");
  std::vector<BinSpec> specs(measures);
  for (BinSpec& spec : specs)
    for (std::int32_t* number : {&spec.mantissa_bits, &spec.is_discrete}) *number = in.signed32();
  std::vector<EventRule> rules(events);
  for (EventRule& rule : rules) {
    for (std::int32_t* number : {&rule.measure, &rule.above, &rule.relative, &rule.first_month})
      *number = in.signed32();
    rule.threshold = float_of(in.word32());
  }
  try {
    return make_tally_layout(static_cast<int>(months), specs, rules, static_cast<int>(iterations));
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

/// What write_sum wrote.
template <int size>
void read_sum(ByteReader& in, std::int64_t (&digits)[size]) {
  const std::uint64_t first = in.count(), words = in.count();
  in.require(first <= size && words <= size - first && (words > 0 || first == 0), "a sum is longer than there is room");
  std::uint32_t word = 0, before = 0;
  for (std::uint64_t k = 0; k < words; ++k) {
    before = word;
    word = in.word32();
    in.require(k > 0 || word != 0, "a sum is longer than needed");
    digits[first + k] = word;
  }
  const std::uint32_t filler = word >> 31 != 0 ? 0xffffffffU : 0U;
  in.require(words < 2 || word != filler || before >> 31 != filler >> 31, "a sum is longer than needed");
  for (std::uint64_t k = first + words; k < size; ++k) digits[k] = filler;
  digits[size - 1] = static_cast<std::int32_t>(static_cast<std::uint32_t>(digits[size - 1]));
}

/// Number of the least bin of octave 1, and one more than that of the last bin of octave 510: those of finite floats.
std::uint64_t first_number(const BinSpec& spec) {
  return std::uint64_t{1} << spec.mantissa_bits;
}
std::uint64_t end_of_numbers(const BinSpec& spec) {
  return std::uint64_t{octave_numbers - 1} << spec.mantissa_bits;
}

/// The sums must be possible for so many numbers between the extremes, and the extremes numbers in order.
void check(const ByteReader& in, const RowSums& sums, std::uint64_t numbers) {
  const bool none = sums.smallest_key == no_smallest_key && sums.largest_key == no_largest_key;
  const float smallest = from_order_key(sums.smallest_key), largest = from_order_key(sums.largest_key);
  const bool some = sums.smallest_key <= sums.largest_key && unusable_mask(bits_of(smallest)) == 0 &&
                    unusable_mask(bits_of(largest)) == 0;
  in.require(numbers == 0 ? none : some, "the extremes of a measure are not numbers in order");
  in.require(numbers == 0 ? is_zero(sums) : are_possible(sums, numbers), "a sum is not one of its values");
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
    for (MeasureTally& row : tallies.rows_) read_row(in, row, tallies.totals_.paths);
    in.require(in.left() == 0, "bytes follow their end");
    return tallies;
  }

 private:
  static void read_row(ByteReader& in, MeasureTally& tally, std::uint64_t paths) {
    read_sum(in, tally.sums_.sum);
    read_sum(in, tally.sums_.square);
    tally.sums_.smallest_key = in.signed32();
    tally.sums_.largest_key = in.signed32();
    for (const std::int32_t bin : {zero_bin, missing_bin, invalid_bin})
      tally.counts_[static_cast<std::size_t>(bin + special_bins)] = in.count();
    read_counts(in, tally);
    in.require(checked_sum(in, tally.counts_.data(), tally.counts_.size()) == paths,
               "a histogram does not count every path once");
    check(in, tally.sums_, tally.defined());
  }

  static void read_counts(ByteReader& in, MeasureTally& tally) {
    const std::uint64_t occupied = in.count(), end = end_of_numbers(tally.spec());
    in.require(occupied <= end, "more bins are occupied than there are");
    in.require(occupied <= in.left() / 2, "they end too early");
    std::uint64_t next = 0;
    for (std::uint64_t i = 0; i < occupied; ++i) {
      const std::uint64_t empty = in.count();
      in.require(empty < end - next && next + empty >= first_number(tally.spec()), "a bin is no number's");
      const std::uint64_t count = in.count();
      in.require(count != 0, "an occupied bin is empty");
      put(in, tally, static_cast<std::int32_t>(next + empty), count);
      next += empty + 1;
    }
  }

  static void put(const ByteReader& in, MeasureTally& tally, std::int32_t bin, std::uint64_t count) {
    const std::int32_t octave = octave_of(tally.spec(), bin);
    in.require(octave != middle_octave && octave != middle_octave - 1, "a bin is no number's");
    OctaveSet wanted{};
    insert(wanted, octave);
    tally.make_room(wanted);
    tally.counts_[static_cast<std::size_t>(place_of(tally.octaves_, tally.spec(), bin))] = count;
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

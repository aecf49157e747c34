#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "month.hpp"
#include "statistics.hpp"

/// The same month in plain C++: one path after the other on each thread. bench/peers/common.py states the arguments and
/// what is printed.
namespace peer {
namespace {

struct Options {
  const char* parameters = nullptr;
  long paths = 1024, batch = 64, keep = 0;
  unsigned threads = std::max(std::thread::hardware_concurrency(), 1u);
  std::string statistics, rows;
};

Options read_options(int count, char** words) {
  Options out;
  for (int k = 1; k < count; ++k) {
    const std::string word = words[k];
    if (word.rfind("--", 0) != 0) {
      out.parameters = words[k];
      continue;
    }
    if (k + 1 == count) throw std::runtime_error(word + " needs a value");
    const char* value = words[++k];
    if (word == "--paths")
      out.paths = std::stol(value);
    else if (word == "--batch")
      out.batch = std::stol(value);
    else if (word == "--threads")
      out.threads = static_cast<unsigned>(std::stoul(value));
    else if (word == "--keep")
      out.keep = std::stol(value);
    else if (word == "--statistics")
      out.statistics = value;
    else if (word == "--rows")
      out.rows = value;
    else
      throw std::runtime_error("unknown option " + word);
  }
  if (!out.parameters) throw std::runtime_error("usage: scalar PARAMETERS.json [--paths N] [--batch N] [--threads N]");
  return out;
}

struct Tally {
  Statistics statistics;
  long unsolved = 0, iterations = 0;
};

/// What a thread works with: the paths of a batch, which go through each month together so that a month's statistics
/// are touched once a batch.
struct Batch {
  std::vector<State> states;
  std::vector<float> rows;  ///< of one month, [measure][path]

  explicit Batch(long paths) : states(static_cast<std::size_t>(paths)), rows(states.size() * sizes.measures) {}
};

/// Simulates `number` paths; the rows of the first `keep` go to `kept`, [path][month][measure].
void run_batch(const Parameters& p, long first, long number, long keep, Batch& batch, float* kept, Tally& tally) {
  Flows flows;
  float* const rows = batch.rows.data();
  for (long k = 0; k < number; ++k) start_path(p, batch.states.data()[k]);
  for (int t = 0; t < sizes.months; ++t) {
    for (long k = 0; k < number; ++k) {
      State& state = batch.states.data()[k];
      advance_month(p, static_cast<std::uint64_t>(first + k), t, state, flows);
      measure(p, t == 0, state, flows, Row(rows + k, number));
      tally.unsolved += !flows.solved;
      tally.iterations += flows.iterations;
    }
    for (int j = 0; j < sizes.measures; ++j) {
      tally.statistics.of.data()[t * sizes.measures + j].add(rows + j * number, number);
      for (long k = 0; k < number && first + k < keep; ++k)
        kept[((first + k) * sizes.months + t) * sizes.measures + j] = rows[j * number + k];
    }
  }
}

void run(const Options& options) {
  const Parameters p = read_parameters(options.parameters);
  const auto row_size = static_cast<std::size_t>(sizes.months * sizes.measures);
  const long keep = std::min(options.keep, options.paths);
  std::vector<float> kept(static_cast<std::size_t>(keep) * row_size);
  std::vector<std::unique_ptr<Tally>> tallies(options.threads);
  std::vector<std::thread> threads;
  std::atomic<long> next = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (auto& tally : tallies) {
    threads.emplace_back([&] {
      tally = std::make_unique<Tally>();
      Batch batch(options.batch);
      for (long first; (first = next.fetch_add(options.batch)) < options.paths;)
        run_batch(p, first, std::min(options.batch, options.paths - first), keep, batch, kept.data(), *tally);
    });
  }
  for (std::thread& thread : threads) thread.join();
  Tally& all = *tallies.front();
  for (std::size_t k = 1; k < tallies.size(); ++k) {
    for (std::size_t j = 0; j < row_size; ++j) all.statistics.of[j].merge(tallies[k]->statistics.of[j]);
    all.unsolved += tallies[k]->unsolved;
    all.iterations += tallies[k]->iterations;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!options.statistics.empty()) std::ofstream(options.statistics) << all.statistics.listed();
  if (!options.rows.empty())
    std::ofstream(options.rows, std::ios::binary)
        .write(reinterpret_cast<const char*>(kept.data()), static_cast<std::streamsize>(kept.size() * sizeof(float)));
  const double path_months = static_cast<double>(options.paths) * sizes.months;
  std::cout << Json{{"peer", "scalar"},         {"version", "C++ " __VERSION__},
                    {"device", "cpu"},          {"threads", options.threads},
                    {"paths", options.paths},   {"months", sizes.months},
                    {"batch", options.batch},   {"seconds", seconds},
                    {"warm_up_seconds", 0},     {"path_months_per_second", path_months / seconds},
                    {"unsolved", all.unsolved}, {"mean_iterations", static_cast<double>(all.iterations) / path_months}}
            << "\n";
}

}  // namespace
}  // namespace peer

int main(int count, char** words) {
  try {
    peer::run(peer::read_options(count, words));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scalar: %s\n", error.what());
    return 1;
  }
}

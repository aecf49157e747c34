#include <cstdio>
#include <cstdlib>

#include "properties.hpp"

// A property under libFuzzer (long_run.py): FUZZ_PROPERTY names it.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace chokepoint::fuzz;
  try {
    property_of(FUZZ_PROPERTY)(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const Broken& broken) {
    std::fprintf(stderr, "%s\n", broken.what.c_str());
    std::abort();
  }
  return 0;
}

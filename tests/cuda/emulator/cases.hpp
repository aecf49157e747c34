#pragma once

#include <functional>
#include <string>

#include "chokepoint/engine.hpp"

/// What the cases of the emulated engine share.
namespace chokepoint {

inline constexpr EngineChoice on_cuda{EngineKind::cuda, InstructionSet::automatic};
inline constexpr EngineChoice on_scalar{EngineKind::scalar, InstructionSet::portable};

/// Prints a line and counts what does not hold.
void expect(bool holds, const std::string& what);

/// What an engine says of an action that it cannot do; empty where it can.
inline std::string failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const EngineError& error) {
    return error.what();
  }
  return "";
}

inline bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

/// Paths as such, and which engine they are walked on (walk_cases.cpp).
void test_walks(const Scenario& scenario);

}  // namespace chokepoint

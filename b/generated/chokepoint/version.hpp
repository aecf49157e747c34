#pragma once

#include <string_view>

namespace chokepoint {

// The facts of this build, for --version, the log and every result file.
struct BuildInfo {
  std::string_view version;     // of the project, "0.1.0"
  std::string_view commit;      // 12 hex digits, "-dirty" after them where tracked files differ; "unknown" without git
  std::string_view compiler;    // id and version, "GNU 12.2.0"
  std::string_view flags;       // of the baseline, without warnings
  std::string_view build_type;  // "Release"
  std::string_view cuda;        // version of the CUDA compiler, "none" without the GPU engine
};

extern const BuildInfo build_info;

}  // namespace chokepoint

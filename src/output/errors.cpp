#include "output/errors.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace chokepoint {

OutputError output_error(const std::string& what, const std::string& path, int error_number) {
  std::string text = "cannot " + what + " '" + path + "': " + std::strerror(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT) text += "; free some space or choose another folder with --out";
  if (error_number == EROFS || error_number == EACCES || error_number == EPERM)
    text += "; choose another folder with --out";
  return OutputError(text);
}

void print_result(const std::string& text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw output_error("write to", "standard output", errno);
}

}  // namespace chokepoint

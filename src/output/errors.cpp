#include "output/errors.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "machine/arithmetic.hpp"
#include "machine/stop.hpp"

namespace chokepoint {

bool is_of_the_machine(int error_number) {
  return error_number == EIO || error_number == ENOMEM || error_number == EMFILE || error_number == ENFILE;
}

std::string reason_text(int error_number) {
  const bool is_of_descriptors = error_number == EMFILE || error_number == ENFILE;
  return std::strerror(error_number) +
         std::string(is_of_descriptors ? "; raise the limit of open files (ulimit -n)" : "");
}

OutputError output_error(const std::string& what, const std::string& path, int error_number) {
  std::string text = "cannot " + what + " '" + path + "': " + reason_text(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT)
    text += "; free some space (or files, where their number is limited: df -i), or choose another folder";
  if (error_number == EROFS || error_number == EACCES || error_number == EPERM) text += "; choose another folder";
  return OutputError(text);
}

namespace {

/// Results that are in place by then are not lost with what was to be printed of them.
OutputError standard_output_error(int error_number) {
  return OutputError(std::string("cannot write to standard output: ") + std::strerror(error_number) +
                     (error_number == ENOSPC || error_number == EDQUOT ? "; free some space there, or" : ";") +
                     " send standard output elsewhere" + (are_results_in_place() ? " (the files are written)" : ""));
}

/// Waits where standard output takes nothing for now, which only a stream that somebody set so says.
void wait_for_output() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  ::poll(&output, 1, -1);
}

}  // namespace

void print_result(const std::string& text) {
  check_arithmetic();
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    const int reason = written == 0 ? EIO : errno;
    if (written > 0)
      done += static_cast<std::size_t>(written);
    else if (reason == EINTR)
      stop_if_asked();
    else if (reason == EAGAIN)
      wait_for_output();
    else if (reason == EPIPE)
      throw Stopped{SIGPIPE};
    else
      throw standard_output_error(reason);
  }
}

}  // namespace chokepoint

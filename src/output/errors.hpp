#pragma once

#include <stdexcept>
#include <string>

namespace chokepoint {

/// The command line or an input file asks for something that cannot be done. The message says what and why.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The machine does not have what is needed: memory, room on a disk, a right to write.
class ResourceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Results could not be written, or what was written could not be read back. The message names the file and the reason.
class OutputError : public ResourceError {
 public:
  using ResourceError::ResourceError;
};

/// The arithmetic of this process, or of a solver, is not what results need.
class NumericsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Whether a failure to read is due to the machine and not to the content.
bool is_of_the_machine(int error_number);

/// The system's reason for a failure, and what to do about it where there is something.
std::string reason_text(int error_number);

/// An OutputError with the system's reason: "cannot <what> '<path>': <strerror(errno)>".
OutputError output_error(const std::string& what, const std::string& path, int error_number);

/// Prints to stdout and makes sure that it arrived.
/// @throws OutputError; ArithmeticError if the printed numbers were not computed soundly; Stopped if the reader of a
/// pipe has gone, or a signal came while it waited
void print_result(const std::string& text);

}  // namespace chokepoint

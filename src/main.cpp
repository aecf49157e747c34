#include "commands/commands.hpp"

/// Arguments to command; the exit code says how it went (commands/exit_code.hpp).
int main(int argc, char** argv) {
  return chokepoint::run_command_line(argc, argv);
}

#pragma once

#include <string>

/// The names of the machine that the program runs on.
namespace chokepoint {

std::string host_name();
std::string processor_name();  ///< as the system calls it; empty where it does not say

}  // namespace chokepoint

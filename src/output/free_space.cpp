#include "output/free_space.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "output/descriptor.hpp"
#include "output/errors.hpp"
#include "output/temporary_folder.hpp"
#include "output/words.hpp"

namespace chokepoint {

std::uint64_t free_space(int folder) {
  struct statvfs status {};
  const bool is_known = ::fstatvfs(folder, &status) == 0 && status.f_blocks > 0;
  return is_known ? std::uint64_t{status.f_bavail} * status.f_frsize : std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t file_size_limit() {
  rlimit limit{};
  const bool is_limited = ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return is_limited ? limit.rlim_cur : std::numeric_limits<std::uint64_t>::max();
}

bool has_plenty(int folder, std::uint64_t bytes) {
  constexpr std::uint64_t a_little = 8 << 20;  // enough to meet a quota, too little to take time
  return std::min(free_space(folder), file_size_limit()) >= bytes && try_space(folder, std::min(bytes, a_little)) == 0;
}

void require_space(int folder, std::uint64_t bytes, std::uint64_t largest, const std::string& shown) {
  const std::uint64_t free = free_space(folder), limit = file_size_limit();
  if (largest > limit)
    throw OutputError(
        fmt::format("cannot write '{}': the largest file needs about {}, and this shell allows {} a file; "
                    "raise that (ulimit -f)",
                    shown, bytes_text(largest), bytes_text(limit)));
  const int error = free < bytes ? ENOSPC : try_space(folder, std::min(bytes, limit));
  if (error != 0)
    throw output_error(fmt::format("write about {} ({} free) to", bytes_text(bytes), bytes_text(free)), shown, error);
}

int try_space(int folder, std::uint64_t bytes) {
  if (bytes == 0) return 0;
  const std::string name = temporary_name();
  const Descriptor file = open_at(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (!file) return errno;
  const int error = ::fallocate(file.number(), 0, 0, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
  ::unlinkat(folder, name.c_str(), 0);
  return error == ENOSPC || error == EDQUOT || error == EFBIG ? error : 0;
}

}  // namespace chokepoint

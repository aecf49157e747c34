#include "output/free_space.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "output/descriptor.hpp"
#include "output/temporary_folder.hpp"

namespace chokepoint {

std::uint64_t free_space(int folder) {
  struct statvfs status{};
  const bool is_known = ::fstatvfs(folder, &status) == 0 && status.f_blocks > 0;
  return is_known ? std::uint64_t{status.f_bavail} * status.f_frsize : std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t file_size_limit() {
  rlimit limit{};
  const bool is_limited = ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return is_limited ? limit.rlim_cur : std::numeric_limits<std::uint64_t>::max();
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

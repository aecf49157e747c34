#include "output/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace chokepoint {
namespace {

bool is_unknown_call(int error) {
  return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP;
}

/// For file systems whose rename can't refuse (NFS, some in user space): the name is claimed by a folder or file of our
/// own, over which the rename then goes. A folder goes over none but an empty one.
int rename_over_claim(int from, const std::string& name, int to, const std::string& new_name) {
  struct stat status {};
  if (::fstatat(from, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  const bool is_folder = S_ISDIR(status.st_mode);
  if (is_folder ? ::mkdirat(to, new_name.c_str(), 0777) != 0
                : !open_at(to, new_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666))
    return errno;
  if (::renameat(from, name.c_str(), to, new_name.c_str()) == 0) return 0;
  const int reason = errno;
  ::unlinkat(to, new_name.c_str(), is_folder ? AT_REMOVEDIR : 0);
  return reason == ENOTEMPTY ? EEXIST : reason;
}

int copy_bytes(int from, int to) {
  std::vector<char> buffer(1 << 18);
  for (;;) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return sync_descriptor(to);
    if (const int error = write_all(to, {buffer.data(), static_cast<std::size_t>(got)})) return error;
  }
}

int copy_new(int from, const std::string& name, int to, const std::string& new_name) {
  const Descriptor source = open_at(from, name, O_RDONLY | O_NOFOLLOW);
  if (!source) return errno;
  Descriptor copy = open_at(to, new_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
  if (!copy) return errno;
  int error = copy_bytes(source.number(), copy.number());
  if (const int closing = copy.close(); error == 0) error = closing;
  if (error != 0) ::unlinkat(to, new_name.c_str(), 0);
  return error;
}

}  // namespace

int Descriptor::close() {
  if (number_ < 0) return 0;
  // Not tried again after EINTR: Linux has closed it all the same.
  return ::close(std::exchange(number_, -1)) == 0 || errno == EINTR ? 0 : errno;
}

Descriptor open_at(int folder, const std::string& name, int flags, mode_t mode) {
  int number = -1;
  do number = ::openat(folder, name.c_str(), flags | O_CLOEXEC, mode);
  while (number < 0 && errno == EINTR);
  return Descriptor(number);
}

Descriptor open_folder_at(int folder, const std::string& name) {
  return open_at(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written == 0) return ENOSPC;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int sync_descriptor(int file) {
  int status = 0;
  do status = ::fsync(file);
  while (status != 0 && errno == EINTR);
  return status == 0 || errno == EINVAL ? 0 : errno;
}

std::filesystem::path present_path(int folder, const std::filesystem::path& otherwise) {
  std::error_code error;
  const auto path = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", folder), error);
  return error || path.string().ends_with(" (deleted)") ? otherwise : path;
}

int rename_new(int from, const std::string& name, int to, const std::string& new_name) {
  if (::renameat2(from, name.c_str(), to, new_name.c_str(), RENAME_NOREPLACE) == 0) return 0;
  return is_unknown_call(errno) ? rename_over_claim(from, name, to, new_name) : errno;
}

int link_or_copy(int from, const std::string& name, int to, const std::string& new_name) {
  if (::linkat(from, name.c_str(), to, new_name.c_str(), 0) == 0) return 0;
  return errno == EEXIST ? EEXIST : copy_new(from, name, to, new_name);
}

std::string random_word() {
  std::uint32_t bits = 0;
  if (::getrandom(&bits, sizeof bits, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof bits))  // early after a boot
    bits = static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
           static_cast<std::uint32_t>(::getpid());
  return fmt::format("{:08x}", bits);
}

}  // namespace chokepoint

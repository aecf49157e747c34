#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

/// Files and folders by descriptor. A folder that is open is the same folder whatever happens to its name; so all that
/// publishing does goes through descriptors. Functions that return int return 0 or an errno, unless they say otherwise.
namespace chokepoint {

/// A file descriptor that is closed whatever happens.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }
  /// Gives it to somebody else to close.
  int release() { return std::exchange(number_, -1); }
  /// Some file systems report a full disk only on closing.
  int close();

 private:
  int number_;
};

/// openat, tried again where a signal came between; errno says why it failed. Never inherited by other programs.
Descriptor open_at(int folder, const std::string& name, int flags, mode_t mode = 0);
/// A folder, links in its own name not followed.
Descriptor open_folder_at(int folder, const std::string& name);

/// Writes a whole text, even if the system takes it in pieces. A write of zero bytes counts as a full disk.
int write_all(int file, std::string_view text);
/// Flushes a file or folder to the disk. Some file systems do not support fsync of folders; their EINVAL is not a
/// failure.
int sync_descriptor(int file);

/// Where an open folder lies now, whatever it was called when it was opened; `otherwise` where the system can't say.
std::filesystem::path present_path(int folder, const std::filesystem::path& otherwise);

/// Renames a file or folder, but never over anything. @returns EEXIST if the new name is taken
int rename_new(int from, const std::string& name, int to, const std::string& new_name);
/// Gives a file a second name, or where file systems can't do that (FAT, another disk) copies it; never over anything.
int link_or_copy(int from, const std::string& name, int to, const std::string& new_name);

/// Eight hexadecimal digits that nobody can predict.
std::string random_word();

}  // namespace chokepoint

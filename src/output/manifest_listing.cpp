#include "output/manifest_listing.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "output/descriptor.hpp"
#include "output/errors.hpp"
#include "output/temporary_folder.hpp"

namespace chokepoint {
namespace {

/// @returns 0 or an errno
int write_new(int folder, const std::string& name, const std::string& text) {
  Descriptor file = open_at(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
  if (!file) return errno;
  int error = write_all(file.number(), text);
  if (error == 0) error = sync_descriptor(file.number());
  const int closing = file.close();
  return error == 0 ? closing : error;
}

}  // namespace

ManifestListing::ManifestListing(int folder, std::string name) : folder_(folder), name_(std::move(name)) {
  try {
    manifest_ = read_manifest(folder_);
  } catch (const ManifestError&) {  // damaged, or not ours: not for us to mend
  }
  if (manifest_ && manifest_->files.erase(name_) > 0) write();
}

void ManifestListing::add() {
  if (!manifest_) return;
  const Descriptor file = open_at(folder_, name_, O_RDONLY | O_NOFOLLOW);
  const std::optional<ManifestEntry> entry = file ? entry_of(file.number()) : std::nullopt;
  if (!entry) throw output_error("read back", name_, errno);
  manifest_->files[name_] = *entry;
  write();
}

void ManifestListing::write() const {
  const std::string temporary = temporary_name();
  int error = write_new(folder_, temporary, manifest_text(*manifest_));
  if (error == 0 && ::renameat(folder_, temporary.c_str(), folder_, manifest_file) != 0) error = errno;
  if (error == 0) return;
  ::unlinkat(folder_, temporary.c_str(), 0);
  throw output_error("write", (present_path(folder_, ".") / manifest_file).string(), error);
}

}  // namespace chokepoint

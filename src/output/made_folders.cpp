#include "output/made_folders.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "output/errors.hpp"

namespace chokepoint {

namespace fs = std::filesystem;

MadeFolders::MadeFolders(const fs::path& folder) {
  std::vector<fs::path> missing;
  struct stat status {};
  for (fs::path path = folder; path.has_relative_path() && ::stat(path.c_str(), &status) != 0;
       path = path.parent_path())
    missing.push_back(path);
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    if (::mkdir(path->c_str(), 0777) == 0) {
      made_.push_back(*path);
    } else if (errno != EEXIST || ::stat(path->c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      const int reason = errno == EEXIST ? ENOTDIR : errno;
      remove();
      throw output_error("create the folder", path->string(), reason);
    }
  }
}

MadeFolders::~MadeFolders() {
  remove();
}

void MadeFolders::remove() {
  for (; !made_.empty(); made_.pop_back()) ::rmdir(made_.back().c_str());  // fails, as it should, where others wrote
}

}  // namespace chokepoint

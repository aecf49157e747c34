#include "output/publisher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>

#include "output/folder_entries.hpp"
#include "output/manifest.hpp"
#include "output/publish_in_place.hpp"
#include "output/target_folder.hpp"

namespace chokepoint {
namespace {

constexpr int most_tries = 16;

std::set<std::string> files_of(int folder) {
  std::set<std::string> names;
  for (const FolderEntry& entry : entries_of(folder)) names.insert(entry.name);
  return names;
}

std::string reason_of(const PublishPlace& place, int error) {
  return fmt::format("cannot put the results at '{}': {}", place.shown.string(), std::strerror(error));
}

/// Why what stands at the target must be left alone; empty where it need not be.
std::string conflict(const PublishPlace& place, const TargetFolder& found, const std::set<std::string>& files) {
  const std::string shown = place.shown.string();
  if (!found.folder || (!place.was_folder && !place.may_replace))
    return fmt::format("{} has appeared at '{}' while this went on", found.what, shown);
  for (const std::string& name : found.ours)
    if (!place.may_replace || !place.known.contains(name))
      return fmt::format("results have appeared in '{}' while this went on ('{}')", shown, name);
  if (place.may_replace && found.ours.empty() && !found.others.empty() && !place.was_folder)
    return fmt::format("'{}' is no result of ours (it holds '{}')", shown, *found.others.begin());
  for (const std::string& name : files)
    if (found.others.contains(name)) return fmt::format("'{}' holds {}", shown, foreign_file(name));
  return "";
}

/// What others put into a folder between the last look at it and its replacement goes into the new one; what cannot,
/// stays in the old one, under a name that the message gives.
std::optional<Unpublished> remove_replaced(const PublishPlace& place, TemporaryFolder& fresh,
                                           const TargetFolder& replaced) {
  const Descriptor old = open_folder_at(fresh.number(), fresh.results_name());
  for (const FolderEntry& entry : entries_of(old.number()))
    if (!replaced.ours.contains(entry.name)) rename_new(old.number(), entry.name, fresh.results(), entry.name);
  remove_result_files(old.number());
  if (::unlinkat(fresh.number(), fresh.results_name().c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
  const std::string name = kept_name(place.name);
  if (rename_new(fresh.number(), fresh.results_name(), place.parent.number(), name) != 0) fresh.abandon();
  return Unpublished{fmt::format("what stood at '{}' could not be removed; what is left of it is in '{}'",
                                 place.shown.string(), present_path(old.number(), name).string()),
                     place.shown, "look at what is left of the old one before you remove it"};
}

/// @returns whether the two have changed places
bool exchange(const PublishPlace& place, const TargetFolder& found, const TemporaryFolder& fresh) {
  return found.others.empty() && found.ours.contains(manifest_file) &&
         !is_mount_point(place.parent.number(), place.name) &&
         may_be_exchanged(found.folder.number(), fresh.results()) &&
         ::renameat2(fresh.number(), fresh.results_name().c_str(), place.parent.number(), place.name.c_str(),
                     RENAME_EXCHANGE) == 0;
}

std::optional<Unpublished> put_into(const PublishPlace& place, TemporaryFolder& fresh, const TargetFolder& found) {
  const std::filesystem::path kept = keep_beside(place, fresh);
  const std::string failure = publish_in_place(fresh.results(), found.folder.number(), found.ours);
  if (!failure.empty()) return Unpublished{failure, kept};
  fresh.reclaim();
  remove_result_files(fresh.results());
  if (::rmdir(kept.c_str()) != 0 && errno != ENOENT)
    spdlog::warn("cannot remove '{}', a copy of the results that is of no use any more: {}", kept.string(),
                 std::strerror(errno));
  return {};
}

}  // namespace

std::string foreign_file(const std::string& name) {
  return fmt::format("a '{}' that {}", name,
                     name == manifest_file ? "is damaged or none of ours" : "does not belong to the result there");
}

PublishLock::PublishLock(int folder) : lock_(open_at(folder, ".", O_RDONLY | O_DIRECTORY)) {
  // Publishing takes milliseconds: a longer hold is by another program (flock FOLDER chokepoint ..., say).
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (lock_ && ::flock(lock_.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
         std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

std::string kept_name(const std::string& name) {
  constexpr std::size_t most = 255;
  const std::string ending = ".result-" + random_word();
  return name.substr(0, most - ending.size()) + ending;
}

std::filesystem::path keep_beside(const PublishPlace& place, TemporaryFolder& fresh) {
  // In the folder that holds the temporary one: beside the target, or in it where nothing can be made beside it.
  const Descriptor around = open_at(fresh.number(), "..", O_RDONLY | O_DIRECTORY);
  for (int tries = 0; tries < most_tries; ++tries) {
    const int error = rename_new(fresh.number(), fresh.results_name(), around.number(), kept_name(place.name));
    if (error == 0) {
      sync_descriptor(around.number());
      return fresh.path();
    }
    if (error != EEXIST) break;
  }
  fresh.abandon();
  return fresh.path();
}

std::optional<Unpublished> publish(const PublishPlace& place, TemporaryFolder& fresh) {
  const PublishLock lock(place.parent.number());
  const std::set<std::string> files = files_of(fresh.results());
  int error = 0;
  for (int tries = 0; tries < most_tries; ++tries) try {
      const TargetFolder found = look_at(place.parent.number(), place.name);
      if (!found.is_there) {
        error = rename_new(fresh.number(), fresh.results_name(), place.parent.number(), place.name);
        if (error == 0) return {};
        if (error != EEXIST) break;
        continue;
      }
      const std::string reason = conflict(place, found, files);
      if (!reason.empty()) return Unpublished{reason, keep_beside(place, fresh)};
      if (exchange(place, found, fresh)) return remove_replaced(place, fresh, found);
      return put_into(place, fresh, found);
    } catch (const std::system_error& failure) {
      error = failure.code().value();
    } catch (const std::exception& failure) {  // memory, or what stands there cannot be read
      return Unpublished{fmt::format("cannot put the results at '{}': {}", place.shown.string(), failure.what()),
                         keep_beside(place, fresh)};
    }
  return Unpublished{reason_of(place, error), keep_beside(place, fresh)};
}

}  // namespace chokepoint

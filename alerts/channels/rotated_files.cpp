#include "alerts/channels/rotated_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace yagura::alerts {
namespace {

void sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

RotatedFiles::RotatedFiles(std::filesystem::path file, int keep)
    : file_(std::move(file)), folder_(file_.has_parent_path() ? file_.parent_path() : "."), keep_(keep) {}

std::filesystem::path RotatedFiles::name_of(Date day, int number) const {
  const auto count = number == 0 ? std::string{} : fmt::format(".{}", number);
  return folder_ / fmt::format("{}-{}{}{}", file_.stem().string(), to_string(day), count, file_.extension().string());
}

Result<void> RotatedFiles::rotate(Date day) const {
  std::error_code error;
  auto before = finished();
  int number = 0;
  for (const auto& [stamp, file] : before) {
    if (stamp.day == to_string(day)) number = stamp.number + 1;
  }
  const auto target = name_of(day, number);
  std::filesystem::rename(file_, target, error);
  if (error) {
    return Error{fmt::format("{}: cannot be renamed to {}: {}", file_.string(), target.string(), error.message())};
  }
  before.emplace_back(Stamp{to_string(day), number}, target);
  const auto keep = keep_ > 0 ? static_cast<std::size_t>(keep_) : before.size();
  for (std::size_t i = 0; i + keep < before.size(); ++i) std::filesystem::remove(before[i].second, error);
  sync_folder(folder_);
  return {};
}

std::optional<RotatedFiles::Stamp> RotatedFiles::stamp_of(const std::filesystem::path& file) const {
  const auto name = file.filename().string(), front = file_.stem().string() + "-", back = file_.extension().string();
  constexpr std::size_t kDay = 10;
  if (!name.starts_with(front) || !name.ends_with(back) || name.size() < front.size() + kDay + back.size()) return {};
  const std::string_view middle = std::string_view{name}.substr(front.size(), name.size() - front.size() - back.size());
  const auto day = middle.substr(0, kDay);
  if (!parse_date(day)) return {};
  Stamp stamp{std::string{day}, 0};
  if (middle.size() == kDay) return stamp;
  const auto* const end = middle.data() + middle.size();
  if (middle[kDay] != '.') return {};
  const auto [stopped, error] = std::from_chars(middle.data() + kDay + 1, end, stamp.number);
  if (error != std::errc{} || stopped != end) return {};
  return stamp;
}

std::vector<std::pair<RotatedFiles::Stamp, std::filesystem::path>> RotatedFiles::finished() const {
  using Entries = std::filesystem::directory_iterator;
  std::error_code error;
  std::vector<std::pair<Stamp, std::filesystem::path>> found;
  for (auto at = Entries{folder_, error}; !error && at != Entries{}; at.increment(error)) {
    if (auto stamp = stamp_of(at->path())) found.emplace_back(std::move(*stamp), at->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace yagura::alerts

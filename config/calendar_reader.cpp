#include "config/calendar_reader.hpp"

#include <filesystem>
#include <fstream>

#include "core/result.hpp"
#include "processing/calendar_file.hpp"

namespace yagura::config {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

Result<std::string> read_text(const std::filesystem::path& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) return Error{"'" + path.string() + "' is a directory"};
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path, ec)) return Error{"cannot read '" + path.string() + "'"};
  std::string text(kMaxBytes + 1, '\0');  // one more than the reader takes
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::shared_ptr<const processing::CalendarBook> read_calendars(const TableReader& reader, const std::string& folder) {
  static constexpr std::pair<std::string_view, CalendarKind> kKinds[] = {
      {"tse", CalendarKind::kTse}, {"ose", CalendarKind::kOse}, {"fx", CalendarKind::kFx}};
  std::shared_ptr<processing::CalendarBook> book;
  bool good = true;
  for (const auto& [key, kind] : kKinds) {
    const auto name = reader.text(key);
    if (!name) continue;
    const auto path = std::filesystem::path(folder) / *name;
    const auto text = read_text(path);
    if (!text) {
      reader.problem(key, text.error().message + "; wanted a calendar file");
      good = false;
      continue;
    }
    auto read = processing::read_calendar(kind, *text);
    for (const auto& problem : read.problems) {
      const auto line = problem.line == 0 ? std::string{} : ":" + std::to_string(problem.line);
      reader.problem(key, path.string() + line + ": " + problem.message);
    }
    good = good && read.problems.empty();
    if (!book) book = std::make_shared<processing::CalendarBook>(processing::shipped_calendars());
    book->of(kind) = std::move(read.data);
  }
  return good ? book : nullptr;
}

}  // namespace yagura::config

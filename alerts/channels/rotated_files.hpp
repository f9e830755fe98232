// Where finished files of a rotated one go: "alerts.jsonl" becomes "alerts-2026-02-09.jsonl", the second of
// that day "alerts-2026-02-09.1.jsonl".
#pragma once

#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

class RotatedFiles {
 public:
  // `keep` finished files stay, 0: all.
  RotatedFiles(std::filesystem::path file, int keep);

  // Renames the file to the next name of `day` and removes what is too old; the directory is synced.
  [[nodiscard]] Result<void> rotate(Date day) const;

 private:
  [[nodiscard]] std::filesystem::path name_of(Date day, int number) const;
  // Day and number of one of ours; nothing for any other name.
  struct Stamp {
    std::string day;
    int number = 0;
    friend auto operator<=>(const Stamp&, const Stamp&) = default;
  };
  [[nodiscard]] std::optional<Stamp> stamp_of(const std::filesystem::path& file) const;
  // Oldest first.
  [[nodiscard]] std::vector<std::pair<Stamp, std::filesystem::path>> finished() const;

  const std::filesystem::path file_;
  const std::filesystem::path folder_;
  const int keep_;
};

}  // namespace yagura::alerts

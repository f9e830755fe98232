// A system under test: how it is started for one connection of the feed and one client.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/bench/child.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

enum class Rules { kShipped, kSameWork };

// One row of the report: a path from tick to alert.
struct Path {
  std::string name;                   // "yagura", "yagura_block", "floor"
  std::string program{};              // of a baseline: "floor"; empty: Yagura
  Rules rules = Rules::kShipped;      // Yagura
  std::optional<std::string> wait{};  // "spin", "block"; none: as shipped
  std::optional<int> workers{};       // Yagura; none: as shipped
  bool wait_when_full = false;        // every tick is decided, whatever it takes
  [[nodiscard]] bool monitor() const { return program.empty(); }
};

struct SubjectOptions {
  std::vector<std::string> symbols;  // of the source, without the probe
  std::size_t levels = 0;            // price levels loaded, none of them near
  std::size_t alert_bytes = 0;       // of a baseline's alert
  std::vector<int> cores;            // it may run on; empty: any
};

struct Subject {
  Child child;
  std::uint16_t alerts_port = 0;  // of /ws, and for Yagura of the API
};

// The configuration that a path runs with, ready for `yagura run`; `shipped` is the shipped file's text.
[[nodiscard]] std::string monitor_config(const Path& path, const SubjectOptions& options, const std::string& shipped,
                                         std::uint16_t feed_port, const std::filesystem::path& levels_file);

// Starts it and waits until it listens. Its files go to `dir`, which is emptied before.
[[nodiscard]] Result<Subject> start_subject(const Path& path, const SubjectOptions& options, std::uint16_t feed_port,
                                            const std::filesystem::path& dir);

}  // namespace yagura::app::bench

// What the commands that look into the journal share. They read beside a running monitor, and without one.
#pragma once

#include <optional>
#include <string>

#include "alerts/alert_query.hpp"
#include "app/commands.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::app {

// Why a command ends: what main returns, and one line.
struct Refusal {
  int code = 0;
  std::string message;
};

[[nodiscard]] Result<alerts::AlertQuery, Refusal> open_journal(const std::string& state);
// Of the options that pick alerts out.
[[nodiscard]] Result<alerts::AlertFilter, Refusal> filter_of(const AlertsOptions& options);
// A whole id, or the one alert whose id begins with these digits, six at least.
[[nodiscard]] Result<Id128, Refusal> resolve_id(const std::string& text, alerts::AlertQuery& query);
// 32 digits, or the beginning of an id; lower case. Nothing for anything else.
[[nodiscard]] bool is_id_beginning(const std::string& text);

// "2026-02-09 09:22:05 JST": time where the Nikkei trades.
[[nodiscard]] std::string tokyo_time(Timestamp t);

}  // namespace yagura::app

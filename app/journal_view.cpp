#include "app/journal_view.hpp"

#include "alerts/names.hpp"
#include "alerts/numbers.hpp"
#include "core/clock.hpp"

namespace yagura::app {
namespace {

constexpr std::size_t kFewestDigits = 6;

Refusal refusal_of(const alerts::StateError& error) {
  return {error.kind == alerts::StateError::Kind::kBadData ? kBadData : kFailed, error.message};
}

Result<std::optional<Timestamp>, Refusal> time_of(const char* option, const std::string& text) {
  if (text.empty()) return std::optional<Timestamp>{};
  if (const auto time = parse_iso8601(text)) return time;
  const auto ago = parse_duration(text);
  if (ago && *ago >= Duration{0} && *ago < std::chrono::days{36500}) return std::optional{RealClock{}.now() - *ago};
  return Refusal{kUsage, std::string(option) + ": '" + text.substr(0, 40) +
                             "' must be a time with its zone (2026-02-09T09:00:00+09:00) or so long ago (2h)"};
}

}  // namespace

Result<alerts::AlertQuery, Refusal> open_journal(const std::string& state) {
  const auto dir = alerts::StateDir::resolve(state);
  if (!dir) return refusal_of(dir.error());
  auto query = alerts::AlertQuery::open(dir->journal_file());
  if (!query) return refusal_of(query.error());
  return *std::move(query);
}

Result<alerts::AlertFilter, Refusal> filter_of(const AlertsOptions& options) {
  alerts::AlertFilter filter;
  filter.rule = options.rule;
  filter.instrument = options.instrument;
  filter.kind = options.kind;
  filter.undelivered = options.undelivered;
  if (!options.severity.empty()) {
    filter.severity = alerts::severity_of(options.severity);
    if (!filter.severity)
      return Refusal{kUsage,
                     "--severity: '" + options.severity.substr(0, 40) + "' must be info, low, high or critical"};
  }
  const auto since = time_of("--since", options.since);
  if (!since) return since.error();
  filter.since = *since;
  const auto until = time_of("--until", options.until);
  if (!until) return until.error();
  filter.until = *until;
  return filter;
}

bool is_id_beginning(const std::string& text) {
  return text.size() >= kFewestDigits && text.size() <= 32 &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<Id128, Refusal> resolve_id(const std::string& text, alerts::AlertQuery& query) {
  if (!is_id_beginning(text))
    return Refusal{kUsage, "'" + text.substr(0, 40) + "' must be an id, or its first six digits and more"};
  const auto ids = query.ids_beginning(text);
  if (!ids) return refusal_of(ids.error());
  if (ids->empty()) return Refusal{kFailed, "the journal has no alert " + text};
  if (ids->size() > 1) return Refusal{kFailed, "several alerts begin with " + text + "; give more digits"};
  return ids->front();
}

std::string tokyo_time(Timestamp t) {
  return to_string(alerts::local_date(t, CalendarKind::kTse)) + " " + alerts::local_time_text(t, CalendarKind::kTse);
}

}  // namespace yagura::app

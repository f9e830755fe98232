// The fields and the evidence that belong to one kind of alert. Inside alerts/ only; one file per kind,
// or for kinds that are alike.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alerts/json_fields.hpp"
#include "alerts/numbers.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// part * factor / whole as a number with that many decimals; null when `whole` is zero.
[[nodiscard]] inline auto ratio(std::int64_t part, std::int64_t whole, std::int64_t factor, int decimals) {
  return [=](TextBuffer& out) {
    if (whole == 0) return out.add(std::string_view{"null"});
    add_ratio(out, part, whole, factor, decimals);
  };
}
[[nodiscard]] constexpr std::int64_t milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

// `note` of the headline level; null without.
void write_levels(JsonFields& json, const Signal& signal, std::span<const Price> levels, const std::string* note);
void write_levels_evidence(JsonFields& json, const Signal& signal);
void write_record(JsonFields& json, const Signal& signal);
void write_record_evidence(JsonFields& json, const Signal& signal);
void write_move(JsonFields& json, const Signal& signal);
void write_move_evidence(JsonFields& json, const Signal& signal);
void write_cusum(JsonFields& json, const Signal& signal);
void write_cusum_evidence(JsonFields& json, const Signal& signal);
void write_stale(JsonFields& json, const Signal& signal);
void write_stale_evidence(JsonFields& json, const Signal& signal);
void write_intervention(JsonFields& json, const Signal& signal);
void write_intervention_evidence(JsonFields& json, const Signal& signal);
void write_period(JsonFields& json, const Signal& signal);
void write_period_evidence(JsonFields& json, const Signal& signal);
void write_divergence(JsonFields& json, const Signal& signal, std::string_view other);
void write_divergence_evidence(JsonFields& json, const Signal& signal);

}  // namespace yagura::alerts

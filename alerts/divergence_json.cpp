#include <cmath>

#include "alerts/kind_json.hpp"

namespace yagura::alerts {
namespace {

// Statistics are doubles: so many decimals and no minus before nothing.
auto statistic(double value, int decimals) {
  return [=](TextBuffer& out) {
    if (!std::isfinite(value)) return out.add("null");
    const auto start = out.size();
    add_fixed(out, value, decimals);
    const auto number = out.from(start);
    if (number.front() != '-' || number.find_first_not_of("-0.") != number.npos) return;
    out.truncate(start);
    add_fixed(out, 0, decimals);
  };
}

}  // namespace

void write_divergence(JsonFields& json, const Signal& signal, std::string_view other) {
  const auto& d = signal.divergence;
  json.text<"against">(other);
  json.field<"against_price">(d.other_price);
  json.field<"window_ms">(milliseconds(d.window));
  if (signal.event == Event::kDecoupled) {
    json.raw<"correlation">(statistic(d.rho, 3));
    json.raw<"correlation_usual">(statistic(d.rho_long, 3));
    return json.raw<"z">(statistic(d.z, 2));
  }
  json.raw<"change_pct">(statistic(d.change_pct, 4));
  json.raw<"against_change_pct">(statistic(d.other_change_pct, 4));
  if (signal.event == Event::kJoint) {
    json.raw<"z">(statistic(d.own_z, 2));
    return json.raw<"against_z">(statistic(d.other_z, 2));
  }
  json.raw<"model_pct">(statistic(d.model_pct, 4));
  json.raw<"z">(statistic(d.z, 2));
}

void write_divergence_evidence(JsonFields& json, const Signal& signal) {
  json.raw<"beta">(statistic(signal.divergence.beta, 4));
  if (signal.event != Event::kDecoupled) json.raw<"correlation">(statistic(signal.divergence.rho, 3));
}

}  // namespace yagura::alerts

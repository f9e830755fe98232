#include <cmath>

#include <fmt/format.h>

#include "alerts/kind_json.hpp"

namespace yagura::alerts {
namespace {

// Statistics are doubles: so many decimals and no minus before nothing.
void write_number(JsonWriter& json, std::string_view key, double value, int decimals) {
  json.key(key);
  if (!std::isfinite(value)) {
    json.null();
    return;
  }
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);
  json.raw(text);
}

}  // namespace

void write_divergence(JsonWriter& json, const Signal& signal, const Catalog& catalog) {
  const auto& d = signal.divergence;
  json.field("against", catalog.instruments[index_of(d.other)].symbol).field("against_price", d.other_price);
  json.field("window_ms", std::chrono::duration_cast<std::chrono::milliseconds>(d.window).count());
  if (signal.event == Event::kDecoupled) {
    write_number(json, "correlation", d.rho, 3);
    write_number(json, "correlation_usual", d.rho_long, 3);
    return write_number(json, "z", d.z, 2);
  }
  write_number(json, "change_pct", d.change_pct, 4);
  write_number(json, "against_change_pct", d.other_change_pct, 4);
  if (signal.event == Event::kJoint) {
    write_number(json, "z", d.own_z, 2);
    return write_number(json, "against_z", d.other_z, 2);
  }
  write_number(json, "model_pct", d.model_pct, 4);
  write_number(json, "z", d.z, 2);
}

void write_divergence_evidence(JsonWriter& json, const Signal& signal) {
  write_number(json, "beta", signal.divergence.beta, 4);
  if (signal.event != Event::kDecoupled) write_number(json, "correlation", signal.divergence.rho, 3);
}

}  // namespace yagura::alerts

// The fields and the evidence that belong to one kind of alert. Inside alerts/ only; one file per kind,
// or for kinds that are alike.
#pragma once

#include <string_view>

#include "alerts/alert.hpp"
#include "alerts/catalog.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {

// part * factor / whole as a number with that many decimals; null when `whole` is zero.
void write_ratio(JsonWriter& json, std::string_view key, std::int64_t part, std::int64_t whole, std::int64_t factor,
                 int decimals);

void write_levels(JsonWriter& json, const Alert& alert, const Catalog& catalog);
void write_levels_evidence(JsonWriter& json, const Signal& signal);
void write_record(JsonWriter& json, const Signal& signal);
void write_record_evidence(JsonWriter& json, const Signal& signal);
void write_move(JsonWriter& json, const Signal& signal);
void write_move_evidence(JsonWriter& json, const Signal& signal);
void write_cusum(JsonWriter& json, const Signal& signal);
void write_cusum_evidence(JsonWriter& json, const Signal& signal);
void write_stale(JsonWriter& json, const Signal& signal);
void write_stale_evidence(JsonWriter& json, const Signal& signal);
void write_intervention(JsonWriter& json, const Signal& signal);
void write_intervention_evidence(JsonWriter& json, const Signal& signal);
void write_period(JsonWriter& json, const Signal& signal);
void write_period_evidence(JsonWriter& json, const Signal& signal);
void write_divergence(JsonWriter& json, const Signal& signal, const Catalog& catalog);
void write_divergence_evidence(JsonWriter& json, const Signal& signal);

}  // namespace yagura::alerts

// What stands between alerts and sinks: keys of rules and of [delivery]. Inside config/ only.
#pragma once

#include "alerts/delivery_options.hpp"
#include "config/table_reader.hpp"

namespace yagura::config {

[[nodiscard]] alerts::RuleDelivery read_rule_delivery(const TableReader& rule);
void read_delivery(const TableReader& reader, alerts::DeliveryOptions& options);

}  // namespace yagura::config

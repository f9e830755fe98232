// Where a NATS server is and who we are to it: keys that several tables share. Inside config/ only.
#pragma once

#include "alerts/sink_options.hpp"
#include "config/table_reader.hpp"

namespace yagura::config {

// `subject` where the table names none. Secrets are named, not read.
[[nodiscard]] alerts::NatsChannel read_nats_connection(const TableReader& reader, std::string_view subject);

}  // namespace yagura::config

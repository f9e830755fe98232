// The [calendar] table: other calendar files than the shipped ones. Inside config/ only.
#pragma once

#include <memory>
#include <string>

#include "config/table_reader.hpp"
#include "processing/calendar_data.hpp"

namespace yagura::config {

// Paths are relative to `folder`. Null when the table names no file, or a wrong one and that was
// reported.
[[nodiscard]] std::shared_ptr<const processing::CalendarBook> read_calendars(const TableReader& reader,
                                                                             const std::string& folder);

}  // namespace yagura::config

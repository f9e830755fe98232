// The `json` table of a [[feed]]. Inside config/ only.
#pragma once

#include <memory>

#include "config/settings.hpp"
#include "config/table_reader.hpp"

namespace yagura::config {

// Reads it into `feed`, whose url, token and symbols have been read. `reader` is that of the feed.
void read_json_format(const TableReader& reader, FeedSettings& feed);

}  // namespace yagura::config

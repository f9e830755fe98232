// GET /api/v1/alerts: from memory what is new, from the journal what is older or picked out.
#pragma once

#include <memory>
#include <string_view>

#include "alerts/alert_query.hpp"
#include "console/alert_log.hpp"
#include "console/people.hpp"
#include "core/net/ws_server.hpp"
#include "core/result.hpp"

namespace yagura::console {

// `after`, `limit` (1 to 1,000, by default 100), `rule`, `instrument`, `kind`, `severity` (at least),
// `since`, `until` (read_time()), `undelivered=true`. The error names the parameter.
[[nodiscard]] Result<alerts::AlertFilter> parse_alert_query(std::string_view query);

// `people` may be null: no acknowledgements, memory alone. What is answered later looks at `alive`
// first: both others are gone when it has expired.
[[nodiscard]] net::HttpResponse handle_alerts(std::string_view query, AlertLog& log, PeopleDesk* people,
                                              const std::weak_ptr<void>& alive);

}  // namespace yagura::console

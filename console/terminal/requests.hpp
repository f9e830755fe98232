// What a viewer writes or presses, as requests to the monitor (docs/api.md). Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/terminal/alert_row.hpp"
#include "console/terminal/command.hpp"
#include "console/terminal/look.hpp"
#include "core/result.hpp"

namespace yagura::console::terminal {

// Who asks and in which words problems are told. Without an author the monitor takes its own word.
struct Asker {
  std::string_view author;
  Lang lang = Lang::kEnglish;
  std::vector<std::string_view> instruments;  // symbols that are watched
};

[[nodiscard]] Request acknowledge_request(const Asker& asker, const AlertRow& alert, std::string_view reason);
[[nodiscard]] Request unacknowledge_request(const Asker& asker, const AlertRow& alert);

// "RULE|INSTRUMENT|all DURATION [REASON]"
[[nodiscard]] Result<Request> silence_request(const Asker& asker, std::string_view entry);
// "INSTRUMENT PRICE [NOTE]" and "INSTRUMENT PRICE"; commas in prices are for people.
[[nodiscard]] Result<Request> level_request(const Asker& asker, std::string_view entry);
[[nodiscard]] Result<Request> unlevel_request(const Asker& asker, std::string_view entry);

}  // namespace yagura::console::terminal

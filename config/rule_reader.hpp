// `[[rule]]` tables to rule options. Inside config/ only.
#pragma once

#include <optional>
#include <string>

#include "alerts/delivery_options.hpp"
#include "config/table_reader.hpp"
#include "core/symbol.hpp"
#include "processing/rules.hpp"

namespace yagura::config {

struct ReadRule {
  processing::RuleOptions rule;
  alerts::RuleDelivery delivery;
};

// `folder` is where a levels_file is looked for. Instruments are those of `monitor`, found through
// `symbols`. Nothing when the rule is wrong; what is wrong has been reported.
[[nodiscard]] std::optional<ReadRule> read_rule(const toml::table& table, std::size_t number, const std::string& folder,
                                                const SymbolTable& symbols,
                                                const std::vector<InstrumentInfo>& instruments, Problems& problems);

// A level rule without levels, named "levels-" and the symbol: the home of levels added at run time.
[[nodiscard]] processing::RuleOptions empty_level_rule(SymbolId symbol, const InstrumentInfo& info);

}  // namespace yagura::config
